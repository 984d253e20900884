//! A wall clock that jumps must not send a day's reminders at once: what was measured is believed
//! only while it agrees with the time that has passed.

use jiff::{SignedDuration, Timestamp};

/// A greater difference is a jump.
const JUMP: SignedDuration = SignedDuration::from_mins(5);
/// Measurements after a jump agree with each other when they differ by less.
const AGREES: SignedDuration = SignedDuration::from_secs(5);
/// So many measurements in a row that agree confirm a jump.
const CONFIRMED_BY: u32 = 4;

/// Compares each measured time with the believed one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClockWatch {
    /// How far the measured time is from the believed one, and how often that was seen.
    jump: Option<(SignedDuration, u32)>,
}

/// What is to be made of a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockVerdict {
    /// It is the time.
    Believe,
    /// It is the time, by a jump that has been confirmed.
    BelieveJump(SignedDuration),
    /// It may be wrong: go on with the believed time and send nothing.
    Wait(SignedDuration),
}

impl ClockWatch {
    /// `believed` is the last believed time and what has passed since by a clock that never jumps.
    pub fn observe(&mut self, believed: Timestamp, measured: Timestamp) -> ClockVerdict {
        let difference = measured.duration_since(believed);
        if difference.abs() <= JUMP {
            self.jump = None;
            return ClockVerdict::Believe;
        }
        let seen = match self.jump {
            Some((earlier, seen)) if (difference - earlier).abs() < AGREES => seen + 1,
            _ => 1,
        };
        if seen >= CONFIRMED_BY {
            self.jump = None;
            return ClockVerdict::BelieveJump(difference);
        }
        self.jump = Some((difference, seen));
        ClockVerdict::Wait(difference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ClockVerdict::{Believe, BelieveJump, Wait};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn small_corrections_are_believed_at_once() {
        let mut watch = ClockWatch::default();
        for off in [0, 1, -1, 299, -300] {
            assert_eq!(watch.observe(at(0), at(off)), Believe);
        }
    }

    #[test]
    fn a_jump_is_believed_once_it_is_confirmed() {
        for step in [3_600, -3_600] {
            let mut watch = ClockWatch::default();
            let jump = SignedDuration::from_secs(step);
            for second in [0, 5, 10] {
                assert_eq!(watch.observe(at(second), at(second + step)), Wait(jump));
            }
            assert_eq!(watch.observe(at(15), at(15 + step)), BelieveJump(jump));
        }
    }

    #[test]
    fn a_clock_that_wavers_confirms_nothing() {
        let mut watch = ClockWatch::default();
        for second in 0..20 {
            let wrong = if second % 2 == 0 { 3_600 } else { 7_200 };
            assert!(matches!(watch.observe(at(second), at(second + wrong)), Wait(_)));
        }
        assert_eq!(watch.observe(at(20), at(20)), Believe);
    }
}
