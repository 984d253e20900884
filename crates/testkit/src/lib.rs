//! What tests of several crates share: a deterministic salon, chance from a seed, a database that
//! fails on demand, and the conformance suite that every engine of the store must pass.
#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod builders;
mod chance;
pub mod conformance;
mod databases;
mod faulty_engine;
pub mod logical_schema;
mod pausing_engine;
mod postgres_address;
mod postgres_database;
pub mod write_budget;

pub use builders::{Salon, a_monday_morning};
pub use chance::Chance;
pub use databases::Database;
pub use faulty_engine::{Fault, FaultyEngine};
pub use pausing_engine::PausingEngine;
pub use postgres_address::postgres_address;
pub use postgres_database::PostgresDatabase;
pub use tempfile::{TempDir, tempdir};
