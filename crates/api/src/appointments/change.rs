//! Changing an appointment: moving, other services, statuses, cancelling, letting in.

use super::body::{AppointmentBody, NotifyWord, StatusWord};
use super::read::with_branch;
use crate::body::{JsonBody, PathId};
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use crate::wire::present;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use vestnik_app::appointments::edit::{self as edit_case, EditAppointment};
use vestnik_app::appointments::let_in as let_in_case;
use vestnik_app::appointments::status::{self as status_case, SetStatus};
use vestnik_domain::appointment::Status;
use vestnik_domain::ids::{AppointmentId, BranchId, ServiceId, StaffId};

/// What to change; an absent field stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppointmentEditBody {
    /// The version that you saw.
    version: i64,
    #[schema(value_type = Option<String>)]
    branch_id: Option<BranchId>,
    /// Null: no master is chosen.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, required = false)]
    staff_id: Option<Option<StaffId>>,
    /// Other services last otherwise, unless you give `duration_min`.
    #[schema(value_type = Option<Vec<String>>)]
    service_ids: Option<Vec<ServiceId>>,
    /// The branch's local time without an offset, or RFC 3339 with one.
    #[schema(example = "2026-12-25T16:00")]
    start: Option<String>,
    #[schema(minimum = 5, maximum = 1440)]
    duration_min: Option<i64>,
    /// Null: the card's number again.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, required = false)]
    recipient_phone: Option<Option<String>>,
    note: Option<String>,
    /// Over another appointment of the staff member.
    #[serde(default)]
    force: bool,
    #[serde(default)]
    #[schema(inline)]
    notify: NotifyWord,
}

/// The status to set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetStatusBody {
    /// Any status after `cancelled` brings the appointment back.
    status: StatusWord,
    /// The version that you saw, if you want a change in between refused.
    version: Option<i64>,
    #[serde(default)]
    #[schema(inline)]
    notify: NotifyWord,
    /// On bringing back: over another appointment of the staff member.
    #[serde(default)]
    force: bool,
}

/// A cancellation by staff.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelBody {
    /// The version that you saw, if you want a change in between refused.
    version: Option<i64>,
    #[serde(default)]
    #[schema(inline)]
    notify: NotifyWord,
}

/// Which state is let in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LetInBody {
    /// The version that you saw, if you want a change in between refused.
    version: Option<i64>,
}

/// Changes an appointment.
#[utoipa::path(patch, path = "/api/v1/appointments/{id}", tag = "appointments",
    params(("id" = String, Path)), request_body = AppointmentEditBody,
    responses((status = 200, body = AppointmentBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn edit_appointment(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<AppointmentId>,
    JsonBody(body): JsonBody<AppointmentEditBody>,
) -> Result<Json<AppointmentBody>, Problem> {
    let command = EditAppointment {
        version: body.version,
        branch_id: body.branch_id,
        staff_id: body.staff_id,
        service_ids: body.service_ids,
        start: body.start,
        duration_min: body.duration_min,
        recipient_phone: body.recipient_phone,
        note: body.note,
        force: body.force,
        notify: body.notify.into(),
    };
    let edited = edit_case::edit_appointment(&state.app, &caller, id, command).await?;
    Ok(Json(with_branch(&state, &caller, edited).await?))
}

/// Sets the status; setting the one that stands changes nothing.
#[utoipa::path(post, path = "/api/v1/appointments/{id}/status", tag = "appointments",
    params(("id" = String, Path)), request_body = SetStatusBody,
    responses((status = 200, body = AppointmentBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn set_appointment_status(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<AppointmentId>,
    JsonBody(body): JsonBody<SetStatusBody>,
) -> Result<Json<AppointmentBody>, Problem> {
    let command = SetStatus {
        version: body.version,
        status: body.status.into(),
        force: body.force,
        notify: body.notify.into(),
    };
    let after = status_case::set_status(&state.app, &caller, id, command).await?;
    Ok(Json(with_branch(&state, &caller, after).await?))
}

/// Cancels; done twice it is as once.
#[utoipa::path(post, path = "/api/v1/appointments/{id}/cancel", tag = "appointments",
    params(("id" = String, Path)), request_body = CancelBody,
    responses((status = 200, body = AppointmentBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn cancel_appointment(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<AppointmentId>,
    JsonBody(body): JsonBody<CancelBody>,
) -> Result<Json<AppointmentBody>, Problem> {
    let command = SetStatus {
        version: body.version,
        status: Status::Cancelled,
        force: false,
        notify: body.notify.into(),
    };
    let after = status_case::set_status(&state.app, &caller, id, command).await?;
    Ok(Json(with_branch(&state, &caller, after).await?))
}

/// Lets an appointment in that is older than the switching-on of notifications; from now on it is
/// notified of, without «created». One that counts already stays as it is.
#[utoipa::path(post, path = "/api/v1/appointments/{id}/let-in", tag = "appointments",
    params(("id" = String, Path)), request_body = LetInBody,
    responses((status = 200, body = AppointmentBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn let_appointment_in(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<AppointmentId>,
    JsonBody(body): JsonBody<LetInBody>,
) -> Result<Json<AppointmentBody>, Problem> {
    let after = let_in_case::let_in(&state.app, &caller, id, body.version).await?;
    Ok(Json(with_branch(&state, &caller, after).await?))
}
