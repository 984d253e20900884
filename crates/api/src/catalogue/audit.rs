//! The audit of settings.

use super::list::ListBody;
use crate::body::QueryOf;
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use crate::wire::page_size;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use vestnik_app::audit as use_case;
use vestnik_domain::access::Actor;
use vestnik_domain::audit::AuditEntry;
use vestnik_domain::ids::AuditId;

/// Who did something.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActorBody {
    /// `user`, `api_token`, `client`, `journal` or `system`.
    by: &'static str,
    /// The id of the user or token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    id: Option<String>,
}

impl From<Actor> for ActorBody {
    fn from(actor: Actor) -> ActorBody {
        let (by, id) = match actor {
            Actor::User { user_id } => ("user", Some(user_id.to_string())),
            Actor::ApiToken { api_token_id } => ("api_token", Some(api_token_id.to_string())),
            Actor::Client => ("client", None),
            Actor::Journal => ("journal", None),
            Actor::System => ("system", None),
        };
        ActorBody { by, id }
    }
}

/// One change of what is set up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEntryBody {
    id: String,
    #[schema(value_type = String, format = DateTime)]
    at: jiff::Timestamp,
    actor: ActorBody,
    #[schema(example = "branch.updated")]
    action: String,
    /// The id of what was changed.
    subject: String,
    /// By field: `{"from": …, "to": …}`.
    #[schema(value_type = Object)]
    changes: serde_json::Value,
}

impl From<AuditEntry> for AuditEntryBody {
    fn from(entry: AuditEntry) -> AuditEntryBody {
        AuditEntryBody {
            id: entry.id.to_string(),
            at: entry.at,
            actor: entry.actor.into(),
            action: entry.action,
            subject: entry.subject,
            changes: entry.changes,
        }
    }
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuditQuery {
    /// Entries older than this one: the `next` of the page before.
    #[param(value_type = Option<String>)]
    before: Option<AuditId>,
    /// 1 to 200; 50 where absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Who changed what, newest first. Owners only.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(AuditQuery),
    responses((status = 200, body = ListBody<AuditEntryBody>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list_audit(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    QueryOf(query): QueryOf<AuditQuery>,
) -> Result<Json<ListBody<AuditEntryBody>>, Problem> {
    let limit = page_size(query.limit);
    let entries = use_case::list_audit(&state.app, &caller, query.before, limit).await?;
    // A full page may have been the last; then the next one is empty.
    let full = i64::try_from(entries.len()).is_ok_and(|count| count == limit);
    let next = entries.last().filter(|_| full).map(|entry| entry.id.to_string());
    Ok(Json(ListBody { next, ..ListBody::whole(entries) }))
}
