//! What a node knows of itself between two heartbeats. Nothing here is believed for longer than the
//! lease: a node that was paused, or cut off from the database, stops sending by itself.

use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use vestnik_channels::contract::Outcome;
use vestnik_domain::delivery::Delivery;
use vestnik_domain::ids::{NodeId, SenderId};
use vestnik_domain::node::Sidecar;

/// The memory of one node; gone with the process.
#[derive(Debug)]
pub struct Standing {
    lease: SignedDuration,
    /// By the clock of liveness, in microseconds: until then this node may send.
    sends_until_us: AtomicI64,
    held: AtomicBool,
    clock_in_doubt: AtomicBool,
    /// The answer to the last heartbeat was lost: it may count or not.
    beat_in_doubt: AtomicBool,
    sidecar: Mutex<Sidecar>,
    /// The fences of the senders that this process took; one of an earlier process of the same node
    /// is not among them and has to be taken anew.
    fences: Mutex<BTreeMap<SenderId, i64>>,
    /// What carriers answered while the database took nothing in.
    answers: Mutex<Vec<(Delivery, Outcome)>>,
}

fn open<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Plain values: half a change cannot be seen.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Standing {
    pub(super) fn new(sidecar: Sidecar, lease: SignedDuration, held: bool) -> Standing {
        Standing {
            lease,
            sends_until_us: AtomicI64::new(i64::MIN),
            held: AtomicBool::new(held),
            clock_in_doubt: AtomicBool::new(false),
            beat_in_doubt: AtomicBool::new(false),
            sidecar: Mutex::new(sidecar),
            fences: Mutex::default(),
            answers: Mutex::default(),
        }
    }

    pub(crate) fn node_id(&self) -> NodeId {
        open(&self.sidecar).node_id
    }

    /// How long a heartbeat counts.
    pub fn lease(&self) -> SignedDuration {
        self.lease
    }

    pub(super) fn sidecar(&self) -> Sidecar {
        open(&self.sidecar).clone()
    }

    pub(super) fn remember(&self, sidecar: Sidecar) {
        *open(&self.sidecar) = sidecar;
    }

    pub(super) fn is_beat_in_doubt(&self) -> bool {
        self.beat_in_doubt.load(Ordering::SeqCst)
    }

    pub(super) fn doubt_beat(&self, doubt: bool) {
        self.beat_in_doubt.store(doubt, Ordering::SeqCst);
    }

    /// A heartbeat was committed that counts until `until`.
    pub(super) fn may_send_until(&self, until: Timestamp) {
        self.sends_until_us.store(until.as_microsecond(), Ordering::SeqCst);
    }

    /// Nothing is sent before the next heartbeat that counts.
    pub fn stop_sending(&self) {
        self.sends_until_us.store(i64::MIN, Ordering::SeqCst);
    }

    pub(super) fn set_held(&self, held: bool) {
        self.held.store(held, Ordering::SeqCst);
    }

    /// Is the whole installation held?
    pub fn is_held(&self) -> bool {
        self.held.load(Ordering::SeqCst)
    }

    /// The clock jumped and nobody knows yet whether it is right: nothing is sent meanwhile.
    pub fn doubt_clock(&self, doubt: bool) {
        self.clock_in_doubt.store(doubt, Ordering::SeqCst);
    }

    /// May bytes leave at `now`, by the clock of liveness?
    pub(crate) fn may_send(&self, now: Timestamp) -> bool {
        !self.is_held()
            && !self.clock_in_doubt.load(Ordering::SeqCst)
            && now.as_microsecond() < self.sends_until_us.load(Ordering::SeqCst)
    }

    pub(crate) fn fence_of(&self, sender: SenderId) -> Option<i64> {
        open(&self.fences).get(&sender).copied()
    }

    pub(crate) fn remember_fence(&self, sender: SenderId, fence: i64) {
        open(&self.fences).insert(sender, fence);
    }

    pub(super) fn forget_fences(&self) {
        open(&self.fences).clear();
    }

    /// Keeps what a carrier answered, until it can be written down.
    pub(crate) fn keep_answer(&self, delivery: Delivery, outcome: Outcome) {
        open(&self.answers).push((delivery, outcome));
    }

    /// Takes out the answers of a sender's carrier that were kept, in the order in which they came.
    pub(crate) fn take_kept_answers(&self, sender: SenderId) -> Vec<(Delivery, Outcome)> {
        let of_sender = |(delivery, _): &mut (Delivery, Outcome)| delivery.sender_id == sender;
        open(&self.answers).extract_if(.., of_sender).collect()
    }

    pub(crate) fn forget_fence(&self, sender: SenderId) {
        open(&self.fences).remove(&sender);
    }
}
