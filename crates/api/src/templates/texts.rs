//! The texts in force, saving own ones, and the standard ones back.

use super::wire::{TemplateBody, kind, read_variant};
use crate::body::{JsonBody, QueryOf};
use crate::caller::SignedIn;
use crate::catalogue::ListBody;
use crate::problem::Problem;
use crate::state::ApiState;
use crate::wire::LanguageWord;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use vestnik_app::AppError;
use vestnik_app::templates::{self as use_case, Place};
use vestnik_domain::ids::BranchId;
use vestnik_domain::kind::NotificationKind;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplatesQuery {
    /// As the texts apply to this branch; the whole organization where absent.
    #[param(value_type = Option<String>)]
    branch_id: Option<BranchId>,
}

/// A text for a place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SaveTemplateBody {
    #[schema(schema_with = kind)]
    kind: NotificationKind,
    #[serde(default)]
    #[schema(example = "1d")]
    variant: String,
    language: LanguageWord,
    /// For one branch; null: the whole organization.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    branch_id: Option<BranchId>,
    /// For one channel; null: any.
    #[serde(default)]
    channel: Option<String>,
    /// At most 1000 characters, also with the longest values.
    #[schema(example = "Вы записаны [Дата] в [Время] в Салон \"[Салон]\"")]
    text: String,
}

/// The place whose own text is to go.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlaceQuery {
    #[param(schema_with = kind)]
    kind: NotificationKind,
    #[serde(default)]
    #[param(required = false)]
    variant: String,
    #[param(inline)]
    language: LanguageWord,
    #[param(value_type = Option<String>)]
    branch_id: Option<BranchId>,
    channel: Option<String>,
}

impl PlaceQuery {
    fn place(self) -> Result<Place, AppError> {
        Ok(Place {
            kind: self.kind,
            variant: read_variant(&self.variant)?,
            language: self.language.into(),
            channel: self.channel,
            branch_id: self.branch_id,
        })
    }
}

/// Every kind, variant and language with the text in force.
#[utoipa::path(get, path = "/api/v1/templates", tag = "templates", params(TemplatesQuery),
    responses((status = 200, body = ListBody<TemplateBody>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list_templates(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    QueryOf(query): QueryOf<TemplatesQuery>,
) -> Result<Json<ListBody<TemplateBody>>, Problem> {
    let templates = use_case::list_templates(&state.app, &caller, query.branch_id).await?;
    Ok(Json(ListBody::whole(templates)))
}

/// Saves an own text; the next message is written by it. Owners only.
#[utoipa::path(put, path = "/api/v1/templates", tag = "templates", request_body = SaveTemplateBody,
    responses((status = 200, body = TemplateBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn save_template(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    JsonBody(body): JsonBody<SaveTemplateBody>,
) -> Result<Json<TemplateBody>, Problem> {
    let place = Place {
        kind: body.kind,
        variant: read_variant(&body.variant)?,
        language: body.language.into(),
        channel: body.channel,
        branch_id: body.branch_id,
    };
    let saved = use_case::save_template(&state.app, &caller, place, &body.text).await?;
    Ok(Json(saved.into()))
}

/// Takes the own text of a place back; answers what applies there now. Owners only.
#[utoipa::path(delete, path = "/api/v1/templates", tag = "templates", params(PlaceQuery),
    responses((status = 200, body = TemplateBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn restore_template(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    QueryOf(query): QueryOf<PlaceQuery>,
) -> Result<Json<TemplateBody>, Problem> {
    let place = query.place()?;
    Ok(Json(use_case::restore_standard(&state.app, &caller, place).await?.into()))
}
