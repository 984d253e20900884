//! SQLite under the store's contract: the whole product on one small machine.
//!
//! One writer thread owns the writing connection and commits in groups; a few readers answer reads
//! from their own connections (WAL: readers never wait for the writer). For simulations the same
//! engine runs inline on one in-memory connection, without threads.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod clock;
mod connection;
mod execute;
mod inline;
mod kept;
mod planner;
mod readers;
mod threaded;
mod writer;

pub use connection::{OpenError, close_database, copy_database, tune_writer};
pub use inline::InlineEngine;
pub use threaded::SqliteEngine;
