//! What the phone's reports about one message add up to.
//!
//! Each state is reported by a job of its own, retried on its own, so they come late, twice and in any
//! order. The sum is therefore the greatest by rank: it never goes back, jumps are fine, and the order
//! of arrival does not matter.

use super::phone_error::PhoneFailure;
use super::wire::{MessageStateReport, WireState};

/// How far the phone has come with a message, in rising rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhoneState {
    /// The phone holds it and has not given it to the radio.
    Pending,
    /// It was called back in time, or this phone never knew it. Any sign that it went out outranks this.
    Cancelled,
    /// Given to Android. Some phones never say more, so this must not be sent again.
    Processed,
    /// The network took it.
    Sent,
    Failed(PhoneFailure),
    /// The recipient's phone has it.
    Delivered,
    /// Of a text in several parts some arrived and some failed.
    DeliveredInPart(PhoneFailure),
}

/// Into how many SMS parts the text went: of one part a proof of delivery is the whole truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextParts {
    One,
    Several,
}

impl TextParts {
    /// From the count of parts, as the text was measured.
    pub fn of_count(parts: usize) -> TextParts {
        if parts > 1 { TextParts::Several } else { TextParts::One }
    }
}

impl PhoneState {
    /// What one report says. `None`: nothing new, as `Cancelling` is our own word.
    pub fn of_report(report: &MessageStateReport) -> Option<PhoneState> {
        let error = report.recipients.iter().find_map(|recipient| recipient.error.as_deref());
        // With one recipient both say the same; a message called back unknown may name only itself.
        let of_recipient = match report.recipients.as_slice() {
            [recipient] => PhoneState::of_wire(recipient.state, error),
            _ => None,
        };
        match (PhoneState::of_wire(report.state, error), of_recipient) {
            (Some(message), Some(recipient)) => Some(message.merge(recipient, TextParts::One)),
            (message, recipient) => message.or(recipient),
        }
    }

    fn of_wire(state: WireState, error: Option<&str>) -> Option<PhoneState> {
        Some(match state {
            WireState::Pending => PhoneState::Pending,
            WireState::Cancelling => return None,
            WireState::Cancelled => PhoneState::Cancelled,
            WireState::Processed => PhoneState::Processed,
            WireState::Sent => PhoneState::Sent,
            WireState::Delivered => PhoneState::Delivered,
            WireState::Failed => PhoneState::Failed(PhoneFailure::read(error)),
        })
    }

    /// Higher is further.
    pub fn rank(&self) -> u8 {
        match self {
            PhoneState::Pending => 0,
            PhoneState::Cancelled => 1,
            PhoneState::Processed => 2,
            PhoneState::Sent => 3,
            PhoneState::Failed(_) => 4,
            PhoneState::Delivered => 5,
            PhoneState::DeliveredInPart(_) => 6,
        }
    }

    /// What is known after `later` came in.
    #[must_use]
    pub fn merge(self, later: PhoneState, parts: TextParts) -> PhoneState {
        match (self, later, parts) {
            (PhoneState::Delivered, PhoneState::Failed(failure), TextParts::Several)
            | (PhoneState::Failed(failure), PhoneState::Delivered, TextParts::Several) => {
                PhoneState::DeliveredInPart(failure)
            }
            (known, later, _) if later.rank() > known.rank() => later,
            (known, _, _) => known,
        }
    }

    /// Nothing the phone may still say changes what should be done.
    pub fn is_final(&self) -> bool {
        !matches!(self, PhoneState::Pending | PhoneState::Processed | PhoneState::Sent)
    }
}

/// Whether a message is still in the list that the phone pulls: until the phone has acknowledged it in
/// any state; one that is being called back until its end is known.
pub fn stays_in_list(known: Option<&PhoneState>, is_cancelling: bool) -> bool {
    match known {
        None => true,
        Some(state) => is_cancelling && !state.is_final(),
    }
}

#[cfg(test)]
mod tests;
