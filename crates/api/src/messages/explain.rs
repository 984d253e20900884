//! N15 for one appointment.

use super::wire::{PlannedBody, SilenceBody};
use crate::body::PathId;
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use vestnik_app::messages::explain as use_case;
use vestnik_domain::ids::AppointmentId;
use vestnik_domain::message::{Message, MessageState};

/// A message in the books.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageLine {
    pub id: String,
    pub kind: String,
    pub variant: String,
    /// `planned`, `routed`, `submitted`, `cancelled` or `skipped`.
    pub state: String,
    /// Why it was cancelled or skipped: a code.
    pub reason: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub due_at: jiff::Timestamp,
}

impl From<Message> for MessageLine {
    fn from(message: Message) -> MessageLine {
        let state = message.state.name().to_owned();
        MessageLine {
            id: message.id.to_string(),
            kind: message.kind.name().to_owned(),
            variant: message.variant.key(),
            state,
            reason: match message.state {
                MessageState::Cancelled { reason, .. } | MessageState::Skipped { reason, .. } => {
                    Some(reason)
                }
                _ => None,
            },
            due_at: message.due_at,
        }
    }
}

/// Everything about the messages of one appointment.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplanationBody {
    pub appointment_id: String,
    /// What will be sent.
    pub planned: Vec<PlannedBody>,
    /// What will not, and why.
    pub silences: Vec<SilenceBody>,
    /// What stands in the books.
    pub messages: Vec<MessageLine>,
}

/// What will be sent about an appointment, when and why; and for what is not sent, the rule that
/// stops it.
#[utoipa::path(get, path = "/api/v1/appointments/{id}/explain", tag = "messages",
    params(("id" = String, Path)),
    responses((status = 200, body = ExplanationBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn explain_appointment(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<AppointmentId>,
) -> Result<Json<ExplanationBody>, Problem> {
    let explanation = use_case::explain_appointment(&state.app, &caller, id).await?;
    Ok(Json(ExplanationBody {
        appointment_id: explanation.appointment.id.to_string(),
        planned: explanation.planned.into_iter().map(PlannedBody::from).collect(),
        silences: explanation.silences.into_iter().map(SilenceBody::from).collect(),
        messages: explanation.messages.into_iter().map(MessageLine::from).collect(),
    }))
}
