//! What an external journal must be able to do. A connector translates between the journal's words
//! and ours; it decides nothing. Adding one: docs/add-a-journal.md.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use vestnik_domain::Language;
use vestnik_domain::journal::{
    JournalClient, JournalFault, JournalRecord, JournalService, JournalStaff, RecordState,
    RecordVersion,
};

/// A kind of journal. Calls that take longer than 50 seconds are cut off where it is registered.
#[async_trait::async_trait]
pub trait JournalConnector: Send + Sync {
    /// The word for it in the API and the database: lower-case Latin letters.
    fn kind(&self) -> &'static str;

    /// What people call it.
    fn title(&self) -> &'static str;

    /// How often to ask for changes while no webhook says that there are some.
    fn poll_every(&self) -> SignedDuration {
        SignedDuration::from_mins(5)
    }

    /// Reads a webhook: which place it speaks of. Pure. What it says of records is never believed,
    /// only that it is time to ask.
    fn decode_webhook(&self, call: &WebhookCall<'_>) -> Result<WebhookHint, WebhookRefusal>;

    /// The place in the journal that a branch is to be linked to.
    async fn location(&self, location_id: &str) -> Result<JournalLocation, JournalFault>;

    /// Everything that changed since `cursor`, oldest first, a page at a time; deleted records too.
    /// The cursor is in the connector's own words. Without one: every record whose visit is not over.
    ///
    /// The next cursor must never leave anything out, also what changes while pages are turned or
    /// within the second of the last answer: as a rule a run begins at the moment, by the journal's
    /// clock, at which the run before it began. What comes twice is recognised.
    async fn poll(&self, location_id: &str, cursor: Option<&str>) -> Result<Page, JournalFault>;

    /// One record as it stands; `None` if there is no trace of it.
    async fn fetch(
        &self,
        location_id: &str,
        record_id: &str,
    ) -> Result<Option<JournalRecord>, JournalFault>;

    /// Changes a record, if it still has the version that we expect. Where the journal has no such
    /// check the connector reads, compares and writes; where it wants whole records, likewise.
    /// Cut off it counts as [`WriteOutcome::Unknown`].
    async fn write(&self, location_id: &str, write: &RecordWrite) -> WriteOutcome;
}

/// A webhook as it came.
pub struct WebhookCall<'a> {
    pub body: &'a [u8],
    /// Names in lower case.
    pub headers: &'a [(String, String)],
}

/// What a webhook is taken for: something has changed at this place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookHint {
    pub location_id: String,
}

/// Why a webhook was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookRefusal {
    /// It is not from the journal: a wrong signature, where the journal signs.
    Forged,
    /// It cannot be read.
    Malformed,
}

/// A place in a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLocation {
    pub title: String,
    /// The IANA name of its time zone, where the journal says.
    pub zone: Option<String>,
}

/// A page of changes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    pub records: Vec<JournalRecord>,
    /// Cards, masters and services that changed by themselves, where the journal tells; records
    /// bring along what they name.
    pub clients: Vec<JournalClient>,
    pub staff: Vec<JournalStaff>,
    pub services: Vec<JournalService>,
    /// Where to go on once this page is taken in.
    pub next_cursor: String,
    /// There is more at this very moment.
    pub more: bool,
}

/// What is to change in a record; `None` stays as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordWrite {
    pub record_id: String,
    /// The state of the record that this change was decided on.
    pub expected: Option<RecordVersion>,
    pub state: Option<RecordState>,
    pub start: Option<WrittenStart>,
    pub duration_min: Option<i64>,
    pub staff_id: Option<String>,
    pub service_ids: Option<Vec<String>>,
    pub note: Option<String>,
}

/// A start in both views.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenStart {
    pub local: DateTime,
    pub instant: Timestamp,
}

/// What came of a write; exactly one of these.
#[derive(Debug, Clone, PartialEq)]
pub enum WriteOutcome {
    /// It stands, under this version: what comes back with it is our own echo.
    Written { version: RecordVersion },
    /// The record has changed there since the expected version; nothing was written.
    Conflict,
    /// The journal will not have it, now or later.
    Refused(WriteRefusal),
    /// Surely nothing was written: not now, perhaps later.
    NotWritten { fault: JournalFault, not_before: Option<Timestamp> },
    /// It may have been written: the connection broke, or the answer made no sense.
    Unknown { fault: JournalFault },
}

/// Why a journal will not have a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteRefusal {
    /// The master is busy at that time.
    TimeTaken,
    /// The record is deleted there.
    RecordGone,
    /// It may not be changed any more: paid, closed, its receipt is printed.
    RecordLocked,
    /// We are not allowed to.
    NotAllowed,
    /// The journal does not know the master, the service or the place.
    NotThere,
    /// In the journal's own words.
    Other(String),
}

/// The journal's own words are shown to staff, but not at any length.
const WORDS_MOST: usize = 200;

impl WriteRefusal {
    /// Stable, for logs and the database.
    pub fn code(&self) -> &'static str {
        match self {
            WriteRefusal::TimeTaken => "time_taken",
            WriteRefusal::RecordGone => "record_gone",
            WriteRefusal::RecordLocked => "record_locked",
            WriteRefusal::NotAllowed => "not_allowed",
            WriteRefusal::NotThere => "not_there",
            WriteRefusal::Other(_) => "other",
        }
    }

    /// Why, for staff.
    pub fn message(&self, language: Language) -> String {
        let words = match (self, language) {
            (WriteRefusal::TimeTaken, Language::Russian) => "это время в журнале занято",
            (WriteRefusal::TimeTaken, Language::English) => "that time is taken in the journal",
            (WriteRefusal::RecordGone, Language::Russian) => "запись в журнале удалена",
            (WriteRefusal::RecordGone, Language::English) => "the record is deleted there",
            (WriteRefusal::RecordLocked, Language::Russian) => {
                "запись в журнале закрыта для правки (оплачена или завершена)"
            }
            (WriteRefusal::RecordLocked, Language::English) => {
                "the record is closed there (paid or finished)"
            }
            (WriteRefusal::NotAllowed, Language::Russian) => {
                "журнал не разрешает нам менять записи: проверьте права доступа"
            }
            (WriteRefusal::NotAllowed, Language::English) => {
                "the journal does not let us change records; check the permissions"
            }
            (WriteRefusal::NotThere, Language::Russian) => {
                "в журнале нет такого мастера, услуги или филиала"
            }
            (WriteRefusal::NotThere, Language::English) => {
                "the journal has no such master, service or location"
            }
            (WriteRefusal::Other(words), _) => {
                return words.chars().filter(|c| !c.is_control()).take(WORDS_MOST).collect();
            }
        };
        words.to_owned()
    }
}
