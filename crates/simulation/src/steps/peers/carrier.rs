//! The carrier of the simulated world, and a node's way to it, on which the node can die, stand still,
//! or be another's while its bytes leave.

use super::super::engine::{Fault, NodeEngine};
use super::super::surroundings::NodeClock;
use crate::carrier::{CarrierBehaviour, SentReceipt, SimulatedCarrier, TakenMessage};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use vestnik_app::Clock;
use vestnik_app::outbound::{LookUp, Outbound};
use vestnik_channels::contract::{Outcome, OutgoingText};
use vestnik_domain::delivery::Delivery;
use vestnik_domain::ids::SenderId;
use vestnik_domain::sender::{Channel, Sender};

/// Bytes of a try left a node.
#[derive(Debug, Clone)]
pub(in crate::steps) struct Left {
    pub(in crate::steps) sender: SenderId,
    pub(in crate::steps) delivery_id: String,
    /// By the clock of its node.
    pub(in crate::steps) at: Timestamp,
    /// The node stood still between its last look and the socket.
    pub(in crate::steps) after_a_pause: bool,
}

/// The carrier; it outlives all nodes.
pub(in crate::steps) struct CarrierPeer {
    carrier: SimulatedCarrier,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    left: Vec<Left>,
    taken_seen: usize,
    /// Ids of which it said that it does not know them: it will not take them any more.
    disowned: BTreeSet<String>,
    look_ups: u64,
}

impl CarrierPeer {
    pub(in crate::steps) fn new(
        seed: u64,
        behaviour: CarrierBehaviour,
        clock: Arc<dyn Clock>,
    ) -> CarrierPeer {
        let carrier = SimulatedCarrier::new(seed, behaviour, clock);
        CarrierPeer { carrier, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What left nodes since the last look, taken or not.
    pub(in crate::steps) fn left(&self) -> Vec<Left> {
        std::mem::take(&mut self.state().left)
    }

    /// What it took since the last look.
    pub(in crate::steps) fn taken(&self) -> Vec<TakenMessage> {
        let mut state = self.state();
        let taken = self.carrier.taken_after(state.taken_seen);
        state.taken_seen += taken.len();
        taken
    }

    pub(in crate::steps) fn receipts_due(&self) -> Vec<SentReceipt> {
        self.carrier.receipts_due()
    }

    /// Our id of the try of which a receipt speaks.
    pub(in crate::steps) fn delivery_of(&self, sent: &SentReceipt) -> Option<String> {
        let taken = self.carrier.taken();
        taken
            .into_iter()
            .find(|one| one.sender_id == sent.sender_id && one.carrier_id == sent.carrier_id)
            .map(|one| one.delivery_id)
    }

    pub(in crate::steps) fn next_receipt_at(&self) -> Option<Timestamp> {
        self.carrier.next_receipt_at()
    }

    pub(in crate::steps) fn says_again(&self, sent: SentReceipt, due_at: Timestamp) {
        self.carrier.says_again(SentReceipt { due_at, ..sent });
    }

    /// How often it was asked for a try since the last look.
    pub(in crate::steps) fn look_ups(&self) -> u64 {
        std::mem::take(&mut self.state().look_ups)
    }

    async fn take(
        &self,
        sender: &Sender,
        text: &OutgoingText,
        (at, after_a_pause): (Timestamp, bool),
    ) -> Outcome {
        let is_disowned = {
            let mut state = self.state();
            state.left.push(Left {
                sender: sender.id,
                delivery_id: text.delivery_id.clone(),
                at,
                after_a_pause,
            });
            state.disowned.contains(&text.delivery_id)
        };
        match is_disowned {
            true => Outcome::Refused { code: "id_is_over".to_owned() },
            false => self.carrier.submit(sender, text).await,
        }
    }
}

/// The way of one life of one node to the carrier.
pub(in crate::steps) struct NodeOutbound {
    pub(in crate::steps) carrier: Arc<CarrierPeer>,
    pub(in crate::steps) engine: Arc<NodeEngine>,
    pub(in crate::steps) clock: Arc<NodeClock>,
}

#[async_trait::async_trait]
impl Outbound for NodeOutbound {
    fn serves(&self, channel: Channel) -> bool {
        channel == Channel::Simulated
    }

    async fn submit(&self, sender: &Sender, text: &OutgoingText) -> Outcome {
        let last_look = self.clock.now();
        let fault = self.engine.calls_carrier().await;
        let at = self.clock.now();
        let outcome = self.carrier.take(sender, text, (at, at > last_look)).await;
        match fault {
            Some(Fault::KilledAfter) => pending().await,
            _ => outcome,
        }
    }

    async fn look_up(&self, sender: &Sender, delivery: &Delivery) -> LookUp {
        let fault = self.engine.calls_carrier().await;
        let answer = self.carrier.carrier.look_up(sender, delivery).await;
        {
            let mut state = self.carrier.state();
            state.look_ups += 1;
            if answer == LookUp::NotKnown {
                state.disowned.insert(delivery.id.to_string());
            }
        }
        match fault {
            Some(Fault::KilledAfter) => pending().await,
            _ => answer,
        }
    }
}
