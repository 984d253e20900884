//! From a table of text to typed rows: each line stands alone, and a bad one never takes a good one
//! with it.

use super::columns::{Column, Mapping, MissingColumns, RowKind};
use super::decode::{Line, Table};
use super::moments::{Moment, parse_birthday, parse_moment};
use super::report::{LineProblem, ProblemKind, Severity};
use super::values::{parse_duration_min, parse_email, parse_gender, parse_status, split_services};
use jiff::ToSpan;
use jiff::civil::DateTime;
use std::collections::HashMap;
use std::hash::Hash;
use vestnik_domain::appointment::Status;
use vestnik_domain::client::Birthday;
use vestnik_domain::phone_number::{PhoneNumber, Region};

/// Written into cells instead of leaving them empty.
const BLANKS: &[&str] = &[
    "-",
    "--",
    "—",
    "–",
    "нет",
    "не указан",
    "не указано",
    "n/a",
    "null",
    "0000-00-00",
    "00.00.0000",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gender {
    Female,
    Male,
}

/// One client of the file. At least one of name and phone is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRow {
    /// First name, patronymic and surname where they have columns of their own; may be empty.
    pub name: String,
    pub phone: Option<PhoneNumber>,
    pub email: Option<String>,
    pub birthday: Option<Birthday>,
    pub gender: Option<Gender>,
    pub note: String,
    pub external_id: Option<String>,
}

/// One appointment of the file. Times are the wall time of its branch, not yet known to exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppointmentRow {
    pub client_name: String,
    pub phone: Option<PhoneNumber>,
    pub start: DateTime,
    /// Always after `start`.
    pub end: Option<DateTime>,
    /// Only as a column of its own says; may differ from `end`.
    pub duration_min: Option<u32>,
    /// Names, in the order of the file; may be empty.
    pub services: Vec<String>,
    pub staff: Option<String>,
    pub branch: Option<String>,
    /// `None` where the file does not say.
    pub status: Option<Status>,
    pub comment: String,
    pub external_id: Option<String>,
}

/// The good lines with their numbers, and what was found, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRows<R> {
    pub rows: Vec<(u32, R)>,
    pub problems: Vec<LineProblem>,
}

/// Reads every line as a client; numbers without a plus are `region`'s. Two lines with one phone are both kept, with a warning.
pub fn read_clients(
    table: &Table,
    mapping: &Mapping,
    region: Region,
) -> Result<ReadRows<ClientRow>, MissingColumns> {
    mapping.require(RowKind::Clients)?;
    let mut repeats = Repeats::default();
    Ok(read_lines(table, (mapping, region), client_of, |line, row| {
        let key = row.phone.clone().map_or_else(|| row.name.clone(), |phone| phone.to_string());
        repeats.problem(line, key, row.external_id.as_deref())
    }))
}

/// Reads every line as an appointment; numbers without a plus are `region`'s. Lines that say the same are all kept, with a warning.
pub fn read_appointments(
    table: &Table,
    mapping: &Mapping,
    region: Region,
) -> Result<ReadRows<AppointmentRow>, MissingColumns> {
    mapping.require(RowKind::Appointments)?;
    let mut repeats = Repeats::default();
    Ok(read_lines(table, (mapping, region), appointment_of, |line, row| {
        let client = (row.phone.clone(), row.client_name.clone());
        let key = (client, row.start, row.staff.clone(), row.services.clone());
        repeats.problem(line, key, row.external_id.as_deref())
    }))
}

