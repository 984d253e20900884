//! What clients wrote to the salon's numbers.

use crate::body::QueryOf;
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use crate::wire::page_size;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use vestnik_app::messages::incoming as use_case;
use vestnik_domain::ids::{ClientId, IncomingMessageId};
use vestnik_domain::incoming::IncomingMessage;

/// A received SMS.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncomingMessageBody {
    pub id: String,
    pub sender_id: String,
    /// As the phone gave it: a number, or the name of a service.
    pub from: String,
    /// Where `from` is a number.
    #[schema(example = "+79161234567")]
    pub phone: Option<String>,
    /// Where the number is a client's.
    pub client_id: Option<String>,
    pub text: String,
    /// By the phone's clock.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: jiff::Timestamp,
    /// When we learned of it.
    #[schema(value_type = String, format = DateTime)]
    pub at: jiff::Timestamp,
}

impl From<IncomingMessage> for IncomingMessageBody {
    fn from(message: IncomingMessage) -> IncomingMessageBody {
        IncomingMessageBody {
            id: message.id.to_string(),
            sender_id: message.sender_id.to_string(),
            from: message.from,
            phone: message.phone.map(|phone| phone.as_str().to_owned()),
            client_id: message.client_id.map(|id| id.to_string()),
            text: message.text,
            received_at: message.received_at,
            at: message.at,
        }
    }
}

/// A page of received SMS, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncomingMessagePageBody {
    pub items: Vec<IncomingMessageBody>,
    /// Pass as `before` for the next page.
    pub next: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct IncomingQuery {
    /// Only what this client wrote.
    #[param(value_type = Option<String>)]
    client_id: Option<ClientId>,
    /// `next` of the page before.
    #[param(value_type = Option<String>)]
    before: Option<IncomingMessageId>,
    /// 1 to 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// SMS that the linked phones received, newest first.
#[utoipa::path(get, path = "/api/v1/incoming-messages", tag = "messages", params(IncomingQuery),
    responses((status = 200, body = IncomingMessagePageBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list_incoming(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    QueryOf(query): QueryOf<IncomingQuery>,
) -> Result<Json<IncomingMessagePageBody>, Problem> {
    let limit = page_size(query.limit);
    let page =
        use_case::list_incoming(&state.app, &caller, query.client_id, query.before, limit).await?;
    Ok(Json(IncomingMessagePageBody {
        items: page.messages.into_iter().map(IncomingMessageBody::from).collect(),
        next: page.next.map(|id| id.to_string()),
    }))
}
