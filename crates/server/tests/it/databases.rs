//! The end-to-end tests run on every database that Vestnik serves: each on an empty one of its own.

use std::sync::atomic::{AtomicU32, Ordering};
use tokio_postgres::NoTls;

/// An empty PostgreSQL database, dropped at the end.
pub(crate) struct PostgresDatabase {
    server: String,
    name: String,
    /// For `--database`.
    pub(crate) address: String,
}

impl PostgresDatabase {
    /// `None` where tests have no PostgreSQL.
    pub(crate) fn create(what: &str) -> Option<PostgresDatabase> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = vestnik_testkit::postgres_address(what)?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("vestnik_binary_{}_{number}", std::process::id());
        execute(&server, &format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
        let (host, _) = server.rsplit_once('/').unwrap();
        let address = format!("{host}/{name}");
        Some(PostgresDatabase { server, name, address })
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        // After a failed test too: children are gone by then, and their logs tell more.
        let dropped = execute(&self.server, &format!("DROP DATABASE {} WITH (FORCE)", self.name));
        if let Err(error) = dropped {
            println!("the database {} stays: {error}", self.name);
        }
    }
}

fn execute(server: &str, statement: &str) -> Result<(), tokio_postgres::Error> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(server, NoTls).await?;
        tokio::spawn(connection);
        client.batch_execute(statement).await
    })
}
