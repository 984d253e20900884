//! I9: somebody of another salon tries, with ids that are not theirs.

use super::super::commands::Command;
use super::super::executor::Tried;
use super::super::invariant::{Checked, Invariant, ensure};
use super::super::world::World;
use vestnik_app::AppError;
use vestnik_app::appointments::edit::EditAppointment;
use vestnik_app::appointments::status::SetStatus;
use vestnik_domain::appointment::Status;
use vestnik_domain::planning::Notify;

impl World {
    pub(super) fn intrude(&mut self) -> Checked {
        let Some(id) = self.any_booking(|_, _| true) else { return Ok(()) };
        let owner = self.model.bookings.get(&id).map(|booking| booking.organization);
        let stranger = self
            .salons
            .iter()
            .map(|salon| salon.caller)
            .find(|caller| Some(caller.organization_id) != owner);
        let Some(caller) = stranger else { return Ok(()) };
        let Some(before) = self.row(id)? else { return Ok(()) };
        self.totals.intrusions += 1;
        let version = before.edit_version;
        let status = SetStatus {
            version: Some(version),
            status: Status::Cancelled,
            force: true,
            notify: Notify::ByRule,
        };
        let edit = EditAppointment {
            version,
            note: Some("not yours".to_owned()),
            ..EditAppointment::default()
        };
        for command in
            [Command::SetStatus { caller, id, status }, Command::Edit { caller, id, edit }]
        {
            let end = self.call(Some(caller.organization_id), command)?;
            let held = match &end {
                Tried::Killed | Tried::Paused => true,
                Tried::Answered(Err(error)) => matches!(
                    error,
                    AppError::NotFound(_) | AppError::Unavailable(_) | AppError::OutcomeUnknown(_)
                ),
                Tried::Answered(Ok(_)) => false,
            };
            ensure(held, Invariant::OwnRows, || {
                format!("a stranger's call on {id} ended {end:?}")
            })?;
        }
        let after = self.row(id)?;
        ensure(after.as_ref() == Some(&before), Invariant::OwnRows, || {
            format!("a stranger changed {id}")
        })
    }
}
