//! A new organization with its owner.

use super::sessions::{SignedInBody, session_cookie};
use super::users::UserBody;
use crate::body::JsonBody;
use crate::caller::PeerAddress;
use crate::problem::Problem;
use crate::state::ApiState;
use crate::wire::LanguageWord;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use utoipa::ToSchema;
use vestnik_app::access::sign_up::{self, SignUp};

/// What a new owner fills in.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SignUpBody {
    /// The legal name; clients read it where a branch has no name of its own.
    #[schema(example = "ООО «Стиль де Виль»")]
    organization_name: String,
    #[schema(example = "Анна")]
    name: String,
    #[schema(example = "anna@salon.example")]
    email: String,
    /// 10 to 200 characters.
    #[schema(example = "correct horse battery")]
    password: String,
    #[serde(default)]
    language: LanguageWord,
    /// ISO 3166-1; RU where absent.
    #[serde(default = "russia")]
    country: String,
}

fn russia() -> String {
    "RU".to_owned()
}

/// Makes an organization, its owner and a session.
#[utoipa::path(post, path = "/api/v1/sign-up", tag = "access", request_body = SignUpBody,
    responses((status = 201, body = SignedInBody),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn sign_up(
    State(state): State<ApiState>,
    PeerAddress(address): PeerAddress,
    headers: HeaderMap,
    JsonBody(body): JsonBody<SignUpBody>,
) -> Result<impl IntoResponse, Problem> {
    state.sign_in_limits.count(address, &body.email)?;
    let command = SignUp {
        organization_name: body.organization_name,
        name: body.name,
        email: body.email,
        password: body.password,
        language: body.language.into(),
        country: body.country,
        user_agent: super::sessions::user_agent(&headers),
    };
    let signed_up = sign_up::sign_up(&state.app, command).await?;
    let cookie = session_cookie(&state, &signed_up.session);
    let answer = SignedInBody {
        organization_id: signed_up.organization.id.to_string(),
        session_id: signed_up.session.session.id.to_string(),
        user: UserBody::from(signed_up.user),
    };
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], Json(answer)))
}
