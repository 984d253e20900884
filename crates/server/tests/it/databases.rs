//! The end-to-end tests run on every database that Vestnik serves: each on an empty one of its own.

pub(crate) use vestnik_testkit::PostgresDatabase;
