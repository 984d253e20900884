//! Reading the journal.

use super::body::{AppointmentBody, AppointmentWithHistoryBody};
use crate::body::{PathId, QueryOf};
use crate::caller::SignedIn;
use crate::catalogue::ListBody;
use crate::problem::Problem;
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use vestnik_app::appointments::list as use_case;
use vestnik_app::catalogue::branches;
use vestnik_app::messages::incoming;
use vestnik_app::{AppError, Caller, FieldError};
use vestnik_domain::appointment::Appointment;
use vestnik_domain::branch::Branch;
use vestnik_domain::ids::{AppointmentId, BranchId, ClientId};

/// Words an appointment with the zone of its branch.
pub(super) async fn with_branch(
    state: &ApiState,
    caller: &Caller,
    appointment: Appointment,
) -> Result<AppointmentBody, Problem> {
    let branch = branches::get_branch(&state.app, caller, appointment.facts.branch_id).await?;
    Ok(AppointmentBody::of(appointment, &branch))
}

/// Which appointments: of a branch in a stretch of time, or of a client.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppointmentsQuery {
    /// With `from` and `to`.
    #[param(value_type = Option<String>)]
    branch_id: Option<BranchId>,
    /// A date of the branch, a local time of the branch, or RFC 3339; included.
    #[param(example = "2026-12-25")]
    from: Option<String>,
    /// As `from`, at most 62 days later; not included.
    #[param(example = "2026-12-26")]
    to: Option<String>,
    /// Alone: all appointments of this client.
    #[param(value_type = Option<String>)]
    client_id: Option<ClientId>,
}

fn required(field: &str, english: &str) -> Problem {
    Problem::field(FieldError::new(
        field,
        "required",
        "Укажите клиента или филиал с началом и концом периода",
        english,
    ))
}

/// The appointments of a branch or of a client, in order of time; cancelled ones too.
#[utoipa::path(get, path = "/api/v1/appointments", tag = "appointments", params(AppointmentsQuery),
    responses((status = 200, body = ListBody<AppointmentBody>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list_appointments(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    QueryOf(query): QueryOf<AppointmentsQuery>,
) -> Result<Json<ListBody<AppointmentBody>>, Problem> {
    let appointments = match (query.branch_id, query.client_id) {
        (None, None) => {
            return Err(required("branch_id", "give `branch_id`, `from` and `to`, or `client_id`"));
        }
        (Some(_), Some(_)) => {
            return Err(Problem::field(FieldError::new(
                "client_id",
                "branch_or_client",
                "Укажите что-то одно: филиал или клиента",
                "give either `branch_id` or `client_id`",
            )));
        }
        (None, Some(client)) => use_case::list_of_client(&state.app, &caller, client).await?,
        (Some(branch), None) => {
            let from =
                query.from.ok_or_else(|| required("from", "give the begin of the stretch"))?;
            let to = query.to.ok_or_else(|| required("to", "give the end of the stretch"))?;
            use_case::list_appointments(&state.app, &caller, branch, &from, &to).await?
        }
    };
    let mut branches: Vec<Branch> = Vec::new();
    let mut items = Vec::with_capacity(appointments.len());
    for appointment in appointments {
        let id = appointment.facts.branch_id;
        let branch = match branches.iter().find(|branch| branch.id == id) {
            Some(branch) => branch,
            None => {
                let branch = branches::get_branch(&state.app, &caller, id).await?;
                branches.push(branch);
                branches.last().ok_or(AppError::NotFound("branch"))?
            }
        };
        items.push(AppointmentBody::of(appointment, branch));
    }
    Ok(Json(ListBody { items, next: None }))
}

/// One appointment with its history and what the client wrote since.
#[utoipa::path(get, path = "/api/v1/appointments/{id}", tag = "appointments",
    params(("id" = String, Path)),
    responses((status = 200, body = AppointmentWithHistoryBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn get_appointment(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<AppointmentId>,
) -> Result<Json<AppointmentWithHistoryBody>, Problem> {
    let (appointment, events) = use_case::get_appointment(&state.app, &caller, id).await?;
    let branch = branches::get_branch(&state.app, &caller, appointment.facts.branch_id).await?;
    let written = incoming::incoming_of_appointment(&state.app, &appointment).await?;
    Ok(Json(AppointmentWithHistoryBody::of(appointment, &branch, events, written)))
}
