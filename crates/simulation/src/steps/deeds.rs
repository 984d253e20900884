//! What people do in a history.

mod answer;
mod book;
mod change;
mod copies;
mod forecast;
mod import;
mod intrude;
mod journal;
mod phones;
mod race;
mod settings;
mod stops;

pub(super) use copies::OlderCopy;

use super::commands::{Answer, Command};
use super::executor::Tried;
use super::invariant::{Checked, Invariant, Violation, ensure};
use super::model::By;
use super::world::{World, read, surely};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use vestnik_app::appointments::book::BookAppointment;
use vestnik_app::clients::find_or_create::WantedClient;
use vestnik_app::{AppError, Caller};
use vestnik_domain::appointment::Appointment;
use vestnik_domain::ids::{AppointmentId, OrganizationId};
use vestnik_domain::local_time::Zone;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Book,
    BookAsClient,
    /// A second appointment of a visit.
    Join,
    Move,
    MoveAsClient,
    Replace,
    Services,
    Undo,
    Cancel,
    CancelAsClient,
    Restore,
    Confirm,
    Arrive,
    NoShow,
    Settings,
    Text,
    Switch,
    /// STOP, or START once more.
    Stop,
    /// A file of visits.
    Import,
    /// An SMS comes in.
    Answer,
    /// Somebody asks what will be sent.
    Forecast,
    /// The database's clock jumps.
    ClockStep,
    /// It jumps for good.
    ClockJump,
    PhoneOff,
    PhoneOn,
    Reinstall,
    Relink,
    Sender,
    /// A node is gone or stands still for a while.
    LoseNode,
    /// A node says that it goes, and starts anew.
    RestartNode,
    TakeCopy,
    PutBack,
    LetGo,
    Intrude,
    /// Two people at once.
    Race,
    /// People work in the external journal, or it is in trouble.
    InJournal,
    /// A client presses a button on the visit's page.
    OnPage,
}

/// How often of a thousand.
const OFTEN: &[(u64, Deed)] = &[
    (190, Deed::Book),
    (60, Deed::BookAsClient),
    (50, Deed::Join),
    (130, Deed::Move),
    (20, Deed::MoveAsClient),
    (60, Deed::Replace),
    (40, Deed::Services),
    (70, Deed::Undo),
    (70, Deed::Cancel),
    (25, Deed::CancelAsClient),
    (50, Deed::Restore),
    (35, Deed::Confirm),
    (10, Deed::Arrive),
    (10, Deed::NoShow),
    (20, Deed::Settings),
    (25, Deed::Text),
    (15, Deed::Switch),
    (8, Deed::Stop),
    (15, Deed::Import),
    (20, Deed::Answer),
    (40, Deed::Forecast),
    (14, Deed::ClockStep),
    (8, Deed::ClockJump),
    (25, Deed::PhoneOff),
    (40, Deed::PhoneOn),
    (10, Deed::Reinstall),
    (10, Deed::Relink),
    (10, Deed::Sender),
    (30, Deed::LoseNode),
    (10, Deed::RestartNode),
    (20, Deed::TakeCopy),
    (15, Deed::PutBack),
    (50, Deed::LetGo),
    (15, Deed::Intrude),
    (30, Deed::Race),
    (250, Deed::InJournal),
    (30, Deed::OnPage),
];

impl Deed {
    pub(super) fn any(world: &mut World) -> Deed {
        let has_journal = world.linked.is_some();
        let may_be = || OFTEN.iter().filter(|(_, deed)| has_journal || *deed != Deed::InJournal);
        let all: u64 = may_be().map(|(often, _)| often).sum();
        let mut drawn = world.chance.draw() % all;
        for (often, deed) in may_be() {
            match drawn.checked_sub(*often) {
                Some(rest) => drawn = rest,
                None => return *deed,
            }
        }
        Deed::Book
    }
}

