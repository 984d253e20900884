//! Services.

use super::list::{ArchivedQuery, ListBody, given};
use crate::body::{JsonBody, PathId, QueryOf};
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vestnik_app::catalogue::Archiving;
use vestnik_app::catalogue::services::{self as use_case, NewService, ServiceEdit};
use vestnik_domain::ids::ServiceId;
use vestnik_domain::service::Service;

/// What clients come for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceBody {
    #[schema(example = "srv_1kr3m0q7g0001")]
    id: String,
    version: i64,
    title: String,
    duration_min: i64,
    buffer_min: i64,
    price_kopecks: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    archived_at: Option<jiff::Timestamp>,
}

impl From<Service> for ServiceBody {
    fn from(service: Service) -> ServiceBody {
        ServiceBody {
            id: service.id.to_string(),
            version: service.version,
            title: service.title,
            duration_min: service.duration_min,
            buffer_min: service.buffer_min,
            price_kopecks: service.price.0,
            created_at: service.created_at,
            archived_at: service.archived_at,
        }
    }
}

/// A new service.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewServiceBody {
    #[schema(example = "Женская стрижка")]
    title: String,
    #[schema(minimum = 5, maximum = 1440, example = 60)]
    duration_min: i64,
    /// Time after the visit in which the staff member takes nobody.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 240)]
    buffer_min: i64,
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10_000_000_000_i64, example = 250_000)]
    price_kopecks: i64,
}

/// What to change; an absent field stays as it is. Visits that are booked keep their length.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceEditBody {
    /// The version that you saw.
    version: i64,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false)]
    title: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 5, maximum = 1440)]
    duration_min: Option<i64>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 240)]
    buffer_min: Option<i64>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 10_000_000_000_i64)]
    price_kopecks: Option<i64>,
}

/// Adds a service. Owners only.
#[utoipa::path(post, path = "/api/v1/services", tag = "services", request_body = NewServiceBody,
    responses((status = 201, body = ServiceBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create_service(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    JsonBody(body): JsonBody<NewServiceBody>,
) -> Result<(StatusCode, Json<ServiceBody>), Problem> {
    let new = NewService {
        title: body.title,
        duration_min: body.duration_min,
        buffer_min: body.buffer_min,
        price_kopecks: body.price_kopecks,
    };
    let service = use_case::create_service(&state.app, &caller, new).await?;
    Ok((StatusCode::CREATED, Json(service.into())))
}

/// The services, oldest first.
#[utoipa::path(get, path = "/api/v1/services", tag = "services", params(ArchivedQuery),
    responses((status = 200, body = ListBody<ServiceBody>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list_services(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    QueryOf(query): QueryOf<ArchivedQuery>,
) -> Result<Json<ListBody<ServiceBody>>, Problem> {
    let services = use_case::list_services(&state.app, &caller, query.shelf()).await?;
    Ok(Json(ListBody::whole(services)))
}

/// One service, archived or not.
#[utoipa::path(get, path = "/api/v1/services/{id}", tag = "services", params(("id" = String, Path)),
    responses((status = 200, body = ServiceBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn get_service(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ServiceId>,
) -> Result<Json<ServiceBody>, Problem> {
    Ok(Json(use_case::get_service(&state.app, &caller, id).await?.into()))
}

/// Changes a service. Owners only.
#[utoipa::path(patch, path = "/api/v1/services/{id}", tag = "services", params(("id" = String, Path)),
    request_body = ServiceEditBody,
    responses((status = 200, body = ServiceBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn edit_service(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ServiceId>,
    JsonBody(body): JsonBody<ServiceEditBody>,
) -> Result<Json<ServiceBody>, Problem> {
    let edit = ServiceEdit {
        version: body.version,
        title: body.title,
        duration_min: body.duration_min,
        buffer_min: body.buffer_min,
        price_kopecks: body.price_kopecks,
    };
    Ok(Json(use_case::edit_service(&state.app, &caller, id, edit).await?.into()))
}

/// Takes a service out of use; booked visits stay. Owners only.
#[utoipa::path(post, path = "/api/v1/services/{id}/archive", tag = "services", params(("id" = String, Path)),
    responses((status = 200, body = ServiceBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn archive_service(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ServiceId>,
) -> Result<Json<ServiceBody>, Problem> {
    let service = use_case::archive_service(&state.app, &caller, id, Archiving::Archive).await?;
    Ok(Json(service.into()))
}

/// Takes a service into use again. Owners only.
#[utoipa::path(post, path = "/api/v1/services/{id}/restore", tag = "services", params(("id" = String, Path)),
    responses((status = 200, body = ServiceBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn restore_service(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ServiceId>,
) -> Result<Json<ServiceBody>, Problem> {
    let service = use_case::archive_service(&state.app, &caller, id, Archiving::Restore).await?;
    Ok(Json(service.into()))
}
