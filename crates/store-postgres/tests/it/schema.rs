//! Both databases mean the same by every table, column, key and index.

use crate::server::{connect, on_server};
use std::path::Path;
use tokio_postgres::Client;
use vestnik_store::ColumnType;
use vestnik_testkit::logical_schema::{
    LogicalIndex, LogicalSchema, LogicalTable, described, of_sqlite, plain_condition,
    without_indexes,
};

#[tokio::test]
async fn both_databases_have_the_schema_that_is_described() {
    on_server("both_databases_have_the_schema_that_is_described", async |server| {
        let client = connect(&server.database().await).await;
        let schema = of_postgres(&client).await;
        assert_eq!(without_indexes(&schema), described());
        assert_eq!(schema, migrated_sqlite(), "left: PostgreSQL; right: SQLite");
    })
    .await;
}

/// SQLite's migrations, run as they stand.
fn migrated_sqlite() -> LogicalSchema {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store-sqlite/migrations");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort_by_key(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.trim_start_matches('V').split("__").next().unwrap().parse::<u32>().unwrap()
    });
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    for file in files {
        connection.execute_batch(&std::fs::read_to_string(file).unwrap()).unwrap();
    }
    of_sqlite(&connection)
}

async fn of_postgres(client: &Client) -> LogicalSchema {
    let tables = client
        .query(
            "SELECT relname::text FROM pg_class WHERE relkind = 'r' \
             AND relnamespace = 'public'::regnamespace AND relname <> 'refinery_schema_history'",
            &[],
        )
        .await
        .unwrap();
    let mut schema = LogicalSchema::new();
    for row in tables {
        let name: String = row.get(0);
        let table = table(client, &name).await;
        schema.insert(name, table);
    }
    schema
}

async fn table(client: &Client, name: &str) -> LogicalTable {
    let columns = client
        .query(
            "SELECT attname::text, format_type(atttypid, atttypmod), NOT attnotnull \
             FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 \
             AND NOT attisdropped ORDER BY attnum",
            &[&name],
        )
        .await
        .unwrap();
    let column = |row: &tokio_postgres::Row| {
        let column_type = match row.get::<_, String>(1).as_str() {
            "bigint" => ColumnType::Integer,
            "text" => ColumnType::Text,
            "bytea" => ColumnType::Bytes,
            other => panic!("{name}: {other} is none of the shared column types"),
        };
        (row.get(0), column_type, row.get(2))
    };
    let mut table =
        LogicalTable { columns: columns.iter().map(column).collect(), ..LogicalTable::default() };
    let indexes = client
        .query(
            "SELECT c.relname::text, i.indisprimary, i.indisunique, \
                 pg_get_expr(i.indpred, i.indrelid), \
                 ARRAY(SELECT pg_get_indexdef(i.indexrelid, place, true) \
                     FROM generate_series(1, i.indnatts) AS place) \
             FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid \
             WHERE i.indrelid = $1::text::regclass",
            &[&name],
        )
        .await
        .unwrap();
    for row in indexes {
        let (index, is_key, unique): (String, bool, bool) = (row.get(0), row.get(1), row.get(2));
        let condition: Option<String> = row.get(3);
        let columns: Vec<String> = row.get(4);
        if is_key {
            table.key = columns;
        } else {
            let condition = condition.as_deref().map(plain_condition);
            table.indexes.insert(index, LogicalIndex { unique, columns, condition });
        }
    }
    table
}
