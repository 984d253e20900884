//! Bytes in, a table of text out: which kind of file this is, and how much of it we are ready to
//! hold in memory.

use super::columns;
use super::{delimited, text_encoding, workbook};
use thiserror::Error;
use vestnik_template::Language;

/// The largest file, before anything of it is read.
pub const BYTES_MAX: usize = 20 * 1024 * 1024;
/// Lines below the header.
pub const LINES_MAX: usize = 100_000;
pub const COLUMNS_MAX: usize = 100;
pub const CELL_CHARS_MAX: usize = 4_000;

/// What a table may take in memory. A workbook says a text once and shows it in a million cells.
const HELD_BYTES_MAX: usize = 256 * 1024 * 1024;
/// A title («Клиенты за декабрь») may stand above the header, but not more than a few lines of it.
const HEADER_WITHIN_LINES: usize = 10;

/// The text of a file: its header, and the lines below it that are not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub header: Vec<String>,
    pub lines: Vec<Line>,
}

/// One line, without the empty cells at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The row that a spreadsheet shows beside it, from 1; empty rows count.
    pub number: u32,
    pub cells: Vec<String>,
}

/// Why a file cannot be read at all. `code()` is stable; `message()` is for people.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DecodeError {
    #[error("the file has {bytes} bytes, more than {BYTES_MAX}")]
    TooManyBytes { bytes: usize },
    #[error("the file has more than {LINES_MAX} lines")]
    TooManyLines,
    #[error("the table holds more text than can be read at once")]
    TooMuchText,
    #[error("line {line} has more than {COLUMNS_MAX} columns")]
    TooManyColumns { line: u32 },
    #[error("line {line}, column {column} has more than {CELL_CHARS_MAX} characters")]
    CellTooLong { line: u32, column: usize },
    #[error("the quote opened in line {line}, column {column} is never closed")]
    QuoteNotClosed { line: u32, column: usize },
    #[error("the file holds no table")]
    Empty,
    #[error("the file is an old Excel workbook (.xls, .xlsb)")]
    OldExcel,
    #[error("the file is an OpenDocument table (.ods)")]
    OpenDocument,
    #[error("the workbook is protected by a password")]
    PasswordProtected,
    #[error("the file is a web page")]
    WebPage,
    #[error("the workbook is damaged: {reason}")]
    DamagedWorkbook { reason: String },
    #[error("the workbook unpacks to more than it may")]
    WorkbookTooLarge,
    #[error("the file is no table")]
    NotATable,
    #[error("the UTF-8 text is damaged")]
    DamagedUtf8,
    #[error("the encoding of the text is not known")]
    UnknownEncoding,
}

/// Reads a CSV file (UTF-8, UTF-16 with a mark, Windows-1251 and its elder sisters; any usual
/// delimiter) or an XLSX workbook. What the bytes are decides; `file_name_hint` only words the
/// error for bytes that are nothing we know.
pub fn decode(bytes: &[u8], file_name_hint: Option<&str>) -> Result<Table, DecodeError> {
    if bytes.len() > BYTES_MAX {
        return Err(DecodeError::TooManyBytes { bytes: bytes.len() });
    }
    let lines = if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        workbook::read(bytes)?
    } else if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(compound_file_error(bytes));
    } else {
        let text =
            text_encoding::decode_text(bytes).map_err(|error| by_name(error, file_name_hint))?;
        if is_web_page(&text) {
            return Err(DecodeError::WebPage);
        }
        delimited::read(&text)?
    };
    into_table(lines)
}

/// Collects lines within the limits; the readers hand over each line as they find it, so that a
/// file beyond a limit is refused before the rest of it is read.
#[derive(Default)]
pub(super) struct LineCollector {
    lines: Vec<Line>,
    held_bytes: usize,
}

