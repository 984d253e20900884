//! Dates as the app reads and writes them.

use jiff::tz::{self, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// The phone's zone: not UTC, so that a server that drops the offset is found out.
const PHONE_OFFSET: tz::Offset = tz::offset(3);

/// Reads a date as the app's pattern `yyyy-MM-dd'T'HH:mm:ss.SSSXXX` does: whatever stands after the
/// point is a number of *milliseconds*, so that `05.123456Z` is two minutes later than it says. Without
/// a point it is plain RFC 3339.
pub fn read(text: &str) -> Option<Timestamp> {
    let Some((whole_seconds, rest)) = text.split_once('.') else {
        return text.parse().ok();
    };
    let (digits, offset) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
    let fraction_ms: i32 = digits.parse().ok()?;
    let begin: Timestamp = format!("{whole_seconds}{offset}").parse().ok()?;
    begin.checked_add(SignedDuration::from_millis(i64::from(fraction_ms))).ok()
}

/// By the same pattern, in the phone's own offset.
pub fn write(at: Timestamp) -> String {
    let zoned = at.to_zoned(TimeZone::fixed(PHONE_OFFSET));
    zoned.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_fraction_moves_the_moment() {
        for (text, read_as) in [
            ("2026-03-04T12:45:05.000Z", Some("2026-03-04T12:45:05Z")),
            ("2026-03-04T12:45:05Z", Some("2026-03-04T12:45:05Z")),
            ("2026-03-04T15:45:05.120+03:00", Some("2026-03-04T12:45:05.12Z")),
            ("2026-03-04T12:45:05.123456Z", Some("2026-03-04T12:47:08.456Z")),
            ("2026-03-04T12:45:05.123456789Z", Some("2026-03-05T23:02:41.789Z")),
            ("2026-03-04T12:45:05.1234567890123Z", None),
            ("2026-03-04T12:45:05.", None),
            ("2026-03-04T12:45:05.123", None),
            ("2026-03-04 12:45", None),
            ("завтра", None),
            ("", None),
        ] {
            let expected = read_as.map(|at| at.parse().unwrap());
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_are_written_with_three_digits_and_an_offset() {
        let at = "2026-03-04T21:15:02.1149Z".parse().unwrap();
        assert_eq!(write(at), "2026-03-05T00:15:02.114+03:00");
        let at = "2026-03-04T12:15:02Z".parse().unwrap();
        assert_eq!(write(at), "2026-03-04T15:15:02.000+03:00");
    }
}
