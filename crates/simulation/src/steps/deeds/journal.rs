//! What people do in the external journal and on visits' pages.

use super::super::commands::Command;
use super::super::executor::Tried;
use super::super::invariant::{Checked, Invariant, Violation, ensure};
use super::super::peers::journal::PLACE;
use super::super::world::{World, read, surely};
use crate::journal::{NewRecord, StaffEdit, WriteFault};
use jiff::SignedDuration;
use jiff::civil::DateTime;
use vestnik_app::AppError;
use vestnik_app::visits::act::VisitAction;
use vestnik_domain::appointment::{Appointment, Status};
use vestnik_domain::ids::AppointmentId;
use vestnik_domain::journal::{JournalClient, JournalService, JournalStaff, RecordState};
use vestnik_domain::task::VisitLink;
use vestnik_store::ChangeSet;

/// Clients with a number of their own; the others share one.
const ALONE: usize = 4;

impl World {
    pub(super) fn in_journal(&mut self) -> Checked {
        match self.chance.between(&(0..=99)) {
            0..=39 => {
                self.enter_there();
                Ok(())
            }
            40..=79 => {
                self.change_there();
                Ok(())
            }
            _ => {
                self.trouble_there();
                Ok(())
            }
        }
    }

    /// A wall time that exists in the zone of the linked branch.
    fn start_there(&mut self) -> Option<DateTime> {
        let zone = self.linked.as_ref()?.zone.clone();
        let start = self.any_start(&zone);
        let is_gap = zone.time_zone().to_ambiguous_timestamp(start).is_ambiguous();
        (!is_gap).then_some(start)
    }

    fn member_there(&mut self) -> Option<JournalStaff> {
        let linked = self.linked.as_ref()?;
        let salon = self.salons.get(linked.salon)?;
        let of_branch: Vec<JournalStaff> = salon
            .staff
            .iter()
            .filter(|member| member.branch_id == linked.branch)
            .map(|member| JournalStaff {
                id: format!("m{}", member.name),
                name: member.name.clone(),
                position: String::new(),
            })
            .collect();
        self.any_of(&of_branch)
    }

    fn service_there(&mut self) -> Option<JournalService> {
        let services = &self.salons.get(self.linked.as_ref()?.salon)?.services;
        let all: Vec<JournalService> = services
            .iter()
            .map(|service| JournalService {
                id: format!("s{}", service.title),
                title: service.title.clone(),
                duration_min: Some(service.duration_min),
                price_kopecks: None,
            })
            .collect();
        self.any_of(&all)
    }

    /// Staff, or a client on the journal's own page, enter a record.
    pub(in crate::steps) fn enter_there(&mut self) {
        let Some(linked) = &self.linked else { return };
        let Some(salon) = self.salons.get(linked.salon) else { return };
        let clients: Vec<_> = salon.clients.iter().take(ALONE).cloned().collect();
        let (Some(client), Some(staff), Some(service)) =
            (self.any_of(&clients), self.member_there(), self.service_there())
        else {
            return;
        };
        let Some(start) = self.start_there() else { return };
        let record = NewRecord {
            client: Some(JournalClient {
                id: Some(format!("c{}", client.name)),
                name: client.name.clone(),
                phone: client.phone.as_ref().map(|phone| phone.as_str().to_owned()),
            }),
            staff: Some(staff),
            duration_min: service.duration_min.unwrap_or(60),
            services: vec![service],
            start_local: start,
            visit_id: None,
            online: self.chance.percent(30),
        };
        let Some(id) = self.ground.journal.journal.book(PLACE, record) else { return };
        self.note(|| format!("in the journal: the record {id} of {} for {start}", client.id));
        self.totals.there += 1;
        if let Some(linked) = &mut self.linked {
            linked.records.push(id.clone());
        }
        let now = self.now();
        if let Some(said) = self.said_there(&id) {
            self.model.entered_there(&id, client.id, said, now);
        }
    }

    /// Staff work in a record.
    fn change_there(&mut self) {
        let records = self.linked.as_ref().map(|linked| linked.records.clone());
        let Some(id) = self.any_of(&records.unwrap_or_default()) else { return };
        let Some(standing) = self.ground.journal.journal.record(PLACE, &id) else { return };
        let mut edit = StaffEdit::default();
        match self.chance.between(&(0..=9)) {
            0..=3 => edit.start_local = self.start_there(),
            4 => edit.staff = self.member_there(),
            5 => edit.services = self.service_there().map(|service| vec![service]),
            6 => edit.locked = Some(self.chance.percent(50)),
            7 => edit.state = Some(RecordState::Confirmed),
            8 => edit.state = Some(RecordState::Deleted),
            _ => edit.state = Some(RecordState::Waiting),
        }
        // What is off is brought back first.
        if standing.state == RecordState::Deleted && edit.state.is_none() {
            edit.state = Some(RecordState::Waiting);
        }
        self.note(|| format!("in the journal: {id} {edit:?}"));
        self.ground.journal.journal.edit(PLACE, &id, edit);
        self.totals.there += 1;
        if let Some(said) = self.said_there(&id) {
            self.model.changed_there(&id, said);
        }
    }

