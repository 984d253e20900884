//! The caller's own organization.

use super::list::given;
use crate::body::JsonBody;
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use crate::wire::LanguageWord;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vestnik_app::organizations::{self as use_case, OrganizationEdit};
use vestnik_domain::organization::Organization;

/// The organization.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrganizationBody {
    #[schema(example = "org_1kr3m0q7g0001")]
    id: String,
    version: i64,
    /// The legal name; clients read it where a branch has no name of its own.
    name: String,
    /// The language in which clients are written to, unless a client has another.
    language: LanguageWord,
    /// ISO 3166-1: phone numbers without a plus are read in the way of this country.
    #[schema(example = "RU")]
    country: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
}

impl From<Organization> for OrganizationBody {
    fn from(organization: Organization) -> OrganizationBody {
        OrganizationBody {
            id: organization.id.to_string(),
            version: organization.version,
            name: organization.name,
            language: organization.language.into(),
            country: organization.country,
            created_at: organization.created_at,
        }
    }
}

/// What to change; an absent field stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganizationEditBody {
    /// The version that you saw.
    version: i64,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false)]
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = LanguageWord, required = false)]
    language: Option<LanguageWord>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, example = "RU")]
    country: Option<String>,
}

/// The caller's organization.
#[utoipa::path(get, path = "/api/v1/organization", tag = "organization",
    responses((status = 200, body = OrganizationBody),
        (status = 401, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn get_organization(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
) -> Result<Json<OrganizationBody>, Problem> {
    Ok(Json(use_case::get_organization(&state.app, &caller).await?.into()))
}

/// Changes the organization. Owners only.
#[utoipa::path(patch, path = "/api/v1/organization", tag = "organization", request_body = OrganizationEditBody,
    responses((status = 200, body = OrganizationBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn edit_organization(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    JsonBody(body): JsonBody<OrganizationEditBody>,
) -> Result<Json<OrganizationBody>, Problem> {
    let edit = OrganizationEdit {
        version: body.version,
        name: body.name,
        language: body.language.map(Into::into),
        country: body.country,
    };
    Ok(Json(use_case::edit_organization(&state.app, &caller, edit).await?.into()))
}
