//! Several nodes on one database: one drives a sender, the fence stops whoever came to late.

use crate::salon::Salon;
use jiff::Timestamp;
use std::path::Path;
use std::sync::{Arc, Mutex};
use vestnik_app::nodes;
use vestnik_app::sending::{drive, route};
use vestnik_domain::node::SenderLease;
use vestnik_simulation::carrier::CarrierBehaviour;
use vestnik_store::{ChangeSet, CommitError, Engine, ReadError, Row, Statement, Store, Value};

#[tokio::test]
async fn one_node_drives_a_sender_and_another_takes_over_when_it_falls_silent() {
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (first, _) = salon.node(None).await;
    let (second, _) = salon.node(None).await;
    salon.book(&first).await;
    salon.turn(&first).await;
    let fence = lease(&salon).await;

    salon.book(&first).await;
    route::run_once(&second).await.unwrap();
    assert_eq!(drive::run_once(&second).await.unwrap(), 0, "the first node is alive");
    assert_eq!(lease(&salon).await, fence);

    // The first node is paused. Its lease is over, and a margin for clocks that differ.
    salon.advance_s(10);
    nodes::beat(&second).await.unwrap();
    salon.advance_s(6);
    assert_eq!(drive::run_once(&second).await.unwrap(), 0, "the margin");
    salon.advance_s(1);
    assert_eq!(drive::run_once(&second).await.unwrap(), 1);
    assert_eq!(lease(&salon).await, fence + 1);
    assert_eq!(salon.taken_for(1).len(), 1);

    // The first one wakes: it sends nothing, by its own clock, and after its heartbeat by the lease.
    salon.book(&second).await;
    route::run_once(&second).await.unwrap();
    assert_eq!(drive::run_once(&first).await.unwrap(), 0);
    nodes::beat(&first).await.unwrap();
    assert_eq!(drive::run_once(&first).await.unwrap(), 0);
    assert_eq!(drive::run_once(&second).await.unwrap(), 1);
    assert_eq!(salon.taken_for(2).len(), 1);
}

async fn lease(salon: &Salon) -> i64 {
    let found = salon.store().sender_lease(salon.caller.organization_id, salon.sender).await;
    found.unwrap().unwrap().version
}

#[tokio::test]
async fn a_node_that_stops_hands_its_senders_over_at_once() {
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (first, _) = salon.node(None).await;
    let (second, _) = salon.node(None).await;
    salon.book(&first).await;
    salon.turn(&first).await;
    nodes::leave(&first).await.unwrap();
    salon.book(&second).await;
    route::run_once(&second).await.unwrap();
    assert_eq!(drive::run_once(&first).await.unwrap(), 0, "it has left");
    assert_eq!(drive::run_once(&second).await.unwrap(), 1);
}

#[tokio::test]
async fn a_restarted_node_takes_its_senders_back_at_once_under_a_new_fence() {
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (killed, sidecar) = salon.node(None).await;
    salon.book(&killed).await;
    salon.turn(&killed).await;
    let fence = lease(&salon).await;
    salon.book(&killed).await;
    let (restarted, _) = salon.node(Some(sidecar)).await;
    salon.turn(&restarted).await;
    assert_eq!(salon.taken_for(1).len(), 1);
    assert_eq!(lease(&salon).await, fence + 1);

    // What the killed process still does comes to nothing: its fence is an old one.
    salon.book(&restarted).await;
    route::run_once(&restarted).await.unwrap();
    let ghost = drive::run_once(&killed).await.unwrap();
    let alive = drive::run_once(&restarted).await.unwrap();
    assert_eq!(ghost + alive, 1);
    assert_eq!(salon.taken_for(2).len(), 1);
}

#[tokio::test]
async fn the_fence_stops_an_intent_that_was_decided_before_the_lease_changed_hands() {
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (first, _) = salon.node(None).await;
    salon.book(&first).await;
    salon.turn(&first).await;
    salon.book(&first).await;
    route::run_once(&first).await.unwrap();
    // Between the decision and the commit another node takes the lease.
    let store = salon.store();
    let (organization, sender) = (salon.caller.organization_id, salon.sender);
    let thief = Arc::new(Interposed {
        inner: salon.engine.clone(),
        before_intent: Mutex::new(Some(
            store.sender_lease(organization, sender).await.unwrap().unwrap(),
        )),
    });
    let mut racing = first.clone();
    racing.store = Store::new(thief.clone());
    assert_eq!(drive::run_once(&racing).await.unwrap(), 0);
    assert!(thief.before_intent.lock().unwrap().is_none(), "the lease did not change hands");
    assert_eq!(salon.taken_for(1).len(), 0);

    // Nothing was lost: whoever takes over tells it, once.
    let (second, _) = salon.node(None).await;
    for _ in 0..2 {
        salon.turn(&second).await;
    }
    assert_eq!(salon.taken_for(1).len(), 1);
}

/// Changes the lease right before a change-set that holds a new delivery.
struct Interposed {
    inner: Arc<dyn Engine>,
    before_intent: Mutex<Option<SenderLease>>,
}

#[async_trait::async_trait]
impl Engine for Interposed {
    async fn read(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Result<Vec<Row>, ReadError> {
        self.inner.read(statement, parameters).await
    }

    async fn read_all(
        &self,
        reads: Vec<(&'static Statement, Vec<Value>)>,
    ) -> Result<Vec<Vec<Row>>, ReadError> {
        self.inner.read_all(reads).await
    }

    async fn commit(&self, change_set: ChangeSet) -> Result<(), CommitError> {
        let is_intent = change_set.operations.iter().any(|one| one.table().name == "deliveries");
        let lease = if is_intent { self.before_intent.lock().unwrap().take() } else { None };
        if let Some(lease) = lease {
            let mut taken = ChangeSet::new();
            let after = SenderLease { version: lease.version + 1, node_id: None, ..lease.clone() };
            taken.update(&after, lease.version);
            self.inner.commit(taken).await?;
        }
        self.inner.commit(change_set).await
    }

    async fn clock(&self) -> Result<Timestamp, ReadError> {
        self.inner.clock().await
    }

    async fn describe(&self) -> Result<String, ReadError> {
        self.inner.describe().await
    }

    async fn back_up(&self, path: &Path) -> Result<(), ReadError> {
        self.inner.back_up(path).await
    }
}
