//! A delivery: one try of a message over one sender.
//!
//! It is written when the intent commits, before any byte leaves, and then only moves forward: its
//! [`DeliveryState::rank`] never falls. Where to look: `table` decides every pair of phase and
//! event, `step` applies a decision to a row, `diagram` draws the table.

mod diagram;
mod event;
mod step;
mod table;

pub use diagram::mermaid;
pub use event::{DeliveryEvent, EventKind, own_codes};
pub use step::{DeliveryEffect, REPORT_GRACE, Step, UNKNOWN_FOR};
pub use table::Phase;

use crate::ids::{BranchId, ClientId, DeliveryId, MessageId, OrganizationId, SenderId};
use crate::kind::NotificationKind;
use crate::phone_number::PhoneNumber;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One try and what became of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    pub organization_id: OrganizationId,
    pub id: DeliveryId,
    pub version: i64,
    pub message_id: MessageId,
    /// Which channel of the cascade, from 0.
    pub step: i64,
    /// Which try of the step, from 0. At most one try of a step may ever have been accepted.
    pub attempt: i64,
    pub sender_id: SenderId,
    /// The phone's registration under which it was fetched; 0 for other senders.
    pub sender_registration: i64,
    pub client_id: ClientId,
    pub recipient: PhoneNumber,
    /// Exactly what is sent.
    pub text: String,
    /// SMS parts of `text`.
    pub parts: i64,
    pub state: DeliveryState,
    /// Delivered, but not every part of it; true in [`DeliveryState::Delivered`] only.
    pub delivered_in_part: bool,
    /// The carrier's id, by which receipts find the row.
    pub carrier_id: Option<String>,
    /// Why `state` is what it is: one of [`own_codes`], or the carrier's or phone's own code.
    pub error_code: Option<String>,
    /// When the intent committed.
    pub intended_at: Timestamp,
    /// When the phone was first given it, whether or not that answer arrived.
    pub fetched_at: Option<Timestamp>,
    /// When the phone said that it has it: from then on it is not given again.
    pub acknowledged_at: Option<Timestamp>,
    /// When the phone handed it to its radio.
    pub handed_to_radio_at: Option<Timestamp>,
    /// When the carrier was first known to have it.
    pub submitted_at: Option<Timestamp>,
    /// When it ended; a proof of delivery may still come and end it anew.
    pub ended_at: Option<Timestamp>,
    /// A phone sends it before this instant or never; never after the message's `send_before`.
    pub valid_until: Timestamp,
    /// What the carrier charged.
    pub price_kopecks: Option<i64>,
    /// When the phone was first asked not to send it after all.
    pub recall_asked_at: Option<Timestamp>,
    /// Under what it is counted; `None` of a node of an older version, whose tries are in no total.
    pub counts_for: Option<CountsFor>,
}

/// Under what a try is counted, written down so that no sender or visit that changes later moves a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountsFor {
    /// The day of the intent, in the zone that the sender had then.
    pub day: Date,
    pub kind: NotificationKind,
    /// Of the visit that it speaks of, by then; `None` where it speaks of none.
    pub branch_id: Option<BranchId>,
}

/// How far a try has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Intended; nobody has said anything yet.
    Processing,
    /// The carrier took it.
    Submitted,
    /// It may have left or not. Counted as sent, never repeated blindly.
    Unknown,
    /// It did not reach the client.
    Undelivered,
    /// It reached the client's phone, whole or in part.
    Delivered,
    /// The client opened it.
    Read,
}

impl DeliveryState {
    pub const ALL: [DeliveryState; 6] = [
        DeliveryState::Processing,
        DeliveryState::Submitted,
        DeliveryState::Unknown,
        DeliveryState::Undelivered,
        DeliveryState::Delivered,
        DeliveryState::Read,
    ];

    /// Receipts merge by this: of two the higher one holds, in whichever order they come.
    pub fn rank(self) -> i64 {
        match self {
            DeliveryState::Processing => 0,
            DeliveryState::Submitted => 1,
            DeliveryState::Unknown => 2,
            DeliveryState::Undelivered => 3,
            DeliveryState::Delivered => 4,
            DeliveryState::Read => 5,
        }
    }

    /// The word of API, columns and logs.
    pub fn name(self) -> &'static str {
        match self {
            DeliveryState::Processing => "processing",
            DeliveryState::Submitted => "submitted",
            DeliveryState::Unknown => "unknown",
            DeliveryState::Undelivered => "undelivered",
            DeliveryState::Delivered => "delivered",
            DeliveryState::Read => "read",
        }
    }

    pub fn parse(name: &str) -> Option<DeliveryState> {
        DeliveryState::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Did the client's phone get it?
    pub fn is_proven(self) -> bool {
        matches!(self, DeliveryState::Delivered | DeliveryState::Read)
    }

    /// Is there nothing more to wait for? (Proof of delivery may still correct `Undelivered`.)
    pub fn is_final(self) -> bool {
        self.is_proven() || self == DeliveryState::Undelivered
    }
}

impl Delivery {
    /// The state together with what the row knows of the way so far; what the table decides by.
    pub fn phase(&self) -> Phase {
        let accepted = self.submitted_at.is_some();
        let on_radio = self.handed_to_radio_at.is_some();
        match self.state {
            DeliveryState::Processing if on_radio => Phase::OnRadio,
            DeliveryState::Processing if self.fetched_at.is_some() => Phase::WithPhone,
            DeliveryState::Processing => Phase::InHand,
            DeliveryState::Submitted => Phase::Submitted,
            DeliveryState::Unknown if accepted => Phase::UnknownAccepted,
            DeliveryState::Unknown if on_radio => Phase::UnknownOnRadio,
            DeliveryState::Unknown => Phase::Unknown,
            DeliveryState::Undelivered if accepted => Phase::Undelivered,
            DeliveryState::Undelivered => Phase::Unsent,
            DeliveryState::Delivered if self.delivered_in_part => Phase::DeliveredInPart,
            DeliveryState::Delivered => Phase::Delivered,
            DeliveryState::Read => Phase::Read,
        }
    }

    /// Does it count for pace, limit and money? Everything does that may have left, the unknown too.
    pub fn counts_as_sent(&self) -> bool {
        self.phase() != Phase::Unsent
    }

    /// Does it stand in its sender's window: given away, and nobody has said anything yet?
    pub fn is_in_flight(&self) -> bool {
        self.state == DeliveryState::Processing
    }
}

/// Without text and full number: those stay out of logs.
impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.id)
            .field("version", &self.version)
            .field("message_id", &self.message_id)
            .field("step", &self.step)
            .field("attempt", &self.attempt)
            .field("recipient", &self.recipient)
            .field("phase", &self.phase())
            .field("error_code", &self.error_code)
            .field("submitted_at", &self.submitted_at)
            .field("ended_at", &self.ended_at)
            .field("valid_until", &self.valid_until)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_properties;
