//! The variables that texts may name.

use crate::caller::SignedIn;
use crate::catalogue::ListBody;
use crate::problem::Problem;
use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use vestnik_app::templates::VariableSpec;
use vestnik_domain::Language;
use vestnik_domain::variables::{CATALOGUE, SampleKind, sample};

/// A variable and how it is written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VariableBody {
    #[schema(example = "date")]
    name: String,
    /// As people write it in Russian.
    #[schema(example = "[Дата]")]
    russian: String,
    #[schema(example = "[Date]")]
    english: String,
    /// Every spelling that is understood.
    #[schema(example = json!(["[Дата]", "[Date]", "%DATE%"]))]
    spellings: Vec<String>,
    /// What a client reads, as an example.
    #[schema(example = "25.12.19")]
    example: String,
    /// What stands in for a missing value outside `{ }`; null: the text must not do without.
    fallback: Option<String>,
}

impl From<&VariableSpec> for VariableBody {
    fn from(variable: &VariableSpec) -> VariableBody {
        let bracketed = variable.bracket.iter().map(|(_, spelling)| format!("[{spelling}]"));
        let percented = variable.percent.iter().map(|spelling| format!("%{spelling}%"));
        let samples = sample(SampleKind::Usual, Language::Russian);
        VariableBody {
            name: variable.name.to_owned(),
            russian: variable.bracketed(Language::Russian),
            english: variable.bracketed(Language::English),
            spellings: bracketed.chain(percented).collect(),
            example: samples.get(variable.name).copied().unwrap_or_default().to_owned(),
            fallback: variable.fallback_in(Language::Russian).map(str::to_owned),
        }
    }
}

/// Every variable, in the order in which editors show them.
#[utoipa::path(get, path = "/api/v1/template-variables", tag = "templates",
    responses((status = 200, body = ListBody<VariableBody>),
        (status = 401, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list_variables(
    _caller: SignedIn,
) -> Result<Json<ListBody<VariableBody>>, Problem> {
    Ok(Json(ListBody::whole(CATALOGUE.variables().iter().collect())))
}
