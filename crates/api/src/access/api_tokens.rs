//! API tokens.

use crate::body::{JsonBody, PathId};
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use crate::wire::RoleWord;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vestnik_app::access::api_tokens as use_case;
use vestnik_domain::access::ApiToken;
use vestnik_domain::ids::ApiTokenId;

/// A key for programs; its secret is not kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiTokenBody {
    pub id: String,
    pub name: String,
    pub role: RoleWord,
    /// The last four characters of the secret.
    pub hint: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: jiff::Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<jiff::Timestamp>,
}

impl From<ApiToken> for ApiTokenBody {
    fn from(token: ApiToken) -> ApiTokenBody {
        ApiTokenBody {
            id: token.id.to_string(),
            name: token.name,
            role: token.role.into(),
            hint: token.hint,
            created_at: token.created_at,
            revoked_at: token.revoked_at,
        }
    }
}

/// A token just made: the only answer that ever holds its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewApiTokenBody {
    #[serde(flatten)]
    pub token: ApiTokenBody,
    #[schema(example = "vnt_…")]
    pub secret: String,
}

/// What to make.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateApiTokenBody {
    #[schema(example = "Сайт")]
    name: String,
    role: RoleWord,
}

/// Makes a token. Owners only.
#[utoipa::path(post, path = "/api/v1/api-tokens", tag = "access", request_body = CreateApiTokenBody,
    responses((status = 201, body = NewApiTokenBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create_api_token(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    JsonBody(body): JsonBody<CreateApiTokenBody>,
) -> Result<(StatusCode, Json<NewApiTokenBody>), Problem> {
    let (token, secret) =
        use_case::create_api_token(&state.app, &caller, &body.name, body.role.into()).await?;
    Ok((StatusCode::CREATED, Json(NewApiTokenBody { token: token.into(), secret })))
}

/// All tokens, revoked ones too. Owners only.
#[utoipa::path(get, path = "/api/v1/api-tokens", tag = "access",
    responses((status = 200, body = Vec<ApiTokenBody>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list_api_tokens(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
) -> Result<Json<Vec<ApiTokenBody>>, Problem> {
    let tokens = use_case::list_api_tokens(&state.app, &caller).await?;
    Ok(Json(tokens.into_iter().map(ApiTokenBody::from).collect()))
}

/// Revokes a token for good. Owners only.
#[utoipa::path(delete, path = "/api/v1/api-tokens/{id}", tag = "access", params(("id" = String, Path)),
    responses((status = 204),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn revoke_api_token(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ApiTokenId>,
) -> Result<StatusCode, Problem> {
    use_case::revoke_api_token(&state.app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
