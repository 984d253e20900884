//! A record's changes as the transitions that the front desk makes.

use super::side::JournalSide;
use crate::appointment::{Appointment, CancelledBy, Source, Status};
use crate::planning::{Booking, Cancel, Edit, Moment, NotificationState, Notify, Restore, Side};
use jiff::{SignedDuration, Timestamp};

/// What was booked longer ago than this is not told as news any more.
const NEWS: SignedDuration = SignedDuration::from_hours(12);

/// How a record that nobody here knew, or a client who came into one, is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstSight {
    /// The journal's own time of creation; for a client who came later into the record, when we saw it.
    pub created_at: Timestamp,
    /// When the branch was linked.
    pub linked_at: Timestamp,
    pub source: Source,
}

impl FirstSight {
    /// The memory that planning begins with. What stood in the journal before the branch was linked,
    /// or long before we could see it, is known to the client as it is: it is reminded of, but
    /// «created» would be no news. Everything else was booked now, as at our own front desk.
    pub fn notification(self, now: Timestamp) -> NotificationState {
        let booking =
            Booking { source: self.source, notify: Notify::ByRule, import_with_reminders: false };
        let is_news =
            self.created_at >= self.linked_at && now.duration_since(self.created_at) <= NEWS;
        if is_news {
            NotificationState::booked(booking, now)
        } else {
            NotificationState::booked(booking, self.created_at.min(now)).missed(now)
        }
    }
}

/// The appointment once it stands as `side` says.
pub fn follow(before: &Appointment, side: &JournalSide, mut moment: Moment) -> Appointment {
    let (by, notify) = (Side::Staff, Notify::ByRule);
    let mut after = Appointment {
        status: side.status,
        facts: side.facts.clone(),
        note: side.note.clone(),
        ..before.clone()
    };
    let mut state = before.notification.clone();
    let was_cancelled = before.status == Status::Cancelled;
    let is_cancelled = side.status == Status::Cancelled;
    if was_cancelled && !is_cancelled {
        state = state.restored(Restore { facts: &before.facts, by, notify }, moment);
        // What tells of it waits from this moment on: brought back at another time it is not missed.
        moment.notice_waits = true;
    }
    state = state.edited(Edit { before: &before.facts, after: &side.facts, by, notify }, moment);
    if is_cancelled && !was_cancelled {
        state = state.cancelled(Cancel { facts: &side.facts, by, notify }, moment);
        after.cancelled_by = Some(CancelledBy::Staff);
    } else if !is_cancelled && side.status != before.status {
        state = state.status_set(before.status, side.status, moment);
    }
    if !is_cancelled {
        after.cancelled_by = None;
    }
    after.notification = state;
    after
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::Announcement;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn only_what_is_news_is_told_as_created() {
        let now = at("2026-03-02T12:00:00Z");
        let linked_at = at("2026-03-02T09:00:00Z");
        for (created_at, announcement) in [
            ("2026-03-02T11:59:00Z", Announcement::Pending),
            ("2026-03-02T09:00:00Z", Announcement::Pending),
            // It stood there before the branch was linked.
            ("2026-03-02T08:59:59Z", Announcement::Missed),
        ] {
            let sight =
                FirstSight { created_at: at(created_at), linked_at, source: Source::Journal };
            assert_eq!(sight.notification(now).announcement, announcement, "{created_at}");
        }
        let linked_at = at("2026-02-01T00:00:00Z");
        let late = FirstSight {
            created_at: at("2026-03-01T23:59:59Z"),
            linked_at,
            source: Source::Journal,
        };
        assert_eq!(late.notification(now).announcement, Announcement::Missed);
    }
}
