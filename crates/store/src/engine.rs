//! What a database must be able to do.

use crate::change_set::ChangeSet;
use crate::statement::Statement;
use crate::value::{Row, Value};
use jiff::Timestamp;

/// Why a read failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The database cannot be reached or refused the statement.
    #[error("the database did not answer: {0}")]
    Unavailable(String),
    /// A row does not hold what this version wrote.
    #[error("a row cannot be read: {0}")]
    Corrupt(String),
}

/// Why a change-set did not land, or may not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// Somebody was faster, or a unique key is taken: nothing landed; decide again from a fresh read.
    /// `operation` is the position in the change-set that lost.
    #[error("another change came first ({table})")]
    Conflict { table: &'static str, operation: usize },
    /// A counter would fall below its floor: nothing landed.
    #[error("the floor of {table} was reached")]
    Floor { table: &'static str, operation: usize },
    /// The database refuses a row as it stands: nothing landed, and it never will.
    #[error("the database refuses a row of {0}")]
    Refused(String),
    /// Nothing landed; it may be tried again.
    #[error("the database did not answer: {0}")]
    Unavailable(String),
    /// The commit itself failed half-way: read again by the idempotency key to learn what holds.
    #[error("the outcome of the commit is unknown: {0}")]
    OutcomeUnknown(String),
}

/// A database.
#[async_trait::async_trait]
pub trait Engine: Send + Sync {
    /// Runs one read statement.
    async fn read(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Result<Vec<Row>, ReadError>;

    /// Runs several read statements in their order; the rows of each.
    async fn read_all(
        &self,
        reads: Vec<(&'static Statement, Vec<Value>)>,
    ) -> Result<Vec<Vec<Row>>, ReadError> {
        let mut answers = Vec::with_capacity(reads.len());
        for (statement, parameters) in reads {
            answers.push(self.read(statement, parameters).await?);
        }
        Ok(answers)
    }

    /// Commits the whole change-set, durably, or nothing.
    async fn commit(&self, change_set: ChangeSet) -> Result<(), CommitError>;

    /// What the database's clock says: the one that all nodes share.
    async fn clock(&self) -> Result<Timestamp, ReadError>;

    /// One line for people: which engine, which file or server, which schema version.
    async fn describe(&self) -> Result<String, ReadError>;

    /// Writes a consistent copy to `path`; engines whose operators have their own tools refuse.
    async fn back_up(&self, path: &std::path::Path) -> Result<(), ReadError>;
}
