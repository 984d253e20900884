//! An address that names several servers, of which one takes writes: the pool finds it, and finds it
//! anew when another one leads.

use crate::server::{connect, on_server};
use std::net::TcpListener;
use vestnik_store::{Engine, ReadError};
use vestnik_store_postgres::PostgresEngine;

/// `address` with a server before it at which nobody answers.
fn after_a_server_that_is_down(address: &str) -> String {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (user, rest) = address.split_once('@').unwrap();
    format!("{user}@{unused},{rest}&target_session_attrs=read-write")
}

/// What a server that follows another one looks like to whoever connects.
async fn let_take_writes(admin: &str, address: &str, writes: bool) {
    let (_, rest) = address.rsplit_once('/').unwrap();
    let name = rest.split_once('?').unwrap().0;
    let read_only = if writes { "off" } else { "on" };
    let client = connect(admin).await;
    let alter = format!("ALTER DATABASE {name} SET default_transaction_read_only = {read_only}");
    client.batch_execute(&alter).await.unwrap();
}

/// Ends every connection, as a server does that goes down or stops leading.
async fn end_connections(admin: &str, address: &str) {
    let (_, rest) = address.rsplit_once('/').unwrap();
    let name = rest.split_once('?').unwrap().0;
    let sql = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1";
    connect(admin).await.query(sql, &[&name]).await.unwrap();
}

#[tokio::test]
async fn the_server_that_takes_writes_is_found() {
    on_server("several servers", async |server| {
        let address = server.database().await;
        let several = after_a_server_that_is_down(&address);
        let engine = PostgresEngine::open(&several, 2).await.unwrap();
        engine.clock().await.unwrap();

        // It stops leading, and no other leads yet: an error, not a hang.
        let_take_writes(&server.address, &address, false).await;
        end_connections(&server.address, &address).await;
        // A connection may learn of its end by the question itself; each is asked but once.
        for _ in 0..2 {
            let _ = engine.clock().await;
        }
        let nobody = engine.clock().await;
        assert!(matches!(nobody, Err(ReadError::Unavailable(_))), "{nobody:?}");
        assert!(PostgresEngine::open(&several, 1).await.is_err());

        // Somebody leads again: the same pool goes on.
        let_take_writes(&server.address, &address, true).await;
        engine.clock().await.unwrap();
    })
    .await;
}
