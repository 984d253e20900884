//! The clear cases of N5: where nothing stands in the way of a reminder, it came.

use super::booking::stands;
use super::telling::start_set_at;
use super::{Booking, Heard, Model, quiet};
use crate::steps::invariant::{Checked, Invariant, ensure};
use jiff::{SignedDuration, Timestamp};
use vestnik_domain::ids::AppointmentId;
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::settings::{Lead, NotificationSettings};

/// Settling takes at most ten minutes; the rest is for the phone.
const SETTLED: SignedDuration = SignedDuration::from_mins(20);
/// A healthy phone has sent by then.
const SENT: SignedDuration = SignedDuration::from_mins(45);

/// Brought back with the start that it had when it was reminded of, it is not reminded of again.
fn knew_the_start(heard: &Heard, booking: &Booking) -> bool {
    let start = booking.last().map(|last| last.facts.start_local);
    booking
        .states_at(heard.what.intended_at)
        .any(|state| stands(state.status) && Some(state.facts.start_local) == start)
}

impl Model {
    pub(super) fn reminders_came(&mut self, now: Timestamp) -> Checked {
        if self.phones_in_trouble {
            return Ok(());
        }
        let mut checked = 0;
        for booking in self.bookings.values() {
            let Some(over) = self.settings.get(&booking.organization) else { continue };
            let Some((saved_at, set)) = over.last() else { continue };
            for lead in &set.settings.reminder_leads {
                let due = self.clear_moment(booking, &set.settings, *saved_at, *lead, now);
                let Some((set_at, due)) = due else { continue };
                checked += 1;
                let key = lead.key();
                let came = self.heard.iter().any(|one| {
                    one.lead() == Some(key.as_str())
                        && one.what.covers.contains(&booking.id)
                        && (one.what.intended_at >= set_at || knew_the_start(one, booking))
                        && one.at <= due + SENT
                });
                if !came && self.was_left_with_a_node(booking.id) {
                    continue;
                }
                ensure(came, Invariant::Reminders, || {
                    let start = booking.last().map(|last| last.facts.start_local.to_string());
                    format!(
                        "{} (start {start:?}, set at {set_at}) should be reminded {key} before, at {due}",
                        booking.id
                    )
                })?;
            }
        }
        self.checked_reminders = checked;
        Ok(())
    }

    /// When the start was set and when the lead falls due, if that is beyond question.
    fn clear_moment(
        &self,
        booking: &Booking,
        settings: &NotificationSettings,
        saved_at: Timestamp,
        lead: Lead,
        now: Timestamp,
    ) -> Option<(Timestamp, Timestamp)> {
        let last = booking.last()?;
        let zone = self.zones.get(&last.facts.branch_id)?;
        let window = settings.service_window;
        let due = quiet::lead_moment(lead, last.facts.start_local, last.facts.starts_at, zone)?;
        // Everything about this client's visits has long been said when the lead falls due.
        let changed_at = self.last_change_of(booking).max(saved_at);
        let said_at = quiet::next_open(window, zone, changed_at + SETTLED);
        // A visit of several appointments is reminded of once, by the first of the day.
        let is_alone = self.bookings.values().filter(|one| one.visit == booking.visit).count() == 1;
        let clear = is_alone
            && stands(last.status)
            && said_at + SETTLED < due
            && due + SENT < now
            && quiet::is_open(window, zone, due)
            && quiet::is_open(window, zone, due + SENT)
            && due + SENT < last.facts.starts_at
            && !self.is_excused(booking.id)
            && !self.reminders_are_off(booking.id)
            && self.always_on(
                booking,
                &NotificationKind::ALL.map(|kind| match kind {
                    // Off from the start; the others decide.
                    NotificationKind::ConfirmationRequest
                    | NotificationKind::ConfirmationNotice => NotificationKind::Reminder,
                    other => other,
                }),
            );
        clear.then(|| (start_set_at(booking, now), due))
    }

    fn is_excused(&self, id: AppointmentId) -> bool {
        self.excused.contains_key(&id)
    }

    /// The last change of any visit of the client: visits of one day go together (N14).
    fn last_change_of(&self, booking: &Booking) -> Timestamp {
        self.bookings
            .values()
            .filter(|one| one.client == booking.client)
            .filter_map(|one| one.last())
            .map(|change| change.at)
            .max()
            .unwrap_or(Timestamp::MIN)
    }
}
