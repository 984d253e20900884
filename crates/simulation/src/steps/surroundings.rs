//! What a node is given from outside: the time and chance of the simulated world.

use crate::chance::Chance;
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use vestnik_app::{Clock, Entropy};

/// The world's clock: it stands still while anything happens, and only goes forward.
#[derive(Debug)]
pub(super) struct StepClock {
    now_us: AtomicI64,
}

impl StepClock {
    pub(super) fn starting_at(from: Timestamp) -> StepClock {
        StepClock { now_us: AtomicI64::new(from.as_microsecond()) }
    }

    pub(super) fn go_to(&self, at: Timestamp) {
        self.now_us.fetch_max(at.as_microsecond(), Ordering::Relaxed);
    }
}

impl Clock for StepClock {
    fn now(&self) -> Timestamp {
        let now_us = self.now_us.load(Ordering::Relaxed);
        Timestamp::from_microsecond(now_us).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// What one process takes for the time: the world's, less what it does not believe of a jump.
#[derive(Debug)]
pub(super) struct NodeClock {
    world: Arc<StepClock>,
    behind_us: AtomicI64,
}

impl NodeClock {
    /// A process that starts has nothing to compare the time with.
    pub(super) fn of(world: Arc<StepClock>) -> NodeClock {
        NodeClock { world, behind_us: AtomicI64::new(0) }
    }

    /// The world's clock jumped by `jump`; this process goes on with the time that it has.
    pub(super) fn falls_behind(&self, jump: SignedDuration) {
        let jump_us = i64::try_from(jump.as_micros()).unwrap_or(0);
        self.behind_us.fetch_add(jump_us, Ordering::Relaxed);
    }

    pub(super) fn is_behind(&self) -> bool {
        self.behind_us.load(Ordering::Relaxed) != 0
    }

    /// It believes the jump.
    pub(super) fn catches_up(&self) {
        self.behind_us.store(0, Ordering::Relaxed);
    }
}

impl Clock for NodeClock {
    fn now(&self) -> Timestamp {
        let behind = SignedDuration::from_micros(self.behind_us.load(Ordering::Relaxed));
        self.world.now() - behind
    }
}

/// Chance of one life of one node: a restarted node draws other ids than before.
#[derive(Debug)]
pub(super) struct SeededEntropy(Mutex<Chance>);

impl SeededEntropy {
    pub(super) fn new(chance: Chance) -> SeededEntropy {
        SeededEntropy(Mutex::new(chance))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let mut chance = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            let drawn = chance.draw().to_le_bytes();
            chunk.iter_mut().zip(drawn).for_each(|(byte, drawn)| *byte = drawn);
        }
    }
}
