//! Databases for benches: each begins empty and is gone afterwards. `SQLite` on the disk of the
//! temporary folder; PostgreSQL on the server of `scripts/with-postgres`, which flushes to disk.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use tokio_postgres::{Client, NoTls};
use vestnik_testkit::TempDir;

/// The two engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    /// Both, where there is a PostgreSQL server.
    pub(crate) fn all() -> Vec<Kind> {
        match vestnik_testkit::postgres_address("the bench") {
            Some(_) => vec![Kind::Sqlite, Kind::Postgres],
            None => vec![Kind::Sqlite],
        }
    }

    /// As a table names it, with what makes its commits durable.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Kind::Sqlite => "SQLite, `synchronous=FULL`",
            Kind::Postgres => "PostgreSQL, `fsync=on`",
        }
    }
}

/// One empty database.
pub(crate) struct BenchDatabase {
    kind: Kind,
    folder: TempDir,
    /// Server and name of a PostgreSQL database.
    on_server: Option<(String, String)>,
}

impl BenchDatabase {
    pub(crate) async fn create(kind: Kind) -> BenchDatabase {
        BenchDatabase::create_from(kind, "template0").await
    }

    /// Another one with the same rows. Nobody may use this one meanwhile.
    pub(crate) async fn copy(&self) -> BenchDatabase {
        match &self.on_server {
            None => {
                let copy = BenchDatabase::create(self.kind).await;
                let connection = rusqlite::Connection::open(self.path()).unwrap();
                let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
                let busy: i64 = connection.query_row(checkpoint, [], |row| row.get(0)).unwrap();
                assert_eq!(busy, 0, "somebody uses it");
                std::fs::copy(self.path(), copy.path()).unwrap();
                copy
            }
            Some((server, name)) => {
                // Connections that were given up are not yet closed.
                let close = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                             WHERE datname = $1 AND pid <> pg_backend_pid()";
                connect(server).await.execute(close, &[name]).await.unwrap();
                BenchDatabase::create_from(self.kind, name).await
            }
        }
    }

    async fn create_from(kind: Kind, template: &str) -> BenchDatabase {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let folder = vestnik_testkit::tempdir().unwrap();
        let on_server = match kind {
            Kind::Sqlite => None,
            Kind::Postgres => {
                let server = vestnik_testkit::postgres_address("the bench").unwrap();
                let number = NUMBER.fetch_add(1, Ordering::Relaxed);
                let name = format!("vestnik_bench_{}_{number}", std::process::id());
                let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
                let client = connect(&server).await;
                client.batch_execute(&create).await.unwrap();
                // As the title says.
                for setting in ["fsync", "synchronous_commit"] {
                    let row = client.query_one(&format!("SHOW {setting}"), &[]).await.unwrap();
                    assert_eq!(row.get::<_, String>(0), "on", "{setting}");
                }
                Some((server, name))
            }
        };
        BenchDatabase { kind, folder, on_server }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The file of an `SQLite` database.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("vestnik.db")
    }

    /// As `--database` takes it.
    pub(crate) fn address(&self) -> String {
        match &self.on_server {
            None => format!("sqlite:{}", self.path().display()),
            Some((server, name)) => {
                let (host, _) = server.rsplit_once('/').unwrap();
                format!("{host}/{name}")
            }
        }
    }

    /// A connection past the store, to PostgreSQL.
    pub(crate) async fn connect(&self) -> Client {
        connect(&self.address()).await
    }

    /// Reads rows back past the store: the one number that `sql` selects.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        match self.kind {
            Kind::Sqlite => {
                let connection = rusqlite::Connection::open(self.path()).unwrap();
                connection.query_row(sql, [], |row| row.get(0)).unwrap()
            }
            Kind::Postgres => self.connect().await.query_one(sql, &[]).await.unwrap().get(0),
        }
    }

    /// Carries out a statement past the store; how many rows it touched.
    pub(crate) async fn execute(&self, sql: &str) -> u64 {
        match self.kind {
            Kind::Sqlite => {
                let connection = rusqlite::Connection::open(self.path()).unwrap();
                u64::try_from(connection.execute(sql, []).unwrap()).unwrap()
            }
            Kind::Postgres => self.connect().await.execute(sql, &[]).await.unwrap(),
        }
    }

    /// What `PostgreSQL` does by itself a minute after rows came in, and `SQLite` has no need of.
    pub(crate) async fn gather_statistics(&self) {
        if self.on_server.is_some() {
            self.connect().await.batch_execute("ANALYZE").await.unwrap();
        }
    }

    /// Transactions of the server that wrote so far: only those take a number.
    pub(crate) async fn write_transactions(&self) -> Option<i64> {
        self.on_server.as_ref()?;
        let sql = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint";
        Some(self.number(sql).await)
    }

    /// Gives the space back; without it the server's folder would grow with every round.
    pub(crate) async fn remove(self) {
        if let Some((server, name)) = &self.on_server {
            let drop = format!("DROP DATABASE {name} WITH (FORCE)");
            connect(server).await.batch_execute(&drop).await.unwrap();
        }
    }
}

async fn connect(address: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
