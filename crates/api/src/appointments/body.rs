//! Appointments as the API words them.

use crate::catalogue::ActorBody;
use crate::messages::IncomingMessageBody;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vestnik_domain::appointment::{Appointment, AppointmentEvent, CancelledBy, Source, Status};
use vestnik_domain::branch::Branch;
use vestnik_domain::incoming::IncomingMessage;
use vestnik_domain::planning::Notify;

/// Where an appointment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StatusWord {
    Waiting,
    Confirmed,
    Arrived,
    NoShow,
    Cancelled,
}

impl From<Status> for StatusWord {
    fn from(status: Status) -> StatusWord {
        match status {
            Status::Waiting => StatusWord::Waiting,
            Status::Confirmed => StatusWord::Confirmed,
            Status::Arrived => StatusWord::Arrived,
            Status::NoShow => StatusWord::NoShow,
            Status::Cancelled => StatusWord::Cancelled,
        }
    }
}

impl From<StatusWord> for Status {
    fn from(status: StatusWord) -> Status {
        match status {
            StatusWord::Waiting => Status::Waiting,
            StatusWord::Confirmed => Status::Confirmed,
            StatusWord::Arrived => Status::Arrived,
            StatusWord::NoShow => Status::NoShow,
            StatusWord::Cancelled => Status::Cancelled,
        }
    }
}

/// Who enters an appointment: files have a verb of their own.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BookingSourceWord {
    #[default]
    Staff,
    /// The client, on the salon's own site: told by «confirmation», refused in the past.
    Client,
    /// Another journal.
    Journal,
}

impl From<BookingSourceWord> for Source {
    fn from(source: BookingSourceWord) -> Source {
        match source {
            BookingSourceWord::Staff => Source::Staff,
            BookingSourceWord::Client => Source::Client,
            BookingSourceWord::Journal => Source::Journal,
        }
    }
}

/// Who entered an appointment.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SourceWord {
    Staff,
    Client,
    Import,
    Journal,
}

impl From<Source> for SourceWord {
    fn from(source: Source) -> SourceWord {
        match source {
            Source::Staff => SourceWord::Staff,
            Source::Client => SourceWord::Client,
            Source::Import => SourceWord::Import,
            Source::Journal => SourceWord::Journal,
        }
    }
}

/// Who cancelled.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CancelledByWord {
    Staff,
    Client,
}

impl From<CancelledBy> for CancelledByWord {
    fn from(cancelled_by: CancelledBy) -> CancelledByWord {
        match cancelled_by {
            CancelledBy::Staff => CancelledByWord::Staff,
            CancelledBy::Client => CancelledByWord::Client,
        }
    }
}

/// Is the client to be told?
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NotifyWord {
    /// As the settings have it.
    #[default]
    ByRule,
    /// «Не сообщать»: nothing goes; the next message carries the truth.
    Silent,
}

impl From<NotifyWord> for Notify {
    fn from(notify: NotifyWord) -> Notify {
        match notify {
            NotifyWord::ByRule => Notify::ByRule,
            NotifyWord::Silent => Notify::Silent,
        }
    }
}

/// One or more services for a client with one staff member at a time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AppointmentBody {
    #[schema(example = "apt_1kr3m0q7g0001")]
    id: String,
    version: i64,
    /// The same for appointments that the client comes to in one go.
    visit_id: String,
    client_id: String,
    /// The number in the record; null means the card's.
    recipient_phone: Option<String>,
    branch_id: String,
    staff_id: Option<String>,
    service_ids: Vec<String>,
    /// What the branch's clock shows.
    #[schema(example = "2026-12-25T15:00")]
    start_local: String,
    #[schema(value_type = String, format = DateTime)]
    starts_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    ends_at: Timestamp,
    /// The branch's.
    #[schema(example = "Europe/Moscow")]
    zone: String,
    duration_min: i64,
    status: StatusWord,
    cancelled_by: Option<CancelledByWord>,
    source: SourceWord,
    note: String,
    external_id: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was let in although it is older than the switching-on of notifications.
    #[schema(value_type = Option<String>, format = DateTime)]
    let_in_at: Option<Timestamp>,
}

impl AppointmentBody {
    pub(super) fn of(appointment: Appointment, branch: &Branch) -> AppointmentBody {
        let ends_at = appointment.ends_at();
        let facts = appointment.facts;
        AppointmentBody {
            id: appointment.id.to_string(),
            version: appointment.edit_version,
            visit_id: appointment.visit_id.to_string(),
            client_id: appointment.client_id.to_string(),
            recipient_phone: appointment.recipient_phone.map(|phone| phone.as_str().to_owned()),
            branch_id: facts.branch_id.to_string(),
            staff_id: facts.staff_id.map(|id| id.to_string()),
            service_ids: facts.service_ids.iter().map(ToString::to_string).collect(),
            start_local: wall_time(facts.start_local),
            starts_at: facts.starts_at,
            ends_at,
            zone: branch.zone.name().to_owned(),
            duration_min: facts.duration_min,
            status: appointment.status.into(),
            cancelled_by: appointment.cancelled_by.map(Into::into),
            source: appointment.source.into(),
            note: appointment.note,
            external_id: appointment.external_id,
            created_at: appointment.created_at,
            let_in_at: appointment.notification.let_in_at,
        }
    }
}

/// `2026-12-25T15:00`; seconds only where there are any.
fn wall_time(local: DateTime) -> String {
    let has_seconds = local.second() != 0 || local.subsec_nanosecond() != 0;
    if has_seconds { local.to_string() } else { local.strftime("%Y-%m-%dT%H:%M").to_string() }
}

/// One line of the history: who changed what.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AppointmentEventBody {
    /// The version that this change made.
    version: i64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    actor: ActorBody,
    /// By field: `[from, to]`; `{"created": true}` in the first line.
    #[schema(value_type = Object)]
    changes: serde_json::Value,
}

/// An appointment with its history, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AppointmentWithHistoryBody {
    #[serde(flatten)]
    appointment: AppointmentBody,
    history: Vec<AppointmentEventBody>,
    /// What the client wrote since the booking, newest first.
    incoming_messages: Vec<IncomingMessageBody>,
}

impl AppointmentWithHistoryBody {
    pub(super) fn of(
        appointment: Appointment,
        branch: &Branch,
        events: Vec<AppointmentEvent>,
        incoming: Vec<IncomingMessage>,
    ) -> AppointmentWithHistoryBody {
        // The creation is kept in the appointment itself.
        let created = AppointmentEventBody {
            version: 1,
            at: appointment.created_at,
            actor: appointment.created_by.into(),
            changes: serde_json::json!({ "created": true }),
        };
        let changed = events.into_iter().map(|event| AppointmentEventBody {
            version: event.version,
            at: event.at,
            actor: event.actor.into(),
            changes: event.changes,
        });
        AppointmentWithHistoryBody {
            incoming_messages: incoming.into_iter().map(Into::into).collect(),
            history: std::iter::once(created).chain(changed).collect(),
            appointment: AppointmentBody::of(appointment, branch),
        }
    }
}
