//! Copies of a database that is being written to.

use crate::crashes::{book, bookings_agree};
use crate::open;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::JoinHandle;
use vestnik_store::{ChangeSet, Store};
use vestnik_store_sqlite::copy_database;
use vestnik_testkit::{Salon, a_monday_morning, tempdir};

/// Enough pages that a copy takes several strides.
const CLIENTS: usize = 3_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copies_of_a_busy_database_are_consistent() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("vestnik.db");
    let store = Store::new(open(&path));
    let mut salon = Salon::new(1, a_monday_morning());
    let mut change_set: ChangeSet = salon.set_up();
    for _ in 0..CLIENTS {
        let mut client = salon.another_client("Клиентка");
        client.note = "Любит тишину. ".repeat(20);
        change_set.insert(&client);
    }
    store.commit(change_set).await.unwrap();

    let stop = Arc::new(AtomicBool::new(false));
    let writer = keep_booking(store.clone(), salon.clone(), Arc::clone(&stop));
    let mut before = 0;
    for number in 0..4 {
        let copy = folder.path().join(format!("copy-{number}.db"));
        if number % 2 == 0 {
            let (from, to) = (path.clone(), copy.clone());
            tokio::task::spawn_blocking(move || copy_database(&from, &to)).await.unwrap().unwrap();
        } else {
            store.engine().back_up(&copy).await.unwrap();
        }
        let booked = read_copy(&copy, &salon).await;
        assert!(booked >= before, "a later copy holds no less: {before}, then {booked}");
        before = booked;
    }
    stop.store(true, Ordering::SeqCst);
    assert!(writer.await.unwrap() >= before);
}

fn keep_booking(store: Store, mut salon: Salon, stop: Arc<AtomicBool>) -> JoinHandle<i64> {
    tokio::spawn(async move {
        let mut booked = 0;
        while !stop.load(Ordering::SeqCst) {
            store.commit(book(&mut salon, booked)).await.unwrap();
            booked += 1;
        }
        booked
    })
}

async fn read_copy(copy: &Path, salon: &Salon) -> i64 {
    let store = Store::new(open(copy));
    bookings_agree(&store, salon).await
}
