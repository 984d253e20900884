//! What one SMS on the air must be: about a visit that stands, true, in time, allowed, and new.

use super::booking::stands;
use super::{Booking, Change, Heard, Model, held_at, quiet};
use crate::steps::invariant::{Checked, Invariant, Violation, ensure};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use vestnik_domain::appointment::{Facts, Status};
use vestnik_domain::ids::AppointmentId;
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::settings::{BranchSwitch, Lead, SettingsVersion};

/// What a client learned of one appointment.
#[derive(Debug, Clone)]
pub(in crate::steps) struct Tell {
    /// By the product's order: a phone may send what it was given in another one.
    pub(super) intended_at: Timestamp,
    /// `None`: that it is off.
    pub(super) facts: Option<Facts>,
}

/// Routing takes its time; so much after the closing edge is not yet quiet.
const AFTER_CLOSING: SignedDuration = SignedDuration::from_mins(5);

impl Model {
    /// An SMS left a phone.
    pub(in crate::steps) fn on_air(&mut self, heard: Heard) -> Checked {
        self.one_try(&heard)?;
        if self.is_lost(&heard.what) {
            // What it speaks of nobody knows any more; it only must not go twice.
            return Ok(());
        }
        self.told_once(&heard)?;
        self.in_time(&heard)?;
        self.allowed(&heard)?;
        self.not_by_import(&heard)?;
        self.reads_as_forecast(&heard)?;
        self.not_stopped(&heard)?;
        let tells = self.tells_of(&heard)?;
        if heard.what.kind == NotificationKind::Changed {
            self.tells_something_new(&heard, &tells)?;
        }
        if heard.what.kind == NotificationKind::Reminder {
            self.reminds_in_time(&heard)?;
        }
        for (id, facts) in tells {
            self.tell(id, Tell { intended_at: heard.what.intended_at, facts });
        }
        self.heard.push(heard);
        self.limit_holds()
    }

    /// The client did it and saw the outcome, or an SMS said it.
    pub(in crate::steps) fn tell(&mut self, id: AppointmentId, tell: Tell) {
        let told = self.told.entry(id).or_default();
        told.push(tell);
        told.sort_by_key(|tell| tell.intended_at);
    }

    pub(in crate::steps) fn client_knows(
        &mut self,
        id: AppointmentId,
        at: Timestamp,
        facts: Option<Facts>,
    ) {
        self.tell(id, Tell { intended_at: at, facts });
    }

    fn one_try(&mut self, heard: &Heard) -> Checked {
        let what = &heard.what;
        let times = self.on_air.entry(what.delivery).or_default();
        *times += 1;
        ensure(*times == 1, Invariant::OneTry, || {
            format!("{} is on the air for the second time", what.delivery)
        })?;
        let first = *self.messages_on_air.entry(what.message).or_insert(what.delivery);
        ensure(first == what.delivery, Invariant::OneTry, || {
            format!("{} is on the air by {first} and again by {}", what.message, what.delivery)
        })
    }

    fn told_once(&mut self, heard: &Heard) -> Checked {
        let what = &heard.what;
        let key = (
            what.organization,
            what.subject.clone(),
            what.kind.name().to_owned(),
            what.occasion.clone(),
        );
        let first = *self.keys_on_air.entry(key).or_insert(what.message);
        ensure(first == what.message, Invariant::ToldOnce, || {
            format!(
                "{} of {} on the occasion {} is on the air by {first} and by {}",
                what.kind.name(),
                what.subject,
                what.occasion,
                what.message
            )
        })?;
        for booking in self.covered(heard) {
            let of_kind = |kind: NotificationKind| {
                self.heard
                    .iter()
                    .filter(|one| one.what.kind == kind && one.what.covers.contains(&booking.id))
                    .count()
            };
            let (is, most) = match what.kind {
                NotificationKind::Created | NotificationKind::Confirmation => (
                    of_kind(NotificationKind::Created) + of_kind(NotificationKind::Confirmation),
                    usize::from(!self.is_imported(booking.id))
                        + booking
                            .count(|a, b| a.status == Status::Cancelled && b.status != a.status),
                ),
                NotificationKind::Cancelled => (
                    of_kind(NotificationKind::Cancelled),
                    booking.count(|a, b| b.status == Status::Cancelled && b.status != a.status),
                ),
                NotificationKind::Changed => (
                    of_kind(NotificationKind::Changed),
                    self.bookings
                        .values()
                        .filter(|one| one.visit == booking.visit)
                        .map(|one| one.changes.len())
                        .sum(),
                ),
                _ => continue,
            };
            ensure(is < most, Invariant::ToldOnce, || {
                format!(
                    "{} of {} is on the air for the {}. time, at most {most} are due",
                    what.kind.name(),
                    booking.id,
                    is + 1
                )
            })?;
        }
        Ok(())
    }

