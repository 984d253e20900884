//! Connections, migrations, reads and commits.

use crate::bind::{Parameter, read_row};
use crate::transaction::land;
use deadpool_postgres::{
    ClientWrapper, Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod,
};
use futures::future::{join_all, try_join_all};
use jiff::Timestamp;
use std::path::Path;
use std::time::Duration;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, NoTls};
use vestnik_store::{ChangeSet, CommitError, Dialect, Engine, ReadError, Row, Statement, Value};

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// Keeps two starting nodes from migrating at once; any number that nobody else uses.
const MIGRATION_LOCK: i64 = 0x5645_5354_4e49_4b01;

/// How long a server may leave its end of a connection silent.
const SILENCE_MOST: Duration = Duration::from_secs(10);

/// Why a server cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the database address is not understood: {0}")]
    Address(tokio_postgres::Error),
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    #[error("the database cannot be brought to this version: {0}")]
    Migration(#[from] Box<refinery::Error>),
}

/// PostgreSQL behind a pool of connections.
pub struct PostgresEngine {
    pool: Pool,
}

impl PostgresEngine {
    /// Connects to `address` (`postgres://…` or `host=… dbname=…`) with at most `connections`
    /// connections, and brings the schema to this version.
    pub async fn open(address: &str, connections: usize) -> Result<PostgresEngine, OpenError> {
        let config: Config = address.parse().map_err(OpenError::Address)?;
        let config = noticing_silence(config);
        let manager_config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config, NoTls, manager_config);
        let pool = Pool::builder(manager)
            .max_size(connections.max(1))
            .post_create(Hook::async_fn(|connection, _| Box::pin(by_index(connection))))
            .build()
            .map_err(|error| OpenError::Unavailable(error.to_string()))?;
        let engine = PostgresEngine { pool };
        engine.migrate().await?;
        Ok(engine)
    }

    async fn migrate(&self) -> Result<(), OpenError> {
        let unavailable = |error: tokio_postgres::Error| OpenError::Unavailable(words(&error));
        let mut connection =
            self.pool.get().await.map_err(|error| OpenError::Unavailable(error.to_string()))?;
        connection
            .execute("SELECT pg_advisory_lock($1)", &[&MIGRATION_LOCK])
            .await
            .map_err(unavailable)?;
        let client: &mut tokio_postgres::Client = &mut connection;
        // In one transaction with the record of it, so that a crash in between leaves neither.
        let runner = embedded::migrations::runner().set_grouped(true);
        let migrated = runner.run_async(client).await.map_err(Box::new);
        connection
            .execute("SELECT pg_advisory_unlock($1)", &[&MIGRATION_LOCK])
            .await
            .map_err(unavailable)?;
        migrated?;
        Ok(())
    }
}

/// Every statement is written for an index. A connection keeps its plans: those made while a table was
/// small would read it whole long after it has grown, until the server gathers statistics anew.
async fn by_index(connection: &mut ClientWrapper) -> Result<(), HookError> {
    // Where no index serves, the made-up cost of reading it whole would have the plan compiled first.
    connection
        .batch_execute("SET enable_seqscan = off; SET jit = off")
        .await
        .map_err(HookError::Backend)
}

/// A server that vanished without a word, as a machine does that lost its power, is noticed soon; the
/// system alone would wait for many minutes. What the address itself says stands.
fn noticing_silence(mut config: Config) -> Config {
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(SILENCE_MOST);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(SILENCE_MOST);
    }
    if config.get_keepalives_idle() == Config::new().get_keepalives_idle() {
        config.keepalives_idle(SILENCE_MOST);
    }
    config
}

/// The database's own words, which `Display` of the driver leaves out.
/// What the server said, without its details: those quote the row, and texts and numbers of clients
/// stay out of logs.
pub(crate) fn words(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(
        || error.to_string(),
        |said| format!("{}: {} ({})", said.severity(), said.message(), said.code().code()),
    )
}

pub(crate) fn references(parameters: &[Parameter]) -> Vec<&(dyn ToSql + Sync)> {
    parameters.iter().map(|parameter| parameter as &(dyn ToSql + Sync)).collect()
}

/// So many statements share a pipeline: more, and `join_all` would not send them in their order.
pub(crate) const TOGETHER_MOST: usize = 24;

