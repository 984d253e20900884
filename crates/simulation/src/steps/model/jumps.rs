//! Jumps of the clock that last. What fell due in the time that was jumped over is late, and some of it
//! too late to be sent; what a node did while it still went by the old time is dated so. Neither is a
//! fault, so neither is checked to the minute; everything from the jump on is.

use super::{Identified, Model};
use jiff::{SignedDuration, Timestamp};

/// Right after a jump nobody sends: four heartbeats confirm it.
const CONFIRMED_AFTER: SignedDuration = SignedDuration::from_secs(20);
/// Why the last word of such a visit is not checked.
const JUMPED_OVER: &str = "the clock jumped over what was to be sent";

#[derive(Debug, Clone, Copy)]
pub(super) struct Jump {
    from: Timestamp,
    to: Timestamp,
    /// When everybody went by the new time.
    believed_at: Option<Timestamp>,
}

impl Model {
    pub(in crate::steps) fn clock_jumps(&mut self, from: Timestamp, to: Timestamp) {
        self.jumps.push(Jump { from, to, believed_at: None });
        // Who still goes by the old time doubts it.
        self.clock_is_in_doubt(from, to);
        self.excuse_all(JUMPED_OVER);
        self.forecasts.clear();
    }

    pub(in crate::steps) fn jump_is_believed(&mut self, at: Timestamp) {
        if let Some(jump) = self.jumps.last_mut() {
            jump.believed_at.get_or_insert(at);
        }
        // What was changed meanwhile may be dated by the old time.
        self.excuse_all(JUMPED_OVER);
    }

    /// When it was to go at the earliest by a clock that everybody believed.
    pub(super) fn wanted_at(&self, what: &Identified) -> Timestamp {
        let mut wanted = what.due_at.max(what.planned_at);
        for jump in &self.jumps {
            let believed_at = jump.believed_at.unwrap_or(jump.to + CONFIRMED_AFTER);
            let waited = wanted < believed_at && jump.from <= what.intended_at;
            let was_on_its_way = jump.from.duration_since(wanted) < SignedDuration::from_mins(30);
            if waited && was_on_its_way {
                wanted = believed_at;
            }
        }
        wanted
    }

    /// Right after a jump everything is overdue at once.
    pub(super) fn has_jumped_lately(&self, now: Timestamp) -> bool {
        let moment = SignedDuration::from_mins(5);
        self.jumps.iter().any(|jump| {
            jump.believed_at.is_none_or(|at| at <= now && now.duration_since(at) < moment)
        })
    }
}
