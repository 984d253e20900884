//! The time that all nodes of a database share: its own clock, measured now and then, and carried on
//! by this machine's monotonic one. A wall clock that jumps is doubted until it is confirmed.

use jiff::{SignedDuration, Timestamp};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use vestnik_app::Clock;
use vestnik_app::nodes::{ClockVerdict, ClockWatch};

/// Less than the margin by which a lease is taken over late.
const ANSWER_MOST: Duration = Duration::from_secs(1);

/// What was measured last, and when.
struct Measured {
    time: Timestamp,
    at: Instant,
    watch: ClockWatch,
}

pub(crate) struct DatabaseClock {
    measured: Mutex<Measured>,
}

#[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else is given")]
fn monotonic() -> Instant {
    Instant::now()
}

impl Measured {
    fn now(&self) -> Timestamp {
        let passed = monotonic().saturating_duration_since(self.at);
        let passed = SignedDuration::try_from(passed).unwrap_or(SignedDuration::MAX);
        self.time.checked_add(passed).unwrap_or(Timestamp::MAX)
    }
}

impl DatabaseClock {
    /// Begins at `time`, which the database answered to a question asked at `asked`.
    pub(crate) fn starting_at(asked: Instant, time: Timestamp) -> DatabaseClock {
        let measured = Measured { time, at: asked, watch: ClockWatch::default() };
        DatabaseClock { measured: Mutex::new(measured) }
    }

    /// The moment at which the database is asked.
    pub(crate) fn mark() -> Instant {
        monotonic()
    }

    /// Takes in what the database answered to a question asked at `asked`; false while it is in
    /// doubt. An answer that took long says too little: the process may have been stopped meanwhile.
    pub(crate) fn measure(&self, asked: Instant, time: Timestamp) -> bool {
        let answered = monotonic();
        let took = answered.saturating_duration_since(asked);
        if took > ANSWER_MOST {
            let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(
                took_ms,
                "the database answers too slowly to tell the time: nothing is sent"
            );
            return false;
        }
        let mut measured = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        let believed = measured.now();
        match measured.watch.observe(believed, time) {
            ClockVerdict::Wait(difference) => {
                tracing::warn!(jump_s = difference.as_secs(), "the clock jumped: nothing is sent");
                return false;
            }
            ClockVerdict::BelieveJump(difference) => {
                tracing::warn!(jump_s = difference.as_secs(), "the jump of the clock is confirmed");
            }
            ClockVerdict::Believe => {}
        }
        measured.time = time;
        measured.at = asked;
        true
    }
}

impl Clock for DatabaseClock {
    fn now(&self) -> Timestamp {
        self.measured.lock().unwrap_or_else(PoisonError::into_inner).now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn a_jump_of_the_wall_clock_changes_nothing_until_it_is_confirmed() {
        let clock = DatabaseClock::starting_at(DatabaseClock::mark(), at(0));
        assert!(clock.measure(DatabaseClock::mark(), at(10)));
        assert!(clock.now() >= at(10) && clock.now() < at(100));
        for _ in 0..3 {
            assert!(!clock.measure(DatabaseClock::mark(), at(7_200)));
            assert!(clock.now() < at(100));
        }
        assert!(clock.measure(DatabaseClock::mark(), at(7_200)));
        assert!(clock.now() >= at(7_200));
    }

    #[test]
    fn an_answer_that_took_long_is_not_believed() {
        let clock = DatabaseClock::starting_at(DatabaseClock::mark(), at(0));
        let long_ago = DatabaseClock::mark().checked_sub(Duration::from_secs(2)).unwrap();
        assert!(!clock.measure(long_ago, at(1)));
    }
}
