//! The same row writes past store and use cases: through rusqlite alone in grouped commits, and
//! through tokio-postgres alone, pipelined, one transaction a change-set; or, as fast as the engine
//! takes them, in big transactions on both.

#![allow(dead_code, reason = "not every bench needs every part")]

use crate::frame::databases::{BenchDatabase, Kind};
use crate::frame::measure::now;
use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Statement};
use vestnik_store::{ChangeSet, Dialect, Operation, Value, WriteStatement};
use vestnik_testkit::write_budget::sqlite_value;

/// Change-sets in one `SQLite` transaction: what 64 callers can have waiting.
const GROUP: usize = 64;
/// As many as the store has.
const CONNECTIONS: usize = 16;
/// Row writes of a big transaction.
const BIG: usize = 1_000;
/// With big transactions nobody waits for a commit of another.
const BIG_CONNECTIONS: usize = 4;
/// Statements of one pipeline.
const TOGETHER_MOST: usize = 24;

/// The change-sets of one run: those that set the database up, and those of each verb.
pub(crate) struct Recorded {
    pub(crate) set_up: Vec<ChangeSet>,
    pub(crate) verbs: [Vec<ChangeSet>; 3],
}

/// How long the writes of each verb took, alone on an empty database of its own.
pub(crate) async fn replay(kind: Kind, recorded: &Recorded) -> [Duration; 3] {
    let database = BenchDatabase::create(kind).await;
    // Makes the tables.
    let store = crate::frame::app(&database).await.store;
    for change_set in &recorded.set_up {
        store.commit(change_set.clone()).await.unwrap();
    }
    drop(store);
    database.gather_statistics().await;
    let took = match kind {
        Kind::Sqlite => over_rusqlite(&database, recorded),
        Kind::Postgres => over_tokio_postgres(&database, recorded).await,
    };
    database.remove().await;
    took
}

/// How long the writes of `change_sets` took on a database that holds what they expect, in transactions
/// as big as an engine likes them, whatever commits they came in.
pub(crate) async fn in_big_transactions(
    kind: Kind,
    database: &BenchDatabase,
    change_sets: &[ChangeSet],
) -> Duration {
    // Heartbeats of the installation go on between what was recorded, and are none of it.
    let of_salons = change_sets.iter().flat_map(|one| &one.operations).filter_map(|operation| {
        salon_of(operation).filter(|_| is_write(operation)).map(|salon| (salon, operation.clone()))
    });
    match kind {
        Kind::Sqlite => {
            let connection = writer(database);
            let writes = of_salons.map(|(_, one)| WriteStatement::of(one, Dialect::Sqlite));
            let all: Vec<Bound> = writes.map(bound).collect();
            let began = now();
            for group in all.chunks(BIG) {
                run_group(&connection, group);
            }
            began.elapsed()
        }
        Kind::Postgres => {
            // What hangs together stays in order: each salon's rows by one connection.
            let mut shares: Vec<Vec<WriteStatement>> =
                (0..BIG_CONNECTIONS).map(|_| Vec::new()).collect();
            let mut connection_of = HashMap::new();
            for (salon, operation) in of_salons {
                let next = connection_of.len() % BIG_CONNECTIONS;
                let share = *connection_of.entry(salon).or_insert(next);
                shares[share].push(WriteStatement::of(operation, Dialect::Postgres));
            }
            let shares = shares.into_iter().map(|mut share| {
                let mut transactions = Vec::new();
                while !share.is_empty() {
                    let rest = share.split_off(share.len().min(BIG));
                    transactions.push(std::mem::replace(&mut share, rest));
                }
                transactions
            });
            over_connections(database, shares.collect()).await
        }
    }
}

/// Rows only read are left out: the raw engine writes, and does nothing else.
fn is_write(operation: &Operation) -> bool {
    !matches!(operation, Operation::Expect { .. })
}

fn writes(change_set: &ChangeSet, dialect: Dialect) -> Vec<WriteStatement> {
    let operations = change_set.operations.iter();
    operations
        .filter(|operation| is_write(operation))
        .map(|operation| WriteStatement::of(operation.clone(), dialect))
        .collect()
}

type Bound = (&'static str, Vec<rusqlite::types::Value>);

fn bound(write: WriteStatement) -> Bound {
    (write.sql, write.values.iter().map(sqlite_value).collect())
}

fn writer(database: &BenchDatabase) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(database.path()).unwrap();
    vestnik_store_sqlite::tune_writer(&connection).unwrap();
    connection.set_prepared_statement_cache_capacity(256);
    connection
}