    fn in_time(&self, heard: &Heard) -> Checked {
        ensure(
            heard.after_a_pause || heard.at <= heard.what.valid_until,
            Invariant::InTime,
            || {
                format!(
                    "{} left at {}, valid until {}",
                    heard.what.delivery, heard.at, heard.what.valid_until
                )
            },
        )?;
        let kind = heard.what.kind;
        let left_at = if heard.after_a_pause { heard.what.intended_at } else { heard.at };
        for booking in self.covered(heard) {
            let mut states = booking.states_at(heard.what.intended_at);
            let fits = match kind {
                NotificationKind::Cancelled => {
                    states.any(|state| state.status == Status::Cancelled)
                }
                NotificationKind::Changed => true,
                NotificationKind::Reminder => {
                    states.any(|state| stands(state.status) && left_at <= state.facts.starts_at)
                }
                _ => states.any(|state| stands(state.status)),
            };
            ensure(fits, Invariant::InTime, || {
                let states: Vec<String> = booking
                    .states_at(heard.what.intended_at)
                    .map(|state| format!("{} at {}", state.status.name(), state.facts.starts_at))
                    .collect();
                format!(
                    "{} of {} was intended at {} and left at {}, when it was {states:?}",
                    kind.name(),
                    booking.id,
                    heard.what.intended_at,
                    heard.at
                )
            })?;
        }
        Ok(())
    }

    /// N1, N11: the block, the kind, the branch and the client let it through at its intent.
    fn allowed(&self, heard: &Heard) -> Checked {
        let what = &heard.what;
        let Some(client) = self.clients.get(&what.client) else {
            return Err(Violation::new(Invariant::Truth, format!("{} is no client", what.client)));
        };
        ensure(
            client.number == heard.number && client.organization == what.organization,
            Invariant::Truth,
            || format!("{} went to {}, not to {}", what.delivery, heard.number, client.number),
        )?;
        let open = held_at(&client.switches, what.intended_at)
            .any(|set| !set.all_off && !set.kinds_off.contains(&what.kind));
        ensure(open, Invariant::Barred, || {
            format!(
                "{} {} although {} switched it off",
                what.kind.name(),
                what.delivery,
                what.client
            )
        })?;
        let lets_through = |set: &SettingsVersion| {
            let Some(on_since) = set.settings.on_since else { return false };
            self.covered(heard).any(|booking| {
                booking.made_at >= on_since
                    && booking.states_at(what.intended_at).any(|state| is_on(set, what.kind, state))
            })
        };
        let settings = self.settings.get(&what.organization);
        let allowed =
            settings.is_some_and(|over| held_at(over, what.intended_at).any(lets_through));
        ensure(allowed, Invariant::Barred, || {
            format!("{} {} although the settings bar it", what.kind.name(), what.delivery)
        })
    }

    /// What it tells of each appointment, by the facts of its intent that its text names.
    fn tells_of(&self, heard: &Heard) -> Result<Vec<(AppointmentId, Option<Facts>)>, Violation> {
        let mut tells = Vec::new();
        for booking in self.covered(heard) {
            if heard.what.kind == NotificationKind::Cancelled {
                tells.push((booking.id, None));
                continue;
            }
            let (on, off) = on_and_off(&heard.text);
            let states: Vec<&Change> = booking.states_at(heard.what.intended_at).collect();
            let told = states.iter().rev().find_map(|state| match state.status {
                Status::Cancelled => {
                    off.is_some_and(|off| self.names_what_was(booking, off)).then_some(None)
                }
                _ => names(on, state.facts.start_local).then(|| Some(state.facts.clone())),
            });
            let Some(facts) = told else {
                let facts: Vec<String> = states
                    .iter()
                    .map(|state| format!("{} {}", state.status.name(), state.facts.start_local))
                    .collect();
                return Err(Violation::new(
                    Invariant::Truth,
                    format!("«{}» says nothing of {}, then {facts:?}", heard.text, booking.id),
                ));
            };
            tells.push((booking.id, facts));
        }
        if tells.is_empty() {
            let words = format!("{} covers no appointment that was booked", heard.what.message);
            return Err(Violation::new(Invariant::Truth, words));
        }
        Ok(tells)
    }

    /// A cancellation names the time that the client knew.
    fn names_what_was(&self, booking: &Booking, text: &str) -> bool {
        booking.changes.iter().any(|state| names(text, state.facts.start_local))
    }

