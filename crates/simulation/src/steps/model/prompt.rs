//! I3: where nothing stands in its way, what is due is handed over within a bounded time.

use super::{Identified, Model};
use crate::steps::invariant::{Checked, Invariant, ensure};
use jiff::SignedDuration;

/// A phone that hears of nothing asks by itself this often, and a minute is for its node.
const PHONE_ASKS: SignedDuration = SignedDuration::from_mins(26);
/// A node drives at once; another takes over within a lease.
const DRIVEN: SignedDuration = SignedDuration::from_mins(2);

impl Model {
    /// The first try of a message, over a healthy sender without a daily limit.
    pub(super) fn goes_in_good_time(&mut self, what: &Identified) -> Checked {
        if self.phones_in_trouble || what.attempt > 0 || self.was_put_back() {
            return Ok(());
        }
        let Some(sender) = self.senders.get(&what.sender) else { return Ok(()) };
        let wanted = self.wanted_at(what);
        let pace_s = sender.settings.iter().map(|(_, set)| set.pace_s).max().unwrap_or(0);
        let ahead = self.given.values().filter(|other| {
            other.sender == what.sender
                && wanted <= other.intended_at
                && other.intended_at <= what.intended_at
        });
        let turns = i64::try_from(ahead.count()).unwrap_or(i64::MAX).saturating_add(1);
        let queue = SignedDuration::from_secs(pace_s.saturating_mul(turns));
        let asks = if sender.is_pushed { DRIVEN } else { PHONE_ASKS };
        self.checked_in_time += 1;
        ensure(what.intended_at <= wanted + asks + queue, Invariant::Prompt, || {
            format!(
                "{} {} was due at {wanted} behind {turns} others, and was intended at {}",
                what.kind.name(),
                what.delivery,
                what.intended_at
            )
        })
    }
}
