//! Landing a file in the journal: from bytes to clients and appointments, with a report by line.
//!
//! [`read_file`] is pure and may take a second; [`import`] lands what was read, chunk by chunk. Each
//! chunk is one commit: killed anywhere, whole chunks stand, and the same file run again goes on,
//! since what stands already is recognised and left alone. A dry run takes the same way up to the
//! commit. Nothing that stands is ever overwritten: an import adds, and fills in what is empty.

mod appointments;
mod cards;
mod chunk;
mod clients;
mod desk;
pub(crate) mod names;
mod problems;
mod staff_time;
mod standing;
mod uncommitted;

pub use crate::clients::home_region;
pub use problems::ImportProblem;

use crate::context::{App, Caller};
use crate::error::{AppError, FieldError};
use crate::import::{self, AppointmentRow, ClientRow, Column, Mapping, RowKind, Severity};
use chunk::{Landed, Outcome};
use desk::Desk;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use vestnik_domain::Language;
use vestnik_domain::ids::BranchId;
use vestnik_domain::phone_number::Region;

/// Rows in one commit: some thousand row writes, which the front desk waits behind for a moment at most.
const CHUNK_ROWS: usize = 200;
/// A report longer than this is read by nobody; the rest is counted.
const PROBLEMS_MOST: usize = 1_000;

/// What a file says, before anybody looked into the journal.
#[derive(Debug)]
pub struct FileRows {
    line_count: usize,
    rows: Rows,
    problems: Vec<ImportProblem>,
    columns: ColumnNames,
}

#[derive(Debug)]
enum Rows {
    Clients(Vec<(u32, ClientRow)>),
    Appointments(Vec<(u32, AppointmentRow)>),
}

impl Rows {
    fn len(&self) -> usize {
        match self {
            Rows::Clients(rows) => rows.len(),
            Rows::Appointments(rows) => rows.len(),
        }
    }

    fn line_at(&self, place: usize) -> Option<u32> {
        match self {
            Rows::Clients(rows) => rows.get(place).map(|(line, _)| *line),
            Rows::Appointments(rows) => rows.get(place).map(|(line, _)| *line),
        }
    }
}

/// The names of the file's own columns, for problems that are found after reading.
#[derive(Debug, Default)]
struct ColumnNames {
    header: Vec<String>,
    mapping: Mapping,
}

impl ColumnNames {
    fn name(&self, column: Column) -> Option<String> {
        self.header.get(self.mapping.place(column)?).cloned()
    }
}

/// How to land what was read.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportOptions {
    /// For lines that name no branch; `None`: the only one, if there is only one.
    pub branch_id: Option<BranchId>,
    /// Say what would happen, change nothing.
    pub dry_run: bool,
    /// Send reminders for the imported visits that lie ahead; «created» is never sent for them.
    pub reminders: bool,
    /// Make staff members and services that the file names and the salon does not have. Owners only.
    pub create_missing: bool,
}

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportReport {
    pub dry_run: bool,
    /// Lines below the header that are not empty.
    pub lines: usize,
    /// Lines that added or completed something (in a dry run: that would).
    pub landed: usize,
    /// Lines that say what stands already.
    pub unchanged: usize,
    /// Lines that were left out, each with an error in `problems`.
    pub refused: usize,
    pub new_clients: usize,
    pub new_staff: usize,
    pub new_services: usize,
    /// The database failed on the way: this line and those below were not reached.
    pub stopped_before_line: Option<u32>,
    /// All problems, also those beyond the first thousand.
    pub problem_count: usize,
    /// In the order of the lines.
    pub problems: Vec<ImportProblem>,
}

/// Reads a file; `names` says which column stands under which name where the usual names do not; numbers without a plus are
/// `region`'s ([`home_region`]).
///
/// # Errors
/// A field error on `file` if it is no table or lacks a column, on `mapping` if that names a column
/// which the file does not have.
pub fn read_file(
    kind: RowKind,
    bytes: &[u8],
    file_name: Option<&str>,
    names: &BTreeMap<Column, String>,
    region: Region,
) -> Result<FileRows, AppError> {
    let table = import::decode(bytes, file_name)
        .map_err(|error| refused("file", error.code(), |language| error.message(language)))?;
    let explicit = Mapping::explicit(&table.header, names)
        .map_err(|error| refused("mapping", error.code(), |language| error.message(language)))?;
    let mapping = import::suggest_mapping(&table.header).overridden_by(&explicit);
    let missing = |error: import::MissingColumns| {
        refused("file", error.code(), |language| error.message(language))
    };
    let (rows, problems) = match kind {
        RowKind::Clients => {
            let read = import::read_clients(&table, &mapping, region).map_err(missing)?;
            (Rows::Clients(read.rows), read.problems)
        }
        RowKind::Appointments => {
            let read = import::read_appointments(&table, &mapping, region).map_err(missing)?;
            (Rows::Appointments(read.rows), read.problems)
        }
    };
    Ok(FileRows {
        line_count: table.lines.len(),
        rows,
        problems: problems.iter().map(ImportProblem::from).collect(),
        columns: ColumnNames { header: table.header, mapping },
    })
}

fn refused(field: &str, code: &'static str, message: impl Fn(Language) -> String) -> AppError {
    let (russian, english) = (message(Language::Russian), message(Language::English));
    AppError::Invalid(vec![FieldError::new(field, code, russian, english)])
}

/// Lands the rows of a file, or says what would land.
///
/// # Errors
/// `branch_id` unknown; owners only with `create_missing`; the database's own refusals as long as
/// nothing landed. Later ones end the run, and the report says where.
pub async fn import(
    app: &App,
    caller: &Caller,
    file: FileRows,
    options: ImportOptions,
) -> Result<ImportReport, AppError> {
    import_in_chunks(app, caller, file, options, CHUNK_ROWS).await
}

/// The same with so many rows in one commit: the same comes of a file whatever their number.
///
/// # Errors
/// As [`import`].
pub async fn import_in_chunks(
    app: &App,
    caller: &Caller,
    file: FileRows,
    options: ImportOptions,
    chunk_rows: usize,
) -> Result<ImportReport, AppError> {
    if options.create_missing {
        caller.need_owner()?;
    }
    let FileRows { line_count, rows, mut problems, columns } = file;
    let mut desk = Desk::open(app, caller, options, &columns).await?;
    let mut landed = Landed::default();
    let mut stopped_before_line = None;
    for range in chunks(rows.len(), chunk_rows.max(1)) {
        match desk.land(&rows, range.clone()).await {
            Ok(of_chunk) => landed.add(of_chunk),
            Err(error) if range.start == 0 => return Err(error),
            Err(error) => {
                tracing::error!(%error, "an import stopped on its way");
                stopped_before_line = rows.line_at(range.start);
                break;
            }
        }
    }
    problems.append(&mut landed.problems);
    problems.sort_by_key(|problem| problem.line);
    let refused: BTreeSet<u32> = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| problem.line)
        .collect();
    let problem_count = problems.len();
    problems.truncate(PROBLEMS_MOST);
    Ok(ImportReport {
        dry_run: options.dry_run,
        lines: line_count,
        landed: landed.count(Outcome::Landed),
        unchanged: landed.count(Outcome::Unchanged),
        refused: refused.len(),
        new_clients: landed.new_clients,
        new_staff: landed.new_staff,
        new_services: landed.new_services,
        stopped_before_line,
        problem_count,
        problems,
    })
}

fn chunks(rows: usize, of: usize) -> impl Iterator<Item = Range<usize>> {
    (0..rows).step_by(of).map(move |start| start..rows.min(start.saturating_add(of)))
}
