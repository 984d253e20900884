//! What the time is, as the database says it.

use jiff::Timestamp;
use vestnik_store::{ReadError, Row, RowReader, Statement};

/// SQLite asks the system.
pub(crate) static CLOCK: Statement =
    Statement::new("clock", "SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER)");

pub(crate) fn read_clock(rows: Vec<Row>) -> Result<Timestamp, ReadError> {
    match rows.into_iter().next() {
        Some(row) => RowReader::new(CLOCK.name, row).timestamp(),
        None => Err(ReadError::Unavailable("the clock did not answer".to_owned())),
    }
}
