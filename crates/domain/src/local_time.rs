//! Wall time and instants: where a branch's clock says one thing and the world another.
//!
//! The truth of an appointment is the wall time in its branch's zone; instants are derived here and
//! nowhere else. Zones come from the bundled database only, so that two nodes never disagree.

mod error;
mod zone;

pub use error::{LocalTimeError, StoredTimeError};
pub use zone::{Zone, ZoneError};

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::Pieces;
use jiff::tz::{AmbiguousOffset, Offset};
use jiff::{SignedDuration, Span, Timestamp};

/// The longest spelling of RFC 3339 with nine decimals and an offset is 35 bytes.
const WRITTEN_TIME_BYTES_MAX: usize = 40;

/// The start of a visit, once it is known to exist: three views of one moment that agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalStart {
    /// What the branch's clock shows.
    pub local: DateTime,
    /// Seconds east of Greenwich at that moment; tells apart the two of a time that exists twice.
    pub offset_s: i32,
    pub instant: Timestamp,
}

impl LocalStart {
    /// The moment that `local` names in `zone`; see [`resolve`].
    pub fn resolve(
        local: DateTime,
        offset_s: Option<i32>,
        zone: &Zone,
    ) -> Result<LocalStart, LocalTimeError> {
        Ok(LocalStart::of_instant(resolve(local, offset_s, zone)?, zone))
    }

    /// What the clock of `zone` shows at `instant`.
    pub fn of_instant(instant: Timestamp, zone: &Zone) -> LocalStart {
        let offset = zone.time_zone().to_offset(instant);
        LocalStart { local: offset.to_datetime(instant), offset_s: offset.seconds(), instant }
    }

    /// Reads a time of the API: RFC 3339 with an offset (`2026-12-25T15:00:00+03:00`, also with
    /// `Z`: an instant, whatever the zone), or without one (`2026-12-25T15:00`: the wall time of
    /// `zone`). Seconds may be left out; less than a microsecond is cut off.
    pub fn parse(text: &str, zone: &Zone) -> Result<LocalStart, LocalTimeError> {
        let unreadable = || LocalTimeError::unreadable(text);
        let written = is_written_time(text)
            .then(|| Pieces::parse(text).ok())
            .flatten()
            .ok_or_else(unreadable)?;
        let time = written.time().ok_or_else(unreadable)?;
        let local = written.date().to_datetime(cut_to_micros(time));
        match written.to_numeric_offset() {
            None => LocalStart::resolve(local, None, zone),
            Some(offset) => {
                let instant = offset.to_timestamp(local).map_err(|_| LocalTimeError::OutOfRange)?;
                Ok(LocalStart::of_instant(instant, zone))
            }
        }
    }
}

/// The instant at which the clock of `zone` shows `local`. A time that the clock skips is refused;
/// of one that it shows twice the first is taken, unless `offset_s` (seconds east of Greenwich)
/// names the other. An offset that `zone` does not have then is refused.
pub fn resolve(
    local: DateTime,
    offset_s: Option<i32>,
    zone: &Zone,
) -> Result<Timestamp, LocalTimeError> {
    let (offset, valid): (Offset, &[Offset]) =
        match zone.time_zone().to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => (offset, &[offset]),
            AmbiguousOffset::Fold { before, after } => (before, &[before, after]),
            AmbiguousOffset::Gap { before, .. } => {
                return Err(does_not_exist(local, before, zone));
            }
        };
    let chosen = match offset_s {
        None => offset,
        Some(given_s) => {
            let found = valid.iter().find(|offset| offset.seconds() == given_s);
            *found.ok_or_else(|| LocalTimeError::WrongOffset {
                local,
                zone: zone.clone(),
                given_s,
                valid_s: valid.iter().map(|offset| offset.seconds()).collect(),
            })?
        }
    };
    chosen.to_timestamp(local).map_err(|_| LocalTimeError::OutOfRange)
}

/// What the clock of `zone` shows at `instant`.
pub fn local(instant: Timestamp, zone: &Zone) -> DateTime {
    zone.time_zone().to_datetime(instant)
}

