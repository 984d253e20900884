//! How a domain value becomes a row and a row becomes a domain value.

use crate::engine::ReadError;
use crate::table::Table;
use crate::value::{Row, Value};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use vestnik_domain::local_time::from_micros;

/// A domain value that is kept in one table.
pub trait Record: Sized + Send {
    fn table() -> &'static Table;

    /// The values in the order of the table's columns.
    fn to_row(&self) -> Vec<Value>;

    /// Reads the columns in the table's order.
    fn from_row(row: &mut RowReader<'_>) -> Result<Self, ReadError>;

    /// Reads one whole row.
    fn read(row: Row) -> Result<Self, ReadError> {
        let mut reader = RowReader::new(Self::table().name, row);
        Self::from_row(&mut reader)
    }
}

/// Takes the columns of a row one after another; a wrong type is an error that names the table and
/// the position, since it means that the database was changed by other hands.
pub struct RowReader<'a> {
    what: &'a str,
    position: usize,
    values: std::vec::IntoIter<Value>,
}

impl<'a> RowReader<'a> {
    pub fn new(what: &'a str, row: Row) -> RowReader<'a> {
        RowReader { what, position: 0, values: row.0.into_iter() }
    }

    /// An error about the column taken last.
    pub fn corrupt(&self, expected: &str) -> ReadError {
        ReadError::Corrupt(format!("{}, column {}: expected {expected}", self.what, self.position))
    }

    fn next(&mut self) -> Value {
        self.position += 1;
        self.values.next().unwrap_or(Value::Null)
    }

    /// Passes over a column.
    pub fn skip(&mut self) {
        self.next();
    }

    pub fn integer(&mut self) -> Result<i64, ReadError> {
        self.optional_integer()?.ok_or_else(|| self.corrupt("a whole number"))
    }

    pub fn optional_integer(&mut self) -> Result<Option<i64>, ReadError> {
        match self.next() {
            Value::Integer(value) => Ok(Some(value)),
            Value::Null => Ok(None),
            _ => Err(self.corrupt("a whole number or nothing")),
        }
    }

    pub fn boolean(&mut self) -> Result<bool, ReadError> {
        Ok(self.integer()? != 0)
    }

    pub fn text(&mut self) -> Result<String, ReadError> {
        self.optional_text()?.ok_or_else(|| self.corrupt("a text"))
    }

    pub fn optional_text(&mut self) -> Result<Option<String>, ReadError> {
        match self.next() {
            Value::Text(value) => Ok(Some(value)),
            Value::Null => Ok(None),
            _ => Err(self.corrupt("a text or nothing")),
        }
    }

    pub fn bytes(&mut self) -> Result<Vec<u8>, ReadError> {
        match self.next() {
            Value::Bytes(value) => Ok(value),
            _ => Err(self.corrupt("bytes")),
        }
    }

    pub fn optional_bytes(&mut self) -> Result<Option<Vec<u8>>, ReadError> {
        match self.next() {
            Value::Bytes(value) => Ok(Some(value)),
            Value::Null => Ok(None),
            _ => Err(self.corrupt("bytes or nothing")),
        }
    }

    pub fn timestamp(&mut self) -> Result<Timestamp, ReadError> {
        self.optional_timestamp()?.ok_or_else(|| self.corrupt("a time in microseconds"))
    }

    pub fn optional_timestamp(&mut self) -> Result<Option<Timestamp>, ReadError> {
        self.optional_integer()?
            .map(from_micros)
            .transpose()
            .map_err(|_| self.corrupt("a time in microseconds"))
    }

    /// A text that a domain type reads by `read`, such as a status name.
    pub fn word<T>(&mut self, read: impl FnOnce(&str) -> Option<T>) -> Result<T, ReadError> {
        let text = self.text()?;
        read(&text).ok_or_else(|| self.corrupt("a known word"))
    }

    pub fn optional_word<T>(
        &mut self,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ReadError> {
        match self.optional_text()? {
            None => Ok(None),
            Some(text) => read(&text).map(Some).ok_or_else(|| self.corrupt("a known word")),
        }
    }

    pub fn json<T: DeserializeOwned>(&mut self) -> Result<T, ReadError> {
        let text = self.text()?;
        serde_json::from_str(&text).map_err(|error| self.corrupt(&format!("JSON ({error})")))
    }
}

/// A value as compact JSON for a text column. Our own types always serialise.
pub(crate) fn json<T: Serialize>(value: &T) -> Value {
    Value::Text(serde_json::to_string(value).unwrap_or_default())
}