fn read_lines<R>(
    table: &Table,
    (mapping, region): (&Mapping, Region),
    row_of: impl Fn(&mut LineReader<'_>) -> Option<R>,
    mut repetition: impl FnMut(u32, &R) -> Option<ProblemKind>,
) -> ReadRows<R> {
    let mut rows = Vec::new();
    let mut problems = Vec::new();
    for line in &table.lines {
        let mut reader =
            LineReader { line, header: &table.header, mapping, region, problems: Vec::new() };
        reader.check_cells();
        let row = row_of(&mut reader).filter(|_| !reader.has_error());
        if let Some(row) = row {
            if let Some(kind) = repetition(line.number, &row) {
                reader.problem(None, kind);
            }
            rows.push((line.number, row));
        }
        problems.append(&mut reader.problems);
    }
    ReadRows { rows, problems }
}

fn client_of(reader: &mut LineReader<'_>) -> Option<ClientRow> {
    let (name, phone) = reader.client()?;
    if name.is_empty() {
        reader.problem(Some(Column::Name), ProblemKind::NameMissing);
    }
    Some(ClientRow {
        name,
        phone,
        email: reader.read(Column::Email, parse_email, ProblemKind::EmailUnreadable),
        birthday: reader.read(Column::Birthday, parse_birthday, ProblemKind::BirthdayUnreadable),
        gender: reader.read(Column::Gender, parse_gender, ProblemKind::GenderUnreadable),
        note: reader.text(Column::Note).to_owned(),
        external_id: reader.filled(Column::ExternalId),
    })
}

fn appointment_of(reader: &mut LineReader<'_>) -> Option<AppointmentRow> {
    // All cells are read before the line is given up, so that one report names all that is wrong.
    let client = reader.client();
    let times = reader.times();
    let duration_min =
        reader.read(Column::Duration, parse_duration_min, ProblemKind::DurationUnreadable);
    let status = reader.read(Column::Status, parse_status, ProblemKind::StatusUnknown);
    let ((client_name, phone), (start, end)) = (client?, times?);
    Some(AppointmentRow {
        client_name,
        phone,
        start,
        end,
        duration_min,
        services: split_services(reader.text(Column::Services)),
        staff: reader.filled(Column::Staff),
        branch: reader.filled(Column::Branch),
        status,
        comment: reader.text(Column::Note).to_owned(),
        external_id: reader.filled(Column::ExternalId),
    })
}

/// One line under its mapping, gathering what is wrong with it.
struct LineReader<'a> {
    line: &'a Line,
    header: &'a [String],
    mapping: &'a Mapping,
    /// In whose way a number without a plus is read.
    region: Region,
    problems: Vec<LineProblem>,
}

