//! For who runs this installation: whether it is held after a restore, and letting it go. The
//! operator's token comes from the key file (`vestnik operator-token`); no organization has it.

use crate::problem::Problem;
use crate::state::ApiState;
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vestnik_app::access::operator;
use vestnik_app::nodes::{self, InstanceState};
use vestnik_domain::Language;

/// Whoever shows the operator's token.
struct Operator;

impl FromRequestParts<ApiState> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Operator, Problem> {
        let token = crate::caller::bearer(parts).unwrap_or_default();
        operator::check_token(&state.app, token)?;
        Ok(Operator)
    }
}

/// Why nothing is sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldBody {
    #[schema(value_type = String, format = DateTime)]
    pub since: jiff::Timestamp,
    /// `restored`, `unknown`, `foreign` or `rewound`.
    pub code: String,
    /// For people, in Russian.
    pub title: String,
    /// In English.
    pub detail: String,
}

/// How the installation stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstanceBody {
    /// Null while everything is sent.
    pub held: Option<HeldBody>,
    /// When it was let go last.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub let_go_at: Option<jiff::Timestamp>,
}

impl From<InstanceState> for InstanceBody {
    fn from(state: InstanceState) -> InstanceBody {
        InstanceBody {
            held: state.held.map(|held| HeldBody {
                since: held.since,
                code: held.because.name().to_owned(),
                title: held.because.message(Language::Russian).to_owned(),
                detail: held.because.message(Language::English).to_owned(),
            }),
            let_go_at: state.let_go_at,
        }
    }
}

/// What letting go did.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetGoBody {
    /// Messages that fell due while it was held: they are not sent any more.
    pub skipped_messages: usize,
}

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(instance)).routes(routes!(let_go))
}

/// Is anything sent, or is the installation held after a restore? The operator's token is needed.
#[utoipa::path(get, path = "/api/v1/operator/instance", tag = "operator",
    responses((status = 200, body = InstanceBody),
        (status = 401, body = Problem, content_type = "application/problem+json")))]
async fn instance(
    State(state): State<ApiState>,
    _: Operator,
) -> Result<Json<InstanceBody>, Problem> {
    Ok(Json(nodes::instance_state(&state.app).await?.into()))
}

/// Lets a held installation go: it sends from now on; what fell due meanwhile is skipped. The
/// operator's token is needed.
#[utoipa::path(post, path = "/api/v1/operator/let-go", tag = "operator",
    responses((status = 200, body = LetGoBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
async fn let_go(State(state): State<ApiState>, _: Operator) -> Result<Json<LetGoBody>, Problem> {
    let skipped_messages = nodes::let_go(&state.app).await?;
    Ok(Json(LetGoBody { skipped_messages }))
}
