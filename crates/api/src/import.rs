//! Importing clients and appointments from files.

#[cfg(test)]
mod test_files;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_chunks;
#[cfg(test)]
mod tests_clients;
#[cfg(test)]
mod tests_races;

use crate::body::{QueryOf, media_type, whole_body};
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vestnik_app::import::decode::BYTES_MAX;
use vestnik_app::import::{Column, RowKind, Severity};
use vestnik_app::import_run::{self as use_case, ImportOptions, ImportProblem, ImportReport};
use vestnik_app::{AppError, FieldError};
use vestnik_domain::ids::BranchId;

const FILE_TYPES: [&str; 3] = [
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
];

/// The verbs of this group. Files may be larger than other bodies.
pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(import_file)).layer(DefaultBodyLimit::max(BYTES_MAX))
}

/// The bytes of a table.
pub(crate) struct FileBody(Bytes);

impl<S: Send + Sync> FromRequest<S> for FileBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<FileBody, Problem> {
        let media_type = media_type(&request);
        if !FILE_TYPES.iter().any(|known| media_type.starts_with(known)) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "file_expected",
                "Пришлите сам файл: CSV или XLSX",
                format!("send the file itself as one of: {}", FILE_TYPES.join(", ")),
            ));
        }
        whole_body(request, state).await.map(FileBody)
    }
}

/// What the lines of the file are.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RowKindWord {
    Clients,
    Appointments,
}

impl From<RowKindWord> for RowKind {
    fn from(kind: RowKindWord) -> RowKind {
        match kind {
            RowKindWord::Clients => RowKind::Clients,
            RowKindWord::Appointments => RowKind::Appointments,
        }
    }
}

/// How to import.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportQuery {
    #[param(inline)]
    kind: RowKindWord,
    /// Only say what would happen; `true` where absent.
    dry_run: Option<bool>,
    /// For lines that name no branch; the only branch where absent.
    #[param(value_type = Option<String>)]
    branch_id: Option<BranchId>,
    /// Send reminders for the imported visits that lie ahead.
    #[serde(default)]
    reminders: bool,
    /// Make staff members and services that the file names and the salon does not have.
    #[serde(default)]
    create_missing: bool,
    /// Words the refusal of what is no table.
    file_name: Option<String>,
    /// JSON: which column stands under which name of the header, where the usual names do not.
    #[param(example = "{\"phone\": \"Контакт\", \"start\": \"Когда\"}")]
    mapping: Option<String>,
}

/// An error keeps its line out; a warning is only said.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SeverityWord {
    Warning,
    Error,
}

/// One thing about one line of the file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportProblemBody {
    /// The row that a spreadsheet shows beside it.
    line: u32,
    /// The name in the header; null where the whole line is meant.
    column: Option<String>,
    #[schema(example = "phone_too_short")]
    code: &'static str,
    severity: SeverityWord,
    /// For people, in Russian.
    title: String,
    /// For developers, in English.
    detail: String,
    /// The cell, cut.
    value: String,
}

impl From<ImportProblem> for ImportProblemBody {
    fn from(problem: ImportProblem) -> ImportProblemBody {
        ImportProblemBody {
            line: problem.line,
            column: problem.column,
            code: problem.code,
            severity: match problem.severity {
                Severity::Warning => SeverityWord::Warning,
                Severity::Error => SeverityWord::Error,
            },
            title: problem.russian,
            detail: problem.english,
            value: problem.value,
        }
    }
}

/// What came of a file, or would come of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportReportBody {
    dry_run: bool,
    /// Lines below the header that are not empty.
    lines: usize,
    landed: usize,
    /// Lines that say what stands already.
    unchanged: usize,
    /// Lines that were left out, each with an error in `problems`.
    refused: usize,
    new_clients: usize,
    new_staff: usize,
    new_services: usize,
    /// The database failed on the way: this line and those below were not reached. Send the file
    /// again; what landed is recognised.
    stopped_before_line: Option<u32>,
    /// All problems; `problems` holds the first thousand.
    problem_count: usize,
    problems: Vec<ImportProblemBody>,
}

impl From<ImportReport> for ImportReportBody {
    fn from(report: ImportReport) -> ImportReportBody {
        ImportReportBody {
            dry_run: report.dry_run,
            lines: report.lines,
            landed: report.landed,
            unchanged: report.unchanged,
            refused: report.refused,
            new_clients: report.new_clients,
            new_staff: report.new_staff,
            new_services: report.new_services,
            stopped_before_line: report.stopped_before_line,
            problem_count: report.problem_count,
            problems: report.problems.into_iter().map(Into::into).collect(),
        }
    }
}

fn mapping(text: Option<&str>) -> Result<BTreeMap<Column, String>, Problem> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(BTreeMap::new());
    };
    serde_json::from_str(text).map_err(|error| {
        Problem::field(FieldError::new(
            "mapping",
            "malformed",
            "Соответствие столбцов не читается. Нужно так: {\"phone\": \"Контакт\"}",
            format!("must be JSON like {{\"phone\": \"Контакт\"}}: {error}"),
        ))
    })
}

/// Imports a file: CSV or XLSX, its bytes as the body, at most 20 MiB. Good lines land, bad ones are
/// reported; what stands already is left alone. Nothing is sent for imported visits but, if asked
/// for, reminders.
#[utoipa::path(post, path = "/api/v1/imports", tag = "imports", params(ImportQuery),
    request_body(content(
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "application/octet-stream"))),
    responses((status = 200, body = ImportReportBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn import_file(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    QueryOf(query): QueryOf<ImportQuery>,
    FileBody(bytes): FileBody,
) -> Result<Json<ImportReportBody>, Problem> {
    let options = ImportOptions {
        branch_id: query.branch_id,
        dry_run: query.dry_run.unwrap_or(true),
        reminders: query.reminders,
        create_missing: query.create_missing,
    };
    let names = mapping(query.mapping.as_deref())?;
    let kind = query.kind.into();
    // A large workbook takes a second to read: not on a thread that serves others.
    let region = use_case::home_region(&state.app, &caller).await?;
    let reading = tokio::task::spawn_blocking(move || {
        use_case::read_file(kind, &bytes, query.file_name.as_deref(), &names, region)
    });
    let file = reading.await.map_err(|error| AppError::Internal(error.to_string()))??;
    Ok(Json(use_case::import(&state.app, &caller, file, options).await?.into()))
}
