//! The report by line: what is wrong with which cell, in words for those who keep the file.

use vestnik_domain::phone_number::PhoneNumberError;
use vestnik_template::Language;

/// As much of a cell as fits into one line of a report.
pub const VALUE_CHARS_MAX: usize = 60;

/// An error keeps its line out; a warning is only said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Warning,
    Error,
}

/// One thing about one line; a line may have several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineProblem {
    /// As [`super::Line::number`].
    pub line: u32,
    /// The name in the header; `None` where the whole line is meant.
    pub column: Option<String>,
    pub kind: ProblemKind,
    /// The cell, cut to [`VALUE_CHARS_MAX`] characters; empty where the whole line is meant.
    pub value: String,
}

impl LineProblem {
    pub(super) fn new(line: u32, column: Option<String>, kind: ProblemKind, value: &str) -> Self {
        let value = value.chars().take(VALUE_CHARS_MAX).collect();
        LineProblem { line, column, kind, value }
    }

    pub fn severity(&self) -> Severity {
        self.kind.severity()
    }

    /// For programs: never changes once published.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// What is wrong and what would be right; line, column and value stand beside it.
    pub fn message(&self, language: Language) -> String {
        match language {
            Language::Russian => self.kind.message_russian(),
            Language::English => self.kind.message_english(),
        }
    }
}

/// What can be wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    Phone(PhoneNumberError),
    /// The client is kept, but nothing can be sent.
    PhoneMissing,
    NameMissing,
    /// Neither name nor phone: nobody to keep.
    ClientMissing,
    EmailUnreadable,
    BirthdayUnreadable,
    GenderUnreadable,
    DateMissing,
    TimeMissing,
    StartUnreadable,
    EndUnreadable,
    EndNotAfterStart,
    DurationUnreadable,
    StatusUnknown,
    /// A delimiter inside an unquoted text: every cell after it stands in the wrong column.
    TooManyCells,
    /// `#REF!` and the like.
    SpreadsheetError,
    RepeatsLine {
        first_line: u32,
    },
    RepeatsExternalId {
        first_line: u32,
    },
}

impl ProblemKind {
    pub fn severity(&self) -> Severity {
        match self {
            ProblemKind::PhoneMissing
            | ProblemKind::NameMissing
            | ProblemKind::EmailUnreadable
            | ProblemKind::BirthdayUnreadable
            | ProblemKind::GenderUnreadable
            | ProblemKind::RepeatsLine { .. }
            | ProblemKind::RepeatsExternalId { .. } => Severity::Warning,
            // A status that is misread would remind of a cancelled visit.
            ProblemKind::Phone(_)
            | ProblemKind::ClientMissing
            | ProblemKind::DateMissing
            | ProblemKind::TimeMissing
            | ProblemKind::StartUnreadable
            | ProblemKind::EndUnreadable
            | ProblemKind::EndNotAfterStart
            | ProblemKind::DurationUnreadable
            | ProblemKind::StatusUnknown
            | ProblemKind::TooManyCells
            | ProblemKind::SpreadsheetError => Severity::Error,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            ProblemKind::Phone(error) => error.code(),
            ProblemKind::PhoneMissing => "phone_missing",
            ProblemKind::NameMissing => "name_missing",
            ProblemKind::ClientMissing => "client_missing",
            ProblemKind::EmailUnreadable => "email_unreadable",
            ProblemKind::BirthdayUnreadable => "birthday_unreadable",
            ProblemKind::GenderUnreadable => "gender_unreadable",
            ProblemKind::DateMissing => "date_missing",
            ProblemKind::TimeMissing => "time_missing",
            ProblemKind::StartUnreadable => "start_unreadable",
            ProblemKind::EndUnreadable => "end_unreadable",
            ProblemKind::EndNotAfterStart => "end_not_after_start",
            ProblemKind::DurationUnreadable => "duration_unreadable",
            ProblemKind::StatusUnknown => "status_unknown",
            ProblemKind::TooManyCells => "line_too_many_cells",
            ProblemKind::SpreadsheetError => "cell_spreadsheet_error",
            ProblemKind::RepeatsLine { .. } => "line_repeated",
            ProblemKind::RepeatsExternalId { .. } => "external_id_repeated",
        }
    }

