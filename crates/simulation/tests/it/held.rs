//! I10: a database that was restored, copied or rewound sends nothing until it is let go, and then
//! nothing that fell due in between.

use crate::salon::{LEASE, Salon};
use std::path::Path;
use std::sync::Arc;
use vestnik_app::nodes::{self, Sidecar};
use vestnik_app::{App, messages};
use vestnik_domain::node::{Arrival, HeldReason};
use vestnik_simulation::carrier::CarrierBehaviour;
use vestnik_store::{Engine, Store};
use vestnik_store_sqlite::SqliteEngine;

/// The salon's database as a file at `path`.
async fn copy(salon: &Salon, path: &Path) -> Arc<dyn Engine> {
    salon.engine.back_up(path).await.unwrap();
    Arc::new(SqliteEngine::open(path, 1).unwrap())
}

async fn arrive(
    salon: &Salon,
    engine: Arc<dyn Engine>,
    remembered: Option<Sidecar>,
) -> (App, Arrival) {
    let app = salon.app_over(engine);
    let arrived = nodes::arrive(app, remembered, LEASE, &[]).await.unwrap();
    (arrived.app, arrived.arrival)
}

#[tokio::test]
async fn a_rewound_database_sends_nothing_and_skips_what_fell_due_once_it_is_let_go() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (node, _) = salon.node(None).await;
    // Booked, not yet told when the copy is made.
    salon.book(&node).await;
    let copy = copy(&salon, &folder.path().join("copy.db")).await;
    salon.turn(&node).await;
    assert_eq!(salon.taken_for(0).len(), 1);
    salon.advance_s(5);
    let sidecar = nodes::beat(&node).await.unwrap();
    nodes::leave(&node).await.unwrap();

    // The copy takes the database's place under the same sidecar.
    let (restored, arrival) = arrive(&salon, copy.clone(), Some(sidecar)).await;
    assert_eq!(arrival, Arrival::Held(HeldReason::Rewound));
    for _ in 0..3 {
        salon.turn(&restored).await;
        salon.advance_s(5);
        nodes::beat(&restored).await.unwrap();
    }
    assert_eq!(salon.taken_for(0).len(), 1, "it was told before, and the copy does not know");

    let skipped = nodes::let_go(&restored).await.unwrap();
    assert_eq!(skipped, 1);
    for _ in 0..3 {
        salon.turn(&restored).await;
        salon.advance_s(5);
        nodes::beat(&restored).await.unwrap();
    }
    assert_eq!(salon.taken_for(0).len(), 1);
    // What is booked from now on is told.
    salon.book(&restored).await;
    salon.turn(&restored).await;
    assert_eq!(salon.taken_for(1).len(), 1);
}

#[tokio::test]
async fn what_waits_in_a_lane_of_a_copy_is_held_too() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (node, _) = salon.node(None).await;
    salon.book(&node).await;
    vestnik_app::sending::route::run_once(&node).await.unwrap();
    nodes::leave(&node).await.unwrap();
    let copy = copy(&salon, &folder.path().join("copy.db")).await;
    let (stranger, arrival) = arrive(&salon, copy, None).await;
    assert_eq!(arrival, Arrival::Held(HeldReason::Unknown));
    salon.turn(&stranger).await;
    assert_eq!(salon.carrier.taken(), []);
    assert_eq!(nodes::let_go(&stranger).await.unwrap(), 1);
    salon.turn(&stranger).await;
    assert_eq!(salon.carrier.taken(), [], "it fell due before it was let go");
}

