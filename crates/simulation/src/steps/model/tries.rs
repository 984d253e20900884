//! I1 and I4 over the rows of tries: how far each has come.

use super::{Identified, Model};
use crate::steps::invariant::{Checked, Invariant, Violation, ensure};
use jiff::{SignedDuration, Timestamp};
use vestnik_domain::ids::DeliveryId;

/// A try's end is awaited for a day; half an hour it may be with the phone, and two minutes are for
/// the report.
const OPEN_MOST: SignedDuration = SignedDuration::from_mins(24 * 60 + 30 + 2 + 1);

const LATELY: SignedDuration = SignedDuration::from_hours(1);

/// One row of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::steps) struct TryRow {
    pub(in crate::steps) state: &'static str,
    pub(in crate::steps) ended_at: Option<Timestamp>,
    pub(in crate::steps) submitted_at: Option<Timestamp>,
    pub(in crate::steps) intended_at: Timestamp,
    pub(in crate::steps) has_reason: bool,
}

/// The order in which words merge, as DESIGN lists it.
fn rank(state: &str) -> Option<usize> {
    ["processing", "submitted", "unknown", "undelivered", "delivered", "read"]
        .iter()
        .position(|name| *name == state)
}

impl Model {
    /// A phone was given this try.
    pub(in crate::steps) fn given(&mut self, what: Identified) -> Checked {
        if self.given.contains_key(&what.delivery) {
            return Ok(());
        }
        self.may_be_intended(&what)?;
        self.pace_holds(&what)?;
        self.goes_in_good_time(&what)?;
        self.told_changes(&what);
        ensure(
            what.intended_at < what.send_before && what.valid_until <= what.send_before,
            Invariant::InTime,
            || {
                format!(
                    "{} was intended at {}, is valid until {} and was to be sent before {}",
                    what.delivery, what.intended_at, what.valid_until, what.send_before
                )
            },
        )?;
        self.given.insert(what.delivery, what);
        Ok(())
    }

    /// Every try that the database knows.
    pub(in crate::steps) fn all_tries(&self) -> Vec<DeliveryId> {
        self.given.values().filter(|what| !self.is_lost(what)).map(|what| what.delivery).collect()
    }

    /// Tries that have not ended, or but lately: most reports about them are still to come.
    pub(in crate::steps) fn moving_tries(&self, now: Timestamp) -> Vec<DeliveryId> {
        let has_ended = |id: &DeliveryId| {
            let ended_at = self.tries.get(id).and_then(|row| row.ended_at);
            ended_at.is_some_and(|at| now.duration_since(at) > LATELY)
        };
        self.all_tries().into_iter().filter(|id| !has_ended(id)).collect()
    }

    pub(in crate::steps) fn try_row(
        &mut self,
        id: DeliveryId,
        row: TryRow,
        now: Timestamp,
    ) -> Checked {
        let at = rank(row.state).ok_or_else(|| {
            Violation::new(
                Invariant::RankRises,
                format!("{id} is in the unknown state {}", row.state),
            )
        })?;
        let before = self.tries.get(&id).and_then(|before| rank(before.state)).unwrap_or(0);
        ensure(before <= at, Invariant::RankRises, || {
            let was = self.tries.get(&id).map_or("", |before| before.state);
            format!("{id} fell from {was} to {}", row.state)
        })?;
        ensure(row.state != "undelivered" || row.has_reason, Invariant::RankRises, || {
            format!("{id} ended undelivered without a reason")
        })?;
        let since = row.submitted_at.unwrap_or(row.intended_at).max(row.intended_at);
        let open = row.ended_at.is_none()
            && now.duration_since(since) > OPEN_MOST
            && !self.was_held_lately(now)
            && !self.has_jumped_lately(now);
        ensure(!open, Invariant::RankRises, || {
            format!("{id}, intended at {}, is still open as {}", row.intended_at, row.state)
        })?;
        self.tries.insert(id, row);
        Ok(())
    }
}