    /// Its next answers get lost, or it is down for a while.
    fn trouble_there(&mut self) {
        if !self.temper.journal_in_trouble {
            return;
        }
        if self.chance.percent(60) {
            let faults = [
                WriteFault::Unreachable,
                WriteFault::LostBefore,
                WriteFault::LostAfter,
                WriteFault::LostAfter,
            ];
            let fault = self.any_of(&faults);
            self.note(|| format!("in the journal: the next write meets {fault:?}"));
            self.ground.journal.journal.plan_writes(fault);
            return;
        }
        let minutes = i64::try_from(self.chance.between(&(1..=150))).unwrap_or(1);
        let until = self.now() + SignedDuration::from_mins(minutes);
        self.note(|| format!("the journal is down until {until}"));
        self.ground.journal.journal.set_up(false);
        if let Some(linked) = &mut self.linked {
            linked.down_until = Some(until);
        }
    }

    /// A client presses a button on the visit's page.
    pub(super) fn on_page(&mut self) -> Checked {
        // Whether a visit has begun is another question by another time.
        if self.is_somebody_behind() {
            return Ok(());
        }
        let records_first = self.chance.percent(50);
        let ids: Vec<AppointmentId> = {
            let now = self.now();
            let ahead = |one: &&super::super::model::Booking| {
                one.last().is_some_and(|last| {
                    last.facts.starts_at > now
                        && matches!(last.status, Status::Waiting | Status::Confirmed)
                })
            };
            let all = self.model.bookings.values().filter(ahead);
            let from_there = |one: &&super::super::model::Booking| {
                !records_first || self.model.is_of_journal(one.id)
            };
            all.filter(from_there).map(|one| one.id).collect()
        };
        let Some(id) = self.any_of(&ids) else { return Ok(()) };
        let Some(token) = self.page_of(id)? else { return Ok(()) };
        let Some(booking) = self.model.bookings.get(&id) else { return Ok(()) };
        let (organization, visit) = (booking.organization, booking.visit);
        let (action, status) = match self.chance.between(&(0..=9)) {
            0..=5 => (VisitAction::Confirm, Some(Status::Confirmed)),
            6..=8 => (VisitAction::Cancel, Some(Status::Cancelled)),
            _ => (VisitAction::AskToMove, None),
        };
        let of_visit: Vec<AppointmentId> = self
            .model
            .bookings
            .values()
            .filter(|one| one.visit == visit && one.organization == organization)
            .map(|one| one.id)
            .collect();
        let mut before = Vec::new();
        for id in of_visit {
            before.extend(self.row(id)?);
        }
        self.totals.pages += 1;
        let end = self.call(Some(organization), Command::OnPage { token, action })?;
        self.note(|| format!("on the page of {visit}: {action:?}, {end:?}"));
        let is_done = match end {
            Tried::Answered(Ok(_)) => true,
            Tried::Killed
            | Tried::Paused
            | Tried::Answered(Err(
                AppError::Unavailable(_)
                | AppError::OutcomeUnknown(_)
                | AppError::Conflict { .. }
                | AppError::NotFound(_),
            )) => false,
            Tried::Answered(Err(error)) => {
                return Err(Violation::new(Invariant::Rest, format!("on a page: {error}")));
            }
        };
        for before in before {
            self.pressed(&before, status, is_done)?;
        }
        Ok(())
    }

    /// What a button made of one appointment of the visit.
    fn pressed(&mut self, before: &Appointment, status: Option<Status>, is_done: bool) -> Checked {
        let Some(after) = self.row(before.id)? else { return Ok(()) };
        let now = self.now();
        let changed = after.edit_version > before.edit_version;
        let concerned = before.facts.starts_at > now
            && match status {
                Some(Status::Confirmed) => before.status == Status::Waiting,
                // The page shows what holds time.
                Some(_) => !matches!(before.status, Status::Cancelled | Status::NoShow),
                None => false,
            };
        let is_right = match (changed, concerned) {
            (true, true) => Some(after.status) == status,
            (true, false) => false,
            (false, true) => !is_done,
            (false, false) => true,
        };
        ensure(is_right, Invariant::Acknowledged, || {
            format!(
                "{} was {} and is {} after {status:?} on its page, answered: {is_done}",
                before.id,
                before.status.name(),
                after.status.name()
            )
        })?;
        if changed {
            self.model.journal_row(&after, now, false)?;
            if status == Some(Status::Cancelled) {
                self.model.client_knows(after.id, now, None);
            }
        }
        Ok(())
    }

    /// The link of a visit's page, as a text would carry it.
    fn page_of(&mut self, id: AppointmentId) -> Result<Option<String>, Violation> {
        let Some(booking) = self.model.bookings.get(&id) else { return Ok(None) };
        let token = format!("page{}", booking.visit.0);
        let link = VisitLink {
            token: token.clone(),
            organization_id: booking.organization,
            client_id: booking.client,
            visit_id: booking.visit,
            created_at: self.now(),
        };
        let store = &self.auditor.store;
        if surely(read(store.visit_link(&token))?)?.is_none() {
            let mut change_set = ChangeSet::new();
            change_set.insert(&link);
            surely(read(store.commit(change_set))?)?;
        }
        Ok(Some(token))
    }
}
