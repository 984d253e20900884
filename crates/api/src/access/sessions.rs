//! Sessions: signing in, out, and the list of one's own browsers.

use super::users::UserBody;
use crate::body::{JsonBody, PathId};
use crate::caller::{PeerAddress, SignedIn, SignedInBrowser};
use crate::problem::Problem;
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vestnik_app::access::sessions::{self as use_case, NewSession};
use vestnik_app::access::sign_in;
use vestnik_domain::access::Session;
use vestnik_domain::ids::SessionId;

/// Address and password.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SignInBody {
    #[schema(example = "anna@salon.example")]
    email: String,
    password: String,
}

/// Who is signed in now; the secret is in the cookie alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedInBody {
    pub organization_id: String,
    pub session_id: String,
    pub user: UserBody,
}

/// A signed-in browser.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionBody {
    pub id: String,
    pub user_agent: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: jiff::Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: jiff::Timestamp,
}

impl From<Session> for SessionBody {
    fn from(session: Session) -> SessionBody {
        SessionBody {
            id: session.id.to_string(),
            user_agent: session.user_agent,
            created_at: session.created_at,
            expires_at: session.expires_at,
        }
    }
}

/// What the browser calls itself.
pub(crate) fn user_agent(headers: &HeaderMap) -> String {
    let value = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// The `Set-Cookie` of a fresh session.
pub(crate) fn session_cookie(state: &ApiState, new: &NewSession) -> String {
    let secure = if state.https { "; Secure" } else { "" };
    let lifetime_s = new.session.expires_at.duration_since(new.session.created_at).as_secs();
    let name = state.session_cookie();
    format!("{name}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={lifetime_s}{secure}", new.secret)
}

/// The `Set-Cookie` that makes a browser forget its session.
pub(crate) fn no_session_cookie(state: &ApiState) -> String {
    let secure = if state.https { "; Secure" } else { "" };
    let name = state.session_cookie();
    format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}")
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "access", request_body = SignInBody,
    responses((status = 201, body = SignedInBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create_session(
    State(state): State<ApiState>,
    PeerAddress(address): PeerAddress,
    headers: HeaderMap,
    JsonBody(body): JsonBody<SignInBody>,
) -> Result<impl IntoResponse, Problem> {
    state.sign_in_limits.count(address, &body.email)?;
    let agent = user_agent(&headers);
    let (user, session) = sign_in::sign_in(&state.app, &body.email, &body.password, &agent).await?;
    let cookie = session_cookie(&state, &session);
    let answer = SignedInBody {
        organization_id: user.organization_id.to_string(),
        session_id: session.session.id.to_string(),
        user: UserBody::from(user),
    };
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], Json(answer)))
}

/// One's own open sessions.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "access",
    responses((status = 200, body = Vec<SessionBody>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list_sessions(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
) -> Result<Json<Vec<SessionBody>>, Problem> {
    let sessions = use_case::list_sessions(&state.app, &caller).await?;
    Ok(Json(sessions.into_iter().map(SessionBody::from).collect()))
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "access", params(("id" = String, Path)),
    responses((status = 204),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn end_session(
    State(state): State<ApiState>,
    SignedInBrowser(caller): SignedInBrowser,
    PathId(id): PathId<SessionId>,
) -> Result<StatusCode, Problem> {
    use_case::end_session(&state.app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
