//! Branches.

use super::list::{ArchivedQuery, ListBody, given};
use super::working_time::WeekHoursBody;
use crate::body::{JsonBody, PathId, QueryOf};
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use crate::wire::present;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vestnik_app::catalogue::Archiving;
use vestnik_app::catalogue::branches::{self as use_case, BranchEdit, NewBranch};
use vestnik_domain::branch::Branch;
use vestnik_domain::ids::{BranchId, SenderId};

/// A place where clients are received.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BranchBody {
    #[schema(example = "brn_1kr3m0q7g0001")]
    id: String,
    version: i64,
    /// What staff call it.
    name: String,
    /// What clients read; null means the organization's name.
    commercial_name: Option<String>,
    address: String,
    #[schema(example = "Europe/Moscow")]
    zone: String,
    working_hours: WeekHoursBody,
    /// The phone it sends from; null means any of the organization.
    sender_id: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    archived_at: Option<jiff::Timestamp>,
}

impl From<Branch> for BranchBody {
    fn from(branch: Branch) -> BranchBody {
        BranchBody {
            id: branch.id.to_string(),
            version: branch.version,
            name: branch.name,
            commercial_name: branch.commercial_name,
            address: branch.address,
            zone: branch.zone.name().to_owned(),
            working_hours: branch.working_hours.into(),
            sender_id: branch.sender_id.map(|id| id.to_string()),
            created_at: branch.created_at,
            archived_at: branch.archived_at,
        }
    }
}

/// A new branch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBranchBody {
    #[schema(example = "На Тверской")]
    name: String,
    /// What clients read; without it, the organization's name.
    #[serde(default)]
    #[schema(example = "Стиль де Виль")]
    commercial_name: Option<String>,
    #[serde(default)]
    #[schema(example = "Москва, Тверская, 12")]
    address: String,
    /// A name of the IANA database.
    #[schema(example = "Europe/Moscow")]
    zone: String,
    /// Without it: 09:00–21:00 on every day.
    #[serde(default)]
    working_hours: Option<WeekHoursBody>,
}

/// What to change; an absent field stays as it is, null clears it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BranchEditBody {
    /// The version that you saw.
    version: i64,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false)]
    name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    commercial_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false)]
    address: Option<String>,
    /// Only while no visits lie ahead.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, example = "Asia/Yekaterinburg")]
    zone: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = WeekHoursBody, required = false)]
    working_hours: Option<WeekHoursBody>,
    /// The phone it sends from; null means any of the organization.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    sender_id: Option<Option<SenderId>>,
}

/// Adds a branch. Owners only.
#[utoipa::path(post, path = "/api/v1/branches", tag = "branches", request_body = NewBranchBody,
    responses((status = 201, body = BranchBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create_branch(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    JsonBody(body): JsonBody<NewBranchBody>,
) -> Result<(StatusCode, Json<BranchBody>), Problem> {
    let new = NewBranch {
        name: body.name,
        commercial_name: body.commercial_name,
        address: body.address,
        zone: body.zone,
        working_hours: body.working_hours.map(Into::into),
    };
    let branch = use_case::create_branch(&state.app, &caller, new).await?;
    Ok((StatusCode::CREATED, Json(branch.into())))
}

/// The branches, oldest first.
#[utoipa::path(get, path = "/api/v1/branches", tag = "branches", params(ArchivedQuery),
    responses((status = 200, body = ListBody<BranchBody>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list_branches(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    QueryOf(query): QueryOf<ArchivedQuery>,
) -> Result<Json<ListBody<BranchBody>>, Problem> {
    let branches = use_case::list_branches(&state.app, &caller, query.shelf()).await?;
    Ok(Json(ListBody::whole(branches)))
}

/// One branch, archived or not.
#[utoipa::path(get, path = "/api/v1/branches/{id}", tag = "branches", params(("id" = String, Path)),
    responses((status = 200, body = BranchBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn get_branch(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<BranchId>,
) -> Result<Json<BranchBody>, Problem> {
    Ok(Json(use_case::get_branch(&state.app, &caller, id).await?.into()))
}

/// Changes a branch. Owners only.
#[utoipa::path(patch, path = "/api/v1/branches/{id}", tag = "branches", params(("id" = String, Path)),
    request_body = BranchEditBody,
    responses((status = 200, body = BranchBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn edit_branch(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<BranchId>,
    JsonBody(body): JsonBody<BranchEditBody>,
) -> Result<Json<BranchBody>, Problem> {
    let edit = BranchEdit {
        version: body.version,
        name: body.name,
        commercial_name: body.commercial_name,
        address: body.address,
        zone: body.zone,
        working_hours: body.working_hours.map(Into::into),
        sender_id: body.sender_id,
    };
    Ok(Json(use_case::edit_branch(&state.app, &caller, id, edit).await?.into()))
}

/// Takes a branch out of use; booked visits stay. Owners only.
#[utoipa::path(post, path = "/api/v1/branches/{id}/archive", tag = "branches", params(("id" = String, Path)),
    responses((status = 200, body = BranchBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn archive_branch(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<BranchId>,
) -> Result<Json<BranchBody>, Problem> {
    let branch = use_case::archive_branch(&state.app, &caller, id, Archiving::Archive).await?;
    Ok(Json(branch.into()))
}

/// Takes a branch into use again. Owners only.
#[utoipa::path(post, path = "/api/v1/branches/{id}/restore", tag = "branches", params(("id" = String, Path)),
    responses((status = 200, body = BranchBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn restore_branch(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<BranchId>,
) -> Result<Json<BranchBody>, Problem> {
    let branch = use_case::archive_branch(&state.app, &caller, id, Archiving::Restore).await?;
    Ok(Json(branch.into()))
}
