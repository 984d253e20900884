//! Numbers that said STOP: seen, stopped and lifted at the front desk.

use crate::body::{JsonBody, PathId, QueryOf};
use crate::caller::SignedIn;
use crate::catalogue::ActorBody;
use crate::problem::Problem;
use crate::state::ApiState;
use crate::wire::page_size;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vestnik_app::stops as use_case;
use vestnik_domain::stopped_number::StoppedNumber;

/// A number that wants nothing more from the organization.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StoppedNumberBody {
    #[schema(example = "+79161234567")]
    phone: String,
    #[schema(value_type = String, format = DateTime)]
    since: jiff::Timestamp,
    /// The client, by SMS, or whoever noted it at the front desk.
    by: ActorBody,
    /// The SMS that said so.
    incoming_message_id: Option<String>,
}

impl From<StoppedNumber> for StoppedNumberBody {
    fn from(number: StoppedNumber) -> StoppedNumberBody {
        StoppedNumberBody {
            phone: number.phone.as_str().to_owned(),
            since: number.changed_at,
            by: number.changed_by.into(),
            incoming_message_id: number.incoming_message_id.map(|id| id.to_string()),
        }
    }
}

/// A page of stopped numbers, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StoppedNumberPage {
    items: Vec<StoppedNumberBody>,
    /// Pass as `after` for the next page.
    next: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StoppedNumbersQuery {
    /// `next` of the page before.
    after: Option<String>,
    /// 1 to 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// A number to be stopped.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StopNumberBody {
    /// In any usual spelling.
    #[schema(example = "8 (916) 123-45-67")]
    phone: String,
}

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_stopped_numbers, stop_number))
        .routes(routes!(lift_stop))
}

/// The numbers that said STOP.
#[utoipa::path(get, path = "/api/v1/stopped-numbers", tag = "clients", params(StoppedNumbersQuery),
    responses((status = 200, body = StoppedNumberPage),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list_stopped_numbers(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    QueryOf(query): QueryOf<StoppedNumbersQuery>,
) -> Result<Json<StoppedNumberPage>, Problem> {
    let limit = page_size(query.limit);
    let page = use_case::list_stopped(&state.app, &caller, query.after.as_deref(), limit).await?;
    Ok(Json(StoppedNumberPage {
        items: page.numbers.into_iter().map(Into::into).collect(),
        next: page.next.map(|phone| phone.as_str().to_owned()),
    }))
}

/// Stops a number on its owner's word: nothing more is sent to it. Twice is as once.
#[utoipa::path(post, path = "/api/v1/stopped-numbers", tag = "clients", request_body = StopNumberBody,
    responses((status = 201, body = StoppedNumberBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn stop_number(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    JsonBody(body): JsonBody<StopNumberBody>,
) -> Result<(StatusCode, Json<StoppedNumberBody>), Problem> {
    let number = use_case::stop_number(&state.app, &caller, &body.phone).await?;
    Ok((StatusCode::CREATED, Json(number.into())))
}

/// Lifts a stop; what was missed meanwhile is not sent.
#[utoipa::path(delete, path = "/api/v1/stopped-numbers/{phone}", tag = "clients",
    params(("phone" = String, Path, description = "E.164", example = "+79161234567")),
    responses((status = 204),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn lift_stop(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(phone): PathId<String>,
) -> Result<StatusCode, Problem> {
    use_case::lift_stop(&state.app, &caller, &phone).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests;
