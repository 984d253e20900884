//! Planned messages and silences as they are answered.

use serde::Serialize;
use utoipa::ToSchema;
use vestnik_app::messages::explain::WordedMessage;
use vestnik_domain::Language;
use vestnik_domain::planning::{Silence, Why};

/// A code with its words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reason {
    #[schema(example = "inside_lead")]
    pub code: String,
    /// For people, in Russian.
    pub title: String,
    /// In English.
    pub detail: String,
}

impl From<Why> for Reason {
    fn from(why: Why) -> Reason {
        Reason {
            code: why.code().to_owned(),
            title: why.message(Language::Russian),
            detail: why.message(Language::English),
        }
    }
}

/// A message that should be sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedBody {
    #[schema(example = "reminder")]
    pub kind: String,
    /// Which text of the kind: a lead such as `1d`, what changed such as `moved`, or empty.
    pub variant: String,
    #[schema(value_type = String, format = DateTime)]
    pub due_at: jiff::Timestamp,
    /// It must have left before.
    #[schema(value_type = String, format = DateTime)]
    pub send_before: jiff::Timestamp,
    #[schema(example = "+79161234567")]
    pub recipient: String,
    pub appointment_ids: Vec<String>,
    /// How the time came about.
    pub why: Vec<Reason>,
    /// As it would read if it went now; null where nothing would be left to tell.
    pub text: Option<String>,
    /// SMS parts of the text.
    pub parts: Option<usize>,
}

impl From<WordedMessage> for PlannedBody {
    fn from(WordedMessage { planned, words }: WordedMessage) -> PlannedBody {
        PlannedBody {
            parts: words.as_ref().map(|words| words.sms.parts),
            text: words.map(|words| words.text),
            kind: planned.kind.name().to_owned(),
            variant: planned.variant.key(),
            due_at: planned.due_at,
            send_before: planned.send_before,
            recipient: planned.recipient.as_str().to_owned(),
            appointment_ids: planned.covers.iter().map(ToString::to_string).collect(),
            why: planned.why.into_iter().map(Reason::from).collect(),
        }
    }
}

/// A notification that is not sent, with the rule that stops it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SilenceBody {
    #[schema(example = "reminder")]
    pub kind: String,
    /// Which of the reminders.
    pub lead: Option<String>,
    pub appointment_id: String,
    pub reason: Reason,
}

impl From<Silence> for SilenceBody {
    fn from(silence: Silence) -> SilenceBody {
        SilenceBody {
            kind: silence.kind.name().to_owned(),
            lead: silence.lead.map(|lead| lead.key()),
            appointment_id: silence.appointment_id.to_string(),
            reason: Reason {
                code: silence.reason.code().to_owned(),
                title: silence.reason.message(Language::Russian),
                detail: silence.reason.message(Language::English),
            },
        }
    }
}
