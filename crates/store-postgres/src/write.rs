//! The row writes of a change-set as statements. Many inserts into one table, updates of the same of its
//! columns, or rows of it that must not have changed, are one statement: the server takes them for little
//! more than it takes one.

use crate::bind::Parameter;
use crate::engine::words;
use std::collections::HashMap;
use tokio_postgres::error::SqlState;
use vestnik_store::{Alike, CommitError, Operation, Table, Value, WriteStatement, many_text};

/// Fewer rows are as quick one by one.
const TOGETHER_LEAST: usize = 4;

/// One statement, ready to be pipelined.
pub(crate) struct Write {
    pub(crate) sql: &'static str,
    pub(crate) parameters: Vec<Parameter>,
    table: &'static str,
    is_counter: bool,
    /// Its place in the change-set; of rows written together that of the first.
    position: usize,
}

impl Write {
    fn of(position: usize, operation: Operation) -> Write {
        let table = operation.table().name;
        let is_counter = matches!(operation, Operation::Add { .. });
        let statement = WriteStatement::proving(operation);
        Write {
            sql: statement.sql,
            parameters: statement.values.into_iter().map(Parameter::One).collect(),
            table,
            is_counter,
            position,
        }
    }

    fn of_rows(table: &'static Table, alike: Alike, rows: &[(usize, &Operation)]) -> Write {
        let column = |(place, position): (usize, usize)| {
            let value = |operation: &Operation| match operation {
                Operation::Insert { row, .. } | Operation::Update { row, .. } => {
                    row.get(position).cloned()
                }
                // Its columns are those of the key.
                Operation::Expect { key, .. } => key.get(place).cloned(),
                Operation::Add { .. } => None,
            };
            let values = rows.iter().map(|(_, operation)| value(operation).unwrap_or(Value::Null));
            Parameter::Column(values.collect())
        };
        let columns = alike.columns(table).into_iter().enumerate();
        let mut parameters: Vec<Parameter> = columns.map(column).collect();
        if alike != Alike::Insert {
            let versions = rows.iter().filter_map(|(_, operation)| match operation {
                Operation::Update { version, .. } | Operation::Expect { version, .. } => {
                    Some(Value::Integer(*version))
                }
                _ => None,
            });
            parameters.push(Parameter::Column(versions.collect()));
        }
        Write {
            sql: many_text(table, alike),
            parameters,
            table: table.name,
            is_counter: false,
            position: rows.first().map_or(0, |(position, _)| *position),
        }
    }

    /// What it means that the server refused this write with `code`.
    pub(crate) fn refused(&self, code: &SqlState, error: &tokio_postgres::Error) -> CommitError {
        let Write { table, position: operation, .. } = *self;
        match *code {
            SqlState::DIVISION_BY_ZERO if self.is_counter => {
                CommitError::Floor { table, operation }
            }
            SqlState::DIVISION_BY_ZERO
            | SqlState::UNIQUE_VIOLATION
            | SqlState::T_R_DEADLOCK_DETECTED
            | SqlState::T_R_SERIALIZATION_FAILURE => CommitError::Conflict { table, operation },
            // Data exceptions and broken constraints (PostgreSQL, appendix A): they stay what they are.
            _ if matches!(code.code().get(..2), Some("22" | "23")) => {
                CommitError::Refused(format!("{table}: {}", words(error)))
            }
            _ => CommitError::Unavailable(format!("{table}: {}", words(error))),
        }
    }
}

/// A statement for each operation, in their order.
pub(crate) fn one_by_one(operations: Vec<Operation>) -> Vec<Write> {
    operations.into_iter().enumerate().map(|(place, one)| Write::of(place, one)).collect()
}

/// What is written at one place of the transaction.
enum Step<'a> {
    One(usize, &'a Operation),
    Rows(&'static Table, Alike, Vec<(usize, &'a Operation)>),
}

