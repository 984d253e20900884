//! PostgreSQL under the store's contract: many nodes over one database.
//!
//! Statements are prepared once per connection and pipelined: a booking is two round trips, however
//! many rows it writes. Acknowledged only after COMMIT.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod bind;
mod engine;

pub use engine::{OpenError, PostgresEngine};