impl World {
    pub(super) fn do_deed(&mut self, deed: Deed) -> Checked {
        match deed {
            Deed::Book => self.book(By::Staff),
            Deed::BookAsClient => self.book(By::Client),
            Deed::Join => self.join(),
            Deed::Move => self.move_visit(By::Staff),
            Deed::MoveAsClient => self.move_visit(By::Client),
            Deed::Replace => self.replace_master(),
            Deed::Services => self.other_services(),
            Deed::Undo => self.undo(),
            Deed::Cancel => self.cancel(By::Staff),
            Deed::CancelAsClient => self.cancel(By::Client),
            Deed::Restore => self.restore(),
            Deed::Confirm | Deed::Arrive | Deed::NoShow => self.mark(deed),
            Deed::Settings => self.save_settings(),
            Deed::Text => self.save_text(),
            Deed::Stop => self.stop_or_start(),
            Deed::Import => self.import_visits(),
            Deed::Answer => self.answer(),
            Deed::Forecast => self.forecast(),
            Deed::ClockStep => self.step_clock(),
            Deed::ClockJump => self.jump_clock(),
            Deed::Switch => self.switch_client(),
            Deed::PhoneOff => self.phone_off(),
            Deed::PhoneOn => self.phone_on(),
            Deed::Reinstall => self.reinstall(),
            Deed::Relink => self.relink(),
            Deed::Sender => self.edit_sender(),
            Deed::LoseNode => self.lose_node(),
            Deed::RestartNode => self.restart_node(),
            Deed::TakeCopy => self.take_copy(),
            Deed::PutBack => self.put_back(),
            Deed::LetGo => self.let_go(),
            Deed::Intrude => self.intrude(),
            Deed::Race => self.race_deeds(),
            Deed::InJournal => self.in_journal(),
            Deed::OnPage => self.on_page(),
        }
    }

    pub(super) fn any_of<T: Clone>(&mut self, choices: &[T]) -> Option<T> {
        self.chance.one_of(choices).cloned()
    }

    fn any_salon(&mut self) -> usize {
        usize::try_from(self.chance.draw() % (self.salons.len().max(1) as u64)).unwrap_or(0)
    }

    /// A quarter of an hour within the next days, as a receptionist would say it.
    fn any_start(&mut self, zone: &Zone) -> DateTime {
        let ahead_min = match self.chance.between(&(0..=9)) {
            0 => self.chance.between(&(20..=180)),
            1..=3 => self.chance.between(&(180..=1_800)),
            _ => self.chance.between(&(1_440..=8_640)),
        };
        let at = self.now() + SignedDuration::from_mins(i64::try_from(ahead_min).unwrap_or(60));
        let wall = zone.time_zone().to_datetime(at);
        let quarter = i8::try_from(self.chance.draw() % 4).unwrap_or(0) * 15;
        // Some salons work at night: there the clock changes.
        let hour = match self.chance.percent(92) {
            true => i8::try_from(9 + self.chance.draw() % 11).unwrap_or(9),
            false => i8::try_from(self.chance.draw() % 4).unwrap_or(2),
        };
        wall.date().at(hour, quarter, 0, 0)
    }

    /// A booking that a deed may change.
    fn any_booking(
        &mut self,
        fits: impl Fn(&super::model::Booking, Timestamp) -> bool,
    ) -> Option<AppointmentId> {
        let now = self.now();
        let fitting: Vec<AppointmentId> =
            self.model.bookings.values().filter(|one| fits(one, now)).map(|one| one.id).collect();
        self.any_of(&fitting)
    }

    pub(super) fn row(&self, id: AppointmentId) -> Result<Option<Appointment>, Violation> {
        let Some(booking) = self.model.bookings.get(&id) else { return Ok(None) };
        surely(read(self.auditor.store.appointment(booking.organization, id))?)
    }

    fn caller_of(&self, id: AppointmentId, by: By) -> Option<Caller> {
        let salon = self.salon_of(self.model.bookings.get(&id)?.organization)?;
        Some(match by {
            By::Staff => salon.caller,
            By::Client => salon.client_caller(),
        })
    }