    /// N5, N12: not before its lead (or the edge before it), within the window, once.
    fn reminds_in_time(&self, heard: &Heard) -> Checked {
        let what = &heard.what;
        let lead = heard.lead().and_then(Lead::parse).ok_or_else(|| {
            Violation::new(
                Invariant::Reminders,
                format!("the occasion {} has no lead", what.occasion),
            )
        })?;
        let Some(settings) = self.settings.get(&what.organization) else { return Ok(()) };
        // A day's reminder goes by one of its visits; the others are only listed.
        let windows = || held_at(settings, what.intended_at).map(|set| set.settings.service_window);
        let mut starts = Vec::new();
        for booking in self.covered(heard) {
            for state in booking.states_at(what.intended_at).filter(|one| stands(one.status)) {
                let zone = self.zones.get(&state.facts.branch_id);
                starts.extend(zone.map(|zone| (&state.facts, zone)));
            }
        }
        let before = what.intended_at - AFTER_CLOSING;
        let open = starts.iter().any(|(_, zone)| {
            windows().any(|window| {
                quiet::is_open(window, zone, what.intended_at)
                    || quiet::is_open(window, zone, before)
            })
        });
        ensure(open, Invariant::QuietHours, || {
            format!("{} was intended at {} in the quiet hours", what.delivery, what.intended_at)
        })?;
        let due = starts.iter().any(|(facts, zone)| {
            let due = quiet::lead_moment(lead, facts.start_local, facts.starts_at, zone);
            due.is_none_or(|due| {
                windows().any(|window| what.intended_at >= quiet::last_open(window, zone, due))
            })
        });
        ensure(due, Invariant::Reminders, || {
            let starts: Vec<String> = starts
                .iter()
                .map(|(facts, zone)| format!("{} in {zone}", facts.start_local))
                .collect();
            format!(
                "{} was intended at {}, long before its lead of {starts:?}",
                what.delivery, what.intended_at
            )
        })?;
        for booking in self.covered(heard) {
            // The visit goes together: brought back, one of its appointments brings it all.
            let of_visit = self.covered(heard).filter(|one| one.visit == booking.visit);
            let set_at = of_visit
                .map(|one| start_set_at(one, what.intended_at))
                .max()
                .unwrap_or(Timestamp::MIN);
            let earlier = self.heard.iter().find(|one| {
                one.what.kind == NotificationKind::Reminder
                    && one.lead() == heard.lead()
                    && one.what.message != what.message
                    && one.what.covers.contains(&booking.id)
                    && one.what.intended_at > set_at
                    && self.visit_start(one, booking) == self.visit_start(heard, booking)
            });
            ensure(earlier.is_none(), Invariant::ToldOnce, || {
                format!(
                    "{} was reminded of {} before, since its start was set",
                    what.client, booking.id
                )
            })?;
        }
        Ok(())
    }

    /// When the visit begins of which the SMS speaks: its first appointment may be cancelled or added.
    fn visit_start(&self, heard: &Heard, booking: &Booking) -> Option<Timestamp> {
        self.covered(heard)
            .filter(|one| one.visit == booking.visit)
            .filter_map(|one| one.states_at(heard.what.intended_at).last())
            .map(|state| state.facts.starts_at)
            .min()
    }

    fn covered<'a>(&'a self, heard: &'a Heard) -> impl Iterator<Item = &'a Booking> {
        heard.what.covers.iter().filter_map(|id| self.bookings.get(id))
    }
}

/// When the start that stood at `at` was set: by the booking, a move, or by bringing it back.
pub(super) fn start_set_at(booking: &Booking, at: Timestamp) -> Timestamp {
    let mut set_at = booking.created_at();
    for pair in booking.changes.windows(2) {
        let [before, after] = pair else { continue };
        let set = before.facts.start_local != after.facts.start_local
            || (before.status == Status::Cancelled && after.status != Status::Cancelled);
        if set && after.at <= at {
            set_at = after.at;
        }
    }
    set_at
}

/// N11 between organization and branch.
pub(super) fn is_on(set: &SettingsVersion, kind: NotificationKind, state: &Change) -> bool {
    let own = set.branches.get(&state.facts.branch_id).map(|own| own.switch(kind));
    match own.unwrap_or_default() {
        BranchSwitch::On => true,
        BranchSwitch::Off => false,
        BranchSwitch::Inherit => set.settings.is_on(kind),
    }
}

/// What a text says of what stands, and what of appointments taken out of the visit.
fn on_and_off(text: &str) -> (&str, Option<&str>) {
    let marks = ["отменено: ", "cancelled: "];
    match marks.iter().find_map(|mark| text.split_once(mark)) {
        Some((on, off)) => (on, Some(off)),
        None => (text, None),
    }
}

/// Does a text name this start, in Russian or in English?
fn names(text: &str, start: DateTime) -> bool {
    let time = format!("{:02}:{:02}", start.hour(), start.minute());
    let russian = format!("{:02}.{:02}.{:02}", start.day(), start.month(), start.year() % 100);
    let english = start.strftime("%-d %b %Y").to_string();
    text.contains(&time) && (text.contains(&russian) || text.contains(&english))
}