impl LineCollector {
    /// Takes the cells of line `number`; a line of empty cells is dropped.
    pub(super) fn push(&mut self, number: u32, cells: Vec<String>) -> Result<(), DecodeError> {
        let used = cells.iter().rposition(|cell| !trimmed(cell).is_empty());
        let Some(used) = used.map(|last| last + 1) else {
            return Ok(());
        };
        if used > COLUMNS_MAX {
            return Err(DecodeError::TooManyColumns { line: number });
        }
        let cells: Vec<String> = cells.iter().take(used).map(|cell| trimmed(cell).into()).collect();
        if let Some(column) = cells.iter().position(|cell| is_too_long(cell)) {
            return Err(DecodeError::CellTooLong { line: number, column: column + 1 });
        }
        if self.lines.len() > LINES_MAX + HEADER_WITHIN_LINES {
            return Err(DecodeError::TooManyLines);
        }
        let line_bytes: usize = cells.iter().map(|cell| cell.len() + size_of::<String>()).sum();
        self.held_bytes = self.held_bytes.saturating_add(line_bytes);
        if self.held_bytes > HELD_BYTES_MAX {
            return Err(DecodeError::TooMuchText);
        }
        self.lines.push(Line { number, cells });
        Ok(())
    }

    pub(super) fn into_lines(self) -> Vec<Line> {
        self.lines
    }
}

pub(super) fn is_too_long(cell: &str) -> bool {
    cell.len() > CELL_CHARS_MAX && cell.chars().count() > CELL_CHARS_MAX
}

fn trimmed(cell: &str) -> &str {
    cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}' | '\0'))
}

/// The header is the first line with at least two names that we know, else the very first.
fn into_table(mut lines: Vec<Line>) -> Result<Table, DecodeError> {
    let near_top = lines.iter().take(HEADER_WITHIN_LINES);
    let header_at = near_top
        .map(|line| columns::known_names(&line.cells))
        .position(|known| known >= 2)
        .unwrap_or(0);
    if lines.is_empty() {
        return Err(DecodeError::Empty);
    }
    let below = lines.split_off(header_at + 1);
    if below.len() > LINES_MAX {
        return Err(DecodeError::TooManyLines);
    }
    let header = lines.pop().map(|line| line.cells).unwrap_or_default();
    Ok(Table { header, lines: below })
}

/// Office puts both the old format and an encrypted new one into a compound file.
fn compound_file_error(bytes: &[u8]) -> DecodeError {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    match bytes.windows(name.len()).any(|window| window == name) {
        true => DecodeError::PasswordProtected,
        false => DecodeError::OldExcel,
    }
}

/// Journals like to save a web page under the name of a table.
fn is_web_page(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(15).collect::<String>().to_lowercase();
    ["<!doctype", "<html", "<table", "<?xml", "<head", "<meta"]
        .iter()
        .any(|tag| start.starts_with(tag))
}

fn by_name(error: DecodeError, file_name_hint: Option<&str>) -> DecodeError {
    let name = file_name_hint.unwrap_or_default().to_lowercase();
    match error {
        DecodeError::NotATable if name.ends_with(".xlsx") => {
            DecodeError::DamagedWorkbook { reason: "not a zip archive".to_owned() }
        }
        DecodeError::NotATable if name.ends_with(".xls") => DecodeError::OldExcel,
        error => error,
    }
}