    /// Changes one appointment. Whoever gets no answer looks at what stands, and tries once more if
    /// it is not what was wanted.
    pub(super) fn change(
        &mut self,
        id: AppointmentId,
        by: By,
        silent: bool,
        command: &dyn Fn(&Appointment, Caller) -> Command,
    ) -> Result<bool, Violation> {
        let Some(caller) = self.caller_of(id, by) else { return Ok(false) };
        let organization = caller.organization_id;
        for tries in 0..3 {
            let Some(before) = self.row(id)? else { return Ok(false) };
            let command = command(&before, caller);
            let end = match tries {
                0 | 1 => self.call(Some(organization), command)?,
                _ => Tried::Answered(self.call_surely(Some(organization), command)?),
            };
            if self.effect(id, by, silent, &before, vec![end])? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What calls made of one appointment: each had its whole effect or none, and every acknowledged
    /// one had it. Says whether whoever called need not try again.
    pub(super) fn effect(
        &mut self,
        id: AppointmentId,
        by: By,
        silent: bool,
        before: &Appointment,
        ends: Vec<Tried>,
    ) -> Result<bool, Violation> {
        let Some(after) = self.row(id)? else { return Ok(true) };
        let effects = after.edit_version - before.edit_version;
        let (mut acknowledged, mut in_doubt, mut settled) = (0, 0, true);
        for end in ends {
            match end {
                Tried::Answered(Ok(Answer::Appointment(answer))) => {
                    if answer.edit_version > before.edit_version {
                        acknowledged += 1;
                    }
                    let stands = answer.edit_version < after.edit_version
                        || (answer.facts == after.facts && answer.status == after.status);
                    ensure(stands, Invariant::Acknowledged, || {
                        format!(
                            "{id} was acknowledged at version {} as {:?}, and stands as {:?}",
                            answer.edit_version, answer.facts, after.facts
                        )
                    })?;
                }
                Tried::Killed
                | Tried::Paused
                | Tried::Answered(Err(AppError::OutcomeUnknown(_))) => {
                    in_doubt += 1;
                    settled = false;
                }
                // Nothing was changed; to be tried again.
                Tried::Answered(Err(AppError::Unavailable(_))) => settled = false,
                Tried::Answered(Err(refusal)) => self.refused(&refusal)?,
                Tried::Answered(Ok(other)) => {
                    let words = format!("an odd answer: {other:?}");
                    return Err(Violation::new(Invariant::Rest, words));
                }
            }
        }
        ensure(
            acknowledged <= effects && effects <= acknowledged + in_doubt,
            Invariant::Acknowledged,
            || {
                format!(
                    "{id} has {effects} new versions after {acknowledged} acknowledged changes and {in_doubt} without an answer"
                )
            },
        )?;
        let now = self.now();
        if effects > 0 {
            self.note(|| {
                format!(
                    "{id} v{}: {} {} in {} with {:?} by {by:?}{}",
                    after.edit_version,
                    after.status.name(),
                    after.facts.start_local,
                    after.facts.branch_id,
                    after.facts.staff_id.map(|staff| staff.to_string()),
                    if silent { ", silently" } else { "" }
                )
            });
            self.model.journal_row(&after, now, silent)?;
            if by == By::Client {
                let off = after.status == vestnik_domain::appointment::Status::Cancelled;
                self.model.client_knows(id, now, (!off).then(|| after.facts.clone()));
            }
        }
        Ok(settled || effects > 0)
    }

    /// A refusal is an answer; only some are at home here.
    fn refused(&mut self, refusal: &AppError) -> Checked {
        match refusal {
            AppError::Conflict { code: "changed_meanwhile", .. } => Err(Violation::new(
                Invariant::Rest,
                "a change lost against others for ever".to_owned(),
            )),
            AppError::Conflict { code, .. } => {
                self.note(|| format!("refused: {code}"));
                Ok(())
            }
            AppError::Invalid(fields) => {
                let codes: Vec<String> =
                    fields.iter().map(|one| format!("{} {}", one.field, one.code)).collect();
                self.note(|| format!("refused: {codes:?}"));
                Ok(())
            }
            other => Err(Violation::new(Invariant::Rest, format!("refused: {other}"))),
        }
    }

    /// Nothing of the client stands in the journal that nobody booked.
    pub(super) fn no_stranger(
        &self,
        organization: OrganizationId,
        book: &BookAppointment,
    ) -> Checked {
        let WantedClient::Existing(client) = &book.client else { return Ok(()) };
        let from = Timestamp::UNIX_EPOCH;
        let store = &self.auditor.store;
        let all = surely(read(store.appointments_of_client(organization, *client, from))?)?;
        for one in &all {
            ensure(self.model.bookings.contains_key(&one.id), Invariant::Acknowledged, || {
                format!("{} stands in the journal, and nobody booked it", one.id)
            })?;
        }
        Ok(())
    }
}
