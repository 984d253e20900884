//! Many callers at a time: the guard of a staff day lets one win, and what was acknowledged stays.

use crate::{Salon, a_monday_morning};
use jiff::ToSpan;
use jiff::civil::date;
use std::sync::Arc;
use tokio::task::JoinSet;
use vestnik_domain::ids::ClientId;
use vestnik_store::{ChangeSet, CommitError, Engine, Store};

/// How often each caller reads the guard anew and tries again after it lost.
const TRIES: usize = 4;

/// `callers` book one staff member's day at once: every version of the guard is won by exactly one
/// of them, and there are as many appointments as winners.
pub async fn concurrent_bookings(store: &Store, callers: usize) {
    let now = a_monday_morning();
    let day = date(2026, 3, 2);
    let mut salon = Salon::new(1, now);
    store.commit(salon.set_up()).await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..callers {
        let appointment = salon.appointment(now + 1.hour());
        let (store, salon) = (store.clone(), salon.clone());
        tasks.spawn(async move {
            for _ in 0..TRIES {
                let guard = store.staff_day(salon.id(), salon.staff.id, day).await.unwrap();
                let raised = salon.staff_day(day, guard.version + 1);
                let mut change_set = ChangeSet::new();
                change_set.insert(&appointment).expect(&salon.client, 1);
                match guard.version {
                    0 => change_set.insert(&raised),
                    version => change_set.update(&raised, version),
                };
                match store.commit(change_set).await {
                    Ok(()) => return Some(raised.version),
                    Err(CommitError::Conflict { table: "staff_days", operation: 2 }) => {}
                    Err(other) => panic!("only the guard may refuse: {other:?}"),
                }
            }
            None
        });
    }
    let mut won: Vec<i64> = tasks.join_all().await.into_iter().flatten().collect();
    won.sort_unstable();
    let winners = i64::try_from(won.len()).unwrap();
    assert!(winners > 0, "somebody wins");
    assert_eq!(won, (1..=winners).collect::<Vec<i64>>(), "one winner for each version");
    let guard = store.staff_day(salon.id(), salon.staff.id, day).await.unwrap();
    assert_eq!(guard.version, winners);
    let stored = store.appointments_of_client(salon.id(), salon.client.id, now).await.unwrap();
    assert_eq!(stored.len(), won.len());
}

/// `callers` commit side by side; then the engine is dropped and opened again by `open`, and
/// everything that was acknowledged is there.
pub async fn durable_after_reopen<F, Opened>(open: F, callers: usize)
where
    F: Fn() -> Opened,
    Opened: Future<Output = Arc<dyn Engine>>,
{
    const EACH: usize = 8;
    let mut salon = Salon::new(1, a_monday_morning());
    let store = Store::new(open().await);
    store.commit(salon.set_up()).await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..callers {
        let clients: Vec<_> = (0..EACH).map(|_| salon.another_client("Стойкая")).collect();
        let store = store.clone();
        tasks.spawn(async move {
            for client in &clients {
                let mut change_set = ChangeSet::new();
                change_set.insert(client);
                store.commit(change_set).await.unwrap();
            }
            clients
        });
    }
    let mut acknowledged = tasks.join_all().await.concat();
    acknowledged.push(salon.client.clone());
    drop(store);

    let store = Store::new(open().await);
    acknowledged.sort_by_key(|client| std::cmp::Reverse(client.id));
    let stored = store.clients(salon.id(), ClientId(i64::MAX), i64::MAX).await.unwrap();
    assert_eq!(stored, acknowledged);
}
