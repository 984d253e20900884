//! PostgreSQL as an engine of the store: the conformance suite, concurrent sessions, and the same
//! logical schema as SQLite's. Needs a server; see `vestnik_testkit::postgres_address`.
#![allow(clippy::unwrap_used, reason = "tests")]

mod conformance;
mod schema;
mod server;
mod several_servers;
mod statements;
