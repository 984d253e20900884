//! STOP and START at the front desk: a number, whoever shares it, wants nothing more, or again.

use super::super::commands::Command;
use super::super::executor::Tried;
use super::super::invariant::{Checked, Invariant, Violation};
use super::super::world::{World, read, surely};
use vestnik_app::AppError;
use vestnik_domain::phone_number::PhoneNumber;

impl World {
    pub(super) fn stop_or_start(&mut self) -> Checked {
        let index = self.any_salon();
        let Some(salon) = self.salons.get(index) else { return Ok(()) };
        let (caller, organization) = (salon.caller, salon.caller.organization_id);
        let numbers: Vec<PhoneNumber> =
            salon.clients.iter().filter_map(|client| client.phone.clone()).collect();
        let Some(number) = self.any_of(&numbers) else { return Ok(()) };
        let phone = number.as_str().to_owned();
        let stops = !self.model.is_stopped(organization, &phone);
        let command = match stops {
            true => Command::StopNumber { caller, phone: phone.clone() },
            false => Command::LiftStop { caller, phone: phone.clone() },
        };
        match self.call(Some(organization), command)? {
            Tried::Answered(
                Ok(_) | Err(AppError::Unavailable(_) | AppError::OutcomeUnknown(_)),
            )
            | Tried::Killed
            | Tried::Paused => {}
            Tried::Answered(Err(error)) => {
                return Err(Violation::new(Invariant::Rest, format!("refused: {error}")));
            }
        }
        // Whatever was answered, what is read back is what holds.
        let found = surely(read(self.auditor.store.stopped_number(organization, &number))?)?;
        let stopped = found.is_some_and(|number| number.stopped);
        let now = self.now();
        if self.model.number_says(organization, &phone, stopped, now) {
            self.totals.stops += 1;
            self.note(|| format!("{phone} says {}", if stopped { "STOP" } else { "START" }));
        }
        Ok(())
    }
}
