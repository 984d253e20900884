//! Running statements on a connection: values in, rows out.

use rusqlite::ffi::{
    SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID, SQLITE_CONSTRAINT_UNIQUE,
};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, ToSql};
use std::fmt::Write as _;
use vestnik_store::{
    ChangeSet, CommitError, Dialect, Operation, ReadError, Row, Statement, Value, WriteStatement,
};

/// A store value as a parameter.
struct Parameter<'a>(&'a Value);

impl ToSql for Parameter<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Integer(value) => ToSqlOutput::Borrowed(ValueRef::Integer(*value)),
            Value::Text(value) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
            Value::Bytes(value) => ToSqlOutput::Borrowed(ValueRef::Blob(value)),
            // Read by `json_each`.
            Value::Integers(values) => {
                ToSqlOutput::Owned(rusqlite::types::Value::Text(json_list(values)))
            }
            Value::Texts(values) => {
                ToSqlOutput::Owned(rusqlite::types::Value::Text(json_texts(values)))
            }
        })
    }
}

fn json_list(values: &[i64]) -> String {
    let mut list = String::with_capacity(2 + values.len() * 4);
    list.push('[');
    for (place, value) in values.iter().enumerate() {
        if place > 0 {
            list.push(',');
        }
        // Writing to a string never fails.
        let _ = write!(list, "{value}");
    }
    list.push(']');
    list
}

fn json_texts(values: &[String]) -> String {
    let mut list =
        String::with_capacity(2 + values.iter().map(|text| text.len() + 3).sum::<usize>());
    list.push('[');
    for (place, value) in values.iter().enumerate() {
        list.push_str(if place > 0 { ",\"" } else { "\"" });
        for letter in value.chars() {
            match letter {
                '"' => list.push_str("\\\""),
                '\\' => list.push_str("\\\\"),
                // Writing to a string never fails.
                '\0'..='\x1f' => drop(write!(list, "\\u{:04x}", u32::from(letter))),
                letter => list.push(letter),
            }
        }
        list.push('"');
    }
    list.push(']');
    list
}

/// Runs a read statement.
pub(crate) fn read(
    connection: &Connection,
    statement: &'static Statement,
    parameters: &[Value],
) -> Result<Vec<Row>, ReadError> {
    let unavailable =
        |error: rusqlite::Error| ReadError::Unavailable(format!("{}: {error}", statement.name));
    let mut prepared =
        connection.prepare_cached(statement.text(Dialect::Sqlite)).map_err(unavailable)?;
    let columns = prepared.column_count();
    let bound = rusqlite::params_from_iter(parameters.iter().map(Parameter));
    let mut found = prepared.query(bound).map_err(unavailable)?;
    let mut rows = Vec::new();
    while let Some(row) = found.next().map_err(unavailable)? {
        let mut values = Vec::with_capacity(columns);
        for column in 0..columns {
            values.push(match row.get_ref(column).map_err(unavailable)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(value) => Value::Integer(value),
                ValueRef::Text(value) => Value::Text(text(value)),
                ValueRef::Blob(value) => Value::Bytes(value.to_vec()),
                ValueRef::Real(_) => {
                    return Err(ReadError::Corrupt(format!(
                        "{}, column {column}: a fraction",
                        statement.name
                    )));
                }
            });
        }
        rows.push(Row(values));
    }
    Ok(rows)
}

/// What SQLite holds for a text need not be one.
fn text(value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(value).into_owned(),
    }
}

/// Runs several read statements on one state of the database: what other connections commit meanwhile
/// is not seen, and the pages that one statement has read stand ready for the next.
pub(crate) fn read_all(
    connection: &Connection,
    reads: &[(&'static Statement, Vec<Value>)],
) -> Result<Vec<Vec<Row>>, ReadError> {
    if let [(statement, parameters)] = reads {
        return Ok(vec![read(connection, statement, parameters)?]);
    }
    let run = |sql: &str| -> Result<(), ReadError> {
        let mut prepared = connection.prepare_cached(sql).map_err(no_answer)?;
        prepared.execute([]).map_err(no_answer)?;
        Ok(())
    };
    run("BEGIN")?;
    let answers =
        reads.iter().map(|(statement, parameters)| read(connection, statement, parameters));
    let answers: Result<Vec<Vec<Row>>, ReadError> = answers.collect();
    run("COMMIT")?;
    answers
}

fn no_answer(error: rusqlite::Error) -> ReadError {
    ReadError::Unavailable(error.to_string())
}

/// One row write, put into words by whoever asks for it: the writing thread has enough to do.
pub(crate) struct Write {
    statement: WriteStatement,
    table: &'static str,
    is_counter: bool,
    only_reads: bool,
}

/// The row writes of a change-set, in order.
pub(crate) fn writes(change_set: ChangeSet) -> Vec<Write> {
    let operations = change_set.operations.into_iter();
    operations
        .map(|operation| Write {
            table: operation.table().name,
            is_counter: matches!(operation, Operation::Add { .. }),
            only_reads: matches!(operation, Operation::Expect { .. }),
            statement: WriteStatement::of(operation, Dialect::Sqlite),
        })
        .collect()
}

/// Applies a change-set inside the open transaction; after an error the caller rolls back.
pub(crate) fn apply(connection: &Connection, writes: &[Write]) -> Result<(), CommitError> {
    for (position, write) in writes.iter().enumerate() {
        apply_one(connection, position, write)?;
    }
    Ok(())
}

fn apply_one(connection: &Connection, position: usize, write: &Write) -> Result<(), CommitError> {
    let Write { statement, table, is_counter, only_reads } = write;
    let conflict = CommitError::Conflict { table, operation: position };
    // Only a taken key is a lost race; a row that breaks the schema would lose it for ever.
    let failed = |error: rusqlite::Error| match error.sqlite_extended_error_code() {
        Some(SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY | SQLITE_CONSTRAINT_ROWID) => {
            CommitError::Conflict { table, operation: position }
        }
        _ => match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig) => {
                CommitError::Refused(format!("{table}: {error}"))
            }
            _ => CommitError::Unavailable(format!("{table}: {error}")),
        },
    };
    let mut prepared = connection.prepare_cached(statement.sql).map_err(failed)?;
    let bound = rusqlite::params_from_iter(statement.values.iter().map(Parameter));
    let touched = if *only_reads {
        usize::from(prepared.exists(bound).map_err(failed)?)
    } else {
        prepared.execute(bound).map_err(failed)?
    };
    match (touched, *is_counter) {
        (1, _) => Ok(()),
        (_, true) => Err(CommitError::Floor { table, operation: position }),
        (_, false) => Err(conflict),
    }
}

#[cfg(test)]
mod tests {
    use crate::connection::open_in_memory;
    use rusqlite::StatementStatus;
    use vestnik_store::{Dialect, rewrite, statements};

    /// Planned anew with every value bound to it, a statement costs ten times itself.
    #[test]
    fn no_read_is_prepared_twice() {
        let connection = open_in_memory().unwrap();
        for statement in statements() {
            let sql = rewrite(statement.sql, Dialect::Sqlite);
            let mut prepared = connection.prepare(&sql).unwrap();
            for round in 1..=3 {
                for place in 1..=prepared.parameter_count() {
                    prepared.raw_bind_parameter(place, round).unwrap();
                }
                let mut rows = prepared.raw_query();
                while rows.next().unwrap().is_some() {}
            }
            let anew = prepared.get_status(StatementStatus::RePrepare);
            assert_eq!(anew, 0, "{}", statement.name);
        }
    }
}