/// The first instant of `date` in `zone` and the first instant after it: 23 to 25 hours apart where
/// the clock changes, equal where the zone skipped the whole day (Samoa, 30 December 2011).
pub fn day_bounds(date: Date, zone: &Zone) -> (Timestamp, Timestamp) {
    let start = first_instant_from(date.to_datetime(Time::midnight()), zone);
    let end = match date.tomorrow() {
        Ok(tomorrow) => first_instant_from(tomorrow.to_datetime(Time::midnight()), zone),
        Err(_) => Timestamp::MAX,
    };
    (start, end)
}

/// A lead in days: the wall time of `start_local`, `days` calendar days earlier, as PRODUCT's rule
/// on clock changes has it. Skipped by the clock that day: the first instant after the gap; shown
/// twice: the first.
pub fn at_wall_time_days_before(start_local: DateTime, days: u32, zone: &Zone) -> Timestamp {
    let lead = Span::new().try_days(days);
    match lead.and_then(|lead| start_local.date().checked_sub(lead)) {
        Ok(date) => first_instant_from(date.to_datetime(start_local.time()), zone),
        Err(_) => Timestamp::MIN,
    }
}

/// A lead in hours or minutes: `elapsed` of real time before `instant`, whatever clocks do.
pub fn minus_elapsed(instant: Timestamp, elapsed: SignedDuration) -> Timestamp {
    let limit = if elapsed.is_negative() { Timestamp::MAX } else { Timestamp::MIN };
    instant.checked_sub(elapsed).unwrap_or(limit)
}

/// The stored form of an instant: microseconds since 1970-01-01 UTC, rounded down.
pub fn to_micros(instant: Timestamp) -> i64 {
    let micros = instant.as_microsecond();
    let cut_up = instant.as_nanosecond() < i128::from(micros) * 1_000;
    if cut_up { micros.saturating_sub(1) } else { micros }
}

/// Reads the stored form back.
pub fn from_micros(micros: i64) -> Result<Timestamp, StoredTimeError> {
    // The library reads microseconds up to the beginning of the last second, and writes later ones.
    Timestamp::from_microsecond(micros)
        .or_else(|_| Timestamp::from_nanosecond(i128::from(micros) * 1_000))
        .map_err(|_| StoredTimeError { micros })
}

/// The first instant at which the clock of `zone` shows `local` or, where it skips that, a later
/// time. Times beyond what a timestamp holds become its ends.
fn first_instant_from(local: DateTime, zone: &Zone) -> Timestamp {
    let limit = if local.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    match zone.time_zone().to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Gap { before, .. } => end_of_gap(local, before, zone).unwrap_or(limit),
        AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => {
            offset.to_timestamp(local).unwrap_or(limit)
        }
    }
}

/// The instant of the clock change that skips `local`; `before` is the offset that held until then.
fn end_of_gap(local: DateTime, before: Offset, zone: &Zone) -> Option<Timestamp> {
    // Read by the old offset the time lies at or after the change, and less than a gap after it.
    let after_change = before.to_timestamp(local).ok()?;
    let strictly_after = after_change.checked_add(SignedDuration::from_nanos(1)).ok()?;
    let change = zone.time_zone().preceding(strictly_after).next()?;
    Some(change.timestamp())
}

fn does_not_exist(local: DateTime, before: Offset, zone: &Zone) -> LocalTimeError {
    match end_of_gap(local, before, zone) {
        None => LocalTimeError::OutOfRange,
        Some(change) => LocalTimeError::DoesNotExist {
            local,
            zone: zone.clone(),
            last_before: self::local(minus_elapsed(change, SignedDuration::from_mins(1)), zone),
            first_after: self::local(change, zone),
        },
    }
}

/// Digits and the signs of RFC 3339: keeps out the annotations and week dates that the library
/// reads besides.
fn is_written_time(text: &str) -> bool {
    text.len() <= WRITTEN_TIME_BYTES_MAX
        && text.get(10..11).is_some_and(|separator| "Tt ".contains(separator))
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:+.TtZz ".contains(&byte))
}

fn cut_to_micros(time: Time) -> Time {
    let nanos = time.subsec_nanosecond();
    time.with().subsec_nanosecond(nanos - nanos % 1_000).build().unwrap_or(time)
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
