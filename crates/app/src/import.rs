//! Clients and appointments from the files that salons really have.
//!
//! Three steps, each a pure function: [`decode::decode`] turns bytes into a table of text,
//! [`columns::suggest_mapping`] says which column holds what, and [`rows::read_clients`] or
//! [`rows::read_appointments`] make typed rows with a report by line. Nothing here knows a store,
//! a zone or the clock: dry run and import read a file in exactly the same way.

pub mod columns;
pub mod decode;
pub mod report;
pub mod rows;

mod delimited;
mod moments;
mod text_encoding;
mod values;
mod workbook;

pub use columns::{Column, Mapping, MappingError, MissingColumns, RowKind, suggest_mapping};
pub use decode::{DecodeError, Line, Table, decode};
pub use report::{LineProblem, ProblemKind, Severity};
pub use rows::{AppointmentRow, ClientRow, Gender, ReadRows, read_appointments, read_clients};

#[cfg(test)]
mod tests;
