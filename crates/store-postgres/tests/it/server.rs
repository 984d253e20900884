//! One database per test, copied from a migrated template and dropped at the end.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use tokio_postgres::{Client, NoTls};
use vestnik_store::Engine;
use vestnik_store_postgres::PostgresEngine;

/// Keeps test processes that start together from making the template twice.
const TEMPLATE_LOCK: i64 = 0x5645_5354_4e49_4b02;
/// A deadlock is told after a second by default: too long for thousands of rounds.
const DEADLOCK_TIMEOUT: &str = "20ms";
/// The longest wait for a connection to end, milliseconds.
const END_MS: i64 = 10_000;

/// The server under test, with the databases that this test made.
pub(crate) struct Server {
    pub(crate) address: String,
    admin: Client,
    template: String,
    made: Mutex<Vec<String>>,
}

/// Runs `test` with a server, if there is one; drops the databases that it made.
pub(crate) async fn on_server(what: &str, test: impl AsyncFnOnce(&Server)) {
    let Some(address) = vestnik_testkit::postgres_address(what) else {
        return;
    };
    let server = Server::connect(address).await;
    test(&server).await;
    // After a failed test they stay, for whoever wants to look; the server itself is thrown away.
    let made = std::mem::take(&mut *server.made.lock().unwrap());
    for name in made {
        server.admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    }
}

/// A plain connection, for looking at what the engine hides.
pub(crate) async fn connect(address: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

impl Server {
    async fn connect(address: String) -> Server {
        let admin = connect(&address).await;
        let template = format!("vestnik_template_{:016x}", migrations_hash());
        let server = Server { address, admin, template, made: Mutex::default() };
        server.make_template().await;
        server
    }

    /// The address of a database on this server.
    fn address_of(&self, database: &str) -> String {
        let (server, _) = self.address.rsplit_once('/').unwrap();
        format!("{server}/{database}?options=-c%20deadlock_timeout%3D{DEADLOCK_TIMEOUT}")
    }

    async fn make_template(&self) {
        self.admin.execute("SELECT pg_advisory_lock($1)", &[&TEMPLATE_LOCK]).await.unwrap();
        let known = self
            .admin
            .query("SELECT 1 FROM pg_database WHERE datname = $1", &[&self.template])
            .await
            .unwrap();
        if known.is_empty() {
            let building = format!("{}_building", self.template);
            let sql = format!("DROP DATABASE IF EXISTS {building} WITH (FORCE)");
            self.admin.batch_execute(&sql).await.unwrap();
            self.admin.batch_execute(&format!("CREATE DATABASE {building}")).await.unwrap();
            drop(PostgresEngine::open(&self.address_of(&building), 1).await.unwrap());
            // The pool closes its connections some time after it is dropped.
            self.admin
                .query(
                    "SELECT pg_terminate_backend(pid, $2) FROM pg_stat_activity WHERE datname = $1",
                    &[&building, &END_MS],
                )
                .await
                .unwrap();
            let sql = format!("ALTER DATABASE {building} RENAME TO {}", self.template);
            self.admin.batch_execute(&sql).await.unwrap();
        }
        self.admin.execute("SELECT pg_advisory_unlock($1)", &[&TEMPLATE_LOCK]).await.unwrap();
    }

    /// A new, migrated database; its address.
    pub(crate) async fn database(&self) -> String {
        self.create(&format!("TEMPLATE {}", self.template)).await
    }

    /// A new database without any tables; its address.
    pub(crate) async fn empty_database(&self) -> String {
        self.create("TEMPLATE template0").await
    }

    async fn create(&self, template: &str) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("vestnik_test_{}_{number}", std::process::id());
        self.admin.batch_execute(&format!("CREATE DATABASE {name} {template}")).await.unwrap();
        self.made.lock().unwrap().push(name.clone());
        self.address_of(&name)
    }

    /// An engine on a new database.
    pub(crate) async fn engine(&self) -> Arc<dyn Engine> {
        open(&self.database().await).await
    }
}

pub(crate) async fn open(address: &str) -> Arc<dyn Engine> {
    Arc::new(PostgresEngine::open(address, 8).await.unwrap())
}

/// FNV-1a over the migrations: a template of older ones is not taken for this one.
fn migrations_hash() -> u64 {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let bytes = files.iter().flat_map(|file| std::fs::read(file).unwrap());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
