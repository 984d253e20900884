//! Dates as the app reads and writes them.
//!
//! The app reads a fraction as whole milliseconds whatever its length: `.123456` is two minutes more,
//! `.123456789` more than a day. So a date goes out with exactly three digits, always.

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use serde::{Serialize, Serializer};

const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));

/// A moment in a reply: UTC, three fraction digits, the rest cut off, so never later than meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PhoneDate(pub Timestamp);

impl Serialize for PhoneDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&PRINTER.timestamp_to_string(&self.0))
    }
}

/// A moment as the app writes it: RFC 3339 with the offset of the phone.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_three_fraction_digits_whatever_the_moment() {
        for (moment, written) in [
            ("2026-03-04T12:15:00Z", "2026-03-04T12:15:00.000Z"),
            ("2026-03-04T12:15:05.1Z", "2026-03-04T12:15:05.100Z"),
            ("2026-03-04T12:15:05.123456Z", "2026-03-04T12:15:05.123Z"),
            ("2026-03-04T12:15:05.999999999Z", "2026-03-04T12:15:05.999Z"),
            ("2026-03-04T15:15:05.001+03:00", "2026-03-04T12:15:05.001Z"),
        ] {
            let date = PhoneDate(moment.parse().unwrap());
            assert_eq!(serde_json::to_value(date).unwrap(), written, "{moment}");
        }
    }

    #[test]
    fn the_offset_of_the_phone_is_read() {
        let moment = read("2026-03-04T15:15:02.114+07:00").unwrap();
        assert_eq!(moment.to_string(), "2026-03-04T08:15:02.114Z");
        assert_eq!(read("04.03.2026 15:15"), None);
        // Without an offset nobody knows the moment.
        assert_eq!(read("2026-03-04T15:15:02.114"), None);
    }
}
