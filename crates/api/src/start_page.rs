//! `/` until the cabinet comes: what stands, and where to go from here. Plain HTML without JavaScript;
//! whoever signs in sees the salon's messages at a glance, and the links of the API open in the same
//! browser.

use crate::access::sessions::{no_session_cookie, session_cookie, user_agent};
use crate::caller::{BrowserSession, PeerAddress};
use crate::problem::Problem;
use crate::state::ApiState;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use glance::Glance;
use serde::Deserialize;
use vestnik_app::access::{sessions, sign_in as use_case};

mod glance;
#[cfg(test)]
mod tests;

#[derive(Template)]
#[template(path = "start_page.html")]
struct StartPage {
    /// `None` for a stranger.
    glance: Option<Glance>,
    /// Why signing in was refused.
    refused: Option<String>,
    email: String,
    password: &'static str,
    is_demo: bool,
}

#[derive(Deserialize)]
struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

/// The routes; they are for people, so the API's document does not list them.
pub(crate) fn routes() -> Router<ApiState> {
    Router::new()
        .route("/", get(show))
        .route("/sign-in", post(sign_in).get(start))
        .route("/sign-out", post(sign_out).get(start))
}

async fn show(State(state): State<ApiState>, session: Result<BrowserSession, Problem>) -> Response {
    // Without a session one is a stranger, whatever the reason.
    let Ok(BrowserSession { caller, .. }) = session else {
        return render(&stranger(&state, None, None), StatusCode::OK);
    };
    match Glance::of(&state.app, &caller).await {
        Ok(glance) => {
            let page = StartPage { glance: Some(glance), ..stranger(&state, None, None) };
            render(&page, StatusCode::OK)
        }
        Err(error) => Problem::from(error).into_response(),
    }
}

/// A reload after signing in or out asks for these by GET.
async fn start() -> Redirect {
    Redirect::to("/")
}

async fn sign_in(
    State(state): State<ApiState>,
    PeerAddress(address): PeerAddress,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> Response {
    let signed_in = match state.sign_in_limits.count(address, &form.email) {
        Err(problem) => Err(problem),
        Ok(()) => {
            let agent = user_agent(&headers);
            let tried = use_case::sign_in(&state.app, &form.email, &form.password, &agent).await;
            tried.map_err(Problem::from)
        }
    };
    match signed_in {
        Ok((_, session)) => {
            let cookie = session_cookie(&state, &session);
            ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
        }
        Err(problem) => {
            let status =
                StatusCode::from_u16(problem.status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
            render(&stranger(&state, Some(form.email), Some(problem.title.into())), status)
        }
    }
}

async fn sign_out(
    State(state): State<ApiState>,
    session: Result<BrowserSession, Problem>,
) -> Response {
    if let Ok(BrowserSession { caller, session_id }) = session
        && let Err(error) = sessions::end_session(&state.app, &caller, session_id).await
    {
        return Problem::from(error).into_response();
    }
    ([(header::SET_COOKIE, no_session_cookie(&state))], Redirect::to("/")).into_response()
}

fn stranger(state: &ApiState, email: Option<String>, refused: Option<String>) -> StartPage {
    let (known_email, password) = state.demo_login.unwrap_or_default();
    StartPage {
        glance: None,
        refused,
        email: email.unwrap_or_else(|| known_email.to_owned()),
        password,
        is_demo: state.demo_login.is_some(),
    }
}

fn render(page: &StartPage, status: StatusCode) -> Response {
    let Ok(html) = page.render() else {
        tracing::error!("the start page cannot be rendered");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
        ),
    );
    response
}
