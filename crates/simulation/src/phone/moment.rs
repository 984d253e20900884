//! Time as a phone has it: its clock, which may be a virtual one that stands still or jumps, and the
//! time that really passed. A wait ends by whichever comes first, otherwise a standing clock would stop
//! the phone, and a jumping one would leave it behind.

use jiff::{SignedDuration, Timestamp};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// What the phone's clock shows.
    pub clock: Timestamp,
    /// Since the phone was made; never goes back.
    pub elapsed_ms: u64,
}

/// The end of a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    clock: Timestamp,
    elapsed_ms: u64,
}

impl Moment {
    /// A wait of `ms` from here.
    pub fn after_ms(self, ms: u64) -> Wait {
        let length = SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX));
        Wait {
            clock: self.clock.checked_add(length).unwrap_or(Timestamp::MAX),
            elapsed_ms: self.elapsed_ms.saturating_add(ms),
        }
    }

    /// A wait until the clock shows `at`; over at once if it does.
    pub fn until(self, at: Timestamp) -> Wait {
        let ms = at.duration_since(self.clock).as_millis().max(0);
        self.after_ms(u64::try_from(ms).unwrap_or(u64::MAX))
    }
}

impl Wait {
    pub fn is_over(self, now: Moment) -> bool {
        now.clock >= self.clock || now.elapsed_ms >= self.elapsed_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(second: i64, elapsed_ms: u64) -> Moment {
        Moment { clock: Timestamp::from_second(second).unwrap(), elapsed_ms }
    }

    #[test]
    fn a_wait_ends_by_the_clock_or_by_real_time() {
        let start = moment(1_000, 50);
        for (wait, now, over) in [
            (start.after_ms(0), start, true),
            (start.after_ms(5_000), moment(1_004, 5_049), false),
            (start.after_ms(5_000), moment(1_005, 50), true),
            (start.after_ms(5_000), moment(1_000, 5_050), true),
            (start.until(Timestamp::from_second(1_003).unwrap()), moment(1_002, 3_049), false),
            (start.until(Timestamp::from_second(1_003).unwrap()), moment(1_003, 51), true),
            (start.until(Timestamp::from_second(7).unwrap()), start, true),
            (start.after_ms(u64::MAX), moment(9_000_000, 9), false),
        ] {
            assert_eq!(wait.is_over(now), over, "{wait:?} {now:?}");
        }
    }
}
