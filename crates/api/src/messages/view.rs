//! A message with its status, as it is answered.

use serde::Serialize;
use utoipa::ToSchema;
use vestnik_app::messages::list::MessageView;
use vestnik_app::messages::reason::in_words;
use vestnik_domain::Language;
use vestnik_domain::message_status::MessageStatus;

/// A status of A1.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageStatusBody {
    /// `delivered`, `undelivered`, `processing`, `waiting`, `cancelled`, `planned`, `not_sent` or
    /// `unknown`.
    #[schema(example = "delivered")]
    pub code: String,
    /// For people, in Russian.
    #[schema(example = "Доставлено")]
    pub title: String,
    /// In English.
    pub detail: String,
}

impl From<MessageStatus> for MessageStatusBody {
    fn from(status: MessageStatus) -> MessageStatusBody {
        MessageStatusBody {
            code: status.name().to_owned(),
            title: status.title(Language::Russian).to_owned(),
            detail: status.title(Language::English).to_owned(),
        }
    }
}

/// Why something is as it is: our own code or the carrier's, with what it means.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageReasonBody {
    #[schema(example = "phone_no_service")]
    pub code: String,
    /// What it means, in Russian.
    pub title: String,
    /// What to do about it, in Russian; null where there is nothing to do.
    pub remedy: Option<String>,
    /// What it means and what to do, in English.
    pub detail: String,
}

impl MessageReasonBody {
    pub(super) fn of_code(code: &str) -> MessageReasonBody {
        let russian = in_words(code, Language::Russian);
        let english = in_words(code, Language::English);
        let detail = match english.remedy {
            "" => english.meaning,
            remedy => format!("{}: {remedy}", english.meaning),
        };
        MessageReasonBody {
            code: code.to_owned(),
            title: russian.meaning,
            remedy: (!russian.remedy.is_empty()).then(|| russian.remedy.to_owned()),
            detail,
        }
    }
}

/// A message and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageBody {
    pub id: String,
    pub client_id: String,
    #[schema(example = "reminder")]
    pub kind: String,
    /// Which text of the kind: a lead such as `1d`, what changed such as `moved`, or empty.
    pub variant: String,
    #[schema(example = "+79161234567")]
    pub recipient: String,
    pub appointment_ids: Vec<String>,
    pub status: MessageStatusBody,
    /// The status under which totals count it: differs for `unknown` alone.
    pub counted_as: String,
    /// Why, where there is a reason.
    pub reason: Option<MessageReasonBody>,
    #[schema(value_type = String, format = DateTime)]
    pub planned_at: jiff::Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub due_at: jiff::Timestamp,
    /// It must have left before.
    #[schema(value_type = String, format = DateTime)]
    pub send_before: jiff::Timestamp,
    /// Of the last try, or in whose lane it waits.
    pub sender_id: Option<String>,
    pub sender_name: Option<String>,
    /// `android_phone` or `log`.
    pub channel: Option<String>,
    /// What was sent, by the last try.
    pub text: Option<String>,
    /// SMS parts of the text.
    pub parts: Option<i64>,
}

impl From<MessageView> for MessageBody {
    fn from(view: MessageView) -> MessageBody {
        let MessageView { message, mut deliveries, outcome, sender } = view;
        let last = deliveries.pop();
        MessageBody {
            id: message.id.to_string(),
            client_id: message.client_id.to_string(),
            kind: message.kind.name().to_owned(),
            variant: message.variant.key(),
            recipient: message.recipient.as_str().to_owned(),
            appointment_ids: message.covers.iter().map(ToString::to_string).collect(),
            status: outcome.status.into(),
            counted_as: outcome.counted_as.name().to_owned(),
            reason: outcome.reason_code.as_deref().map(MessageReasonBody::of_code),
            planned_at: message.planned_at,
            due_at: message.due_at,
            send_before: message.send_before,
            sender_id: sender.as_ref().map(|sender| sender.id.to_string()),
            channel: sender.as_ref().map(|sender| sender.channel.name().to_owned()),
            sender_name: sender.map(|sender| sender.name),
            parts: last.as_ref().map(|delivery| delivery.parts),
            text: last.map(|delivery| delivery.text),
        }
    }
}
