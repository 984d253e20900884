//! Every statement that the program can run is prepared on the real engine, and every read has a
//! way by an index.

use crate::server::{connect, on_server};
use tokio_postgres::Client;
use vestnik_store::{
    Alike, Columns, Dialect, all_tables, expect_sql, insert_sql, many_text, rewrite, statements,
    update_sql,
};

#[tokio::test]
async fn every_statement_is_prepared() {
    on_server("every_statement_is_prepared", async |server| {
        let client = connect(&server.database().await).await;
        for statement in statements() {
            prepare(&client, &rewrite(statement.sql, Dialect::Postgres)).await;
        }
        for table in all_tables() {
            let prepared = prepare(&client, &insert_sql(table, Dialect::Postgres)).await;
            assert_eq!(prepared.params().len(), table.columns.len());
            let prepared = prepare(&client, many_text(table, Alike::Insert)).await;
            assert_eq!(prepared.params().len(), table.columns.len());
            if table.is_versioned() {
                prepare(&client, &update_sql(table, Columns::ALL, Dialect::Postgres)).await;
                prepare(&client, many_text(table, Alike::Update(Columns::ALL))).await;
                prepare(&client, &expect_sql(table, Dialect::Postgres)).await;
                prepare(&client, many_text(table, Alike::Expect)).await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn every_read_can_use_an_index() {
    on_server("every_read_can_use_an_index", async |server| {
        let client = connect(&server.database().await).await;
        // With sequential scans priced out, one is left only where no index fits.
        client
            .batch_execute("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan")
            .await
            .unwrap();
        for statement in statements() {
            let sql = rewrite(statement.sql, Dialect::Postgres);
            let count = prepare(&client, &sql).await.params().len();
            let name = format!("plan_{}", statement.name);
            client.batch_execute(&format!("PREPARE {name} AS {sql}")).await.unwrap();
            let nulls = vec!["NULL"; count].join(", ");
            let plan =
                client.query(&format!("EXPLAIN EXECUTE {name}({nulls})"), &[]).await.unwrap();
            let steps: Vec<String> = plan.iter().map(|row| row.get(0)).collect();
            assert!(!steps.iter().any(|step| step.contains("Seq Scan")), "{name}: {steps:#?}");
        }
    })
    .await;
}

async fn prepare(client: &Client, sql: &str) -> tokio_postgres::Statement {
    client.prepare(sql).await.unwrap_or_else(|error| panic!("{error:?}: {sql}"))
}
