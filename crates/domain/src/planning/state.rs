//! What planning must remember of an appointment between its edits.
//!
//! It is stored inside the appointment's row, so fields at their default are left out.

use crate::appointment::Facts;
use crate::ids::MessageId;
use crate::kind::NotificationKind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The memory of one appointment: what its client was told, and which changes wait to be told.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NotificationState {
    /// Grows when the client has learned of a cancellation: what comes after is a new booking to them.
    #[serde(skip_serializing_if = "is_zero")]
    pub booking_cycle: u32,
    /// How many «changed» were submitted: the occasion of the next one.
    #[serde(skip_serializing_if = "is_zero")]
    pub bursts_told: u32,
    #[serde(skip_serializing_if = "Announcement::is_pending")]
    pub announcement: Announcement,
    /// When `announcement` stopped being pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub announcement_closed_at: Option<Timestamp>,
    /// When it was booked here, or brought back as a new booking; `None`: as the row was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booked_at: Option<Timestamp>,
    /// Booked anew by staff after a cancellation: told by «created», whoever booked it first.
    #[serde(skip_serializing_if = "is_false")]
    pub brought_back: bool,
    /// An import that did not ask for reminders.
    #[serde(skip_serializing_if = "is_false")]
    pub without_reminders: bool,
    /// The facts last submitted to the client; `None` while nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
    /// The facts at the booking, kept from the first edit on; `None`: the current ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_booking: Option<Facts>,
    /// Loud changes that no message has told yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub burst: Option<Burst>,
    /// Who set the current start; `None`: the booking did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_set: Option<StartSet>,
    /// «Не сообщать»: when staff last changed it silently and nothing told it since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent_at: Option<Timestamp>,
    /// When a delivery surely failed and nothing was told since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellation: Option<Cancellation>,
    /// Since when the status is `confirmed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
    /// When a visit older than the block's switching-on was let in by hand (N1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub let_in_at: Option<Timestamp>,
}

/// Where the first word about a booking («created» or the confirmation) stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Announcement {
    /// The client is to be told of the booking.
    #[default]
    Pending,
    /// A message that tells of the booking was submitted, or the client acted on it.
    Submitted,
    /// Staff booked with «не сообщать».
    Silent,
    Imported,
    /// An older visit, let in without «created».
    LetIn,
    /// Its moment passed without a message, e.g. while the kind was off.
    Missed,
    /// Cancelled while the announcement still waited: the client knows of nothing.
    Withdrawn,
}

/// What the client last learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// `None`: that the appointment is cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<Facts>,
    pub at: Timestamp,
    pub by: ToldBy,
    /// `None` for what the client did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// The other messages that told the same, in their order; the latest stands in if the first one
    /// surely failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repeated_by: Vec<MessageId>,
    /// What was told before, to step back to; at most two deep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Box<Told>>,
}

/// By what the client learned it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToldBy {
    Message(NotificationKind),
    /// The client did it, in a dialog, by a link or in the widget, and saw the outcome there.
    Client,
}

/// Changes that settle together into one message (N4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Burst {
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    /// The facts at its begin: coming back to them undoes the burst.
    pub from: Facts,
    /// Who had set the start at its begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_set: Option<StartSet>,
}

/// When and how the current start came about: decides what becomes of reminders inside their lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartSet {
    pub at: Timestamp,
    pub by: StartSetBy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartSetBy {
    Booking,
    Import,
    StaffMove,
    /// «Не сообщать», at the booking or at a move.
    Silently,
    /// The client's own move.
    Client,
}

/// A cancellation that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "is_false")]
    pub by_client: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub silent: bool,
}

/// What a client is taken to know of an appointment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Known<'a> {
    /// Nothing: the booking was not announced.
    Nothing,
    Facts(&'a Facts),
    /// That it is cancelled.
    Gone,
}

impl Announcement {
    pub fn is_pending(&self) -> bool {
        *self == Announcement::Pending
    }
}

impl NotificationState {
    /// What the client is taken to know; `current` are the appointment's facts of now. A booking
    /// that was never told (silent, imported, failed, kind off) is known as it was made.
    pub fn known<'a>(&'a self, current: &'a Facts) -> Known<'a> {
        match &self.told {
            Some(Told { facts: Some(facts), .. }) => Known::Facts(facts),
            Some(Told { facts: None, .. }) => Known::Gone,
            None => match self.announcement {
                Announcement::Pending | Announcement::Withdrawn => Known::Nothing,
                _ => Known::Facts(self.as_booked(current)),
            },
        }
    }

    /// The facts at the booking.
    pub fn as_booked<'a>(&'a self, current: &'a Facts) -> &'a Facts {
        self.at_booking.as_ref().unwrap_or(current)
    }

    /// The facts last told, or those at the booking: what «cancelled» names (N6).
    pub fn facts_known<'a>(&'a self, current: &'a Facts) -> &'a Facts {
        match &self.told {
            Some(Told { facts: Some(facts), .. }) => facts,
            // While a cancellation is told the facts before it stand one step back.
            Some(Told { facts: None, before: Some(before), .. }) => {
                before.facts.as_ref().unwrap_or_else(|| self.as_booked(current))
            }
            _ => self.as_booked(current),
        }
    }

    pub(crate) fn booked_at(&self, row_created_at: Timestamp) -> Timestamp {
        self.booked_at.unwrap_or(row_created_at)
    }

    pub(crate) fn start_set(&self, row_created_at: Timestamp) -> StartSet {
        self.start_set
            .unwrap_or(StartSet { at: self.booked_at(row_created_at), by: StartSetBy::Booking })
    }
}

/// Do both sets of facts read the same to a client? What counts is the branch, the wall time, the
/// master and the services in any order; the length is not told.
pub fn tells_same(one: &Facts, other: &Facts) -> bool {
    one.branch_id == other.branch_id
        && one.start_local == other.start_local
        && one.staff_id == other.staff_id
        && same_services(one, other)
}

/// The same services, in whatever order a journal lists them.
pub(crate) fn same_services(one: &Facts, other: &Facts) -> bool {
    if one.service_ids == other.service_ids {
        return true;
    }
    let sorted = |facts: &Facts| {
        let mut ids = facts.service_ids.clone();
        ids.sort_unstable();
        ids
    };
    one.service_ids.len() == other.service_ids.len() && sorted(one) == sorted(other)
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

fn is_false(flag: &bool) -> bool {
    !flag
}