impl<'a> LineReader<'a> {
    /// The cell of `column`, empty where there is none or only a dash stands for it.
    fn text(&self, column: Column) -> &'a str {
        let place = self.mapping.place(column);
        let cell = place.and_then(|place| self.line.cells.get(place)).map_or("", String::as_str);
        if cell.len() < 32 && BLANKS.contains(&cell.to_lowercase().as_str()) { "" } else { cell }
    }

    fn filled(&self, column: Column) -> Option<String> {
        Some(self.text(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// `None` for an empty cell without a word, for an unreadable one with a problem.
    fn read<T>(
        &mut self,
        column: Column,
        parse: impl Fn(&str) -> Option<T>,
        unreadable: ProblemKind,
    ) -> Option<T> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let value = parse(text);
        if value.is_none() {
            self.problem(Some(column), unreadable);
        }
        value
    }

    fn problem(&mut self, column: Option<Column>, kind: ProblemKind) {
        let name = column.and_then(|column| self.header.get(self.mapping.place(column)?)).cloned();
        let value = column.map_or("", |column| self.text(column));
        self.problems.push(LineProblem::new(self.line.number, name, kind, value));
    }

    fn has_error(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity() == Severity::Error)
    }

    /// What spoils a line whatever its columns mean.
    fn check_cells(&mut self) {
        if self.line.cells.len() > self.header.len() {
            self.problem(None, ProblemKind::TooManyCells);
        }
        for (place, cell) in self.line.cells.iter().enumerate() {
            if matches!(
                cell.as_str(),
                "#DIV/0!"
                    | "#N/A"
                    | "#NAME?"
                    | "#NULL!"
                    | "#NUM!"
                    | "#REF!"
                    | "#VALUE!"
                    | "#Н/Д"
                    | "#ДЕЛ/0!"
                    | "#ИМЯ?"
                    | "#ПУСТО!"
                    | "#ЧИСЛО!"
                    | "#ССЫЛКА!"
                    | "#ЗНАЧ!"
            ) {
                let name = self.header.get(place).cloned();
                let kind = ProblemKind::SpreadsheetError;
                self.problems.push(LineProblem::new(self.line.number, name, kind, cell));
            }
        }
    }

    /// Name and phone; `None` where the phone is wrong or both are empty.
    fn client(&mut self) -> Option<(String, Option<PhoneNumber>)> {
        let parts = [Column::Name, Column::Patronymic, Column::Surname].map(|part| self.text(part));
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let name = parts.join(" ");
        let written = self.text(Column::Phone);
        if !written.is_empty() {
            return match PhoneNumber::parse(written, self.region) {
                Ok(phone) => Some((name, Some(phone))),
                Err(error) => {
                    self.problem(Some(Column::Phone), ProblemKind::Phone(error));
                    None
                }
            };
        }
        if name.is_empty() {
            self.problem(None, ProblemKind::ClientMissing);
            return None;
        }
        self.problem(Some(Column::Phone), ProblemKind::PhoneMissing);
        Some((name, None))
    }

    /// Start and end out of one column or of several: a date column may hold the time as well, and
    /// a column «Начало» beside a date only the time.
    fn times(&mut self) -> Option<(DateTime, Option<DateTime>)> {
        let unreadable = ProblemKind::StartUnreadable;
        let mut found = Moment::default();
        let mut all_read = true;
        for column in [Column::Start, Column::Date, Column::Time] {
            let filled = !self.text(column).is_empty();
            let read = self.read(column, parse_moment, unreadable.clone());
            all_read &= read.is_some() || !filled;
            let moment = read.unwrap_or_default();
            // «Дата» often carries a midnight of its own beside «Время».
            let time = match (column, self.text(Column::Time).is_empty()) {
                (Column::Date, false) => None,
                _ => moment.time,
            };
            found.date = found.date.or(moment.date);
            found.time = found.time.or(time);
            found.end_time = found.end_time.or(moment.end_time);
        }
        let end = self.read(Column::End, parse_moment, ProblemKind::EndUnreadable);
        if !all_read {
            return None;
        }
        let column_of = |columns: [Column; 2]| {
            columns.into_iter().find(|column| self.mapping.place(*column).is_some())
        };
        let (date_column, time_column) =
            (column_of([Column::Date, Column::Start]), column_of([Column::Time, Column::Start]));
        if found.date.is_none() {
            self.problem(date_column, ProblemKind::DateMissing);
        }
        if found.time.is_none() {
            self.problem(time_column.or(date_column), ProblemKind::TimeMissing);
        }
        let start = found.date?.to_datetime(found.time?);
        let end =
            end.or(found.end_time.map(|time| Moment { time: Some(time), ..Moment::default() }));
        Some((start, self.end_after(start, end)))
    }

    /// An end without a date is on the day of the start, or on the next one for a visit over
    /// midnight.
    fn end_after(&mut self, start: DateTime, end: Option<Moment>) -> Option<DateTime> {
        let end = end?;
        let Some(time) = end.time else {
            self.problem(Some(Column::End), ProblemKind::EndUnreadable);
            return None;
        };
        let over_midnight = end.date.is_none() && time < start.time() && start.hour() >= 18;
        let day = match over_midnight {
            true => start.date().checked_add(1.day()).ok()?,
            false => end.date.unwrap_or(start.date()),
        };
        let end = day.to_datetime(time);
        if end <= start {
            self.problem(Some(Column::End), ProblemKind::EndNotAfterStart);
        }
        Some(end)
    }
}

/// Finds lines that say what an earlier line said.
struct Repeats<K> {
    lines: HashMap<K, u32>,
    external_ids: HashMap<String, u32>,
}

impl<K> Default for Repeats<K> {
    fn default() -> Self {
        Repeats { lines: HashMap::new(), external_ids: HashMap::new() }
    }
}

impl<K: Hash + Eq> Repeats<K> {
    fn problem(&mut self, line: u32, key: K, external_id: Option<&str>) -> Option<ProblemKind> {
        let first_line = *self.lines.entry(key).or_insert(line);
        let first_with_id = match external_id {
            Some(id) => *self.external_ids.entry(id.to_owned()).or_insert(line),
            None => line,
        };
        if first_line != line {
            Some(ProblemKind::RepeatsLine { first_line })
        } else if first_with_id != line {
            Some(ProblemKind::RepeatsExternalId { first_line: first_with_id })
        } else {
            None
        }
    }
}
