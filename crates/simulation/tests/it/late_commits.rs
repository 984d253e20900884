//! A commit whose answer is lost may land long after its caller has given it up.

use crate::salon::Salon;
use jiff::Timestamp;
use std::path::Path;
use std::sync::{Arc, Mutex};
use vestnik_domain::delivery::Delivery;
use vestnik_simulation::carrier::CarrierBehaviour;
use vestnik_store::{
    ChangeSet, CommitError, Engine, ReadError, Record, Row, Statement, Store, Value,
};

/// Says of the first intents that their outcome is unknown, and lets them land just before a lane is read
/// the next time.
struct LandsLate {
    inner: Arc<dyn Engine>,
    first: Mutex<First>,
}

enum First {
    Awaited,
    Under(ChangeSet),
    Landed,
}

impl LandsLate {
    fn take_late(&self) -> Option<ChangeSet> {
        let mut first = self.first.lock().unwrap();
        match std::mem::replace(&mut *first, First::Landed) {
            First::Under(change_set) => Some(change_set),
            other => {
                *first = other;
                None
            }
        }
    }
}

#[async_trait::async_trait]
impl Engine for LandsLate {
    async fn read(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Result<Vec<Row>, ReadError> {
        if statement.name == "lane"
            && let Some(late) = self.take_late()
        {
            self.inner.commit(late).await.unwrap();
        }
        self.inner.read(statement, parameters).await
    }

    async fn commit(&self, change_set: ChangeSet) -> Result<(), CommitError> {
        let intends = change_set.operations.iter().any(|one| one.table() == Delivery::table());
        {
            let mut first = self.first.lock().unwrap();
            if intends && matches!(*first, First::Awaited) {
                *first = First::Under(change_set);
                return Err(CommitError::OutcomeUnknown("no answer".to_owned()));
            }
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

#[tokio::test]
async fn an_intent_that_lands_late_is_known_not_to_have_left_and_goes_once() {
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (mut node, sidecar) = salon.node(None).await;
    salon.book(&node).await;
    vestnik_app::sending::route::run_once(&node).await.unwrap();
    let inner = salon.engine.clone();
    node.store = Store::new(Arc::new(LandsLate { inner, first: Mutex::new(First::Awaited) }));

    assert!(vestnik_app::sending::drive::run_once(&node).await.is_err());
    // It lands in this turn, after the node has looked for it in vain.
    salon.turn(&node).await;
    let (organization, sender) = (salon.caller.organization_id, salon.sender);
    let in_flight = salon.store().deliveries_in_flight(organization, sender, 10).await.unwrap();
    assert_eq!(in_flight.len(), 1, "it has landed");
    assert_eq!(salon.carrier.taken(), []);

    salon.turn(&node).await;
    assert_eq!(salon.store().deliveries_in_flight(organization, sender, 10).await.unwrap(), []);
    salon.advance_s(120);
    let (node, _) = salon.node(Some(sidecar)).await;
    salon.turn(&node).await;
    assert_eq!(salon.taken_for(0).len(), 1, "{:?}", salon.statuses().await);
}
