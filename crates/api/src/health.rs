//! Is it alive, and is it ready to serve?

use crate::problem::Problem;
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// The process answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    #[schema(example = "ok")]
    pub status: &'static str,
    /// The version of this binary.
    pub version: &'static str,
    /// After a restore nothing is sent until the operator lets it go.
    pub held: bool,
}

fn ok(state: &ApiState) -> Json<Health> {
    let held = state.app.standing().is_some_and(|standing| standing.is_held());
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION"), held })
}

/// The process is alive.
#[utoipa::path(get, path = "/health/live", tag = "health",
    responses((status = 200, body = Health)))]
pub(crate) async fn live(State(state): State<ApiState>) -> Json<Health> {
    ok(&state)
}

/// The process can serve: the database answers.
#[utoipa::path(get, path = "/health/ready", tag = "health",
    responses((status = 200, body = Health), (status = 503, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn ready(State(state): State<ApiState>) -> Result<Json<Health>, Problem> {
    match state.app.store.engine().describe().await {
        Ok(_) => Ok(ok(&state)),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            Err(Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "База данных не отвечает",
                "the database does not answer",
            ))
        }
    }
}

/// What this process counted, in the text format of Prometheus.
pub(crate) async fn metrics(State(state): State<ApiState>) -> Result<Response, Problem> {
    let Some(metrics) = &state.metrics else {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "Метрики не включены",
            "metrics are off",
        ));
    };
    let content_type = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((content_type, metrics()).into_response())
}
