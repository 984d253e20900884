//! Why a use case refused, in words that name the field and say what would be right.

use vestnik_domain::Language;
use vestnik_domain::ids::IdError;
use vestnik_store::{CommitError, ReadError};

/// One field that was wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name as it stands in the API, with a path where it is nested: `services[1].id`.
    pub field: String,
    /// Stable, snake_case.
    pub code: &'static str,
    pub russian: String,
    pub english: String,
}

impl FieldError {
    pub fn new(
        field: impl Into<String>,
        code: &'static str,
        russian: impl Into<String>,
        english: impl Into<String>,
    ) -> FieldError {
        FieldError { field: field.into(), code, russian: russian.into(), english: english.into() }
    }

    pub fn message(&self, language: Language) -> &str {
        match language {
            Language::Russian => &self.russian,
            Language::English => &self.english,
        }
    }
}

/// Why a use case refused. Nothing was changed, but for `OutcomeUnknown`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppError {
    /// Fields that are wrong, each named.
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
    /// There is no such thing in the caller's organization.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// It contradicts what is there now.
    #[error("{code}")]
    Conflict { code: &'static str, russian: String, english: String },
    /// The caller is not signed in, or not with these credentials.
    #[error("{code}")]
    Unauthorized { code: &'static str, russian: String, english: String },
    /// The caller's role does not allow it.
    #[error("the role of an owner is needed")]
    OwnerNeeded,
    /// The database did not answer; nothing was changed.
    #[error("{0}")]
    Unavailable(String),
    /// The commit's outcome is not known; ask again with the same idempotency key.
    #[error("{0}")]
    OutcomeUnknown(String),
    /// Something that must not happen; the words go to the log, not to the caller.
    #[error("{0}")]
    Internal(String),
}

impl AppError {
    /// One wrong field.
    pub fn field(
        field: impl Into<String>,
        code: &'static str,
        russian: impl Into<String>,
        english: impl Into<String>,
    ) -> AppError {
        AppError::Invalid(vec![FieldError::new(field, code, russian, english)])
    }

    pub fn conflict(
        code: &'static str,
        russian: impl Into<String>,
        english: impl Into<String>,
    ) -> AppError {
        AppError::Conflict { code, russian: russian.into(), english: english.into() }
    }

    /// The version that the caller saw is no longer the current one.
    pub fn version_conflict(current: i64) -> AppError {
        AppError::conflict(
            "version_conflict",
            format!("Пока вы правили, это изменил кто-то другой. Текущая версия: {current}"),
            format!("It was changed meanwhile; the current version is {current}"),
        )
    }
}

impl From<ReadError> for AppError {
    fn from(error: ReadError) -> AppError {
        match error {
            ReadError::Unavailable(words) => AppError::Unavailable(words),
            ReadError::Corrupt(words) => AppError::Internal(words),
        }
    }
}

impl From<CommitError> for AppError {
    fn from(error: CommitError) -> AppError {
        match error {
            CommitError::Conflict { table, .. } | CommitError::Floor { table, .. } => {
                AppError::conflict(
                    "changed_meanwhile",
                    "Данные изменились в этот самый момент. Повторите, пожалуйста",
                    format!("{table} changed in this very moment; try again"),
                )
            }
            CommitError::Refused(words) => AppError::Internal(words),
            CommitError::Unavailable(words) => AppError::Unavailable(words),
            CommitError::OutcomeUnknown(words) => AppError::OutcomeUnknown(words),
        }
    }
}

impl From<IdError> for AppError {
    fn from(_: IdError) -> AppError {
        AppError::NotFound("id")
    }
}

/// Collects the wrong fields of one request, so that all are named at once.
#[derive(Debug, Default)]
pub struct Fields {
    errors: Vec<FieldError>,
}

impl Fields {
    pub fn new() -> Fields {
        Fields::default()
    }

    pub fn push(&mut self, error: FieldError) {
        self.errors.push(error);
    }

    pub fn add(
        &mut self,
        field: impl Into<String>,
        code: &'static str,
        russian: impl Into<String>,
        english: impl Into<String>,
    ) {
        self.push(FieldError::new(field, code, russian, english));
    }

    /// A text that must not be empty, at most `most` characters, without control characters; trimmed.
    pub fn text(&mut self, field: &'static str, value: &str, most: usize) -> String {
        let trimmed = value.trim();
        if trimmed.is_empty() {
            self.add(field, "required", "Заполните это поле", "must not be empty");
        }
        self.optional_text(field, trimmed, most)
    }

    /// As [`Fields::text`], but may be empty.
    pub fn optional_text(&mut self, field: &'static str, value: &str, most: usize) -> String {
        let trimmed = value.trim();
        if trimmed.chars().count() > most {
            self.add(
                field,
                "too_long",
                format!("Не длиннее {most} знаков"),
                format!("at most {most} characters"),
            );
        }
        if trimmed.chars().any(|letter| letter.is_control() && letter != '\n') {
            self.add(
                field,
                "control_characters",
                "Уберите непечатаемые знаки",
                "control characters are not allowed",
            );
        }
        trimmed.to_owned()
    }

    /// A whole number within `range`.
    pub fn number(
        &mut self,
        field: &'static str,
        value: i64,
        range: std::ops::RangeInclusive<i64>,
    ) -> i64 {
        if !range.contains(&value) {
            let (least, most) = (range.start(), range.end());
            self.add(
                field,
                "out_of_range",
                format!("Нужно число от {least} до {most}"),
                format!("must be {least} to {most}"),
            );
        }
        value
    }

    /// Refuses with all that was collected, if anything was.
    pub fn finish(self) -> Result<(), AppError> {
        if self.errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(self.errors)) }
    }
}
