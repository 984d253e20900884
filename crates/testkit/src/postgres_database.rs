//! A PostgreSQL database of a test's own, on the server that tests share.

use crate::postgres_address;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio_postgres::NoTls;

/// An empty PostgreSQL database, dropped at the end.
pub struct PostgresDatabase {
    server: String,
    name: String,
    /// For `--database`, and for an engine.
    pub address: String,
}

impl PostgresDatabase {
    /// `None` where tests have no PostgreSQL: says that `what` was left out.
    ///
    /// # Panics
    /// If the server does not answer.
    pub fn create(what: &str) -> Option<PostgresDatabase> {
        postgres_address(what).map(PostgresDatabase::create_on)
    }

    /// On the server with this superuser's address.
    ///
    /// # Panics
    /// If the server does not answer.
    pub fn create_on(server: String) -> PostgresDatabase {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("vestnik_own_{}_{number}", std::process::id());
        let (host, _) = server.rsplit_once('/').unwrap();
        let address = format!("{host}/{name}");
        let database = PostgresDatabase { server, name, address };
        database.make().unwrap();
        database
    }

    fn make(&self) -> Result<(), tokio_postgres::Error> {
        execute(&self.server, &format!("CREATE DATABASE {} TEMPLATE template0", self.name))
    }

    fn remove(&self) -> Result<(), tokio_postgres::Error> {
        execute(&self.server, &format!("DROP DATABASE {} WITH (FORCE)", self.name))
    }

    /// The first column of what a query finds: numbers that the service does not tell.
    ///
    /// # Panics
    /// If the server does not answer, or the column is no `bigint`.
    pub fn numbers(&self, query: &str) -> Vec<i64> {
        let rows = on_a_thread(async || {
            let (client, connection) = tokio_postgres::connect(&self.address, NoTls).await?;
            tokio::spawn(connection);
            client.query(query, &[]).await
        });
        rows.unwrap().iter().map(|row| row.get(0)).collect()
    }

    /// Throws everything away that is in it; whoever is connected loses the connection.
    ///
    /// # Panics
    /// If the server does not answer.
    pub fn empty(&self) {
        self.remove().unwrap();
        self.make().unwrap();
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        // After a failed test too: children are gone by then, and their logs tell more.
        if let Err(error) = self.remove() {
            println!("the database {} stays: {error}", self.name);
        }
    }
}

fn execute(server: &str, statement: &str) -> Result<(), tokio_postgres::Error> {
    on_a_thread(async || {
        let (client, connection) = tokio_postgres::connect(server, NoTls).await?;
        tokio::spawn(connection);
        client.batch_execute(statement).await
    })
}

/// Since a test may be running in a runtime already.
fn on_a_thread<T: Send>(work: impl AsyncFnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let working = scope.spawn(|| {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(work())
        });
        working.join().unwrap()
    })
}
