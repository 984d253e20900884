//! A message: one thing to tell one person. What is tried to get it there are its deliveries.

use crate::ids::{AppointmentId, ClientId, MessageId, OrganizationId, SenderId};
use crate::kind::NotificationKind;
use crate::phone_number::PhoneNumber;
use crate::planning::{
    ExistingMessage, ExistingState, MessageClass, PlannedMessage, Subject, Variant, Why,
};
use jiff::Timestamp;

/// A planned message and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub organization_id: OrganizationId,
    pub id: MessageId,
    pub version: i64,
    pub client_id: ClientId,
    pub subject: Subject,
    pub kind: NotificationKind,
    pub occasion: String,
    pub variant: Variant,
    pub recipient: PhoneNumber,
    /// The appointments it speaks of.
    pub covers: Vec<AppointmentId>,
    pub due_at: Timestamp,
    /// It must have left before this instant.
    pub send_before: Timestamp,
    pub state: MessageState,
    /// The lane it waits in, or went through.
    pub sender_id: Option<SenderId>,
    /// Set while `Retrying`: in its lane the message rests until then.
    pub retry_at: Option<Timestamp>,
    /// The generation of settings and templates under which it was planned.
    pub plan_generation: i64,
    pub planned_at: Timestamp,
    /// How the due time came about.
    pub why: Vec<Why>,
}

/// How far a message has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageState {
    /// It waits for its time.
    Planned,
    /// It fell due and waits in the lane of `sender_id`.
    Routed,
    /// An intent was committed: its deliveries say the rest.
    Submitted { at: Timestamp },
    /// The try of `at` surely failed; what was told still counts as told, and the same is tried again
    /// over the same sender after [`Message::retry_at`].
    Retrying { at: Timestamp },
    /// It is no longer to be told; `reason` is a code.
    Cancelled { at: Timestamp, reason: String },
    /// It was to be told, but could not be in time; `reason` is a code.
    Skipped { at: Timestamp, reason: String },
}

impl MessageState {
    pub fn name(&self) -> &'static str {
        match self {
            MessageState::Planned => "planned",
            MessageState::Routed => "routed",
            MessageState::Submitted { .. } => "submitted",
            MessageState::Retrying { .. } => "retrying",
            MessageState::Cancelled { .. } => "cancelled",
            MessageState::Skipped { .. } => "skipped",
        }
    }

    /// Does it wait in the lane of its sender (or for a sender)?
    pub fn is_in_lane(&self) -> bool {
        matches!(self, MessageState::Routed | MessageState::Retrying { .. })
    }

    /// Neither cancelled nor skipped: among these a key is unique.
    pub fn is_live(&self) -> bool {
        !matches!(self, MessageState::Cancelled { .. } | MessageState::Skipped { .. })
    }
}

impl Message {
    /// Does it rest after a try that surely failed?
    pub fn rests(&self, now: Timestamp) -> bool {
        self.retry_at.is_some_and(|at| now < at)
    }

    /// The row for a message that planning wants.
    pub fn planned(
        organization_id: OrganizationId,
        id: MessageId,
        client_id: ClientId,
        planned: PlannedMessage,
        plan_generation: i64,
        now: Timestamp,
    ) -> Message {
        Message {
            organization_id,
            id,
            version: 1,
            client_id,
            subject: planned.subject,
            kind: planned.kind,
            occasion: planned.occasion,
            variant: planned.variant,
            recipient: planned.recipient,
            covers: planned.covers,
            due_at: planned.due_at,
            send_before: planned.send_before,
            state: MessageState::Planned,
            sender_id: None,
            retry_at: None,
            plan_generation,
            planned_at: now,
            why: planned.why,
        }
    }

    pub fn class(&self) -> MessageClass {
        MessageClass::of(self.kind)
    }

    /// As planning looks at it.
    pub fn as_existing(&self) -> ExistingMessage {
        ExistingMessage {
            id: self.id,
            subject: self.subject,
            kind: self.kind,
            occasion: self.occasion.clone(),
            variant: self.variant,
            due_at: self.due_at,
            send_before: self.send_before,
            recipient: self.recipient.clone(),
            covers: self.covers.clone(),
            state: match self.state {
                MessageState::Planned | MessageState::Routed => ExistingState::Planned,
                MessageState::Submitted { at } | MessageState::Retrying { at } => {
                    ExistingState::Submitted { at }
                }
                MessageState::Cancelled { .. } => ExistingState::Cancelled,
                MessageState::Skipped { .. } => ExistingState::Skipped,
            },
        }
    }
}
