//! The external journal of the simulated world, and a node's way to it, on which the node can die or
//! stand still.

use super::super::engine::{Fault, NodeEngine};
use crate::journal::{JournalBehaviour, SimulatedJournal};
use jiff::SignedDuration;
use std::collections::BTreeSet;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use vestnik_app::Clock;
use vestnik_app::journals::connector::{
    JournalConnector, JournalLocation, Page, RecordWrite, WebhookCall, WebhookHint, WebhookRefusal,
    WriteOutcome,
};
use vestnik_domain::journal::{JournalFault, JournalRecord};

/// The place that a branch is linked to.
pub(in crate::steps) const PLACE: &str = "4564";

/// Histories last for days: a journal that is asked so seldom costs them little.
const POLL_EVERY: SignedDuration = SignedDuration::from_hours(3);

/// The journal; it outlives all nodes.
pub(in crate::steps) struct JournalPeer {
    pub(in crate::steps) journal: SimulatedJournal,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Records of which nodes heard or said something since the last look.
    spoken_of: BTreeSet<String>,
    echoes: u64,
    faults: u64,
}

impl JournalPeer {
    pub(in crate::steps) fn new(
        seed: u64,
        behaviour: JournalBehaviour,
        clock: Arc<dyn Clock>,
    ) -> JournalPeer {
        let journal = SimulatedJournal::new(clock, seed, behaviour);
        JournalPeer { journal, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The records of which nodes heard or said something since the last look.
    pub(in crate::steps) fn spoken_of(&self) -> BTreeSet<String> {
        std::mem::take(&mut self.state().spoken_of)
    }

    /// How often nodes heard what they had written, since the last look.
    pub(in crate::steps) fn echoes(&self) -> u64 {
        std::mem::take(&mut self.state().echoes)
    }

    /// How many calls it did not answer, since the last look.
    pub(in crate::steps) fn faults(&self) -> u64 {
        std::mem::take(&mut self.state().faults)
    }

    fn note<T>(&self, answer: &Result<T, JournalFault>) {
        self.state().faults += u64::from(answer.is_err());
    }
}

/// The way of one life of one node to the journal.
pub(in crate::steps) struct NodeJournal {
    pub(in crate::steps) peer: Arc<JournalPeer>,
    pub(in crate::steps) engine: Arc<NodeEngine>,
}

impl NodeJournal {
    /// The call itself, between the moments at which its node may die.
    async fn call<T>(&self, call: impl Future<Output = T>) -> T {
        let fault = self.engine.calls_journal().await;
        let answer = call.await;
        match fault {
            Some(Fault::KilledAfter) => pending().await,
            _ => answer,
        }
    }
}

#[async_trait::async_trait]
impl JournalConnector for NodeJournal {
    fn kind(&self) -> &'static str {
        self.peer.journal.kind()
    }

    fn title(&self) -> &'static str {
        self.peer.journal.title()
    }

    fn poll_every(&self) -> SignedDuration {
        POLL_EVERY
    }

    fn decode_webhook(&self, call: &WebhookCall<'_>) -> Result<WebhookHint, WebhookRefusal> {
        self.peer.journal.decode_webhook(call)
    }

    async fn location(&self, location_id: &str) -> Result<JournalLocation, JournalFault> {
        self.call(self.peer.journal.location(location_id)).await
    }

    async fn poll(&self, location_id: &str, cursor: Option<&str>) -> Result<Page, JournalFault> {
        let page = self.call(self.peer.journal.poll(location_id, cursor)).await;
        self.peer.note(&page);
        for record in page.iter().flat_map(|page| &page.records) {
            let is_echo = self.peer.journal.is_as_we_wrote(location_id, &record.id);
            let mut state = self.peer.state();
            state.echoes += u64::from(is_echo);
            state.spoken_of.insert(record.id.clone());
        }
        page
    }

    async fn fetch(
        &self,
        location_id: &str,
        record_id: &str,
    ) -> Result<Option<JournalRecord>, JournalFault> {
        let record = self.call(self.peer.journal.fetch(location_id, record_id)).await;
        self.peer.note(&record);
        self.peer.state().spoken_of.insert(record_id.to_owned());
        record
    }

    async fn write(&self, location_id: &str, write: &RecordWrite) -> WriteOutcome {
        self.peer.state().spoken_of.insert(write.record_id.clone());
        let outcome = self.call(self.peer.journal.write(location_id, write)).await;
        let is_unanswered =
            matches!(outcome, WriteOutcome::NotWritten { .. } | WriteOutcome::Unknown { .. });
        self.peer.state().faults += u64::from(is_unanswered);
        outcome
    }
}
