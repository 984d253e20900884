//! What was given to a phone and has not left it yet: is it still to be told? If not, the phone is
//! asked to drop it.

use super::gate;
use super::silence::SilenceReason;
use super::snapshot::{ExistingMessage, Snapshot};
use super::state::tells_same;
use crate::appointment::{Appointment, Status};
use crate::ids::MessageId;

/// Why a submitted message should not reach the client any more; `None` if it still says what is so
/// and no switch bars it.
pub fn no_longer_wanted(
    snapshot: &Snapshot<'_>,
    message: &ExistingMessage,
) -> Option<SilenceReason> {
    if snapshot.settings.on_since.is_none() {
        return Some(SilenceReason::BlockOff);
    }
    let covered: Vec<&Appointment> =
        snapshot.appointments.iter().filter(|one| message.covers.contains(&one.id)).collect();
    if let Some(changed) = covered.iter().find(|one| !stands_as_told(one, message.id)) {
        let gone = changed.status == Status::Cancelled;
        return Some(if gone { SilenceReason::VisitCancelled } else { SilenceReason::Replaced });
    }
    let numbers = covered.iter().map(|one| one.recipient_phone.as_ref().or(snapshot.client.phone));
    let recipient = Some(&message.recipient);
    if !covered.is_empty() && !numbers.into_iter().any(|number| number == recipient) {
        return Some(SilenceReason::Replaced);
    }
    if let Err(reason) = gate::client_lets_through(snapshot, recipient, message.kind) {
        return Some(reason);
    }
    // The branch of the first one spoke for the message.
    let first = covered.iter().min_by_key(|one| (one.facts.starts_at, one.id))?;
    let branch = snapshot.branches.iter().find(|branch| branch.id == first.facts.branch_id)?;
    gate::branch_lets_through(snapshot, *branch, message.kind).err()
}

/// Is what the message told of the appointment still what is so?
pub fn stands_as_told(appointment: &Appointment, message: MessageId) -> bool {
    let Some(told) = &appointment.notification.told else { return false };
    let by_this = told.message_id == Some(message) || told.repeated_by.contains(&message);
    let same = match &told.facts {
        Some(facts) => {
            appointment.status != Status::Cancelled && tells_same(facts, &appointment.facts)
        }
        None => appointment.status == Status::Cancelled,
    };
    by_this && same
}

#[cfg(test)]
mod tests;
