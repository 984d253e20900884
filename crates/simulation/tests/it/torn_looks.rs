//! A look at a client is more than one read. What is booked between two of them must neither be undone
//! nor missed by whoever looks.

use crate::salon::Salon;
use futures::FutureExt;
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;
use vestnik_app::outbound::{LookUp, Outbound};
use vestnik_channels::contract::{Outcome, OutgoingText};
use vestnik_domain::delivery::Delivery;
use vestnik_domain::sender::{Channel, Sender};
use vestnik_simulation::carrier::CarrierBehaviour;
use vestnik_store::{ChangeSet, CommitError, Engine, ReadError, Row, Statement, Store, Value};

/// Lets others go first once, after the first read of one of these: a batch is torn into single ones, as
/// PostgreSQL may answer it.
struct Interrupted {
    inner: Arc<dyn Engine>,
    reads: &'static [&'static str],
    armed: AtomicBool,
    reached: Notify,
    go_on: Notify,
}

impl Interrupted {
    fn around(inner: &Arc<dyn Engine>, reads: &'static [&'static str]) -> Arc<Interrupted> {
        Arc::new(Interrupted {
            inner: inner.clone(),
            reads,
            armed: AtomicBool::new(true),
            reached: Notify::new(),
            go_on: Notify::new(),
        })
    }
}

#[async_trait::async_trait]
impl Engine for Interrupted {
    async fn read(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Result<Vec<Row>, ReadError> {
        let rows = self.inner.read(statement, parameters).await;
        let is_one = self.reads.contains(&statement.name);
        if is_one && self.armed.swap(false, Ordering::SeqCst) {
            self.reached.notify_one();
            self.go_on.notified().await;
        }
        rows
    }

    async fn commit(&self, change_set: ChangeSet) -> Result<(), CommitError> {
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

#[tokio::test]
async fn a_booking_in_the_middle_of_a_look_is_told() {
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (mut node, _) = salon.node(None).await;
    salon.book(&node).await;
    let reads = &["appointments_of_clients", "messages_of_clients"];
    let engine = Interrupted::around(&salon.engine, reads);
    node.store = Store::new(engine.clone());

    // The first booking falls due; while it is looked at for the last time, the client books once more.
    let other = salon.app();
    vestnik_app::sending::route::run_once(&other).await.unwrap();
    let driving = vestnik_app::sending::drive::run_once(&node);
    let booking = async {
        engine.reached.notified().await;
        salon.book_again(&other, 0).await;
        engine.go_on.notify_one();
    };
    let (driven, ()) = tokio::join!(driving, booking);
    driven.unwrap();
    salon.advance_s(1);
    for _ in 0..3 {
        salon.turn(&node).await;
    }
    assert_eq!(salon.taken_for(0).len(), 2, "{:?}", salon.statuses().await);
}

#[tokio::test]
async fn a_message_that_changes_while_a_lane_is_looked_at_holds_up_no_other() {
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (mut node, _) = salon.node(None).await;
    for _ in 0..3 {
        salon.book(&node).await;
    }
    vestnik_app::sending::route::run_once(&node).await.unwrap();
    // The cards are what a look reads last: they are read, and then something changes.
    let engine = Interrupted::around(&salon.engine, &["clients_by_id"]);
    let store = node.store.clone();
    node.store = Store::new(engine.clone());
    let driving = vestnik_app::sending::drive::run_once(&node);
    let changing = async {
        engine.reached.notified().await;
        let (organization, sender) = (salon.caller.organization_id, salon.sender);
        let first = store.lane(organization, sender, 1).await.unwrap().remove(0);
        let changed =
            vestnik_domain::message::Message { version: first.version + 1, ..first.clone() };
        let mut change_set = ChangeSet::new();
        change_set.change(&changed, &first);
        store.commit(change_set).await.unwrap();
        engine.go_on.notify_one();
    };
    let (driven, ()) = tokio::join!(driving, changing);
    driven.unwrap();
    let taken = [0, 1, 2].map(|number| salon.taken_for(number).len());
    assert_eq!(taken, [0, 1, 1]);
    node.store = store;
    salon.turn(&node).await;
    let taken = [0, 1, 2].map(|number| salon.taken_for(number).len());
    assert_eq!(taken, [1, 1, 1]);
}

/// A carrier whose answer never comes.
struct Hangs;

#[async_trait::async_trait]
impl Outbound for Hangs {
    fn serves(&self, channel: Channel) -> bool {
        channel == Channel::Simulated
    }

    async fn submit(&self, _sender: &Sender, _text: &OutgoingText) -> Outcome {
        futures::future::pending().await
    }

    async fn look_up(&self, _sender: &Sender, _delivery: &Delivery) -> LookUp {
        LookUp::CannotTell
    }
}

#[tokio::test]
async fn what_leaves_its_lane_while_the_clock_looks_is_waited_for() {
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (node, _) = salon.node(None).await;
    salon.book(&node).await;
    vestnik_app::sending::route::run_once(&node).await.unwrap();
    let engine = Interrupted::around(&salon.engine, &["senders_in_flight"]);
    let mut clock = node.clone();
    clock.store = Store::new(engine.clone());

    let looking = vestnik_app::virtual_clock::stirring(&clock);
    let sending = async {
        engine.reached.notified().await;
        let handing_over = node.clone().with_outbound(Arc::new(Hangs));
        assert!(vestnik_app::sending::drive::run_once(&handing_over).now_or_never().is_none());
        engine.go_on.notify_one();
    };
    let (stirring, ()) = tokio::join!(looking, sending);
    assert_eq!(stirring.unwrap().waiting, [salon.sender]);
}
