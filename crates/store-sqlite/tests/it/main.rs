//! SQLite as an engine of the store: the conformance suite, in a file and in memory, and what only
//! a file can show.
#![allow(clippy::unwrap_used, reason = "tests")]

mod conformance;
mod controls;
mod copies;
mod crashes;
mod schema;
mod statements;
mod write_budget;

use std::path::Path;
use std::sync::Arc;
use vestnik_store::Engine;
use vestnik_store_sqlite::SqliteEngine;

fn open(path: &Path) -> Arc<dyn Engine> {
    Arc::new(SqliteEngine::open(path, 2).unwrap())
}
