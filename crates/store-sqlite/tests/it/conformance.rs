//! The suite on both ways of running SQLite.

use crate::open;
use std::cell::Cell;
use std::sync::Arc;
use vestnik_store::{Engine, Store};
use vestnik_store_sqlite::InlineEngine;
use vestnik_testkit::{conformance, tempdir};

#[tokio::test]
async fn a_file_conforms() {
    let folder = tempdir().unwrap();
    let made = Cell::new(0);
    conformance::exercise(async || {
        made.set(made.get() + 1);
        open(&folder.path().join(format!("{}.db", made.get())))
    })
    .await;
}

#[tokio::test]
async fn memory_conforms() {
    conformance::exercise(async || Arc::new(InlineEngine::new().unwrap()) as Arc<dyn Engine>).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_booking_wins_each_version() {
    let folder = tempdir().unwrap();
    let store = Store::new(open(&folder.path().join("vestnik.db")));
    conformance::concurrent_bookings(&store, 200).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn overlapping_sessions_have_an_order() {
    let folder = tempdir().unwrap();
    let store = Store::new(open(&folder.path().join("vestnik.db")));
    conformance::serial_order(&store, 1, 200).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_commits_are_there_after_reopening() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("vestnik.db");
    conformance::durable_after_reopen(async || open(&path), 64).await;
}
