//! The suite, and what only several sessions can show.

use crate::server::{on_server, open};
use vestnik_store::Store;
use vestnik_testkit::conformance;

#[tokio::test]
async fn postgres_conforms() {
    on_server("postgres_conforms", async |server| {
        conformance::exercise(async || server.engine().await).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_booking_wins_each_version() {
    on_server("one_booking_wins_each_version", async |server| {
        conformance::concurrent_bookings(&Store::new(server.engine().await), 200).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn overlapping_sessions_have_an_order() {
    on_server("overlapping_sessions_have_an_order", async |server| {
        for seed in 1..=2 {
            let store = Store::new(server.engine().await);
            conformance::serial_order(&store, seed, 150).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_commits_are_there_after_reopening() {
    on_server("acknowledged_commits_are_there_after_reopening", async |server| {
        let address = server.database().await;
        conformance::durable_after_reopen(async || open(&address).await, 64).await;
    })
    .await;
}

/// Nodes of one new version start together; each finds the schema as it needs it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_together_migrate_once() {
    on_server("nodes_that_start_together_migrate_once", async |server| {
        let address = server.empty_database().await;
        let mut nodes = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let address = address.clone();
            nodes.spawn(async move { open(&address).await.describe().await.unwrap() });
        }
        let descriptions = nodes.join_all().await;
        assert!(descriptions.iter().all(|one| *one == descriptions[0]), "{descriptions:?}");
    })
    .await;
}
