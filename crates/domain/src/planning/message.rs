//! What planning decides: messages that should exist, and silences with their reasons.

use super::silence::Silence;
use super::why::Why;
use crate::ids::{AppointmentId, ClientId, VisitId};
use crate::kind::NotificationKind;
use crate::phone_number::PhoneNumber;
use crate::settings::Lead;
use jiff::Timestamp;
use jiff::civil::Date;
use std::fmt;
use std::str::FromStr;

/// Everything decided about one client at one moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// The business time of the decision.
    pub planned_at: Timestamp,
    pub messages: Vec<PlannedMessage>,
    pub silences: Vec<Silence>,
}

impl Plan {
    /// The planned message of this key, if it should (still) exist.
    pub fn find(
        &self,
        subject: Subject,
        kind: NotificationKind,
        occasion: &str,
    ) -> Option<&PlannedMessage> {
        self.messages.iter().find(|message| message.has_key(subject, kind, occasion))
    }
}

/// One message that should exist.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedMessage {
    pub subject: Subject,
    pub kind: NotificationKind,
    /// Which text of the kind is used.
    pub variant: Variant,
    /// With subject and kind the key: at most one message of a key is ever sent.
    pub occasion: String,
    pub due_at: Timestamp,
    /// It must have left before this instant, or it is skipped.
    pub send_before: Timestamp,
    pub recipient: PhoneNumber,
    /// The appointments that the client learns about, in the order of their starts; those that are
    /// cancelled by now are learned of as cancelled.
    pub covers: Vec<AppointmentId>,
    pub class: MessageClass,
    /// How the due time came about, in the order of the steps.
    pub why: Vec<Why>,
}

impl PlannedMessage {
    pub fn has_key(&self, subject: Subject, kind: NotificationKind, occasion: &str) -> bool {
        self.subject == subject && self.kind == kind && self.occasion == occasion
    }
}

/// What a message is about. Every kind speaks once per visit; N14 speaks of a client's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    Visit(VisitId),
    ClientDay(ClientId, Date),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Visit(visit_id) => visit_id.fmt(f),
            Subject::ClientDay(client_id, date) => write!(f, "{client_id}/{date}"),
        }
    }
}

/// A text that [`Subject`] did not write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a visit id or `<client id>/<date>`")]
pub struct SubjectError;

impl FromStr for Subject {
    type Err = SubjectError;

    fn from_str(text: &str) -> Result<Subject, SubjectError> {
        match text.split_once('/') {
            None => text.parse().map(Subject::Visit).map_err(|_| SubjectError),
            Some((client_id, date)) => Ok(Subject::ClientDay(
                client_id.parse().map_err(|_| SubjectError)?,
                date.parse().map_err(|_| SubjectError)?,
            )),
        }
    }
}

/// Which of a kind's texts: a reminder has one per lead, «changed» one per what changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variant {
    Plain,
    Lead(Lead),
    Changed(ChangedVariant),
}

/// What alone changed; everything else is `Several`, whose text names the whole visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangedVariant {
    Moved,
    StaffChanged,
    ServicesChanged,
    /// Several of them, the branch (its address), or an appointment added or taken out.
    Several,
}

impl ChangedVariant {
    pub const ALL: [ChangedVariant; 4] = [
        ChangedVariant::Moved,
        ChangedVariant::StaffChanged,
        ChangedVariant::ServicesChanged,
        ChangedVariant::Several,
    ];

    pub fn name(self) -> &'static str {
        match self {
            ChangedVariant::Moved => "moved",
            ChangedVariant::StaffChanged => "staff_changed",
            ChangedVariant::ServicesChanged => "services_changed",
            ChangedVariant::Several => "several",
        }
    }
}

impl Variant {
    /// The key of templates and columns: empty, `1d`, `moved`.
    pub fn key(self) -> String {
        match self {
            Variant::Plain => String::new(),
            Variant::Lead(lead) => lead.key(),
            Variant::Changed(changed) => changed.name().to_owned(),
        }
    }

    /// Reads what [`Variant::key`] wrote.
    pub fn parse(key: &str) -> Option<Variant> {
        if key.is_empty() {
            return Some(Variant::Plain);
        }
        let changed = ChangedVariant::ALL.into_iter().find(|changed| changed.name() == key);
        changed.map(Variant::Changed).or_else(|| Lead::parse(key).map(Variant::Lead))
    }
}

/// In which order a lane serves: dialog answers before all, campaigns after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageClass {
    Transactional,
    Reminder,
}

impl MessageClass {
    /// The order in which a lane serves, smallest first; 0 is kept for answers of dialogs.
    pub fn rank(self) -> i64 {
        match self {
            MessageClass::Transactional => 1,
            MessageClass::Reminder => 2,
        }
    }

    pub fn of(kind: NotificationKind) -> MessageClass {
        match kind {
            NotificationKind::Confirmation
            | NotificationKind::Created
            | NotificationKind::Changed
            | NotificationKind::Cancelled
            | NotificationKind::ConfirmationNotice => MessageClass::Transactional,
            NotificationKind::Reminder | NotificationKind::ConfirmationRequest => {
                MessageClass::Reminder
            }
        }
    }
}
