//! N15 for the days ahead.

use super::wire::{PlannedBody, SilenceBody};
use crate::body::QueryOf;
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use vestnik_app::messages::forecast as use_case;
use vestnik_domain::ids::BranchId;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ForecastQuery {
    /// One branch; all where absent.
    #[param(value_type = Option<String>)]
    branch_id: Option<BranchId>,
    /// 1 to 7; 7 where absent.
    #[param(minimum = 1, maximum = 7)]
    days: Option<i64>,
}

/// What one client will be told.
#[derive(Debug, Serialize, ToSchema)]
pub struct ForecastClientBody {
    pub client_id: String,
    pub client_name: String,
    pub planned: Vec<PlannedBody>,
    pub silences: Vec<SilenceBody>,
}

/// The days ahead.
#[derive(Debug, Serialize, ToSchema)]
pub struct ForecastBody {
    #[schema(value_type = String, format = DateTime)]
    pub from: jiff::Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub to: jiff::Timestamp,
    pub clients: Vec<ForecastClientBody>,
}

/// The next days: what goes to whom, when, and why not.
#[utoipa::path(get, path = "/api/v1/forecast", tag = "messages", params(ForecastQuery),
    responses((status = 200, body = ForecastBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn forecast(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    QueryOf(query): QueryOf<ForecastQuery>,
) -> Result<Json<ForecastBody>, Problem> {
    let days = query.days.unwrap_or(use_case::DAYS);
    let (from, to, clients) =
        use_case::forecast(&state.app, &caller, query.branch_id, days).await?;
    let clients = clients
        .into_iter()
        .map(|part| ForecastClientBody {
            client_id: part.client.id.to_string(),
            client_name: part.client.name,
            planned: part.planned.into_iter().map(PlannedBody::from).collect(),
            silences: part.silences.into_iter().map(SilenceBody::from).collect(),
        })
        .collect();
    Ok(Json(ForecastBody { from, to, clients }))
}
