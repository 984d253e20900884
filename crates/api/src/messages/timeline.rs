//! A3: one message with every step of its life.

use super::view::{MessageBody, MessageReasonBody};
use super::wire::Reason;
use crate::body::PathId;
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use vestnik_app::messages::timeline::{self as use_case, Step, Timeline};
use vestnik_domain::Language;
use vestnik_domain::delivery::Delivery;
use vestnik_domain::ids::MessageId;
use vestnik_domain::sender::Sender;

/// Something that happened to a message, or will.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepBody {
    #[schema(value_type = String, format = DateTime)]
    pub at: jiff::Timestamp,
    /// `planned`, `due`, `intended`, `fetched`, `acknowledged`, `on_radio`, `submitted`, `delivered`,
    /// `delivered_in_part`, `read`, `undelivered`, `unknown`, `cancelled` or `skipped`.
    pub code: String,
    /// For people, in Russian.
    pub title: String,
    /// In English.
    pub detail: String,
    /// Of which try.
    pub delivery_id: Option<String>,
    /// Why it ended so.
    pub reason: Option<MessageReasonBody>,
}

impl From<Step> for StepBody {
    fn from(step: Step) -> StepBody {
        StepBody {
            at: step.at,
            code: step.kind.name().to_owned(),
            title: step.kind.title(Language::Russian).to_owned(),
            detail: step.kind.title(Language::English).to_owned(),
            delivery_id: step.delivery_id.map(|id| id.to_string()),
            reason: step.reason_code.as_deref().map(MessageReasonBody::of_code),
        }
    }
}

/// One try over one sender.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryBody {
    pub id: String,
    pub sender_id: String,
    pub sender_name: Option<String>,
    /// `processing`, `submitted`, `unknown`, `undelivered`, `delivered` or `read`.
    pub state: String,
    /// Exactly what is sent.
    pub text: String,
    /// SMS parts of the text.
    pub parts: i64,
    pub reason: Option<MessageReasonBody>,
    /// The sender sends it before this instant or never.
    #[schema(value_type = String, format = DateTime)]
    pub valid_until: jiff::Timestamp,
    /// What the carrier charged.
    pub price_kopecks: Option<i64>,
}

impl DeliveryBody {
    fn of(delivery: &Delivery, sender: Option<&Sender>) -> DeliveryBody {
        DeliveryBody {
            id: delivery.id.to_string(),
            sender_id: delivery.sender_id.to_string(),
            sender_name: sender.map(|sender| sender.name.clone()),
            state: delivery.state.name().to_owned(),
            text: delivery.text.clone(),
            parts: delivery.parts,
            reason: delivery.error_code.as_deref().map(MessageReasonBody::of_code),
            valid_until: delivery.valid_until,
            price_kopecks: delivery.price_kopecks,
        }
    }
}

/// A message with everything that happened to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineBody {
    #[serde(flatten)]
    pub message: MessageBody,
    /// How its time came about.
    pub why: Vec<Reason>,
    /// In order of time; `due` may lie ahead.
    pub steps: Vec<StepBody>,
    /// Every try, oldest first.
    pub deliveries: Vec<DeliveryBody>,
}

impl From<Timeline> for TimelineBody {
    fn from(timeline: Timeline) -> TimelineBody {
        let Timeline { view, steps, senders } = timeline;
        TimelineBody {
            why: view.message.why.iter().copied().map(Reason::from).collect(),
            steps: steps.into_iter().map(StepBody::from).collect(),
            deliveries: view
                .deliveries
                .iter()
                .map(|delivery| DeliveryBody::of(delivery, senders.get(&delivery.sender_id)))
                .collect(),
            message: view.into(),
        }
    }
}

/// One message, step by step.
#[utoipa::path(get, path = "/api/v1/messages/{id}", tag = "messages", params(("id" = String, Path)),
    responses((status = 200, body = TimelineBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn message_timeline(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<MessageId>,
) -> Result<Json<TimelineBody>, Problem> {
    Ok(Json(use_case::message_timeline(&state.app, &caller, id).await?.into()))
}
