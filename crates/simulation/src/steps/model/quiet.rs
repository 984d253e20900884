//! Quiet hours and leads, minute by minute: as naive as a person with a calendar.

use jiff::civil::DateTime;
use jiff::tz::AmbiguousOffset;
use jiff::{SignedDuration, Timestamp, ToSpan};
use vestnik_domain::local_time::Zone;
use vestnik_domain::settings::{Lead, SendingWindow};

/// Two days: no window is closed for longer.
const MINUTES_MOST: i64 = 2 * 24 * 60;

pub(super) fn is_open(window: SendingWindow, zone: &Zone, at: Timestamp) -> bool {
    let time = zone.time_zone().to_datetime(at).time();
    if window.from < window.to {
        window.from <= time && time <= window.to
    } else {
        window.from <= time || time <= window.to
    }
}

/// The first minute at or after `at` in which the window is open.
pub(super) fn next_open(window: SendingWindow, zone: &Zone, at: Timestamp) -> Timestamp {
    (0..MINUTES_MOST)
        .map(|minute| at + SignedDuration::from_mins(minute))
        .find(|at| is_open(window, zone, *at))
        .unwrap_or(Timestamp::MAX)
}

/// The last minute at or before `at` in which the window was open; edges are whole minutes.
pub(super) fn last_open(window: SendingWindow, zone: &Zone, at: Timestamp) -> Timestamp {
    (0..MINUTES_MOST)
        .map(|minute| at - SignedDuration::from_mins(minute))
        .find(|at| is_open(window, zone, *at))
        .unwrap_or(Timestamp::MIN)
}

/// When a lead of a start falls due; `None` where the clock of that day makes it a question.
pub(super) fn lead_moment(
    lead: Lead,
    start_local: DateTime,
    starts_at: Timestamp,
    zone: &Zone,
) -> Option<Timestamp> {
    match lead {
        Lead::Minutes(minutes) => Some(starts_at - SignedDuration::from_mins(minutes)),
        Lead::Days(days) => {
            let wall = start_local.checked_sub(days.days()).ok()?;
            match zone.time_zone().to_ambiguous_timestamp(wall).offset() {
                AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(wall).ok(),
                _ => None,
            }
        }
    }
}