#[tokio::test]
async fn what_was_skipped_does_not_come_back_with_settings_that_were_saved_before() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (node, _) = salon.node(None).await;
    // The sweep that follows the save of the salon's settings has not come yet when the copy is made.
    salon.advance_s(1);
    salon.book(&node).await;
    nodes::leave(&node).await.unwrap();
    let copy = copy(&salon, &folder.path().join("copy.db")).await;
    let (stranger, arrival) = arrive(&salon, copy, None).await;
    assert_eq!(arrival, Arrival::Held(HeldReason::Unknown));
    salon.advance_s(5);
    nodes::beat(&stranger).await.unwrap();
    assert_eq!(nodes::let_go(&stranger).await.unwrap(), 1);
    assert_eq!(messages::sweep::run_once(&stranger).await.unwrap(), 1);
    salon.turn(&stranger).await;
    assert_eq!(salon.carrier.taken(), [], "it fell due before it was let go");
}

#[tokio::test]
async fn a_copy_that_nobody_knows_is_held_until_it_is_let_go_for_good() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (node, _) = salon.node(None).await;
    salon.book(&node).await;
    nodes::leave(&node).await.unwrap();
    let copy = copy(&salon, &folder.path().join("copy.db")).await;
    let (stranger, arrival) = arrive(&salon, copy.clone(), None).await;
    assert_eq!(arrival, Arrival::Held(HeldReason::Unknown));
    salon.turn(&stranger).await;
    assert_eq!(salon.carrier.taken(), []);
    let sidecar = nodes::beat(&stranger).await.unwrap();

    // A restart changes nothing about it.
    let (again, arrival) = arrive(&salon, copy.clone(), Some(sidecar)).await;
    assert_eq!(arrival, Arrival::Returns);
    salon.turn(&again).await;
    assert_eq!(salon.carrier.taken(), [], "held is kept in the database");
    let sidecar = nodes::beat(&again).await.unwrap();

    // Let go by another process: the node hears of it with its next heartbeat.
    let skipped = nodes::let_go(&salon.app_over(copy.clone())).await.unwrap();
    assert_eq!(skipped, 1);
    salon.book(&again).await;
    salon.turn(&again).await;
    assert_eq!(salon.carrier.taken(), []);
    nodes::beat(&again).await.unwrap();
    salon.turn(&again).await;
    assert_eq!(salon.taken_for(1).len(), 1);

    let (later, arrival) = arrive(&salon, copy, Some(sidecar)).await;
    assert_eq!(arrival, Arrival::Joins, "what it knew before the letting go is over");
    assert_eq!(nodes::instance_state(&later).await.unwrap().held, None);
}

#[tokio::test]
async fn a_new_node_joins_those_that_serve_and_nobody_else() {
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (first, _) = salon.node(None).await;
    let seen = salon.beat_since_seen().await;
    let joined = nodes::arrive(salon.app(), None, LEASE, &seen).await.unwrap();
    assert_eq!((joined.arrival, joined.held), (Arrival::Joins, None));
    nodes::leave(&first).await.unwrap();
    nodes::leave(&joined.app).await.unwrap();
    let alone = nodes::arrive(salon.app(), None, LEASE, &[]).await.unwrap();
    assert_eq!(alone.arrival, Arrival::Held(HeldReason::Unknown));
}

#[tokio::test]
async fn a_running_node_notices_a_database_that_goes_back_in_time() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (node, _) = salon.node(None).await;
    let old = copy(&salon, &folder.path().join("old.db")).await;
    nodes::beat(&node).await.unwrap();
    // The server comes back from a backup under a node that never stopped.
    let mut node = node;
    node.store = Store::new(old);
    salon.book(&node).await;
    nodes::beat(&node).await.unwrap();
    salon.turn(&node).await;
    assert_eq!(salon.carrier.taken(), []);
    let held = nodes::instance_state(&node).await.unwrap().held.unwrap();
    assert_eq!(held.because, HeldReason::Rewound);

    // Let go, it stays so, and the node goes on.
    assert_eq!(nodes::let_go(&node).await.unwrap(), 1);
    for _ in 0..3 {
        nodes::beat(&node).await.unwrap();
    }
    assert_eq!(nodes::instance_state(&node).await.unwrap().held, None);
    salon.book(&node).await;
    salon.turn(&node).await;
    assert_eq!(salon.taken_for(1).len(), 1);
}

