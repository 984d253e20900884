//! An appointment: what is agreed with the client, and what is known of its course.

use crate::access::Actor;
use crate::ids::{AppointmentId, BranchId, ClientId, OrganizationId, ServiceId, StaffId, VisitId};
use crate::phone_number::PhoneNumber;
use crate::planning::NotificationState;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// One or more services for a client with one staff member at a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Appointment {
    pub organization_id: OrganizationId,
    pub id: AppointmentId,
    /// Raised by every write of the row, also when a message is sent.
    pub version: i64,
    /// Raised by edits and statuses alone: what callers see as `version`, so that a reminder that
    /// goes out while somebody edits does not stand in their way.
    pub edit_version: i64,
    pub visit_id: VisitId,
    pub client_id: ClientId,
    /// The number in the record; `None` means the client card's.
    pub recipient_phone: Option<PhoneNumber>,
    pub facts: Facts,
    pub status: Status,
    /// Set with `Status::Cancelled`: who cancelled.
    pub cancelled_by: Option<CancelledBy>,
    pub source: Source,
    pub note: String,
    pub external_id: Option<String>,
    pub external_version: Option<String>,
    /// When this installation first saw it.
    pub created_at: Timestamp,
    /// Who entered it: the first line of its history.
    pub created_by: Actor,
    /// The journal's own time of creation: what N1 compares.
    pub journal_created_at: Timestamp,
    pub notification: NotificationState,
}

impl Appointment {
    /// The instant at which the staff member is free for the next client is `ends_at` + buffer;
    /// this one is when the client may leave.
    pub fn ends_at(&self) -> Timestamp {
        self.facts.ends_at()
    }

    /// Does it still hold the staff member's time?
    pub fn holds_time(&self) -> bool {
        !matches!(self.status, Status::Cancelled | Status::NoShow)
    }
}

/// What a client can be told of an appointment; the comparison of these decides «changed».
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub branch_id: BranchId,
    /// `None` when no master is chosen.
    pub staff_id: Option<StaffId>,
    /// In the order in which they are performed.
    pub service_ids: Vec<ServiceId>,
    /// Wall time in the branch's zone: the truth.
    pub start_local: DateTime,
    /// The same moment, derived from `start_local` and the zone (or the given offset).
    pub starts_at: Timestamp,
    pub duration_min: i64,
}

impl Facts {
    pub fn ends_at(&self) -> Timestamp {
        self.starts_at
            .checked_add(jiff::SignedDuration::from_mins(self.duration_min))
            .unwrap_or(Timestamp::MAX)
    }
}

/// Where an appointment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Waiting,
    Confirmed,
    Arrived,
    NoShow,
    Cancelled,
}

impl Status {
    pub const ALL: [Status; 5] =
        [Status::Waiting, Status::Confirmed, Status::Arrived, Status::NoShow, Status::Cancelled];

    pub fn name(self) -> &'static str {
        match self {
            Status::Waiting => "waiting",
            Status::Confirmed => "confirmed",
            Status::Arrived => "arrived",
            Status::NoShow => "no_show",
            Status::Cancelled => "cancelled",
        }
    }

    /// Is the client still to come?
    pub fn is_ahead(self) -> bool {
        matches!(self, Status::Waiting | Status::Confirmed)
    }

    pub fn parse(name: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// Who cancelled; a journal's deletion is a cancellation by staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelledBy {
    Staff,
    Client,
}

/// Who entered the appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The client, through the widget (N2).
    Client,
    /// Staff, through the cabinet or the API (N3).
    Staff,
    /// A file: «created» is never sent for it.
    Import,
    /// A connected external journal.
    Journal,
}

impl Source {
    pub const ALL: [Source; 4] = [Source::Client, Source::Staff, Source::Import, Source::Journal];

    pub fn name(self) -> &'static str {
        match self {
            Source::Client => "client",
            Source::Staff => "staff",
            Source::Import => "import",
            Source::Journal => "journal",
        }
    }

    pub fn parse(name: &str) -> Option<Source> {
        Source::ALL.into_iter().find(|source| source.name() == name)
    }
}

/// One line of an appointment's history: who changed what.
#[derive(Debug, Clone, PartialEq)]
pub struct AppointmentEvent {
    pub organization_id: OrganizationId,
    pub appointment_id: AppointmentId,
    /// The version that this change made: 1, 2, 3…
    pub version: i64,
    pub at: Timestamp,
    pub actor: Actor,
    /// What changed, compact: JSON `{"created": true}`, `{"start_local": ["…", "…"]}`.
    pub changes: serde_json::Value,
}
