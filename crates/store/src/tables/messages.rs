//! Messages. `retired` is 0 while a row is live and the row's own id once it is cancelled or skipped,
//! so that one unique index holds «at most one live message of a key» on both databases (N16).

use crate::engine::ReadError;
use crate::record::{Record, RowReader, json};
use crate::table::Table;
use crate::value::Value;
use jiff::Timestamp;
use vestnik_domain::ids::{ClientId, MessageId, OrganizationId, SenderId};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::message::{Message, MessageState};
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_domain::planning::Variant;

crate::table! {
    /// One thing to tell one person.
    MESSAGES = "messages" key(bucket, organization_id, id) {
        bucket: Integer, organization_id: Integer, id: Integer, version: Integer,
        client_id: Integer, subject: Text, kind: Text, occasion: Text, retired: Integer,
        variant: Text, recipient: Text, covers: Text, due_at: Integer, send_before: Integer,
        state: Text, state_at: Integer null, reason: Text null, sender_id: Integer null,
        in_lane: Integer, class_rank: Integer, retry_at: Integer null,
        plan_generation: Integer, planned_at: Integer, why: Text,
    }
}

/// What a list of messages is narrowed to; an absent part lets everything through.
#[derive(Debug, Clone, PartialEq)]
pub struct WantedMessages {
    /// Due at or after it.
    pub from: Timestamp,
    /// Due before it.
    pub to: Timestamp,
    pub kind: Option<NotificationKind>,
    pub client: Option<ClientId>,
    /// In the lane of one of these, or gone through it.
    pub senders: Option<Vec<SenderId>>,
    /// The recipient's digits contain one of these two (only digits may be given).
    pub digits: Option<[String; 2]>,
}

impl WantedMessages {
    /// In the order of `sql/messages_page.sql`, from `$4` to `$11`.
    pub(crate) fn parameters(&self) -> [Value; 8] {
        let senders: Vec<i64> = self.senders.iter().flatten().map(|id| id.0).collect();
        let [one, other] = self.digits.clone().unwrap_or_default();
        [
            self.from.into(),
            self.to.into(),
            self.kind.map(NotificationKind::name).unwrap_or_default().into(),
            self.client.map_or(0, |id| id.0).into(),
            senders.into(),
            self.senders.is_some().into(),
            one.into(),
            other.into(),
        ]
    }
}

impl Record for Message {
    fn table() -> &'static Table {
        &MESSAGES
    }

    fn to_row(&self) -> Vec<Value> {
        let (state_at, reason) = match &self.state {
            MessageState::Planned | MessageState::Routed => (None, None),
            MessageState::Submitted { at } | MessageState::Retrying { at } => (Some(*at), None),
            MessageState::Cancelled { at, reason } | MessageState::Skipped { at, reason } => {
                (Some(*at), Some(reason.as_str()))
            }
        };
        let retired = if self.state.is_live() { 0 } else { self.id.0 };
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.id.into(),
            self.version.into(),
            self.client_id.into(),
            self.subject.to_string().into(),
            self.kind.name().into(),
            (&self.occasion).into(),
            retired.into(),
            self.variant.key().into(),
            self.recipient.as_str().into(),
            json(&self.covers),
            self.due_at.into(),
            self.send_before.into(),
            self.state.name().into(),
            state_at.into(),
            reason.into(),
            self.sender_id.into(),
            self.state.is_in_lane().into(),
            self.class().rank().into(),
            self.retry_at.into(),
            self.plan_generation.into(),
            self.planned_at.into(),
            json(&self.why),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<Message, ReadError> {
        row.skip();
        let organization_id = OrganizationId(row.integer()?);
        let id = MessageId(row.integer()?);
        let version = row.integer()?;
        let client_id = ClientId(row.integer()?);
        let subject = row.word(|text| text.parse().ok())?;
        let kind = row.word(NotificationKind::parse)?;
        let occasion = row.text()?;
        row.skip();
        Ok(Message {
            organization_id,
            id,
            version,
            client_id,
            subject,
            kind,
            occasion,
            variant: row.word(Variant::parse)?,
            recipient: row.word(|text| PhoneNumber::from_e164(text).ok())?,
            covers: row.json()?,
            due_at: row.timestamp()?,
            send_before: row.timestamp()?,
            state: read_state(row)?,
            sender_id: row.optional_integer()?.map(SenderId),
            retry_at: {
                // In a lane or not follows from the state, the class from the kind.
                row.skip();
                row.skip();
                row.optional_timestamp()?
            },
            plan_generation: row.integer()?,
            planned_at: row.timestamp()?,
            why: row.json()?,
        })
    }
}

fn read_state(row: &mut RowReader<'_>) -> Result<MessageState, ReadError> {
    let name = row.text()?;
    let at = row.optional_timestamp()?;
    let reason = row.optional_text()?.unwrap_or_default();
    match (name.as_str(), at) {
        ("planned", _) => Ok(MessageState::Planned),
        ("routed", _) => Ok(MessageState::Routed),
        ("submitted", Some(at)) => Ok(MessageState::Submitted { at }),
        ("retrying", Some(at)) => Ok(MessageState::Retrying { at }),
        ("cancelled", Some(at)) => Ok(MessageState::Cancelled { at, reason }),
        ("skipped", Some(at)) => Ok(MessageState::Skipped { at, reason }),
        _ => Err(row.corrupt("the state of a message")),
    }
}