    fn message_russian(&self) -> String {
        let fixed = match self {
            ProblemKind::Phone(error) => return error.message(Language::Russian),
            ProblemKind::RepeatsLine { first_line } => {
                return format!("То же самое уже есть в строке {first_line}.");
            }
            ProblemKind::RepeatsExternalId { first_line } => {
                return format!("Тот же ID уже есть в строке {first_line}, но данные другие.");
            }
            ProblemKind::PhoneMissing => "Нет телефона: клиент сохранится без уведомлений.",
            ProblemKind::NameMissing => "Нет имени: клиент сохранится с одним телефоном.",
            ProblemKind::ClientMissing => {
                "Нет ни имени, ни телефона клиента. Укажите хотя бы одно."
            }
            ProblemKind::EmailUnreadable => {
                "Это не адрес почты. Нужно так: anna@example.ru. Строка загрузится без него."
            }
            ProblemKind::BirthdayUnreadable => {
                "День рождения не понят. Нужно так: 17.05.1990 или 17.05. Строка загрузится без него."
            }
            ProblemKind::GenderUnreadable => {
                "Пол не понят. Нужно так: женский, мужской. Строка загрузится без него."
            }
            ProblemKind::DateMissing => "Нет даты визита. Нужно так: 25.12.2026.",
            ProblemKind::TimeMissing => "Нет времени визита. Нужно так: 15:00.",
            ProblemKind::StartUnreadable => {
                "Дата или время не поняты. Нужно так: 25.12.2026 15:00 (сначала день, потом месяц)."
            }
            ProblemKind::EndUnreadable => "Окончание не понято. Нужно так: 16:30.",
            ProblemKind::EndNotAfterStart => "Визит кончается не позже, чем начинается.",
            ProblemKind::DurationUnreadable => {
                "Длительность не понята. Нужно так: 60, 1:30 или 1 ч 30 мин; не больше суток."
            }
            ProblemKind::StatusUnknown => {
                "Статус не понят. Нужно так: ожидает, подтвердил, пришёл, не пришёл, отменена."
            }
            ProblemKind::TooManyCells => {
                "В строке больше ячеек, чем в заголовке. Возможно, в тексте стоит разделитель: \
                 возьмите такой текст в кавычки."
            }
            ProblemKind::SpreadsheetError => "В ячейке ошибка таблицы. Исправьте формулу.",
        };
        fixed.to_owned()
    }

    fn message_english(&self) -> String {
        let fixed = match self {
            ProblemKind::Phone(error) => return error.message(Language::English),
            ProblemKind::RepeatsLine { first_line } => {
                return format!("Line {first_line} says the same already.");
            }
            ProblemKind::RepeatsExternalId { first_line } => {
                return format!("Line {first_line} has the same ID with other data.");
            }
            ProblemKind::PhoneMissing => "No phone: the client is kept, without notifications.",
            ProblemKind::NameMissing => "No name: the client is kept with the phone alone.",
            ProblemKind::ClientMissing => {
                "Neither name nor phone of the client. Give at least one."
            }
            ProblemKind::EmailUnreadable => {
                "This is no e-mail address. Write anna@example.com. The line is kept without it."
            }
            ProblemKind::BirthdayUnreadable => {
                "The birthday is not understood. Write 17.05.1990 or 17.05. The line is kept \
                 without it."
            }
            ProblemKind::GenderUnreadable => {
                "The gender is not understood. Write female or male. The line is kept without it."
            }
            ProblemKind::DateMissing => "The date of the visit is missing. Write 25.12.2026.",
            ProblemKind::TimeMissing => "The time of the visit is missing. Write 15:00.",
            ProblemKind::StartUnreadable => {
                "Date or time is not understood. Write 25.12.2026 15:00 (day before month)."
            }
            ProblemKind::EndUnreadable => "The end is not understood. Write 16:30.",
            ProblemKind::EndNotAfterStart => "The visit does not end after its start.",
            ProblemKind::DurationUnreadable => {
                "The duration is not understood. Write 60, 1:30 or 1 h 30 min; a day at most."
            }
            ProblemKind::StatusUnknown => {
                "The status is not understood. Write waiting, confirmed, arrived, no show or \
                 cancelled."
            }
            ProblemKind::TooManyCells => {
                "The line has more cells than the header. A text may hold the delimiter: put it in \
                 quotes."
            }
            ProblemKind::SpreadsheetError => {
                "The cell holds a spreadsheet error. Mend the formula."
            }
        };
        fixed.to_owned()
    }
}
