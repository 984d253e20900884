//! The same row writes past store and use cases: through rusqlite alone in grouped commits, and
//! through tokio-postgres alone, pipelined, one transaction a change-set.

use crate::Recorded;
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

/// Rows only read are left out: the raw engine writes, and does nothing else.
fn writes(change_set: &ChangeSet, dialect: Dialect) -> Vec<WriteStatement> {
    let operations = change_set.operations.iter();
    operations
        .filter(|operation| !matches!(operation, Operation::Expect { .. }))
        .map(|operation| WriteStatement::of(operation.clone(), dialect))
        .collect()
}

fn over_rusqlite(database: &BenchDatabase, recorded: &Recorded) -> [Duration; 3] {
    let connection = rusqlite::Connection::open(database.path()).unwrap();
    vestnik_store_sqlite::tune_writer(&connection).unwrap();
    connection.set_prepared_statement_cache_capacity(256);
    recorded.verbs.each_ref().map(|change_sets| {
        let prepared: Vec<Vec<(&str, Vec<rusqlite::types::Value>)>> = change_sets
            .iter()
            .map(|change_set| {
                let writes = writes(change_set, Dialect::Sqlite).into_iter();
                writes
                    .map(|write| (write.sql, write.values.iter().map(sqlite_value).collect()))
                    .collect()
            })
            .collect();
        let began = now();
        for group in prepared.chunks(GROUP) {
            connection.execute_batch("BEGIN IMMEDIATE").unwrap();
            for (sql, values) in group.iter().flatten() {
                let mut statement = connection.prepare_cached(sql).unwrap();
                let touched = statement.execute(rusqlite::params_from_iter(values)).unwrap();
                assert_eq!(touched, 1, "{sql}");
            }
            connection.execute_batch("COMMIT").unwrap();
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
            let share = *connection_of.entry(salon_of(change_set)).or_insert(next);
            shares[share].push(writes(change_set, Dialect::Postgres));
        }
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
        took[verb] = began.elapsed();
    }
    took
}

fn salon_of(change_set: &ChangeSet) -> i64 {
    let salon = change_set.operations.iter().find_map(|operation| match operation {
        Operation::Insert { table, row } | Operation::Update { table, row, .. } => {
            match row.get(table.position("organization_id")?)? {
                Value::Integer(salon) => Some(*salon),
                _ => None,
            }
        }
        _ => None,
    });
    salon.unwrap()
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

/// One round trip.
async fn transaction(
    client: &Client,
    statements: &HashMap<&'static str, Statement>,
    writes: &[WriteStatement],
) {
    let run = writes.iter().map(|write| {
        let statement = &statements[write.sql];
        let parameters: Vec<Parameter<'_>> = write.values.iter().map(Parameter).collect();
        async move {
            let references: Vec<&(dyn ToSql + Sync)> =
                parameters.iter().map(|one| one as &(dyn ToSql + Sync)).collect();
            client.execute(statement, &references).await
        }
    });
    let run = futures::future::join_all(run);
    let all =
        futures::future::join3(client.batch_execute("BEGIN"), run, client.batch_execute("COMMIT"));
    let (begun, touched, committed) = all.await;
    begun.unwrap();
    committed.unwrap();
    assert!(touched.into_iter().all(|touched| touched.unwrap() == 1));
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
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
