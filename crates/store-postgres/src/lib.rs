//! PostgreSQL under the store's contract: many nodes over one database.
//!
//! Statements are prepared once per connection and pipelined together with their COMMIT: a booking is
//! one round trip, however many rows it writes. Acknowledged only after COMMIT.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod bind;
mod engine;
mod transaction;
mod write;

pub use engine::{OpenError, PostgresEngine};
