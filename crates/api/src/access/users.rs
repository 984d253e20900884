//! The people of the organization who sign in.

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
use vestnik_app::access::users::{self as use_case, NewUser};
use vestnik_domain::access::User;
use vestnik_domain::ids::UserId;

/// A person who signs in.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserBody {
    #[schema(example = "usr_1kr3m0q7g0001")]
    pub id: String,
    pub name: String,
    pub email: String,
    pub role: RoleWord,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: jiff::Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub disabled_at: Option<jiff::Timestamp>,
}

impl From<User> for UserBody {
    fn from(user: User) -> UserBody {
        UserBody {
            id: user.id.to_string(),
            name: user.name,
            email: user.email,
            role: user.role.into(),
            created_at: user.created_at,
            disabled_at: user.disabled_at,
        }
    }
}

/// A new colleague.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewUserBody {
    name: String,
    email: String,
    /// 10 to 200 characters.
    password: String,
    role: RoleWord,
}

/// Adds a user. Owners only.
#[utoipa::path(post, path = "/api/v1/users", tag = "access", request_body = NewUserBody,
    responses((status = 201, body = UserBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create_user(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    JsonBody(body): JsonBody<NewUserBody>,
) -> Result<(StatusCode, Json<UserBody>), Problem> {
    let command = NewUser {
        name: body.name,
        email: body.email,
        password: body.password,
        role: body.role.into(),
    };
    let user = use_case::create_user(&state.app, &caller, command).await?;
    Ok((StatusCode::CREATED, Json(user.into())))
}

/// All users. Owners only.
#[utoipa::path(get, path = "/api/v1/users", tag = "access",
    responses((status = 200, body = Vec<UserBody>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list_users(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
) -> Result<Json<Vec<UserBody>>, Problem> {
    let users = use_case::list_users(&state.app, &caller).await?;
    Ok(Json(users.into_iter().map(UserBody::from).collect()))
}

/// Closes the door to a user; every session of theirs ends at once. Owners only.
#[utoipa::path(post, path = "/api/v1/users/{id}/disable", tag = "access", params(("id" = String, Path)),
    responses((status = 200, body = UserBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn disable_user(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<UserId>,
) -> Result<Json<UserBody>, Problem> {
    Ok(Json(use_case::disable_user(&state.app, &caller, id).await?.into()))
}
