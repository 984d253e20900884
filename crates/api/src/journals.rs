//! External journals: branches whose appointments live in YClients, Altegio and their like.

use crate::body::{JsonBody, PathId};
use crate::caller::SignedIn;
use crate::catalogue::ListBody;
use crate::problem::Problem;
use crate::state::ApiState;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vestnik_app::AppError;
use vestnik_app::journals::link_branch::LinkBranch;
use vestnik_app::journals::webhook::{WebhookRequest, webhook_address};
use vestnik_app::journals::{link_branch, list_links, unlink_branch, webhook};
use vestnik_domain::Language;
use vestnik_domain::ids::JournalLinkId;
use vestnik_domain::journal::JournalLink;

/// Why the journal could not be asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalFaultBody {
    #[schema(example = "journal_unreachable")]
    pub code: String,
    /// For people, in Russian.
    pub title: String,
    /// In English.
    pub detail: String,
}

/// The link of a branch to an external journal.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalBody {
    pub id: String,
    pub version: i64,
    pub branch_id: String,
    /// Which journal.
    #[schema(example = "yclients")]
    pub kind: String,
    /// The branch in the journal.
    pub location_id: String,
    /// What the journal calls it.
    pub location_title: String,
    /// `active`, `failing` or `unlinked`.
    pub state: String,
    /// Why the last try to ask it failed; null when it did not.
    pub last_error: Option<JournalFaultBody>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_contact_at: Option<jiff::Timestamp>,
    /// Where the journal is to post its webhooks; a secret. Null once it is unlinked.
    pub webhook_url: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: jiff::Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub unlinked_at: Option<jiff::Timestamp>,
}

fn body(state: &ApiState, link: JournalLink) -> JournalBody {
    JournalBody {
        state: link.state().to_owned(),
        webhook_url: link.is_active().then(|| webhook_address(&state.app, &link)),
        last_error: link.fault.map(|fault| JournalFaultBody {
            code: fault.code().to_owned(),
            title: fault.message(Language::Russian).to_owned(),
            detail: fault.message(Language::English).to_owned(),
        }),
        id: link.id.to_string(),
        version: link.version,
        branch_id: link.branch_id.to_string(),
        kind: link.kind,
        location_id: link.location_id,
        location_title: link.location_title,
        last_contact_at: link.last_contact_at,
        created_at: link.created_at,
        unlinked_at: link.unlinked_at,
    }
}

/// Which branch, and which place in which journal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkJournalBody {
    branch_id: String,
    #[schema(example = "yclients")]
    kind: String,
    /// The branch's id in the journal.
    #[schema(example = "4564")]
    location_id: String,
}

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(link_journal, list_journals))
        .routes(routes!(get_journal))
        .routes(routes!(unlink_journal))
}

/// The address that journals post to; they know it, people do not, so the API's document does not
/// list it.
pub(crate) fn hook_routes() -> Router<ApiState> {
    Router::new().route("/hooks/journal/{organization}/{journal}/{secret}", post(receive))
}

/// Links a branch to an external journal: its appointments are taken in from there. Owners only.
#[utoipa::path(post, path = "/api/v1/journals", tag = "journals", request_body = LinkJournalBody,
    responses((status = 201, body = JournalBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
async fn link_journal(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    JsonBody(wanted): JsonBody<LinkJournalBody>,
) -> Result<(StatusCode, Json<JournalBody>), Problem> {
    let branch_id = wanted.branch_id.parse().map_err(|_| {
        AppError::field(
            "branch_id",
            "branch_unknown",
            "Такого филиала нет",
            "there is no such branch",
        )
    })?;
    let command = LinkBranch { branch_id, kind: wanted.kind, location_id: wanted.location_id };
    let link = link_branch::link_branch(&state.app, &caller, command).await?;
    Ok((StatusCode::CREATED, Json(body(&state, link))))
}

/// All links to external journals, oldest first, also those that were unlinked. Owners only.
#[utoipa::path(get, path = "/api/v1/journals", tag = "journals",
    responses((status = 200, body = ListBody<JournalBody>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn list_journals(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
) -> Result<Json<ListBody<JournalBody>>, Problem> {
    let links = list_links::list_links(&state.app, &caller).await?;
    let items = links.into_iter().map(|link| body(&state, link)).collect();
    Ok(Json(ListBody { items, next: None }))
}

/// One link to an external journal. Owners only.
#[utoipa::path(get, path = "/api/v1/journals/{id}", tag = "journals", params(("id" = String, Path)),
    responses((status = 200, body = JournalBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn get_journal(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<JournalLinkId>,
) -> Result<Json<JournalBody>, Problem> {
    let link = list_links::get_link(&state.app, &caller, id).await?;
    Ok(Json(body(&state, link)))
}

/// Ends a link; appointments that were taken in stay. Owners only.
#[utoipa::path(post, path = "/api/v1/journals/{id}/unlink", tag = "journals", params(("id" = String, Path)),
    responses((status = 200, body = JournalBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
async fn unlink_journal(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<JournalLinkId>,
) -> Result<Json<JournalBody>, Problem> {
    let link = unlink_branch::unlink_branch(&state.app, &caller, id).await?;
    Ok(Json(body(&state, link)))
}

async fn receive(
    State(state): State<ApiState>,
    Path((organization, journal, secret)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let headers: Vec<(String, String)> = headers
        .iter()
        .filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        })
        .collect();
    let request = WebhookRequest {
        organization: &organization,
        link: &journal,
        secret: &secret,
        headers: &headers,
        body: &body,
    };
    let reply = webhook::receive(&state.app, request).await?;
    let status = StatusCode::from_u16(reply.status()).unwrap_or(StatusCode::NOT_FOUND);
    Ok(status.into_response())
}

#[cfg(test)]
mod tests;
