//! The contract of the store.
//!
//! A [`Store`] offers verbs of use-case size, written once over an [`Engine`] that can do two things:
//! run named read statements, and commit a [`ChangeSet`] whole or not at all. The engines
//! (`store-sqlite`, `store-postgres`) hold what differs: connections, migrations, grouping of
//! commits, and the few statements that one dialect wants otherwise. Read statements stand in `sql/`
//! in the common subset of both dialects; write statements are derived from the table descriptions,
//! so that a column exists in one place.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod batch;
mod change_set;
mod engine;
mod record;
mod statement;
mod store;
mod table;
mod value;
mod write_sql;

pub mod tables;

pub use batch::{Answers, Asked, Batch, Grouped};
pub use change_set::{ChangeSet, Columns, Operation, Urgency};
pub use engine::{CommitError, Engine, ReadError};
pub use record::{Record, RowReader};
pub use statement::{Statement, statements};
pub use store::{APPOINTMENTS_OF_CLIENT_MOST, DueWalk, OfferStamp, Store};
pub use table::{Column, ColumnType, Table, all_tables};
pub use value::{Row, Value};
pub use write_sql::{
    Alike, Dialect, WriteStatement, add_sql, expect_sql, insert_sql, many_text, rewrite, update_sql,
};
