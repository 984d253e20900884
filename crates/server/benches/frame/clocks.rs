//! Business time of benches: it lets nothing fall due before it is to.

use crate::wiring::SystemClock;
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicI64, Ordering};
use vestnik_app::Clock;

/// Noon where the salons are: hours in which everything may be sent.
pub(crate) fn noon() -> Timestamp {
    "2026-06-01T09:00:00Z".parse().unwrap()
}

/// Goes on only when it is told to.
pub(crate) struct StandingClock(AtomicI64);

impl StandingClock {
    pub(crate) fn at(time: Timestamp) -> StandingClock {
        StandingClock(AtomicI64::new(time.as_microsecond()))
    }

    pub(crate) fn go_to(&self, time: Timestamp) {
        self.0.fetch_max(time.as_microsecond(), Ordering::SeqCst);
    }
}

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// Goes on as the system's does, from a moment of its own.
pub(crate) struct ShiftedClock {
    /// Microseconds before the system's.
    ahead: AtomicI64,
}

impl ShiftedClock {
    pub(crate) fn at(time: Timestamp) -> ShiftedClock {
        let clock = ShiftedClock { ahead: AtomicI64::new(0) };
        clock.go_to(time);
        clock
    }

    pub(crate) fn go_to(&self, time: Timestamp) {
        let system = SystemClock.now().as_microsecond();
        self.ahead.store(time.as_microsecond() - system, Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_micros(self.ahead.load(Ordering::SeqCst));
        SystemClock.now() + ahead
    }
}