#[tokio::test]
async fn a_node_that_slept_through_the_letting_go_holds_nobody_again() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (sleeper, _) = salon.node(None).await;
    let old = copy(&salon, &folder.path().join("old.db")).await;
    let sidecar = nodes::beat(&sleeper).await.unwrap();
    // Restored and let go while it slept, and served by another node since.
    let (other, arrival) = arrive(&salon, old.clone(), Some(sidecar)).await;
    assert_eq!(arrival, Arrival::Held(HeldReason::Rewound));
    nodes::let_go(&other).await.unwrap();

    let mut sleeper = sleeper;
    sleeper.store = Store::new(old.clone());
    nodes::beat(&sleeper).await.unwrap();
    nodes::beat(&sleeper).await.unwrap();
    assert_eq!(nodes::instance_state(&sleeper).await.unwrap().held, None);
    nodes::leave(&other).await.unwrap();
    salon.book(&sleeper).await;
    salon.turn(&sleeper).await;
    assert_eq!(salon.taken_for(0).len(), 1, "it goes on as a new node");
}

#[tokio::test]
async fn an_epoch_never_comes_back() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (node, _) = salon.node(None).await;
    let oldest = folder.path().join("oldest.db");
    salon.engine.back_up(&oldest).await.unwrap();
    // Twice the same old copy is restored and let go: what was known in between is over.
    let mut epochs = Vec::new();
    for nth in 0..2 {
        let path = folder.path().join(format!("copy-{nth}.db"));
        std::fs::copy(&oldest, &path).unwrap();
        let (restored, _) =
            arrive(&salon, Arc::new(SqliteEngine::open(&path, 1).unwrap()), None).await;
        nodes::let_go(&restored).await.unwrap();
        epochs.push(nodes::beat(&restored).await.unwrap().epoch);
        salon.advance_s(5);
    }
    assert!(epochs[0] < epochs[1], "{epochs:?}");
    nodes::leave(&node).await.unwrap();
}

#[tokio::test]
async fn a_fresh_copy_is_not_vouched_for_by_nodes_that_are_only_written_down() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (node, _) = salon.node(None).await;
    salon.book(&node).await;
    let copy = copy(&salon, &folder.path().join("copy.db")).await;
    let app = salon.app_over(copy);
    let seen = nodes::beating(&app).await.unwrap();
    assert_eq!(seen.len(), 1);
    let arrived = nodes::arrive(app, None, LEASE, &seen).await.unwrap();
    assert_eq!(arrived.arrival, Arrival::Held(HeldReason::Unknown));
}

#[tokio::test]
async fn two_processes_with_one_sidecar_stop_each_other() {
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (first, sidecar) = salon.node(None).await;
    let (second, _) = salon.node(Some(sidecar)).await;
    let error = nodes::beat(&first).await.unwrap_err();
    assert_eq!(error.to_string(), "sidecar_shared");
    salon.book(&first).await;
    salon.turn(&first).await;
    assert_eq!(salon.carrier.taken(), [], "the first one sends nothing");
    salon.turn(&second).await;
    assert_eq!(salon.taken_for(0).len(), 1);
}

#[tokio::test]
async fn a_heartbeat_whose_answer_was_lost_goes_on() {
    use vestnik_testkit::{Fault, FaultyEngine};
    for fault in [Fault::LostAfterCommit, Fault::LostBeforeCommit, Fault::Unavailable] {
        let salon = Salon::open(CarrierBehaviour::default()).await;
        let (mut node, _) = salon.node(None).await;
        let faulty = Arc::new(FaultyEngine::around(salon.engine.clone()));
        node.store = Store::new(faulty.clone());
        faulty.plan_commits([fault]);
        nodes::beat(&node).await.unwrap_err();
        salon.advance_s(5);
        nodes::beat(&node).await.unwrap();
        nodes::beat(&node).await.unwrap();
        salon.book(&node).await;
        salon.turn(&node).await;
        assert_eq!(salon.taken_for(0).len(), 1, "{fault:?}");
    }
}
