//! What a node is given from outside: the time and chance of the simulated world.

use crate::chance::Chance;
use jiff::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
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
