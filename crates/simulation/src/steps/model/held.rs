//! I10: an older copy in the database's place. What was acknowledged since it was made is gone, what
//! was on the air is not; nothing leaves until it is let go, and then nothing that fell due before.

use super::{Identified, Model};
use crate::steps::invariant::{Checked, Invariant, ensure};
use jiff::{SignedDuration, Timestamp};

/// Why the last word of such a visit is not checked.
const PUT_BACK: &str = "an older copy was put back";

impl Model {
    /// From now on the database is what `copy` knew. What was on the air since then it does not know:
    /// news of an occasion that it took for untold may be told again, though nothing that had fallen
    /// due by then.
    pub(in crate::steps) fn put_back(&mut self, copy: Model, now: Timestamp) {
        self.lost.extend(self.given.keys().filter(|id| !copy.given.contains_key(*id)));
        let lost = &self.lost;
        self.heard.retain(|heard| !lost.contains(&heard.what.delivery));
        self.messages_on_air.retain(|_, delivery| !lost.contains(delivery));
        let known = &self.messages_on_air;
        self.keys_on_air.retain(|_, message| known.contains_key(message));
        self.tries.clear();
        self.bookings = copy.bookings;
        self.clients = copy.clients;
        self.senders = copy.senders;
        self.settings = copy.settings;
        self.stops = copy.stops;
        self.told = copy.told;
        self.imports = copy.imports;
        self.forecasts.clear();
        self.journal_was_forgotten();
        self.excused = copy.excused;
        self.held_since = Some(now);
        self.excuse_all(PUT_BACK);
    }

    pub(in crate::steps) fn let_go(&mut self, now: Timestamp) {
        self.held_since = None;
        self.let_go_at = Some(now);
        self.forecasts.clear();
        // What fell due meanwhile was skipped.
        self.excuse_all(PUT_BACK);
    }

    pub(in crate::steps) fn is_held(&self) -> bool {
        self.held_since.is_some()
    }

    /// While it is held time ends nothing; right after it everything is overdue at once.
    pub(super) fn was_held_lately(&self, now: Timestamp) -> bool {
        let moment = SignedDuration::from_mins(5);
        self.is_held() || self.let_go_at.is_some_and(|at| now.duration_since(at) < moment)
    }

    pub(in crate::steps) fn was_put_back(&self) -> bool {
        self.is_held() || self.let_go_at.is_some()
    }

    /// Was it intended in a time that the database does not know any more?
    pub(super) fn is_lost(&self, what: &Identified) -> bool {
        self.lost.contains(&what.delivery)
    }

    /// A new intent.
    pub(super) fn may_be_intended(&self, what: &Identified) -> Checked {
        if let Some(since) = self.held_since {
            ensure(what.intended_at < since, Invariant::Held, || {
                format!(
                    "{} was intended at {}, held since {since}",
                    what.delivery, what.intended_at
                )
            })?;
        }
        if let Some((since, until)) = self.clock_doubt {
            let doubted = since < what.intended_at && what.intended_at < until;
            ensure(!doubted, Invariant::InTime, || {
                format!(
                    "{} was intended at {}, by a clock in doubt",
                    what.delivery, what.intended_at
                )
            })?;
        }
        let Some(let_go_at) = self.let_go_at else { return Ok(()) };
        let is_first =
            !self.given.values().any(|other| other.message == what.message && !self.is_lost(other));
        let fell_due = is_first
            && what.intended_at >= let_go_at
            && what.attempt == 0
            && what.due_at < let_go_at;
        // A shorter settle time that was saved since then puts its due time before the letting go, when
        // it still lay ahead.
        let saved_since = self.settings.get(&what.organization).is_some_and(|saved| {
            saved.iter().any(|(at, _)| let_go_at <= *at && *at <= what.intended_at)
        });
        ensure(!fell_due || saved_since, Invariant::Held, || {
            format!(
                "{} fell due at {} and goes although it was held until {let_go_at}",
                what.message, what.due_at
            )
        })
    }
}