/// One transaction.
fn run_group<'a>(connection: &rusqlite::Connection, group: impl IntoIterator<Item = &'a Bound>) {
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    for (sql, values) in group {
        let mut statement = connection.prepare_cached(sql).unwrap();
        let touched = statement.execute(rusqlite::params_from_iter(values)).unwrap();
        assert_eq!(touched, 1, "{sql}");
    }
    connection.execute_batch("COMMIT").unwrap();
}

fn over_rusqlite(database: &BenchDatabase, recorded: &Recorded) -> [Duration; 3] {
    let connection = writer(database);
    recorded.verbs.each_ref().map(|change_sets| {
        let prepared: Vec<Vec<Bound>> = change_sets
            .iter()
            .map(|change_set| writes(change_set, Dialect::Sqlite).into_iter().map(bound).collect())
            .collect();
        let began = now();
        for group in prepared.chunks(GROUP) {
            run_group(&connection, group.iter().flatten());
        }
        began.elapsed()
    })
}

async fn over_tokio_postgres(database: &BenchDatabase, recorded: &Recorded) -> [Duration; 3] {
    let mut took = [Duration::ZERO; 3];
    for (verb, change_sets) in recorded.verbs.iter().enumerate() {
        let mut shares: Vec<Vec<Vec<WriteStatement>>> =
            (0..CONNECTIONS).map(|_| Vec::new()).collect();
        // All of one salon by one connection, as recorded: its rows' versions follow each other. Evenly,
        // since the slowest connection ends the round.
        let mut connection_of = HashMap::new();
        for change_set in change_sets {
            let next = connection_of.len() % CONNECTIONS;
            let salon = change_set.operations.iter().find_map(salon_of).unwrap();
            let share = *connection_of.entry(salon).or_insert(next);
            shares[share].push(writes(change_set, Dialect::Postgres));
        }
        took[verb] = over_connections(database, shares).await;
    }
    took
}

/// Each connection carries out its transactions one after another.
async fn over_connections(
    database: &BenchDatabase,
    shares: Vec<Vec<Vec<WriteStatement>>>,
) -> Duration {
    let mut ready = Vec::new();
    for share in shares {
        let client = Arc::new(database.connect().await);
        let statements = prepare(&client, &share).await;
        ready.push((client, statements, share));
    }
    let began = now();
    let mut tasks = tokio::task::JoinSet::new();
    for (client, statements, share) in ready {
        tasks.spawn(async move {
            for writes in share {
                transaction(&client, &statements, &writes).await;
            }
        });
    }
    tasks.join_all().await;
    began.elapsed()
}

/// Whose row it writes; `None` for those of the installation.
fn salon_of(operation: &Operation) -> Option<i64> {
    let (Operation::Insert { table, row } | Operation::Update { table, row, .. }) = operation
    else {
        return None;
    };
    match row.get(table.position("organization_id")?)? {
        Value::Integer(salon) => Some(*salon),
        _ => None,
    }
}

async fn prepare(
    client: &Client,
    share: &[Vec<WriteStatement>],
) -> HashMap<&'static str, Statement> {
    let mut statements = HashMap::new();
    for write in share.iter().flatten() {
        if !statements.contains_key(write.sql) {
            statements.insert(write.sql, client.prepare(write.sql).await.unwrap());
        }
    }
    statements
}

/// Sent off without waiting for an answer in between, as many statements at once as `join_all` polls in
/// their order.
async fn transaction(
    client: &Client,
    statements: &HashMap<&'static str, Statement>,
    writes: &[WriteStatement],
) {
    let mut parts = writes.chunks(TOGETHER_MOST).peekable();
    let mut is_first = true;
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        let run = part.iter().map(|write| {
            let statement = &statements[write.sql];
            let parameters: Vec<Parameter<'_>> = write.values.iter().map(Parameter).collect();
            async move {
                let references: Vec<&(dyn ToSql + Sync)> =
                    parameters.iter().map(|one| one as &(dyn ToSql + Sync)).collect();
                client.execute(statement, &references).await
            }
        });
        let run = futures::future::join_all(run);
        let begin = async { if is_first { client.batch_execute("BEGIN").await } else { Ok(()) } };
        let commit = async { if is_last { client.batch_execute("COMMIT").await } else { Ok(()) } };
        let (begun, touched, committed) = futures::future::join3(begin, run, commit).await;
        begun.unwrap();
        committed.unwrap();
        assert!(touched.into_iter().all(|touched| touched.unwrap() == 1));
        is_first = false;
    }
}

#[derive(Debug)]
struct Parameter<'a>(&'a Value);

impl ToSql for Parameter<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(value) => value.to_sql(ty, out),
            Value::Text(value) => value.to_sql(ty, out),
            Value::Bytes(value) => value.to_sql(ty, out),
            Value::Integers(values) => values.to_sql(ty, out),
            Value::Texts(values) => values.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