/// The same with what is done alike to rows of one table together, at the place of the first of them; `None`
/// where there are not enough of them. Only what else is done to that very table keeps two rows apart: it
/// may free a key that the second takes.
pub(crate) fn gathered(operations: &[Operation]) -> Option<Vec<Write>> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    let mut open: HashMap<&str, usize> = HashMap::new();
    for (place, operation) in operations.iter().enumerate() {
        let table = operation.table();
        let alike = match operation {
            Operation::Insert { .. } => Alike::Insert,
            Operation::Update { columns, .. } => Alike::Update(*columns),
            Operation::Expect { .. } => Alike::Expect,
            Operation::Add { .. } => {
                open.remove(table.name);
                steps.push(Step::One(place, operation));
                continue;
            }
        };
        match open.get(table.name).and_then(|step| steps.get_mut(*step)) {
            Some(Step::Rows(_, same, rows)) if *same == alike => rows.push((place, operation)),
            _ => {
                open.insert(table.name, steps.len());
                steps.push(Step::Rows(table, alike, vec![(place, operation)]));
            }
        }
    }
    let is_many = |rows: &[(usize, &Operation)]| rows.len() >= TOGETHER_LEAST;
    if !steps.iter().any(|step| matches!(step, Step::Rows(_, _, rows) if is_many(rows))) {
        return None;
    }
    let mut writes = Vec::with_capacity(steps.len());
    for step in steps {
        match step {
            Step::One(place, operation) => writes.push(Write::of(place, operation.clone())),
            Step::Rows(table, alike, rows) if is_many(&rows) => {
                writes.push(Write::of_rows(table, alike, &rows));
            }
            Step::Rows(_, _, rows) => {
                let single = rows.into_iter().map(|(place, one)| Write::of(place, one.clone()));
                writes.extend(single);
            }
        }
    }
    Some(writes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vestnik_store::{ChangeSet, Columns};
    use vestnik_testkit::{Salon, a_monday_morning};

    fn places(writes: &[Write]) -> Vec<(&'static str, usize)> {
        writes.iter().map(|write| (write.table, write.position)).collect()
    }

    /// Each inserts an appointment, a guard and two messages.
    fn bookings(count: usize) -> ChangeSet {
        let mut salon = Salon::new(1, a_monday_morning());
        let mut change_set = ChangeSet::new();
        for _ in 0..count {
            change_set.extend(salon.booking(a_monday_morning(), salon.staff.id));
        }
        change_set
    }

    #[test]
    fn many_inserts_into_one_table_go_together() {
        let together = gathered(&bookings(2).operations).unwrap();
        let expected =
            [("appointments", 0), ("appointments", 4), ("staff_days", 1), ("staff_days", 5)];
        assert_eq!(places(&together), [&expected[..], &[("messages", 2)]].concat());
        assert!(gathered(&bookings(1).operations).is_none(), "a few stay as they are");
    }

    #[test]
    fn updates_of_the_same_columns_go_together() {
        let update = |operation: &Operation, columns| match operation {
            Operation::Insert { table, row } => {
                Operation::Update { table, row: row.clone(), version: 1, columns }
            }
            _ => panic!("an insert"),
        };
        let mut change_set = ChangeSet::new();
        for (place, operation) in bookings(5).operations.iter().step_by(4).enumerate() {
            let columns = if place < 4 { Columns::NONE.with(3) } else { Columns::ALL };
            change_set.operations.push(update(operation, columns));
        }
        let written = places(&gathered(&change_set.operations).unwrap());
        assert_eq!(written, [("appointments", 0), ("appointments", 4)]);
    }

    #[test]
    fn rows_that_must_not_have_changed_go_together() {
        let mut salon = Salon::new(1, a_monday_morning());
        let mut change_set = bookings(1);
        for _ in 0..5 {
            let client = salon.another_client("Вера");
            change_set.expect(&client, client.version);
        }
        let written = places(&gathered(&change_set.operations).unwrap());
        assert_eq!(written.last(), Some(&("clients", 4)));
        assert_eq!(written.len(), 5, "the booking stays as it is");
    }

    #[test]
    fn what_else_is_done_to_the_table_keeps_inserts_apart() {
        let mut change_set = bookings(2);
        let Some(Operation::Insert { table, row }) = change_set.operations.get(2).cloned() else {
            panic!("a message");
        };
        change_set.operations.push(Operation::Update {
            table,
            row,
            version: 1,
            columns: Columns::ALL,
        });
        change_set.extend(bookings(1));
        let written = places(&gathered(&change_set.operations).unwrap());
        assert_eq!(table.name, "messages");
        let of_table = written.into_iter().filter(|(name, _)| *name == table.name);
        let expected = [(table.name, 2), (table.name, 8), (table.name, 11), (table.name, 12)];
        assert_eq!(of_table.collect::<Vec<_>>(), expected);
    }
}
