//! A1: what people see of a message, folded from its own state and its deliveries.

mod reason_words;

pub use reason_words::{ReasonWords, passes_by_itself, phone_error_code, reason_words};

use crate::delivery::{Delivery, DeliveryState, own_codes};
use crate::message::MessageState;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vestnik_template::Language;

/// The statuses of A1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// The client's phone got it, whole or in part, or the client read it.
    Delivered,
    /// Bad number, refused, or unreachable for a day.
    Undelivered,
    /// Due: being checked, prepared, given to the sender.
    Processing,
    /// Sent; the carrier's word is awaited.
    Waiting,
    /// Not sent: there is nothing left to tell.
    Cancelled,
    /// Its time has not come.
    Planned,
    /// Skipped, or expired before it was sent.
    NotSent,
    /// It may have left or not.
    Unknown,
}

impl MessageStatus {
    /// In the order of the screen.
    pub const ALL: [MessageStatus; 8] = [
        MessageStatus::Delivered,
        MessageStatus::Undelivered,
        MessageStatus::Processing,
        MessageStatus::Waiting,
        MessageStatus::Cancelled,
        MessageStatus::Planned,
        MessageStatus::NotSent,
        MessageStatus::Unknown,
    ];

    /// The word of API and columns.
    pub fn name(self) -> &'static str {
        match self {
            MessageStatus::Delivered => "delivered",
            MessageStatus::Undelivered => "undelivered",
            MessageStatus::Processing => "processing",
            MessageStatus::Waiting => "waiting",
            MessageStatus::Cancelled => "cancelled",
            MessageStatus::Planned => "planned",
            MessageStatus::NotSent => "not_sent",
            MessageStatus::Unknown => "unknown",
        }
    }

    pub fn parse(name: &str) -> Option<MessageStatus> {
        MessageStatus::ALL.into_iter().find(|status| status.name() == name)
    }

    /// The word on screens; in Russian those of A1.
    pub fn title(self, language: Language) -> &'static str {
        let (russian, english) = match self {
            MessageStatus::Delivered => ("Доставлено", "Delivered"),
            MessageStatus::Undelivered => ("Не доставлено", "Not delivered"),
            MessageStatus::Processing => ("В обработке", "Processing"),
            MessageStatus::Waiting => ("В ожидании", "Waiting"),
            MessageStatus::Cancelled => ("Отменено", "Cancelled"),
            MessageStatus::Planned => ("Запланировано", "Planned"),
            MessageStatus::NotSent => ("Не отправлено", "Not sent"),
            MessageStatus::Unknown => ("Исход неизвестен", "Outcome unknown"),
        };
        match language {
            Language::Russian => russian,
            Language::English => english,
        }
    }

    /// Under which status totals count it: «Исход неизвестен» has no total of its own.
    /// `awaited_until`: [`Delivery::outcome_awaited_until`] of the try whose outcome is unknown.
    pub fn counted_as(self, awaited_until: Timestamp, now: Timestamp) -> MessageStatus {
        match self {
            MessageStatus::Unknown if now < awaited_until => MessageStatus::Waiting,
            MessageStatus::Unknown => MessageStatus::Undelivered,
            other => other,
        }
    }
}

/// What people see of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageOutcome {
    pub status: MessageStatus,
    /// Under which status totals count it at the moment of the question.
    pub counted_as: MessageStatus,
    /// Why, where there is a reason: [`reason_words`] explains those of sending, planning its own.
    pub reason_code: Option<String>,
}

/// The status of a message in `state` with these tries, in any order, at `now`.
///
/// Proof of delivery outweighs everything, also a cancellation that came too late; then whatever may
/// still arrive; then what the message itself says; then its last try.
pub fn of(state: &MessageState, deliveries: &[Delivery], now: Timestamp) -> MessageOutcome {
    let any =
        |wanted: DeliveryState| deliveries.iter().filter(|d| d.state == wanted).max_by_key(age);
    let plain = |status| outcome(status, None);
    if deliveries.iter().any(|delivery| delivery.state.is_proven()) {
        return plain(MessageStatus::Delivered);
    }
    if any(DeliveryState::Submitted).is_some() {
        return plain(MessageStatus::Waiting);
    }
    if any(DeliveryState::Processing).is_some() {
        return plain(MessageStatus::Processing);
    }
    if let Some(doubtful) = any(DeliveryState::Unknown) {
        let status = MessageStatus::Unknown;
        let counted_as = status.counted_as(doubtful.outcome_awaited_until(), now);
        return MessageOutcome { status, counted_as, reason_code: doubtful.error_code.clone() };
    }
    let last = deliveries.iter().max_by_key(age);
    match (state, last) {
        // The carrier had it and failed; what came of the message later does not unsay that.
        (MessageState::Cancelled { .. } | MessageState::Skipped { .. }, Some(last))
            if last.counts_as_sent() =>
        {
            ended(last)
        }
        (MessageState::Cancelled { reason, .. }, _) => {
            outcome(MessageStatus::Cancelled, Some(reason.clone()))
        }
        (MessageState::Skipped { reason, .. }, _) => {
            outcome(MessageStatus::NotSent, Some(reason.clone()))
        }
        (MessageState::Submitted { .. }, Some(last)) => ended(last),
        (MessageState::Planned, None) => plain(MessageStatus::Planned),
        // Due, or on its way to another try: why the last one failed is worth showing.
        (_, last) => {
            outcome(MessageStatus::Processing, last.and_then(|last| last.error_code.clone()))
        }
    }
}

/// What a try that reached nobody says about its message.
fn ended(last: &Delivery) -> MessageOutcome {
    let code = last.error_code.as_deref();
    let status = match code {
        Some(own_codes::WITHDRAWN | own_codes::CANCELLED_ON_PHONE) => MessageStatus::Cancelled,
        Some(own_codes::EXPIRED | own_codes::NOT_SENT) => MessageStatus::NotSent,
        _ => MessageStatus::Undelivered,
    };
    outcome(status, code.map(str::to_owned))
}

fn outcome(status: MessageStatus, reason_code: Option<String>) -> MessageOutcome {
    MessageOutcome { status, counted_as: status, reason_code }
}

fn age(delivery: &&Delivery) -> (i64, i64) {
    (delivery.step, delivery.attempt)
}

#[cfg(test)]
mod tests;
