//! N4: edits settle before they are told, so that several make one message about the final state.

use jiff::{SignedDuration, Timestamp};

/// However often it is edited, the client hears of it this long after the first edit.
pub const SETTLE_MAX: SignedDuration = SignedDuration::from_mins(10);
/// The client must learn of it this long before the visit.
pub const BEFORE_VISIT: SignedDuration = SignedDuration::from_mins(15);

/// A burst of changes that is to settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settling {
    /// From when the 10 minutes count: the first change, or the quiet-hours edge it waits for.
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    /// The setting, seconds.
    pub settle_s: i64,
    /// The earliest of the told and the new starts that lie after the last change.
    pub visit_start: Option<Timestamp>,
}

impl Settling {
    /// When «changed» falls due: the last change + settle, at most 10 minutes after the first, and
    /// never past 15 minutes before the visit.
    pub fn due(self) -> Timestamp {
        let settled = plus(self.last_at, SignedDuration::from_secs(self.settle_s));
        let longest = plus(self.first_at, SETTLE_MAX);
        let before_visit = self.visit_start.map_or(Timestamp::MAX, |start| {
            start.checked_sub(BEFORE_VISIT).unwrap_or(Timestamp::MIN)
        });
        settled.min(longest).min(before_visit).max(self.last_at)
    }

    /// The same for «created» and «cancelled», which go at once when the visit is nearer than
    /// 15 minutes + settle.
    pub fn due_or_at_once(self) -> Timestamp {
        let settle = SignedDuration::from_secs(self.settle_s);
        let near = plus(plus(self.last_at, settle), BEFORE_VISIT);
        match self.visit_start {
            Some(start) if start < near => self.last_at,
            _ => self.due(),
        }
    }
}

fn plus(at: Timestamp, elapsed: SignedDuration) -> Timestamp {
    at.checked_add(elapsed).unwrap_or(Timestamp::MAX)
}