/// Prepares what is new to the connection and then asks for everything in one pipeline: the server
/// answers in order.
async fn read_together(
    connection: &Object,
    reads: &[(&'static Statement, Vec<Value>)],
) -> Result<Vec<Vec<Row>>, ReadError> {
    let prepared = try_join_all(reads.iter().map(|(statement, _)| async move {
        let prepared = connection.prepare_cached(statement.text(Dialect::Postgres)).await;
        prepared.map_err(|error| no_answer(statement, &error))
    }))
    .await?;
    let asked = reads.iter().zip(&prepared).map(|((statement, parameters), prepared)| async move {
        let parameters: Vec<Parameter> = parameters.iter().cloned().map(Parameter::One).collect();
        let rows = connection.query(prepared, &references(&parameters)).await;
        let rows = rows.map_err(|error| no_answer(statement, &error))?;
        rows.iter().map(read_row).collect::<Result<Vec<Row>, ReadError>>()
    });
    join_all(asked).await.into_iter().collect()
}

fn no_answer(statement: &Statement, error: &tokio_postgres::Error) -> ReadError {
    ReadError::Unavailable(format!("{}: {}", statement.name, words(error)))
}

#[async_trait::async_trait]
impl Engine for PostgresEngine {
    async fn read(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Result<Vec<Row>, ReadError> {
        let connection =
            self.pool.get().await.map_err(|error| ReadError::Unavailable(error.to_string()))?;
        let answers = read_together(&connection, &[(statement, parameters)]).await?;
        Ok(answers.into_iter().next().unwrap_or_default())
    }

    async fn read_all(
        &self,
        reads: Vec<(&'static Statement, Vec<Value>)>,
    ) -> Result<Vec<Vec<Row>>, ReadError> {
        let connection =
            self.pool.get().await.map_err(|error| ReadError::Unavailable(error.to_string()))?;
        let mut answers = Vec::with_capacity(reads.len());
        for together in reads.chunks(TOGETHER_MOST) {
            answers.extend(read_together(&connection, together).await?);
        }
        Ok(answers)
    }

    async fn commit(&self, change_set: ChangeSet) -> Result<(), CommitError> {
        let connection =
            self.pool.get().await.map_err(|error| CommitError::Unavailable(error.to_string()))?;
        // A caller that goes away in the middle drops this future; the guard then closes the
        // connection, so that no half-done transaction returns to the pool.
        let connection = Whole(Some(connection));
        let ended = land(connection.get()?, change_set.operations).await;
        if ended.is_clean {
            connection.give_back();
        }
        ended.outcome
    }

    async fn clock(&self) -> Result<Timestamp, ReadError> {
        let unavailable = |error: tokio_postgres::Error| ReadError::Unavailable(words(&error));
        let connection =
            self.pool.get().await.map_err(|error| ReadError::Unavailable(error.to_string()))?;
        let row = connection
            .query_one("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint", &[])
            .await
            .map_err(unavailable)?;
        Timestamp::from_microsecond(row.get(0))
            .map_err(|error| ReadError::Corrupt(format!("the clock: {error}")))
    }

    async fn describe(&self) -> Result<String, ReadError> {
        let unavailable = |error: tokio_postgres::Error| ReadError::Unavailable(words(&error));
        let connection =
            self.pool.get().await.map_err(|error| ReadError::Unavailable(error.to_string()))?;
        let row = connection
            .query_one(
                "SELECT current_setting('server_version'), current_database()::text, \
                 (SELECT coalesce(max(version), 0)::bigint FROM refinery_schema_history)",
                &[],
            )
            .await
            .map_err(unavailable)?;
        let (server, database, schema): (String, String, i64) =
            (row.get(0), row.get(1), row.get(2));
        Ok(format!("PostgreSQL {server}, database {database}, schema {schema}"))
    }

    async fn back_up(&self, _path: &Path) -> Result<(), ReadError> {
        Err(ReadError::Unavailable(
            "PostgreSQL has its own tools for backups: use pg_dump or pg_basebackup".to_owned(),
        ))
    }
}

/// A connection that goes back to the pool only if its transaction surely ended.
struct Whole(Option<Object>);

impl Whole {
    fn get(&self) -> Result<&Object, CommitError> {
        self.0.as_ref().ok_or_else(|| CommitError::Unavailable("the connection is gone".to_owned()))
    }

    fn give_back(mut self) {
        // Dropping the pooled object returns it.
        self.0 = None;
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            // Takes it out of the pool and closes it.
            drop(Object::take(connection));
        }
    }
}
