//! I5: between two intents of a sender lies its pace, and a day has at most its limit of SMS parts.

use super::{Identified, Model, held_at};
use crate::steps::invariant::{Checked, Invariant, ensure};
use jiff::SignedDuration;
use vestnik_template::sms;

impl Model {
    /// A try was given to a phone: how long after the one before it?
    pub(super) fn pace_holds(&self, what: &Identified) -> Checked {
        let Some(sender) = self.senders.get(&what.sender) else { return Ok(()) };
        let least_s = held_at(&sender.settings, what.intended_at).map(|set| set.pace_s).min();
        let least = SignedDuration::from_secs(least_s.unwrap_or(0));
        let neighbour = self.given.values().find(|other| {
            other.sender == what.sender
                && !self.is_lost(other)
                && other.delivery != what.delivery
                && other.intended_at <= what.intended_at
                && what.intended_at.duration_since(other.intended_at) < least
        });
        ensure(neighbour.is_none(), Invariant::Pace, || {
            let other = neighbour.map(|other| other.intended_at.to_string()).unwrap_or_default();
            format!(
                "{} was intended at {}, the one before at {other}: less than {least:#} apart",
                what.delivery, what.intended_at
            )
        })
    }

    /// The last SMS on the air counts for the day of its intent.
    pub(super) fn limit_holds(&self) -> Checked {
        let Some(last) = self.heard.last() else { return Ok(()) };
        let Some(sender) = self.senders.get(&last.what.sender) else { return Ok(()) };
        let limits = held_at(&sender.settings, last.what.intended_at);
        // Several may have held in that instant; the loosest one excuses.
        let limit = limits.map(|set| set.daily_limit_parts.unwrap_or(i64::MAX)).max();
        let day = |at| sender.zone.time_zone().to_datetime(at).date();
        let of_day = self.heard.iter().filter(|one| {
            one.what.sender == last.what.sender
                && !self.is_lost(&one.what)
                && day(one.what.intended_at) == day(last.what.intended_at)
                && one.what.intended_at <= last.what.intended_at
        });
        let parts: i64 =
            of_day.map(|one| i64::try_from(sms::size(&one.text).parts).unwrap_or(i64::MAX)).sum();
        ensure(parts <= limit.unwrap_or(i64::MAX), Invariant::Pace, || {
            format!(
                "{} SMS parts of {} were on the air, its limit was {limit:?}",
                parts,
                day(last.what.intended_at)
            )
        })
    }
}
