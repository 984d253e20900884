//! Moves, other masters and services, undone edits, cancelling, bringing back, statuses.

use super::super::commands::Command;
use super::super::invariant::Checked;
use super::super::model::{Booking, By};
use super::super::world::World;
use super::Deed;
use jiff::Timestamp;
use vestnik_app::appointments::edit::EditAppointment;
use vestnik_app::appointments::status::SetStatus;
use vestnik_domain::appointment::Status;
use vestnik_domain::ids::AppointmentId;
use vestnik_domain::planning::Notify;

/// It lies ahead and stands.
fn is_ahead(booking: &Booking, now: Timestamp) -> bool {
    booking.last().is_some_and(|last| {
        last.facts.starts_at > now && matches!(last.status, Status::Waiting | Status::Confirmed)
    })
}

fn notify(silent: bool) -> Notify {
    if silent { Notify::Silent } else { Notify::ByRule }
}

impl World {
    /// «Не сообщать» now and then; never by a client.
    fn silently(&mut self, by: By) -> bool {
        by == By::Staff && self.chance.percent(6)
    }

    fn edit(&mut self, id: AppointmentId, by: By, wanted: EditAppointment) -> Checked {
        let silent = self.silently(by);
        let force = self.chance.percent(50);
        self.change(id, by, silent, &|row, caller| Command::Edit {
            caller,
            id,
            edit: EditAppointment {
                version: row.edit_version,
                force,
                notify: notify(silent),
                ..wanted.clone()
            },
        })?;
        Ok(())
    }

    pub(super) fn move_visit(&mut self, by: By) -> Checked {
        let Some(id) = self.any_booking(is_ahead) else { return Ok(()) };
        let Some(start) = self.start_for(id) else { return Ok(()) };
        self.totals.moves += 1;
        self.edit(id, by, EditAppointment { start: Some(start), ..EditAppointment::default() })
    }

    /// Another start in the zone of its branch.
    pub(super) fn start_for(&mut self, id: AppointmentId) -> Option<String> {
        let branch = self.model.bookings.get(&id)?.last()?.facts.branch_id;
        let zone = self.model.zones.get(&branch)?.clone();
        Some(self.any_start(&zone).to_string())
    }

    pub(super) fn replace_master(&mut self) -> Checked {
        let Some(id) = self.any_booking(is_ahead) else { return Ok(()) };
        let Some(booking) = self.model.bookings.get(&id) else { return Ok(()) };
        let staff = self.salon_of(booking.organization).map(|salon| salon.staff.clone());
        let Some(member) = self.any_of(&staff.unwrap_or_default()) else { return Ok(()) };
        self.totals.edits += 1;
        let wanted = EditAppointment {
            staff_id: Some(Some(member.id)),
            branch_id: Some(member.branch_id),
            ..EditAppointment::default()
        };
        self.edit(id, By::Staff, wanted)
    }

    pub(super) fn other_services(&mut self) -> Checked {
        let Some(id) = self.any_booking(is_ahead) else { return Ok(()) };
        let Some(booking) = self.model.bookings.get(&id) else { return Ok(()) };
        let services = self.salon_of(booking.organization).map(|salon| salon.services.clone());
        let Some(service) = self.any_of(&services.unwrap_or_default()) else { return Ok(()) };
        self.totals.edits += 1;
        let wanted =
            EditAppointment { service_ids: Some(vec![service.id]), ..EditAppointment::default() };
        self.edit(id, By::Staff, wanted)
    }

    /// Back to what stood before the last change.
    pub(super) fn undo(&mut self) -> Checked {
        let Some(id) = self.any_booking(|one, now| is_ahead(one, now) && one.changes.len() > 1)
        else {
            return Ok(());
        };
        let Some(booking) = self.model.bookings.get(&id) else { return Ok(()) };
        let before = booking.changes.iter().rev().nth(1).map(|change| change.facts.clone());
        let Some(facts) = before else { return Ok(()) };
        self.totals.undone += 1;
        let wanted = EditAppointment {
            branch_id: Some(facts.branch_id),
            staff_id: Some(facts.staff_id),
            service_ids: Some(facts.service_ids),
            start: Some(facts.starts_at.to_string()),
            duration_min: Some(facts.duration_min),
            ..EditAppointment::default()
        };
        self.edit(id, By::Staff, wanted)
    }

    pub(super) fn cancel(&mut self, by: By) -> Checked {
        let Some(id) = self.any_booking(is_ahead) else { return Ok(()) };
        self.totals.cancels += 1;
        self.set_status(id, by, Status::Cancelled)
    }

    pub(super) fn restore(&mut self) -> Checked {
        let cancelled = |one: &Booking, now: Timestamp| {
            one.last()
                .is_some_and(|last| last.status == Status::Cancelled && last.facts.starts_at > now)
        };
        let Some(id) = self.any_booking(cancelled) else { return Ok(()) };
        self.totals.restores += 1;
        self.set_status(id, By::Staff, Status::Waiting)
    }

    pub(super) fn mark(&mut self, deed: Deed) -> Checked {
        let (status, id) = match deed {
            Deed::Confirm => (Status::Confirmed, self.any_booking(is_ahead)),
            Deed::Arrive => (Status::Arrived, self.any_booking(|one, _| has_begun(one))),
            _ => (Status::NoShow, self.any_booking(|one, _| has_begun(one))),
        };
        match id {
            Some(id) => self.set_status(id, By::Staff, status),
            None => Ok(()),
        }
    }

    fn set_status(&mut self, id: AppointmentId, by: By, status: Status) -> Checked {
        let silent = status == Status::Cancelled && self.silently(by);
        self.change(id, by, silent, &|row, caller| Command::SetStatus {
            caller,
            id,
            status: SetStatus {
                version: Some(row.edit_version),
                status,
                force: true,
                notify: notify(silent),
            },
        })?;
        Ok(())
    }
}

/// Near enough to its start that it may be marked.
fn has_begun(booking: &Booking) -> bool {
    booking.last().is_some_and(|last| matches!(last.status, Status::Waiting | Status::Confirmed))
}
