//! The engine for simulations: one in-memory connection, every call done before it returns, so a
//! single-threaded executor never waits and a seed replays exactly.

use crate::clock::{CLOCK, read_clock};
use crate::connection::{OpenError, copy_into, copy_to, empty, open_in_memory, schema_version};
use crate::execute;
use crate::kept::Kept;
use jiff::Timestamp;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use vestnik_domain::ids::BUCKETS;
use vestnik_store::{ChangeSet, CommitError, Engine, Operation, ReadError, Row, Statement, Value};

/// SQLite in memory, inline.
pub struct InlineEngine {
    connection: Mutex<Connection>,
    /// The buckets in which anything was ever inserted. Loops ask for all of them, again and again;
    /// asking only for the few that a simulation fills halves its time and finds the same rows.
    filled: Mutex<BTreeSet<i64>>,
    /// Looked at only by whoever holds the connection.
    kept: Mutex<Kept>,
}

impl InlineEngine {
    /// A fresh, migrated database.
    pub fn new() -> Result<InlineEngine, OpenError> {
        Ok(InlineEngine {
            connection: Mutex::new(open_in_memory()?),
            filled: Mutex::new(BTreeSet::new()),
            kept: Mutex::default(),
        })
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn filled(&self) -> MutexGuard<'_, BTreeSet<i64>> {
        self.filled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A list of all buckets becomes one of those with rows; every other parameter stays.
    fn narrow(&self, parameter: Value) -> Value {
        match parameter {
            Value::Integers(all) if all.iter().copied().eq(0..BUCKETS) => {
                Value::Integers(self.filled().iter().copied().collect())
            }
            other => other,
        }
    }

    /// Makes this database, under everybody who uses it, what `other`, never itself, holds at this
    /// moment.
    pub fn become_copy_of(&self, other: &InlineEngine) -> Result<(), OpenError> {
        let mut own = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        other.with(|other| copy_into(other, &mut own))?;
        *self.filled() = other.filled().clone();
        *self.kept() = Kept::default();
        Ok(())
    }

    /// Makes it what [`InlineEngine::new`] makes, in less time.
    pub fn empty(&self) -> Result<(), OpenError> {
        self.with(|connection| {
            self.filled().clear();
            *self.kept() = Kept::default();
            Ok(empty(connection)?)
        })
    }

    /// A copy of the database as it stands.
    pub fn copy(&self) -> Result<InlineEngine, OpenError> {
        let mut copy = Connection::open_in_memory()?;
        self.with(|connection| copy_into(connection, &mut copy))?;
        Ok(InlineEngine {
            connection: Mutex::new(copy),
            filled: Mutex::new(self.filled().clone()),
            kept: Mutex::default(),
        })
    }

    fn with<T>(&self, run: impl FnOnce(&Connection) -> T) -> T {
        // A panic inside SQLite calls leaves no half-done transaction that matters here.
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        run(&connection)
    }
}

/// The bucket in which an operation may make a row.
fn fills(operation: &Operation) -> Option<i64> {
    let (place, values) = match operation {
        Operation::Insert { table, row } => (table.position("bucket"), row),
        Operation::Add { table, key, .. } => {
            (table.key.iter().position(|column| *column == "bucket"), key)
        }
        Operation::Update { .. } | Operation::Expect { .. } => return None,
    };
    match values.get(place?) {
        Some(Value::Integer(bucket)) => Some(*bucket),
        _ => None,
    }
}

#[async_trait::async_trait]
impl Engine for InlineEngine {
    async fn read(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Result<Vec<Row>, ReadError> {
        let parameters: Vec<Value> = parameters.into_iter().map(|one| self.narrow(one)).collect();
        self.with(|connection| {
            if let Some(rows) = self.kept().answer(statement, &parameters) {
                return Ok(rows.to_vec());
            }
            let rows = execute::read(connection, statement, &parameters)?;
            self.kept().keep(statement, parameters, &rows);
            Ok(rows)
        })
    }

    async fn commit(&self, change_set: ChangeSet) -> Result<(), CommitError> {
        self.filled().extend(change_set.operations.iter().filter_map(fills));
        let unavailable = |error: rusqlite::Error| CommitError::Unavailable(error.to_string());
        self.with(|connection| {
            self.kept().written(change_set.operations.iter().map(Operation::table));
            connection.execute_batch("BEGIN IMMEDIATE").map_err(unavailable)?;
            let applied = execute::apply(connection, &execute::writes(change_set));
            let end = if applied.is_ok() { "COMMIT" } else { "ROLLBACK" };
            connection.execute_batch(end).map_err(unavailable)?;
            applied
        })
    }

    async fn clock(&self) -> Result<Timestamp, ReadError> {
        read_clock(self.read(&CLOCK, Vec::new()).await?)
    }

    async fn describe(&self) -> Result<String, ReadError> {
        self.with(schema_version)
            .map(|version| format!("SQLite in memory, schema {version}"))
            .map_err(|error| ReadError::Unavailable(error.to_string()))
    }

    async fn back_up(&self, path: &std::path::Path) -> Result<(), ReadError> {
        self.with(|connection| copy_to(connection, path))
            .map_err(|error| ReadError::Unavailable(error.to_string()))
    }
}
