//! A record as a connector hands it over: in our words, with the journal's ids.

use crate::appointment::Status;
use jiff::Timestamp;
use jiff::civil::DateTime;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// One record of the journal, whole: never a part of one.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalRecord {
    pub id: String,
    pub version: RecordVersion,
    /// Records that were booked together; `None` where the journal does not say.
    pub visit_id: Option<String>,
    /// `None` for time that is held without a client: there is nobody to tell.
    pub client: Option<JournalClient>,
    pub staff: Option<JournalStaff>,
    /// In the order in which they are performed.
    pub services: Vec<JournalService>,
    /// What the branch's clock shows. Journals have been seen to give wrong offsets over a clock
    /// change, so a connector passes the wall time on where there is one.
    pub start_local: DateTime,
    /// Tells apart the two of a time that exists twice, where the journal knows.
    pub offset_s: Option<i32>,
    pub duration_min: i64,
    pub state: RecordState,
    pub note: String,
    /// The journal's own time of creation: what N1 compares.
    pub created_at: Timestamp,
    /// The client booked it, on the journal's own booking page.
    pub booked_by_client: bool,
}

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordState {
    Waiting,
    Confirmed,
    Arrived,
    NoShow,
    /// Cancelled or deleted: to us that is one thing.
    Deleted,
}

impl RecordState {
    pub fn status(self) -> Status {
        match self {
            RecordState::Waiting => Status::Waiting,
            RecordState::Confirmed => Status::Confirmed,
            RecordState::Arrived => Status::Arrived,
            RecordState::NoShow => Status::NoShow,
            RecordState::Deleted => Status::Cancelled,
        }
    }

    pub fn of(status: Status) -> RecordState {
        match status {
            Status::Waiting => RecordState::Waiting,
            Status::Confirmed => RecordState::Confirmed,
            Status::Arrived => RecordState::Arrived,
            Status::NoShow => RecordState::NoShow,
            Status::Cancelled => RecordState::Deleted,
        }
    }
}

/// The client of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalClient {
    pub id: Option<String>,
    pub name: String,
    /// In whatever spelling.
    pub phone: Option<String>,
}

/// The master of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalStaff {
    pub id: String,
    pub name: String,
    pub position: String,
}

/// A service of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalService {
    pub id: String,
    pub title: String,
    /// `None` where the record does not say.
    pub duration_min: Option<i64>,
    pub price_kopecks: Option<i64>,
}

/// Which of two states of a record is the later one.
///
/// Journals date a change to the second, so two changes may have one date: then the mark tells that
/// they differ, and only asking again tells which one stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordVersion {
    /// Never falls as a record changes: a counter, or the date of its last change.
    pub order: i64,
    /// The same for the same content alone: a hash of it, or an etag.
    pub mark: String,
}

/// How one state of a record stands to the known one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    Newer,
    /// The very same, or an older one.
    NoNews,
    /// Of one date and yet different.
    Unclear,
}

impl RecordVersion {
    pub fn freshness(&self, known: Option<&RecordVersion>) -> Freshness {
        let Some(known) = known else { return Freshness::Newer };
        match self.order.cmp(&known.order) {
            Ordering::Greater => Freshness::Newer,
            Ordering::Equal if self.mark != known.mark => Freshness::Unclear,
            Ordering::Equal | Ordering::Less => Freshness::NoNews,
        }
    }
}

impl fmt::Display for RecordVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.order, self.mark)
    }
}

/// Not what [`RecordVersion`] writes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a version of a record is a number, a colon and a mark")]
pub struct RecordVersionError;

impl FromStr for RecordVersion {
    type Err = RecordVersionError;

    fn from_str(text: &str) -> Result<RecordVersion, RecordVersionError> {
        let (order, mark) = text.split_once(':').ok_or(RecordVersionError)?;
        let order = order.parse().map_err(|_| RecordVersionError)?;
        Ok(RecordVersion { order, mark: mark.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(order: i64, mark: &str) -> RecordVersion {
        RecordVersion { order, mark: mark.to_owned() }
    }

    #[test]
    fn older_states_and_the_known_one_are_no_news() {
        let known = version(10, "b");
        for (order, mark, freshness) in [
            (9, "a", Freshness::NoNews),
            (10, "b", Freshness::NoNews),
            (10, "c", Freshness::Unclear),
            (11, "b", Freshness::Newer),
        ] {
            assert_eq!(version(order, mark).freshness(Some(&known)), freshness, "{order}:{mark}");
        }
        assert_eq!(version(0, "").freshness(None), Freshness::Newer);
    }

    #[test]
    fn a_version_is_read_as_it_was_written() {
        for known in [version(-1, ""), version(i64::MAX, "a:b")] {
            assert_eq!(known.to_string().parse(), Ok(known));
        }
        for wrong in ["", "5", "x:y"] {
            assert_eq!(wrong.parse::<RecordVersion>(), Err(RecordVersionError), "{wrong}");
        }
    }
}
