//! Staff members.

use super::list::{ListBody, given, shelf};
use super::working_time::ScheduleBody;
use crate::body::{JsonBody, PathId, QueryOf};
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use vestnik_app::catalogue::Archiving;
use vestnik_app::catalogue::staff::{self as use_case, NewStaffMember, StaffMemberEdit};
use vestnik_domain::ids::{BranchId, ServiceId, StaffId};
use vestnik_domain::staff::StaffMember;

/// Who performs services.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StaffMemberBody {
    #[schema(example = "stf_1kr3m0q7g0001")]
    id: String,
    version: i64,
    branch_id: String,
    /// As clients read it.
    name: String,
    position: String,
    schedule: ScheduleBody,
    /// Empty means everything that the branch offers.
    service_ids: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    archived_at: Option<jiff::Timestamp>,
}

impl From<StaffMember> for StaffMemberBody {
    fn from(member: StaffMember) -> StaffMemberBody {
        StaffMemberBody {
            id: member.id.to_string(),
            version: member.version,
            branch_id: member.branch_id.to_string(),
            name: member.name,
            position: member.position,
            schedule: member.schedule.into(),
            service_ids: member.service_ids.iter().map(ToString::to_string).collect(),
            created_at: member.created_at,
            archived_at: member.archived_at,
        }
    }
}

/// A new staff member.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewStaffMemberBody {
    #[schema(value_type = String, example = "brn_1kr3m0q7g0001")]
    branch_id: BranchId,
    #[schema(example = "Мария")]
    name: String,
    #[serde(default)]
    #[schema(example = "стилист")]
    position: String,
    /// Without it: the working hours of the branch.
    #[serde(default)]
    schedule: Option<ScheduleBody>,
    /// Empty means everything that the branch offers.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    service_ids: Vec<ServiceId>,
}

/// What to change; an absent field stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StaffMemberEditBody {
    /// The version that you saw.
    version: i64,
    /// Visits that are booked stay in the branch where they were booked.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false)]
    branch_id: Option<BranchId>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false)]
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false)]
    position: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = ScheduleBody, required = false)]
    schedule: Option<ScheduleBody>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<String>, required = false)]
    service_ids: Option<Vec<ServiceId>>,
}

/// Which staff.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct StaffQuery {
    /// Only the staff of this branch.
    #[param(value_type = Option<String>)]
    branch_id: Option<BranchId>,
    /// `true`: the archived ones instead of those in use.
    #[serde(default)]
    archived: bool,
}

/// Adds a staff member. Owners only.
#[utoipa::path(post, path = "/api/v1/staff", tag = "staff", request_body = NewStaffMemberBody,
    responses((status = 201, body = StaffMemberBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create_staff_member(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    JsonBody(body): JsonBody<NewStaffMemberBody>,
) -> Result<(StatusCode, Json<StaffMemberBody>), Problem> {
    let new = NewStaffMember {
        branch_id: body.branch_id,
        name: body.name,
        position: body.position,
        schedule: body.schedule.map(Into::into),
        service_ids: body.service_ids,
    };
    let member = use_case::create_staff_member(&state.app, &caller, new).await?;
    Ok((StatusCode::CREATED, Json(member.into())))
}

/// The staff of one branch or of all, oldest first.
#[utoipa::path(get, path = "/api/v1/staff", tag = "staff", params(StaffQuery),
    responses((status = 200, body = ListBody<StaffMemberBody>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list_staff(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    QueryOf(query): QueryOf<StaffQuery>,
) -> Result<Json<ListBody<StaffMemberBody>>, Problem> {
    let shelf = shelf(query.archived);
    let staff = use_case::list_staff(&state.app, &caller, query.branch_id, shelf).await?;
    Ok(Json(ListBody::whole(staff)))
}

/// One staff member, archived or not.
#[utoipa::path(get, path = "/api/v1/staff/{id}", tag = "staff", params(("id" = String, Path)),
    responses((status = 200, body = StaffMemberBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn get_staff_member(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<StaffId>,
) -> Result<Json<StaffMemberBody>, Problem> {
    Ok(Json(use_case::get_staff_member(&state.app, &caller, id).await?.into()))
}

/// Changes a staff member. Owners only.
#[utoipa::path(patch, path = "/api/v1/staff/{id}", tag = "staff", params(("id" = String, Path)),
    request_body = StaffMemberEditBody,
    responses((status = 200, body = StaffMemberBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn edit_staff_member(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<StaffId>,
    JsonBody(body): JsonBody<StaffMemberEditBody>,
) -> Result<Json<StaffMemberBody>, Problem> {
    let edit = StaffMemberEdit {
        version: body.version,
        branch_id: body.branch_id,
        name: body.name,
        position: body.position,
        schedule: body.schedule.map(Into::into),
        service_ids: body.service_ids,
    };
    Ok(Json(use_case::edit_staff_member(&state.app, &caller, id, edit).await?.into()))
}

/// Takes a staff member out of use; booked visits stay. Owners only.
#[utoipa::path(post, path = "/api/v1/staff/{id}/archive", tag = "staff", params(("id" = String, Path)),
    responses((status = 200, body = StaffMemberBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn archive_staff_member(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<StaffId>,
) -> Result<Json<StaffMemberBody>, Problem> {
    let member =
        use_case::archive_staff_member(&state.app, &caller, id, Archiving::Archive).await?;
    Ok(Json(member.into()))
}

/// Takes a staff member into use again. Owners only.
#[utoipa::path(post, path = "/api/v1/staff/{id}/restore", tag = "staff", params(("id" = String, Path)),
    responses((status = 200, body = StaffMemberBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn restore_staff_member(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<StaffId>,
) -> Result<Json<StaffMemberBody>, Problem> {
    let member =
        use_case::archive_staff_member(&state.app, &caller, id, Archiving::Restore).await?;
    Ok(Json(member.into()))
}
