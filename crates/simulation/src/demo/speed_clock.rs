//! A business clock that runs N times as fast as the real one, so that a day passes while one watches.

use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use vestnik_app::Clock;

/// Business time at a multiple of real time; it never goes back, also when the real clock does.
pub struct SpeedClock {
    real: Arc<dyn Clock>,
    real_from: Timestamp,
    from: Timestamp,
    speed: u32,
    shown_us: AtomicI64,
}

impl SpeedClock {
    /// Starts at the real time, or at `stored` if the database is ahead of it: what was written under
    /// a faster clock must not lie in the future of the next start.
    pub fn new(real: Arc<dyn Clock>, speed: u32, stored: Option<Timestamp>) -> SpeedClock {
        let real_from = real.now();
        let from = stored.map_or(real_from, |stored| stored.max(real_from));
        let shown_us = AtomicI64::new(from.as_microsecond());
        SpeedClock { real, real_from, from, speed, shown_us }
    }

    /// Does it differ from the real clock?
    pub fn is_virtual(&self) -> bool {
        self.speed != 1 || self.from != self.real_from
    }
}

impl Clock for SpeedClock {
    fn now(&self) -> Timestamp {
        let passed_us =
            self.real.now().as_microsecond().saturating_sub(self.real_from.as_microsecond());
        let now_us = business_us(self.from.as_microsecond(), passed_us, self.speed);
        let shown_us = self.shown_us.fetch_max(now_us, Ordering::SeqCst).max(now_us);
        Timestamp::from_microsecond(shown_us).unwrap_or(Timestamp::MAX)
    }
}

/// `passed_us` of real time after `from_us` of business time; a real clock that went back stands still.
fn business_us(from_us: i64, passed_us: i64, speed: u32) -> i64 {
    from_us.saturating_add(passed_us.max(0).saturating_mul(i64::from(speed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows what it was last told.
    struct Told(AtomicI64);

    impl Clock for Told {
        fn now(&self) -> Timestamp {
            Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
        }
    }

    #[test]
    fn business_time_is_a_multiple_that_never_goes_back() {
        // Speed, what is stored, and pairs of a real second and the business second it shows.
        type Row = (u32, Option<i64>, &'static [(i64, i64)]);
        let table: [Row; 5] = [
            (1, None, &[(1_000, 1_000), (1_007, 1_007)]),
            (60, None, &[(1_000, 1_000), (1_001, 1_060), (1_060, 4_600)]),
            // The real clock is set back, and catches up.
            (60, None, &[(1_010, 1_600), (990, 1_600), (1_009, 1_600), (1_011, 1_660)]),
            // The database is ahead: a former start was faster.
            (1, Some(5_000), &[(1_000, 5_000), (1_003, 5_003)]),
            // It is behind: the demo rested.
            (60, Some(10), &[(1_000, 1_000), (1_002, 1_120)]),
        ];
        for (speed, stored, shown) in table {
            let real = Arc::new(Told(AtomicI64::new(1_000)));
            let stored = stored.map(|second| Timestamp::from_second(second).unwrap());
            let clock = SpeedClock::new(Arc::clone(&real) as Arc<dyn Clock>, speed, stored);
            for (real_s, business_s) in shown {
                real.0.store(*real_s, Ordering::SeqCst);
                assert_eq!(clock.now().as_second(), *business_s, "{speed} {stored:?} {real_s}");
            }
        }
    }

    #[test]
    fn the_end_of_time_is_no_panic() {
        assert_eq!(business_us(i64::MAX - 1, i64::MAX, u32::MAX), i64::MAX);
    }
}
