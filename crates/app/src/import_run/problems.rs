//! What is wrong with a line, also what only the journal can tell.

use crate::import::report::VALUE_CHARS_MAX;
use crate::import::{LineProblem, Severity};
use vestnik_domain::Language;
use vestnik_domain::local_time::LocalTimeError;

/// One thing about one line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportProblem {
    /// The row that a spreadsheet shows beside it.
    pub line: u32,
    /// The name in the header; `None` where the whole line is meant.
    pub column: Option<String>,
    /// Stable, snake_case.
    pub code: &'static str,
    /// An error keeps its line out; a warning is only said.
    pub severity: Severity,
    pub russian: String,
    pub english: String,
    /// The cell, cut to what fits into a report.
    pub value: String,
}

impl From<&LineProblem> for ImportProblem {
    fn from(problem: &LineProblem) -> ImportProblem {
        ImportProblem {
            line: problem.line,
            column: problem.column.clone(),
            code: problem.code(),
            severity: problem.severity(),
            russian: problem.message(Language::Russian),
            english: problem.message(Language::English),
            value: problem.value.clone(),
        }
    }
}

/// What the journal has to say against a line, before line and column are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Objection {
    BranchMissing,
    BranchUnknown,
    StaffUnknown,
    StaffAmbiguous,
    ServiceUnknown {
        title: String,
    },
    TooLong {
        most: usize,
    },
    Start(LocalTimeError),
    LongerThanADay,
    /// Warning: it lands over another appointment of the staff member.
    Overlaps {
        other_start: String,
    },
    /// Warning: what stands already under this id is left as it is.
    Differs,
    /// Warning: the card with this id is out of use and stays so.
    ClientArchived,
}

impl Objection {
    pub(super) fn at(self, line: u32, column: Option<String>, value: &str) -> ImportProblem {
        let (code, russian, english) = self.words();
        let severity = match self {
            Objection::Overlaps { .. } | Objection::Differs | Objection::ClientArchived => {
                Severity::Warning
            }
            _ => Severity::Error,
        };
        let value = value.chars().take(VALUE_CHARS_MAX).collect();
        ImportProblem { line, column, code, severity, russian, english, value }
    }

    fn words(&self) -> (&'static str, String, String) {
        let fixed =
            |code, russian: &str, english: &str| (code, russian.to_owned(), english.to_owned());
        match self {
            Objection::BranchMissing => fixed(
                "branch_missing",
                "Не сказано, в каком филиале визит. Выберите филиал для загрузки или добавьте столбец «Филиал».",
                "It is not said at which branch. Give branch_id, or a column “branch”.",
            ),
            Objection::BranchUnknown => fixed(
                "branch_unknown",
                "Такого филиала нет. Напишите его название так, как в настройках.",
                "There is no such branch. Write its name as in the settings.",
            ),
            Objection::StaffUnknown => fixed(
                "staff_unknown",
                "Такого мастера в этом филиале нет. Добавьте его или загрузите с созданием недостающих.",
                "There is no such staff member at this branch. Add them, or import with create_missing.",
            ),
            Objection::StaffAmbiguous => fixed(
                "staff_ambiguous",
                "В этом филиале несколько мастеров с таким именем. Сделайте имена разными.",
                "Several staff members of this branch have this name. Make the names differ.",
            ),
            Objection::ServiceUnknown { title } => (
                "service_unknown",
                format!("Услуги «{title}» нет. Добавьте её или загрузите с созданием недостающих."),
                format!("There is no service “{title}”. Add it, or import with create_missing."),
            ),
            Objection::TooLong { most } => (
                "too_long",
                format!("Слишком длинно: не больше {most} знаков."),
                format!("Too long: at most {most} characters."),
            ),
            Objection::Start(error) => {
                (error.code(), error.message(Language::Russian), error.message(Language::English))
            }
            Objection::LongerThanADay => fixed(
                "duration_out_of_range",
                "Визит длится больше суток. Проверьте окончание.",
                "The visit lasts more than a day. Check its end.",
            ),
            Objection::Overlaps { other_start } => (
                "time_overlaps",
                format!(
                    "В это время у мастера есть другая запись, с {other_start}. Загрузится поверх."
                ),
                format!(
                    "The staff member has another appointment from {other_start}. It lands over it."
                ),
            ),
            Objection::Differs => fixed(
                "external_id_differs",
                "Запись с этим ID уже есть, и в ней другое. Она оставлена как есть.",
                "An appointment with this ID stands and says otherwise. It is left as it is.",
            ),
            Objection::ClientArchived => fixed(
                "client_archived",
                "Карточка с этим ID в архиве. Она оставлена в архиве.",
                "The card with this ID is archived. It stays so.",
            ),
        }
    }
}
