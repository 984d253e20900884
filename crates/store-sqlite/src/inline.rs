//! The engine for simulations: one in-memory connection, every call done before it returns, so a
//! single-threaded executor never waits and a seed replays exactly.

use crate::clock::{CLOCK, read_clock};
use crate::connection::{OpenError, copy_over, copy_to, open_in_memory, schema_version};
use crate::execute;
use jiff::Timestamp;
use rusqlite::Connection;
use std::sync::{Mutex, PoisonError};
use vestnik_store::{ChangeSet, CommitError, Engine, ReadError, Row, Statement, Value};

/// SQLite in memory, inline.
pub struct InlineEngine {
    connection: Mutex<Connection>,
}

impl InlineEngine {
    /// A fresh, migrated database.
    pub fn new() -> Result<InlineEngine, OpenError> {
        Ok(InlineEngine { connection: Mutex::new(open_in_memory()?) })
    }

    /// A copy of the database as it stands.
    pub fn copy(&self) -> Result<InlineEngine, OpenError> {
        let mut copy = Connection::open_in_memory()?;
        self.with(|connection| copy_over(connection, &mut copy))?;
        Ok(InlineEngine { connection: Mutex::new(copy) })
    }

    /// The database becomes what `copy` is, under everybody who uses it.
    pub fn put_back(&self, copy: &InlineEngine) -> Result<(), OpenError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        copy.with(|copy| copy_over(copy, &mut connection))?;
        Ok(())
    }

    fn with<T>(&self, run: impl FnOnce(&Connection) -> T) -> T {
        // A panic inside SQLite calls leaves no half-done transaction that matters here.
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        run(&connection)
    }
}

#[async_trait::async_trait]
impl Engine for InlineEngine {
    async fn read(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Result<Vec<Row>, ReadError> {
        self.with(|connection| execute::read(connection, statement, &parameters))
    }

    async fn commit(&self, change_set: ChangeSet) -> Result<(), CommitError> {
        let unavailable = |error: rusqlite::Error| CommitError::Unavailable(error.to_string());
        self.with(|connection| {
            connection.execute_batch("BEGIN IMMEDIATE").map_err(unavailable)?;
            let applied = execute::apply(connection, change_set);
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
