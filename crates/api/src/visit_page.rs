//! The visit's page behind `%LINK%`: plain HTML without JavaScript. A GET changes nothing, since
//! link scanners of messengers and mail servers open every link; only a pressed button does.

use crate::state::ApiState;
use askama::Template;
use axum::Form;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use vestnik_app::AppError;
use vestnik_app::visits::act::{VisitAction, act};
use vestnik_app::visits::page::{VisitPage, open_page};
use vestnik_domain::Language;
use vestnik_domain::appointment::Appointment;

/// One appointment as it is read.
struct Line {
    when: String,
    time: String,
    services: String,
    staff: String,
    place: String,
    address: String,
}

#[derive(Template)]
#[template(path = "visit.html")]
struct VisitHtml {
    russian: bool,
    token: String,
    salon: String,
    lines: Vec<Line>,
    confirmed: bool,
    move_asked: bool,
    begun: bool,
}

#[derive(Template)]
#[template(path = "visit_gone.html")]
struct GoneHtml;

#[derive(Debug, Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

#[derive(Debug, Deserialize)]
struct Note {
    #[serde(default)]
    note: String,
}

/// The routes; they are for people, so the API's document does not list them.
pub(crate) fn routes() -> Router<ApiState> {
    Router::new()
        .route("/v/{token}", get(show))
        .route("/v/{token}/confirm", post(confirm))
        .route("/v/{token}/ask-to-move", post(ask_to_move))
        .route("/v/{token}/cancel", post(cancel))
}

async fn show(
    State(state): State<ApiState>,
    Path(token): Path<String>,
    axum::extract::Query(done): axum::extract::Query<Done>,
) -> Response {
    match open_page(&state.app, &token).await {
        Ok(page) => render(&visit_html(&state, &page, &done.done), StatusCode::OK),
        Err(error) => refused(&error),
    }
}

async fn confirm(State(state): State<ApiState>, Path(token): Path<String>) -> Response {
    finish(act(&state.app, &token, VisitAction::Confirm, "").await, &token, "confirmed")
}

async fn cancel(State(state): State<ApiState>, Path(token): Path<String>) -> Response {
    match act(&state.app, &token, VisitAction::Cancel, "").await {
        // The link has just died with the visit; say so instead of sending there.
        Ok(()) => render(&GoneHtml, StatusCode::OK),
        Err(error) => refused(&error),
    }
}

async fn ask_to_move(
    State(state): State<ApiState>,
    Path(token): Path<String>,
    Form(note): Form<Note>,
) -> Response {
    finish(act(&state.app, &token, VisitAction::AskToMove, &note.note).await, &token, "move_asked")
}

/// Back to the page by GET, so that a reload repeats nothing.
fn finish(outcome: Result<(), AppError>, token: &str, done: &str) -> Response {
    match outcome {
        Ok(()) => Redirect::to(&format!("/v/{token}?done={done}")).into_response(),
        Err(error) => refused(&error),
    }
}

fn refused(error: &AppError) -> Response {
    match error {
        AppError::NotFound(_) => render(&GoneHtml, StatusCode::NOT_FOUND),
        AppError::Conflict { .. } => render(&GoneHtml, StatusCode::CONFLICT),
        AppError::Invalid(_) => render(&GoneHtml, StatusCode::UNPROCESSABLE_ENTITY),
        other => {
            tracing::error!(error = %other, "the visit's page failed");
            render(&GoneHtml, StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

fn render(page: &impl Template, status: StatusCode) -> Response {
    match page.render() {
        Ok(html) => {
            let mut response = (status, Html(html)).into_response();
            let headers = response.headers_mut();
            // The link is a secret: it must not leak to other sites or caches.
            headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            headers.insert(
                header::CONTENT_SECURITY_POLICY,
                HeaderValue::from_static(
                    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
                ),
            );
            headers.insert("X-Robots-Tag", HeaderValue::from_static("noindex"));
            response
        }
        Err(error) => {
            tracing::error!(%error, "a page cannot be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn visit_html(state: &ApiState, page: &VisitPage, done: &str) -> VisitHtml {
    let language = page.client.language.unwrap_or(page.organization.language);
    let now = state.app.now();
    let lines = page.appointments.iter().map(|appointment| line(page, appointment, language));
    VisitHtml {
        russian: language == Language::Russian,
        token: page.link.token.clone(),
        salon: page
            .appointments
            .first()
            .and_then(|first| {
                page.branches.iter().find(|branch| branch.id == first.facts.branch_id)
            })
            .and_then(|branch| branch.commercial_name.clone())
            .unwrap_or_else(|| page.organization.name.clone()),
        lines: lines.collect(),
        confirmed: page.is_confirmed(),
        move_asked: done == "move_asked",
        begun: page.appointments.iter().all(|appointment| appointment.facts.starts_at <= now),
    }
}

fn line(page: &VisitPage, appointment: &Appointment, language: Language) -> Line {
    let facts = &appointment.facts;
    let branch = page.branches.iter().find(|branch| branch.id == facts.branch_id);
    let services: Vec<&str> = facts
        .service_ids
        .iter()
        .filter_map(|id| page.services.iter().find(|service| service.id == *id))
        .map(|service| service.title.as_str())
        .collect();
    let staff = facts
        .staff_id
        .and_then(|id| page.staff.iter().find(|member| member.id == id))
        .map(|member| member.name.clone());
    Line {
        when: long_date(facts.start_local.date(), language),
        time: facts.start_local.strftime("%H:%M").to_string(),
        services: services.join(", "),
        staff: staff.unwrap_or_default(),
        place: branch.map(|branch| branch.name.clone()).unwrap_or_default(),
        address: branch.map(|branch| branch.address.clone()).unwrap_or_default(),
    }
}

/// «25 декабря, пятница» or "Friday 25 December".
fn long_date(date: jiff::civil::Date, language: Language) -> String {
    const MONTHS: [&str; 12] = [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ];
    const DAYS: [&str; 7] =
        ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"];
    match language {
        Language::Russian => {
            let month = usize::from(date.month().unsigned_abs()).saturating_sub(1);
            let day = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
            let (month, weekday) = (MONTHS.get(month).unwrap_or(&""), DAYS.get(day).unwrap_or(&""));
            format!("{} {month}, {weekday}", date.day())
        }
        Language::English => date.strftime("%A %-d %B").to_string(),
    }
}

#[cfg(test)]
mod tests;
