//! Refusals: `application/problem+json` (RFC 9457) with a stable code and the fields that are wrong.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use vestnik_app::{AppError, FieldError};

/// A refused request.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// `/problems/` + code.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub problem_type: Box<str>,
    pub status: u16,
    /// Stable, snake_case: what programs look at.
    #[schema(value_type = String, example = "invalid")]
    pub code: Box<str>,
    /// For people, in Russian.
    #[schema(value_type = String)]
    pub title: Box<str>,
    /// For developers, in English.
    #[schema(value_type = String)]
    pub detail: Box<str>,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    #[serde(skip)]
    retry_after_s: Option<u64>,
}

/// One field that is wrong.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldProblem {
    #[schema(example = "phone")]
    pub field: String,
    #[schema(example = "phone_too_short")]
    pub code: String,
    /// For people, in Russian.
    pub title: String,
    /// For developers, in English.
    pub detail: String,
}

impl From<FieldError> for FieldProblem {
    fn from(error: FieldError) -> FieldProblem {
        FieldProblem {
            field: error.field,
            code: error.code.to_owned(),
            title: error.russian,
            detail: error.english,
        }
    }
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        code: &str,
        title: impl Into<String>,
        detail: impl Into<String>,
    ) -> Problem {
        Problem {
            problem_type: format!("/problems/{code}").into_boxed_str(),
            status: status.as_u16(),
            code: code.into(),
            title: title.into().into_boxed_str(),
            detail: detail.into().into_boxed_str(),
            errors: Vec::new(),
            retry_after_s: None,
        }
    }

    pub(crate) fn too_many_tries(retry_after_s: u64) -> Problem {
        let mut problem = Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_tries",
            format!("Слишком много попыток. Подождите {retry_after_s} с"),
            format!("too many tries; wait {retry_after_s} s"),
        );
        problem.retry_after_s = Some(retry_after_s);
        problem
    }

    /// A wrong field that the HTTP layer itself found.
    pub(crate) fn field(error: FieldError) -> Problem {
        AppError::Invalid(vec![error]).into()
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Problem {
        match error {
            AppError::Invalid(fields) => {
                let mut problem = Problem::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "invalid",
                    "Проверьте отмеченные поля",
                    "some fields are wrong; see `errors`",
                );
                problem.errors = fields.into_iter().map(FieldProblem::from).collect();
                problem
            }
            AppError::NotFound(what) => Problem::new(
                StatusCode::NOT_FOUND,
                "not_found",
                "Этого нет или больше нет",
                format!("there is no such {what}"),
            ),
            AppError::Conflict { code, russian, english } => {
                Problem::new(StatusCode::CONFLICT, code, russian, english)
            }
            AppError::Unauthorized { code, russian, english } => {
                Problem::new(StatusCode::UNAUTHORIZED, code, russian, english)
            }
            AppError::OwnerNeeded => Problem::new(
                StatusCode::FORBIDDEN,
                "owner_needed",
                "Это может только владелец",
                "only an owner may do this",
            ),
            AppError::Unavailable(words) => {
                tracing::error!(error = words, "the database did not answer");
                Problem::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "unavailable",
                    "База данных не отвечает. Ничего не изменено, повторите чуть позже",
                    "the database did not answer; nothing was changed",
                )
            }
            AppError::OutcomeUnknown(words) => {
                tracing::error!(error = words, "the outcome of a commit is unknown");
                Problem::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "outcome_unknown",
                    "Связь с базой оборвалась. Проверьте, сохранилось ли, и повторите с тем же ключом",
                    "the outcome is unknown; ask again with the same Idempotency-Key",
                )
            }
            AppError::Internal(words) => {
                tracing::error!(error = words, "internal error");
                Problem::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "Внутренняя ошибка. Мы её записали",
                    "an internal error; it is in the log",
                )
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after_s = self.retry_after_s;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
