//! N12: messages go only within a window of the branch's day.
//!
//! Windows are closed at both ends: 22:00:00 may send. A window may reach over midnight, and its
//! edges are wall times, so days of 23 and 25 hours come out right.

use crate::local_time::{Zone, at_wall_time_days_before, local};
use crate::settings::SendingWindow;
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

/// How long before the visit a message that had to wait must still be able to go.
const BEFORE_VISIT: SignedDuration = SignedDuration::from_hours(1);
/// What fell due by the closing edge may leave a little later: routing and pace take their time.
const CLOSING_GRACE: SignedDuration = SignedDuration::from_mins(5);

/// How a message behaves in quiet hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// Reminders and requests: the earlier edge, else the next one, else never.
    EarlierEdge,
    /// Created, changed, cancelled: the next edge, unless the visit is too near to wait.
    NextEdge,
}

/// What quiet hours make of a due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admitted {
    At {
        at: Timestamp,
        moved_from: Option<Timestamp>,
    },
    /// The next edge comes less than an hour before the visit.
    Dropped {
        next_edge: Timestamp,
    },
}

/// The window of one branch.
#[derive(Debug, Clone, Copy)]
pub struct QuietHours<'a> {
    pub window: SendingWindow,
    pub zone: &'a Zone,
}

impl QuietHours<'_> {
    /// When a message due at `due` may go. `visit_start` is the (earlier) start that it speaks of;
    /// edges before `not_before` are past.
    pub fn admit(
        self,
        waiting: Waiting,
        due: Timestamp,
        visit_start: Timestamp,
        not_before: Timestamp,
    ) -> Admitted {
        if self.is_open(due) {
            return Admitted::At { at: due, moved_from: None };
        }
        let next_edge = self.next_opening(due.max(not_before));
        let too_near = plus(next_edge, BEFORE_VISIT) > visit_start;
        match waiting {
            Waiting::EarlierEdge => {
                let earlier_edge = self.last_closing(due);
                if earlier_edge >= not_before {
                    Admitted::At { at: earlier_edge, moved_from: Some(due) }
                } else if too_near {
                    Admitted::Dropped { next_edge }
                } else {
                    Admitted::At { at: next_edge, moved_from: Some(due) }
                }
            }
            Waiting::NextEdge if too_near => Admitted::At { at: due, moved_from: None },
            Waiting::NextEdge => Admitted::At { at: next_edge, moved_from: Some(due) },
        }
    }

    /// What becomes, at `now`, of a message admitted at `at` that has not left yet: if its window
    /// closed meanwhile it waits or drops anew.
    pub fn admit_overdue(
        self,
        waiting: Waiting,
        at: Timestamp,
        visit_start: Timestamp,
        now: Timestamp,
    ) -> Admitted {
        let as_it_was = Admitted::At { at, moved_from: None };
        if at >= now || self.is_open(now) {
            return as_it_was;
        }
        let closed_at = self.last_closing(now);
        if at <= closed_at && now <= plus(closed_at, CLOSING_GRACE) {
            return as_it_was;
        }
        match self.admit(waiting, now, visit_start, now) {
            Admitted::At { at: new, .. } if new <= now => as_it_was,
            Admitted::At { at: new, .. } => Admitted::At { at: new, moved_from: Some(at) },
            dropped => dropped,
        }
    }

    pub fn is_open(self, at: Timestamp) -> bool {
        let time = local(at, self.zone).time();
        let SendingWindow { from, to } = self.window;
        if from < to {
            from <= time && time <= to
        } else {
            // Over midnight, or (refused by the settings) all day.
            from <= time || time <= to
        }
    }

    /// The first opening edge at or after `at`.
    pub fn next_opening(self, at: Timestamp) -> Timestamp {
        let today = local(at, self.zone).date();
        let day_by_day = [
            Some(today),
            today.tomorrow().ok(),
            today.tomorrow().ok().and_then(|day| day.tomorrow().ok()),
        ];
        let mut edges = day_by_day
            .into_iter()
            .flatten()
            .map(|day| self.edge(day.to_datetime(self.window.from)));
        edges.find(|edge| *edge >= at).unwrap_or(Timestamp::MAX)
    }

    /// The last closing edge at or before `at`.
    pub fn last_closing(self, at: Timestamp) -> Timestamp {
        let today = local(at, self.zone).date();
        let day_by_day = [
            Some(today),
            today.yesterday().ok(),
            today.yesterday().ok().and_then(|day| day.yesterday().ok()),
        ];
        let mut edges =
            day_by_day.into_iter().flatten().map(|day| self.edge(day.to_datetime(self.window.to)));
        edges.find(|edge| *edge <= at).unwrap_or(Timestamp::MIN)
    }

    fn edge(self, wall_time: DateTime) -> Timestamp {
        at_wall_time_days_before(wall_time, 0, self.zone)
    }
}

fn plus(at: Timestamp, elapsed: SignedDuration) -> Timestamp {
    at.checked_add(elapsed).unwrap_or(Timestamp::MAX)
}
