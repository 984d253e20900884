//! What every channel owes, whoever carries the message: how it is driven, what a try can end in, and
//! what it can do. The rest of Vestnik knows channels by this file alone.

use std::fmt;

use jiff::Timestamp;
use vestnik_domain::delivery::DeliveryEvent;
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_template::sms;

/// Who moves first, and who owns the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drive {
    /// We ask, the carrier answers: a request is built, a response and a callback are read.
    Exchange,
    /// A lasting connection with a state machine of its own.
    Session,
    /// The carrier's device asks us for what is to be sent.
    Pull,
}

impl Drive {
    pub fn name(self) -> &'static str {
        match self {
            Drive::Exchange => "exchange",
            Drive::Session => "session",
            Drive::Pull => "pull",
        }
    }
}

/// What one try ended in: exactly one of these. What the carrier answered and nobody recognises is
/// [`Outcome::Unknown`], never a success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The carrier took it; receipts will name `carrier_id`.
    Accepted { carrier_id: String },
    /// The carrier will never take this message to this recipient; `code` is stable.
    Refused { code: String },
    /// The carrier does not take it now: not before `retry_at`.
    RefusedRetryAt { code: String, retry_at: Timestamp },
    /// It surely did not leave us, so another try doubles nothing.
    NotSent { code: String },
    /// It may have left; only a look-up, a receipt or time can tell.
    Unknown { code: String },
}

impl Outcome {
    /// What it is to the try.
    pub fn event(&self) -> DeliveryEvent {
        match self.clone() {
            Outcome::Accepted { carrier_id } => {
                DeliveryEvent::Accepted { carrier_id: Some(carrier_id) }
            }
            Outcome::Refused { code } => DeliveryEvent::RefusedPermanent { code },
            Outcome::RefusedRetryAt { code, retry_at } => {
                DeliveryEvent::RefusedRetryAt { at: retry_at, code }
            }
            Outcome::NotSent { .. } => DeliveryEvent::NotSent,
            Outcome::Unknown { .. } => DeliveryEvent::OutcomeUnknown,
        }
    }

    /// Whether the client may have been told by this try.
    pub fn may_have_been_told(&self) -> bool {
        matches!(self, Outcome::Accepted { .. } | Outcome::Unknown { .. })
    }
}

/// How long a text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextLimit {
    /// In UTF-16 units, as carriers count.
    pub max_units: usize,
    /// Where the text goes out as SMS: more parts than this tend to be refused on the way.
    pub max_sms_parts: Option<usize>,
}

/// Why a text does not fit a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("the text is empty")]
    Empty,
    #[error("the text takes {units} characters, at most {max_units} fit")]
    TooLong { units: usize, max_units: usize },
    #[error("the text takes {parts} SMS parts, at most {max_parts} get through")]
    TooManyParts { parts: usize, max_parts: usize },
}

impl TextLimit {
    /// Whether `text`, as it will be sent, fits.
    pub fn check(self, text: &str) -> Result<(), TextError> {
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        let units = text.encode_utf16().count();
        if units > self.max_units {
            return Err(TextError::TooLong { units, max_units: self.max_units });
        }
        let parts = sms::size(text).parts;
        match self.max_sms_parts {
            Some(max_parts) if parts > max_parts => {
                Err(TextError::TooManyParts { parts, max_parts })
            }
            _ => Ok(()),
        }
    }
}

/// How far the carrier's word goes after it has taken a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipts {
    /// Nothing is heard after the try.
    None,
    /// Nothing is heard, and nothing need be: what was accepted has arrived.
    AtOnce,
    /// Delivered or not.
    Delivered,
    /// Delivered, and read.
    Read,
}

impl Receipts {
    pub fn name(self) -> &'static str {
        match self {
            Receipts::None => "none",
            Receipts::AtOnce => "at once",
            Receipts::Delivered => "delivered",
            Receipts::Read => "read",
        }
    }
}

/// What a channel can do, as the rules of sending need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abilities {
    pub text_limit: TextLimit,
    pub receipts: Receipts,
    /// What was handed over can still be called back.
    pub can_recall: bool,
    /// The carrier knows our id again, so the same try may be repeated after an unknown outcome.
    pub repeats_safely: bool,
}

/// What a registered channel offers. Its wire is in its folder, shaped by its [`Drive`].
pub trait Channel: fmt::Debug + Send + Sync {
    /// The adapter: its folder's name, the word that settings, columns and logs use.
    fn name(&self) -> &'static str;

    /// The way that people see (PRODUCT, `channel`), which several adapters may serve.
    fn channel(&self) -> &'static str;

    fn drive(&self) -> Drive;

    fn abilities(&self) -> Abilities;
}

/// One text for one recipient, as a delivery hands it to a channel.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingText {
    /// Our id of the delivery; the carrier gets it where it can hold one.
    pub delivery_id: String,
    pub recipient: PhoneNumber,
    pub text: String,
}

/// Without the text: logs hold nobody's message.
impl fmt::Debug for OutgoingText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingText")
            .field("delivery_id", &self.delivery_id)
            .field("recipient", &self.recipient)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: TextLimit = TextLimit { max_units: 400, max_sms_parts: Some(2) };

    #[test]
    fn a_text_is_measured_as_it_goes_out() {
        assert_eq!(LIMIT.check("Ждём вас завтра"), Ok(()));
        assert_eq!(LIMIT.check(""), Err(TextError::Empty));
        assert_eq!(
            LIMIT.check(&"ж".repeat(135)),
            Err(TextError::TooManyParts { parts: 3, max_parts: 2 })
        );
        // An emoji is two units.
        let emoji = "😀".repeat(201);
        assert_eq!(LIMIT.check(&emoji), Err(TextError::TooLong { units: 402, max_units: 400 }));
    }

    #[test]
    fn only_accepted_and_unknown_may_have_told_the_client() {
        let code = || "x".to_owned();
        let outcomes = [
            (Outcome::Accepted { carrier_id: code() }, true),
            (Outcome::Unknown { code: code() }, true),
            (Outcome::Refused { code: code() }, false),
            (Outcome::RefusedRetryAt { code: code(), retry_at: Timestamp::UNIX_EPOCH }, false),
            (Outcome::NotSent { code: code() }, false),
        ];
        for (outcome, told) in outcomes {
            assert_eq!(outcome.may_have_been_told(), told, "{outcome:?}");
        }
    }

    #[test]
    fn a_text_does_not_show_in_debug() {
        let text = OutgoingText {
            delivery_id: "d".to_owned(),
            recipient: PhoneNumber::from_e164("+79161234567").unwrap(),
            text: "секрет".to_owned(),
        };
        let shown = format!("{text:?}");
        assert!(!shown.contains("секрет") && !shown.contains("79161234567"), "{shown}");
    }
}