impl DecodeError {
    /// For programs: never changes once published.
    pub fn code(&self) -> &'static str {
        match self {
            DecodeError::TooManyBytes { .. } => "file_too_large",
            DecodeError::TooManyLines => "file_too_many_lines",
            DecodeError::TooMuchText => "file_too_much_text",
            DecodeError::TooManyColumns { .. } => "file_too_many_columns",
            DecodeError::CellTooLong { .. } => "file_cell_too_long",
            DecodeError::QuoteNotClosed { .. } => "file_quote_not_closed",
            DecodeError::Empty => "file_empty",
            DecodeError::OldExcel => "file_old_excel",
            DecodeError::OpenDocument => "file_open_document",
            DecodeError::PasswordProtected => "file_password_protected",
            DecodeError::WebPage => "file_web_page",
            DecodeError::DamagedWorkbook { .. } => "file_damaged_workbook",
            DecodeError::WorkbookTooLarge => "file_workbook_too_large",
            DecodeError::NotATable => "file_not_a_table",
            DecodeError::DamagedUtf8 => "file_damaged_utf8",
            DecodeError::UnknownEncoding => "file_unknown_encoding",
        }
    }

    /// What is wrong and what would be right.
    pub fn message(&self, language: Language) -> String {
        match language {
            Language::Russian => self.message_russian(),
            Language::English => self.message_english(),
        }
    }

    fn message_russian(&self) -> String {
        let save_as = "Сохраните таблицу как «Книга Excel (.xlsx)» или CSV и загрузите снова.";
        match self {
            DecodeError::TooManyBytes { .. } => {
                format!("Файл больше {} МБ. Разделите его на части.", BYTES_MAX / 1024 / 1024)
            }
            DecodeError::TooManyLines => {
                format!("В файле больше {LINES_MAX} строк. Разделите его на части.")
            }
            DecodeError::TooMuchText => {
                "В таблице слишком много текста. Разделите её на части.".to_owned()
            }
            DecodeError::TooManyColumns { line } => {
                format!("В строке {line} больше {COLUMNS_MAX} столбцов. Уберите лишние.")
            }
            DecodeError::CellTooLong { line, column } => format!(
                "В строке {line}, столбце {column} больше {CELL_CHARS_MAX} знаков. Сократите текст."
            ),
            DecodeError::QuoteNotClosed { line, column } => format!(
                "В строке {line}, столбце {column} открыта кавычка, которая нигде не закрыта. \
                 Уберите её или закройте."
            ),
            DecodeError::Empty => {
                "В файле нет таблицы. Нужна строка с названиями столбцов и строки под ней."
                    .to_owned()
            }
            DecodeError::OldExcel => format!("Это файл старого Excel. {save_as}"),
            DecodeError::OpenDocument => format!("Это таблица OpenDocument (.ods). {save_as}"),
            DecodeError::PasswordProtected => {
                format!("Файл закрыт паролем. Снимите пароль. {save_as}")
            }
            DecodeError::WebPage => {
                format!("Это веб-страница, а не таблица. Откройте её в Excel. {save_as}")
            }
            DecodeError::DamagedWorkbook { .. } => format!("Файл Excel повреждён. {save_as}"),
            DecodeError::WorkbookTooLarge => format!(
                "Книга Excel после распаковки слишком велика. Оставьте в ней один лист с данными. \
                 {save_as}"
            ),
            DecodeError::NotATable => format!("Это не таблица. {save_as}"),
            DecodeError::DamagedUtf8 => "Текст файла повреждён: часть букв не читается (UTF-8). \
                 Сохраните файл заново."
                .to_owned(),
            DecodeError::UnknownEncoding => {
                "Не удалось понять кодировку файла. Сохраните его как «CSV UTF-8» или .xlsx."
                    .to_owned()
            }
        }
    }

    fn message_english(&self) -> String {
        let save_as = "Save the table as an Excel workbook (.xlsx) or CSV and try again.";
        match self {
            DecodeError::TooManyBytes { .. } => {
                format!("The file is larger than {} MB. Split it.", BYTES_MAX / 1024 / 1024)
            }
            DecodeError::TooManyLines => {
                format!("The file has more than {LINES_MAX} lines. Split it.")
            }
            DecodeError::TooMuchText => "The table holds too much text. Split it.".to_owned(),
            DecodeError::TooManyColumns { line } => {
                format!("Line {line} has more than {COLUMNS_MAX} columns. Remove the extra ones.")
            }
            DecodeError::CellTooLong { line, column } => format!(
                "Line {line}, column {column} has more than {CELL_CHARS_MAX} characters. Shorten it."
            ),
            DecodeError::QuoteNotClosed { line, column } => format!(
                "A quote opens in line {line}, column {column} and is never closed. Remove or close \
                 it."
            ),
            DecodeError::Empty => {
                "The file holds no table. It needs a line of column names and lines below it."
                    .to_owned()
            }
            DecodeError::OldExcel => format!("This is a file of an old Excel. {save_as}"),
            DecodeError::OpenDocument => format!("This is an OpenDocument table (.ods). {save_as}"),
            DecodeError::PasswordProtected => {
                format!("The file is protected by a password. Remove it. {save_as}")
            }
            DecodeError::WebPage => {
                format!("This is a web page, not a table. Open it in Excel. {save_as}")
            }
            DecodeError::DamagedWorkbook { .. } => format!("The Excel file is damaged. {save_as}"),
            DecodeError::WorkbookTooLarge => format!(
                "The workbook is too large when unpacked. Keep one sheet with the data. {save_as}"
            ),
            DecodeError::NotATable => format!("This is not a table. {save_as}"),
            DecodeError::DamagedUtf8 => {
                "The text is damaged: some letters are not valid UTF-8. Save the file again."
                    .to_owned()
            }
            DecodeError::UnknownEncoding => {
                "The encoding of the file is not known. Save it as “CSV UTF-8” or .xlsx.".to_owned()
            }
        }
    }
}
