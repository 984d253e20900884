//! A message as a pull hands it to the phone. One bad element makes the app refuse the whole list and
//! ask for it for ever, and a state that it does not know means «send it»: so this type is the only way
//! to an element, and it is built by [`offer`] alone.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;
use vestnik_domain::phone_number::PhoneNumber;

use super::phone_date::PhoneDate;
use super::requests::MAX_MESSAGE_ID_CHARACTERS;
use crate::android_phone::app_version::{AppVersion, Feature};

/// What the app asks for at most in one pull.
pub const MAX_MESSAGES_PER_PULL: usize = 100;
/// UTF-16 units of one text.
pub const MAX_TEXT_UNITS: usize = 65_535;
const SIM_NUMBERS: std::ops::RangeInclusive<u8> = 1..=3;

/// A delivery, as the rules hand it over for a phone.
#[derive(Clone)]
pub struct OfferedMessage<'a> {
    /// Ours; the phone never sends two messages of one id.
    pub id: &'a str,
    pub recipient: &'a PhoneNumber,
    pub text: &'a str,
    /// Which SIM card, from 1; `None`: the phone's own choice.
    pub sim_number: Option<u8>,
    /// Outside of −128…127 it is brought to the nearest. From 100 on the phone skips its own pauses.
    pub priority: i64,
    /// The phone does not send it after this moment.
    pub valid_until: Timestamp,
    /// Orders messages of one priority.
    pub created_at: Timestamp,
    /// It should not go any more.
    pub is_cancelling: bool,
}

/// Why a message cannot be handed to a phone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    #[error("id: 1 to {MAX_MESSAGE_ID_CHARACTERS} letters, digits, `_` and `-` expected")]
    Id,
    #[error("text: 1 to {MAX_TEXT_UNITS} UTF-16 units expected")]
    Text,
    #[error("sim_number: 1, 2 or 3 expected")]
    SimNumber,
}

/// One element of `GET /message`. `Debug` shows neither the text nor the number.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MobileMessage {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<OfferedState>,
    text_message: TextMessage,
    /// Always one: the app's pauses and limits do not work between the recipients of one message.
    phone_numbers: [String; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    sim_number: Option<u8>,
    with_delivery_report: bool,
    /// A byte on the phone.
    priority: i8,
    valid_until: PhoneDate,
    created_at: PhoneDate,
}

/// The two states that have an effect on the phone.
#[derive(Clone, Copy, Serialize)]
enum OfferedState {
    Pending,
    Cancelling,
}

#[derive(Clone, Serialize)]
struct TextMessage {
    text: String,
}

impl MobileMessage {
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Debug for MobileMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MobileMessage").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The element for a phone that runs `version`.
///
/// `Ok(None)`: the message is being called back and this version would read that as a message to send,
/// so it must not be in the list at all.
pub fn offer(
    message: &OfferedMessage<'_>,
    version: Option<AppVersion>,
) -> Result<Option<MobileMessage>, MessageError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !(1..=MAX_MESSAGE_ID_CHARACTERS).contains(&message.id.len())
        || !message.id.bytes().all(plain)
    {
        return Err(MessageError::Id);
    }
    if !(1..=MAX_TEXT_UNITS).contains(&message.text.encode_utf16().count()) {
        return Err(MessageError::Text);
    }
    if message.sim_number.is_some_and(|number| !SIM_NUMBERS.contains(&number)) {
        return Err(MessageError::SimNumber);
    }
    let state = match (Feature::Cancelling.known_to(version), message.is_cancelling) {
        (true, true) => Some(OfferedState::Cancelling),
        (true, false) => Some(OfferedState::Pending),
        (false, false) => None,
        (false, true) => return Ok(None),
    };
    Ok(Some(MobileMessage {
        id: message.id.to_owned(),
        state,
        text_message: TextMessage { text: message.text.to_owned() },
        phone_numbers: [message.recipient.as_str().to_owned()],
        sim_number: message.sim_number,
        with_delivery_report: true,
        priority: byte_of(message.priority),
        valid_until: PhoneDate(message.valid_until),
        created_at: PhoneDate(message.created_at),
    }))
}

fn byte_of(priority: i64) -> i8 {
    i8::try_from(priority).unwrap_or(if priority < 0 { i8::MIN } else { i8::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: Option<AppVersion> = Some(AppVersion::RECOMMENDED);
    const OLD: Option<AppVersion> = Some(AppVersion::new(1, 66, 4));

    fn number() -> PhoneNumber {
        PhoneNumber::from_e164("+15550100123").unwrap()
    }

    fn message(recipient: &PhoneNumber) -> OfferedMessage<'_> {
        OfferedMessage {
            id: "8f0c2b1e6a3d4c57",
            recipient,
            text: "Anna, 14:30 tomorrow, reply 1 to confirm",
            sim_number: Some(1),
            priority: 0,
            valid_until: "2026-03-04T12:45:00.123456789Z".parse().unwrap(),
            created_at: "2026-03-04T12:15:00Z".parse().unwrap(),
            is_cancelling: false,
        }
    }

    fn written(message: &OfferedMessage<'_>, version: Option<AppVersion>) -> serde_json::Value {
        serde_json::to_value(offer(message, version).unwrap().unwrap()).unwrap()
    }

    #[test]
    fn an_element_is_what_the_app_reads() {
        let expected: serde_json::Value =
            serde_json::from_str(include_str!("../fixtures/message_list.json")).unwrap();
        assert_eq!(written(&message(&number()), NEW), expected[0]);
    }

    #[test]
    fn an_old_app_gets_no_state_and_never_what_is_being_called_back() {
        let number = number();
        let mut message = message(&number);
        assert!(written(&message, OLD).get("state").is_none());
        assert!(written(&message, None).get("state").is_none());
        message.is_cancelling = true;
        assert_eq!(written(&message, NEW)["state"], "Cancelling");
        assert!(offer(&message, OLD).unwrap().is_none());
        assert!(offer(&message, None).unwrap().is_none());
    }

    #[test]
    fn a_priority_stays_a_byte() {
        let number = number();
        for (priority, byte) in
            [(0, 0), (127, 127), (128, 127), (300, 127), (-129, -128), (i64::MIN, -128)]
        {
            let message = OfferedMessage { priority, ..message(&number) };
            assert_eq!(written(&message, NEW)["priority"], byte, "{priority}");
        }
    }

    #[test]
    fn what_would_fail_the_list_is_refused_here() {
        let number = number();
        let long_id = "i".repeat(37);
        let long_text = "😀".repeat(32_768);
        let refusal = |message: OfferedMessage<'_>| offer(&message, NEW).unwrap_err();
        for id in ["", "a|b", "a b", "ж", &long_id] {
            assert_eq!(
                refusal(OfferedMessage { id, ..message(&number) }),
                MessageError::Id,
                "{id}"
            );
        }
        for text in ["", &long_text] {
            assert_eq!(refusal(OfferedMessage { text, ..message(&number) }), MessageError::Text);
        }
        for sim in [0, 4] {
            let sim_number = Some(sim);
            let message = OfferedMessage { sim_number, ..message(&number) };
            assert_eq!(refusal(message), MessageError::SimNumber);
        }
    }

    #[test]
    fn neither_text_nor_number_shows_in_debug() {
        let shown = format!("{:?}", offer(&message(&number()), NEW).unwrap());
        assert!(!shown.contains("Anna") && !shown.contains("1555"), "{shown}");
    }
}
