//! A carrier that we call, played by a program: it takes, refuses, loses its answers, and sends its
//! receipts late, twice, out of order or never. What it took is what reached the air.

mod behaviour;

pub use behaviour::{CarrierBehaviour, CarrierTurn};

use crate::chance::Chance;
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use vestnik_app::Clock;
use vestnik_app::outbound::{LookUp, Outbound};
use vestnik_channels::contract::{Outcome, OutgoingText};
use vestnik_domain::delivery::Delivery;
use vestnik_domain::ids::SenderId;
use vestnik_domain::receipt::Receipt;
use vestnik_domain::sender::{Channel, Sender};

/// A message that the carrier took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenMessage {
    pub sender_id: SenderId,
    /// Our id, as it was handed over.
    pub delivery_id: String,
    pub carrier_id: String,
    pub phone_number: String,
    pub text: String,
    pub at: Timestamp,
}

/// A receipt on its way to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentReceipt {
    pub sender_id: SenderId,
    pub carrier_id: String,
    pub receipt: Receipt,
    pub due_at: Timestamp,
}

/// The carrier. It outlives the nodes that call it.
pub struct SimulatedCarrier {
    clock: Arc<dyn Clock>,
    behaviour: CarrierBehaviour,
    state: Mutex<State>,
}

struct State {
    chance: Chance,
    /// What it does next, before chance decides again.
    script: VecDeque<CarrierTurn>,
    taken: Vec<TakenMessage>,
    receipts: Vec<SentReceipt>,
}

impl SimulatedCarrier {
    pub fn new(seed: u64, behaviour: CarrierBehaviour, clock: Arc<dyn Clock>) -> SimulatedCarrier {
        let state = State {
            chance: Chance::new(seed),
            script: VecDeque::new(),
            taken: Vec::new(),
            receipts: Vec::new(),
        };
        SimulatedCarrier { clock, behaviour, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What it does with the next messages, one turn each; after them chance decides again.
    pub fn plan(&self, turns: impl IntoIterator<Item = CarrierTurn>) {
        self.state().script.extend(turns);
    }

    /// Everything that it took, in order.
    pub fn taken(&self) -> Vec<TakenMessage> {
        self.state().taken.clone()
    }

    /// What it took after the first `seen` messages, in order.
    pub fn taken_after(&self, seen: usize) -> Vec<TakenMessage> {
        self.state().taken.iter().skip(seen).cloned().collect()
    }

    /// Takes out the receipts that have arrived by now, in the order of their arrival.
    pub fn receipts_due(&self) -> Vec<SentReceipt> {
        let now = self.clock.now();
        let mut state = self.state();
        let (mut due, later) = std::mem::take(&mut state.receipts)
            .into_iter()
            .partition::<Vec<_>, _>(|one| one.due_at <= now);
        state.receipts = later;
        due.sort_by_key(|one| one.due_at);
        due
    }

    /// When the next receipt arrives.
    pub fn next_receipt_at(&self) -> Option<Timestamp> {
        self.state().receipts.iter().map(|one| one.due_at).min()
    }

    /// A receipt that nobody took in comes once more, as carriers repeat theirs.
    pub fn says_again(&self, receipt: SentReceipt) {
        self.state().receipts.push(receipt);
    }

    fn take(&self, state: &mut State, sender: SenderId, text: &OutgoingText) -> String {
        let now = self.clock.now();
        let carrier_id = format!("c-{}", state.taken.len() + 1);
        state.taken.push(TakenMessage {
            sender_id: sender,
            delivery_id: text.delivery_id.clone(),
            carrier_id: carrier_id.clone(),
            phone_number: text.recipient.as_str().to_owned(),
            text: text.text.clone(),
            at: now,
        });
        for (receipt, delay_s) in self.behaviour.receipts(&mut state.chance) {
            let delay = SignedDuration::from_secs(delay_s);
            let due_at = now.checked_add(delay).unwrap_or(Timestamp::MAX);
            let carrier_id = carrier_id.clone();
            state.receipts.push(SentReceipt { sender_id: sender, carrier_id, receipt, due_at });
        }
        carrier_id
    }
}

#[async_trait::async_trait]
impl Outbound for SimulatedCarrier {
    fn serves(&self, channel: Channel) -> bool {
        channel == Channel::Simulated
    }

    async fn submit(&self, sender: &Sender, text: &OutgoingText) -> Outcome {
        let mut state = self.state();
        let turn = match state.script.pop_front() {
            Some(turn) => turn,
            None => self.behaviour.turn(&mut state.chance),
        };
        let unknown = || Outcome::Unknown { code: "timeout".to_owned() };
        match turn {
            CarrierTurn::Accept => {
                Outcome::Accepted { carrier_id: self.take(&mut state, sender.id, text) }
            }
            CarrierTurn::AcceptAndLoseAnswer => {
                self.take(&mut state, sender.id, text);
                unknown()
            }
            CarrierTurn::LoseRequest => unknown(),
            CarrierTurn::Refuse => Outcome::Refused { code: "invalid_recipient".to_owned() },
            CarrierTurn::RefuseUntilLater { after_s } => {
                let after = SignedDuration::from_secs(after_s);
                let retry_at = self.clock.now().checked_add(after).unwrap_or(Timestamp::MAX);
                Outcome::RefusedRetryAt { code: "throttled".to_owned(), retry_at }
            }
            CarrierTurn::CannotConnect => Outcome::NotSent { code: "cannot_connect".to_owned() },
        }
    }

    async fn look_up(&self, sender: &Sender, delivery: &Delivery) -> LookUp {
        if !self.behaviour.keeps_list {
            return LookUp::CannotTell;
        }
        let id = delivery.id.to_string();
        let state = self.state();
        let known = |one: &&TakenMessage| one.sender_id == sender.id && one.delivery_id == id;
        match state.taken.iter().find(known) {
            Some(taken) => LookUp::Known { carrier_id: taken.carrier_id.clone() },
            None => LookUp::NotKnown,
        }
    }
}
