//! A node of the installation: one life of the program over the database that all share.

use super::engine::NodeEngine;
use super::surroundings::{SeededEntropy, StepClock};
use crate::chance::Chance;
use std::sync::Arc;
use vestnik_app::{App, InstanceKey};
use vestnik_store::Store;
use vestnik_store_sqlite::InlineEngine;

pub(super) struct Node {
    pub(super) app: App,
    pub(super) engine: Arc<NodeEngine>,
}

impl Node {
    /// Starts the program; nothing of an earlier life is left but the key and the database.
    pub(super) fn start(
        database: &Arc<InlineEngine>,
        clock: &Arc<StepClock>,
        key: [u8; 32],
        chance: Chance,
    ) -> Node {
        let engine = Arc::new(NodeEngine::at(Arc::clone(database)));
        let clock: Arc<StepClock> = Arc::clone(clock);
        let app = App::new(
            Store::new(Arc::clone(&engine) as Arc<dyn vestnik_store::Engine>),
            clock,
            Arc::new(SeededEntropy::new(chance)),
        )
        .with_key(InstanceKey(key));
        Node { app, engine }
    }
}
