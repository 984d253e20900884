//! A node of the installation: one life of the program over the database that all share, and what it
//! keeps beside it.

use super::engine::NodeEngine;
use super::executor::Call;
use super::peers::carrier::{CarrierPeer, NodeOutbound};
use super::peers::journal::{JournalPeer, NodeJournal};
use super::surroundings::{NodeClock, SeededEntropy, StepClock};
use crate::chance::Chance;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use vestnik_app::nodes::{ClockWatch, Sidecar};
use vestnik_app::{App, Clock, InstanceKey};
use vestnik_store::Store;
use vestnik_store_sqlite::InlineEngine;

/// How long a heartbeat counts.
pub(super) const LEASE: SignedDuration = SignedDuration::from_secs(15);
pub(super) const BEAT_EVERY: SignedDuration = SignedDuration::from_secs(5);
/// Another node takes over by then: the lease, the margin, and a moment.
pub(super) const TAKEN_OVER_AFTER: SignedDuration = SignedDuration::from_secs(18);

pub(super) struct Node {
    pub(super) app: App,
    pub(super) engine: Arc<NodeEngine>,
    /// Its file beside the database.
    pub(super) sidecar: Option<Sidecar>,
    pub(super) beat_at: Timestamp,
    pub(super) clock: Arc<NodeClock>,
    /// How it takes what the database says of the time.
    pub(super) watch: ClockWatch,
    pub(super) absence: Option<Absence>,
}

/// A node is dead or stands still.
pub(super) struct Absence {
    pub(super) since: Timestamp,
    pub(super) until: Timestamp,
    /// What it goes on with; `None` if it is dead and starts anew.
    pub(super) stands_in: Option<Vec<Call>>,
}

/// A process that is no node yet.
pub(super) struct Process {
    pub(super) app: App,
    pub(super) engine: Arc<NodeEngine>,
    pub(super) clock: Arc<NodeClock>,
}

/// Everything outside of a process that it needs to start.
pub(super) struct Ground {
    pub(super) database: Arc<InlineEngine>,
    pub(super) clock: Arc<StepClock>,
    pub(super) key: [u8; 32],
    pub(super) carrier: Arc<CarrierPeer>,
    pub(super) journal: Arc<JournalPeer>,
}

impl Ground {
    /// Nothing of an earlier life is left in it.
    pub(super) fn process(&self, chance: Chance) -> Process {
        let engine = Arc::new(NodeEngine::at(Arc::clone(&self.database)));
        let clock = Arc::new(NodeClock::of(Arc::clone(&self.clock)));
        let outbound = NodeOutbound {
            carrier: Arc::clone(&self.carrier),
            engine: Arc::clone(&engine),
            clock: Arc::clone(&clock),
        };
        let journal = NodeJournal { peer: Arc::clone(&self.journal), engine: Arc::clone(&engine) };
        let app = App::new(
            Store::new(Arc::clone(&engine) as Arc<dyn vestnik_store::Engine>),
            Arc::clone(&clock) as Arc<dyn Clock>,
            Arc::new(SeededEntropy::new(chance)),
        )
        .with_key(InstanceKey(self.key))
        .with_public_address("https://vestnik.example")
        .with_outbound(Arc::new(outbound))
        .with_journals(vec![Arc::new(journal)]);
        Process { app, engine, clock }
    }
}
