//! The parts put together: the one place that names a store, a clock and a source of chance.

use crate::configuration::{Configuration, Database};
use crate::database_clock::DatabaseClock;
use crate::key_file;
use anyhow::Context;
use jiff::Timestamp;
use metrics_exporter_prometheus::PrometheusBuilder;
use std::net::SocketAddr;
use std::sync::Arc;
use vestnik_api::Metrics;
use vestnik_app::{App, Clock, Entropy};
use vestnik_store::{Engine, Store};
use vestnik_store_postgres::PostgresEngine;
use vestnik_store_sqlite::SqliteEngine;
use vestnik_transport::Carriers;

/// Reading connections of an embedded database: a salon's reports never block its front desk.
const SQLITE_READERS: usize = 4;
/// Connections of one node to PostgreSQL.
const POSTGRES_CONNECTIONS: usize = 16;

/// Planning makes and drops many small values on several threads, where the system's allocator takes a
/// quarter of the processor's time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The system's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else is given")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The system's source of chance.
pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the chance that everybody else is given"
    )]
    #[expect(clippy::expect_used, reason = "without chance no secret is safe; better to stop")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the system has no source of chance");
    }
}

/// Opens the database, making or migrating it.
pub(crate) async fn open(database: &Database) -> anyhow::Result<Store> {
    let engine: Arc<dyn Engine> = match database {
        Database::Sqlite(path) => Arc::new(
            SqliteEngine::open(path, SQLITE_READERS)
                .with_context(|| format!("the database {} cannot be opened", path.display()))?,
        ),
        Database::Postgres(address) => Arc::new(
            PostgresEngine::open(address, POSTGRES_CONNECTIONS)
                .await
                .context("the database cannot be opened")?,
        ),
    };
    Ok(Store::new(engine))
}

/// The application, and the clock that its nodes share.
pub(crate) struct Wired {
    pub(crate) app: App,
    pub(crate) clock: Arc<DatabaseClock>,
}

impl Wired {
    /// With business time of its own: standing, or faster than the real one.
    pub(crate) fn with_business_clock(self, clock: Arc<dyn Clock>) -> Wired {
        Wired { app: self.app.with_business_clock(clock), ..self }
    }
}

/// The application over a store, listening on `address`.
pub(crate) async fn app(
    store: Store,
    configuration: &Configuration,
    address: SocketAddr,
) -> anyhow::Result<Wired> {
    let public =
        configuration.public_address.clone().unwrap_or_else(|| format!("http://{address}"));
    let asked = DatabaseClock::mark();
    let clock = Arc::new(DatabaseClock::starting_at(asked, store.engine().clock().await?));
    let app = App::new(store, clock.clone(), Arc::new(SystemEntropy))
        .with_key(key_file::read_or_make(&configuration.key_file)?)
        .with_outbound(Arc::new(Carriers::new(configuration.message_log.clone())))
        .with_public_address(&public);
    // A link to this machine alone would be of no use in anybody's SMS.
    let app = if configuration.public_address.is_some() { app.with_links() } else { app };
    Ok(Wired { app, clock })
}

/// The application for commands that send nothing and speak to no phone: without the installation's
/// key, which they neither need nor make.
pub(crate) fn app_of_an_onlooker(store: Store) -> App {
    App::new(store, Arc::new(SystemClock), Arc::new(SystemEntropy))
}

/// Starts counting; what is counted is read at `/metrics`.
pub(crate) fn metrics() -> anyhow::Result<Metrics> {
    let handle =
        PrometheusBuilder::new().install_recorder().context("metrics cannot be counted")?;
    vestnik_app::counters::begin();
    Ok(Arc::new(move || handle.render()))
}
