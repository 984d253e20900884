//! A new appointment.

use super::body::{AppointmentBody, BookingSourceWord, NotifyWord};
use super::read::with_branch;
use crate::body::JsonBodyAsSent;
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use vestnik_app::FieldError;
use vestnik_app::appointments::WantedFacts;
use vestnik_app::appointments::book::{self as use_case, BookAppointment};
use vestnik_app::appointments::idempotency::Idempotency;
use vestnik_app::clients::find_or_create::WantedClient;
use vestnik_domain::ids::{BranchId, ClientId, ServiceId, StaffId, VisitId};

/// A client as they present themselves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DescribedClientBody {
    #[schema(example = "Мария")]
    name: String,
    /// In any usual spelling; a card with this number is taken, else a new one is made.
    #[schema(example = "8 (916) 123-45-67")]
    phone: Option<String>,
}

/// What to book; the client is either `client_id` or `client`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BookAppointmentBody {
    #[schema(value_type = Option<String>)]
    client_id: Option<ClientId>,
    client: Option<DescribedClientBody>,
    #[schema(value_type = String)]
    branch_id: BranchId,
    /// Null: no master is chosen.
    #[schema(value_type = Option<String>)]
    staff_id: Option<StaffId>,
    /// In the order in which they are performed.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    service_ids: Vec<ServiceId>,
    /// The branch's local time without an offset, or RFC 3339 with one.
    #[schema(example = "2026-12-25T15:00")]
    start: String,
    /// The services' durations together where absent.
    #[schema(minimum = 5, maximum = 1440)]
    duration_min: Option<i64>,
    /// The number for this record alone; the card's where absent.
    recipient_phone: Option<String>,
    /// Joins another appointment of the same client as one visit.
    #[schema(value_type = Option<String>)]
    visit_id: Option<VisitId>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    #[schema(inline)]
    source: BookingSourceWord,
    /// The id in the journal that it comes from.
    external_id: Option<String>,
    /// Books over another appointment of the staff member.
    #[serde(default)]
    force: bool,
    #[serde(default)]
    #[schema(inline)]
    notify: NotifyWord,
}

fn wanted_client(body: &mut BookAppointmentBody) -> Result<WantedClient, Problem> {
    match (body.client_id, body.client.take()) {
        (Some(id), None) => Ok(WantedClient::Existing(id)),
        (None, Some(client)) => {
            Ok(WantedClient::Described { name: client.name, phone: client.phone })
        }
        (None, None) => Err(Problem::field(FieldError::new(
            "client_id",
            "required",
            "Укажите клиента: карточку или имя с телефоном",
            "give `client_id`, or `client` {name, phone}",
        ))),
        (Some(_), Some(_)) => Err(Problem::field(FieldError::new(
            "client",
            "client_twice",
            "Клиент указан дважды: оставьте карточку или имя с телефоном",
            "give either `client_id` or `client`, not both",
        ))),
    }
}

fn idempotency(headers: &HeaderMap, sent: &[u8]) -> Result<Option<Idempotency>, Problem> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    // What is no text is refused as a malformed key.
    let key = key.to_str().unwrap_or_default();
    Ok(Some(Idempotency::new(key, "appointments.create", sent)?))
}

/// Books. With `Idempotency-Key` a repeated request answers with the same appointment.
#[utoipa::path(post, path = "/api/v1/appointments", tag = "appointments",
    params(("Idempotency-Key" = Option<String>, Header,
        description = "1 to 200 printable ASCII characters; one key has one effect")),
    request_body = BookAppointmentBody,
    responses((status = 201, body = AppointmentBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create_appointment(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    headers: HeaderMap,
    JsonBodyAsSent(mut body, sent): JsonBodyAsSent<BookAppointmentBody>,
) -> Result<(StatusCode, Json<AppointmentBody>), Problem> {
    let idempotency = idempotency(&headers, &sent)?;
    let command = BookAppointment {
        client: wanted_client(&mut body)?,
        recipient_phone: body.recipient_phone,
        visit_id: body.visit_id,
        facts: WantedFacts {
            branch_id: body.branch_id,
            staff_id: body.staff_id,
            service_ids: body.service_ids,
            start: body.start,
            duration_min: body.duration_min,
        },
        source: body.source.into(),
        note: body.note,
        external_id: body.external_id,
        force: body.force,
        notify: body.notify.into(),
    };
    let booked = use_case::book_appointment(&state.app, &caller, command, idempotency).await?;
    Ok((StatusCode::CREATED, Json(with_branch(&state, &caller, booked).await?)))
}
