//! What a report says. Bodies are read after their signature was checked, from the same bytes.

use std::fmt;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::health::PhoneHealth;
use crate::android_phone::fields::{self, Fields, WireError};
use crate::android_phone::wire::SimCard;

const MAX_EVENT_CHARACTERS: usize = 64;
/// A message may be long, but a number is short: more is no number.
const MAX_SENDER_CHARACTERS: usize = 64;

/// One call of a webhook.
#[derive(Debug, Clone, PartialEq)]
pub struct WebhookCall {
    /// The device as the phone knows itself; the path says whose call it is.
    pub device_id: Option<String>,
    pub notice: PhoneNotice,
}

#[derive(Debug, Clone, PartialEq)]
pub enum PhoneNotice {
    SmsReceived(ReceivedSms),
    Ping(PhoneHealth),
    /// The app started; numbers of the cards are cut as they are read.
    AppStarted {
        sim_cards: Vec<SimCard>,
    },
    /// An event that we did not ask for: taken with 200 and let go.
    Other {
        event: String,
    },
}

/// A message that came to the phone. `Debug` shows neither text nor numbers.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceivedSms {
    /// A 32-bit hash: several messages may share it.
    pub message_id: String,
    /// As the network said it: a number, a name («MTS»), or nothing.
    pub sender: Option<String>,
    pub sim_number: Option<i64>,
    pub text: String,
    /// By the phone's clock.
    pub received_at: Timestamp,
}

impl fmt::Debug for ReceivedSms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedSms")
            .field("message_id", &self.message_id)
            .field("sim_number", &self.sim_number)
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}

impl WebhookCall {
    pub fn decode(body: &[u8]) -> Result<WebhookCall, WireError> {
        let value = fields::json(body)?;
        let envelope = Fields::of(&value, "")?;
        let event = envelope.word("event", MAX_EVENT_CHARACTERS)?;
        let notice = match event {
            "sms:received" => PhoneNotice::SmsReceived(received_sms(&envelope.object("payload")?)?),
            "system:ping" => PhoneNotice::Ping(PhoneHealth::read(&envelope.object("payload")?)),
            "app:started" => PhoneNotice::AppStarted {
                sim_cards: SimCard::read_list(envelope.object("payload")?.list("simCards")?)?,
            },
            _ => PhoneNotice::Other { event: event.to_owned() },
        };
        Ok(WebhookCall {
            device_id: envelope.optional_text("deviceId")?.map(str::to_owned),
            notice,
        })
    }
}

fn received_sms(payload: &Fields<'_>) -> Result<ReceivedSms, WireError> {
    // Older versions know the sender as `phoneNumber`.
    let sender = match payload.optional_text("sender")? {
        Some(sender) => Some(sender),
        None => payload.optional_text("phoneNumber")?,
    };
    if sender.is_some_and(|sender| sender.chars().count() > MAX_SENDER_CHARACTERS) {
        let expected = format!("at most {MAX_SENDER_CHARACTERS} characters");
        return Err(payload.error("sender", expected));
    }
    let received_at = payload.text("receivedAt")?.parse().map_err(|_| {
        payload.error("receivedAt", "a date with an offset, 2026-03-04T15:15:02.114+03:00,")
    })?;
    Ok(ReceivedSms {
        message_id: payload.text("messageId")?.to_owned(),
        sender: sender.filter(|sender| !sender.is_empty()).map(str::to_owned),
        sim_number: payload.optional_number("simNumber")?,
        text: payload.text("message")?.to_owned(),
        received_at,
    })
}

/// The same for every report of one incoming message, however often and under whatever id the phone
/// sends it: device, event, the phone's hash, sender and moment. `device_id` is ours, from the path.
pub fn dedupe_key(device_id: &str, sms: &ReceivedSms) -> String {
    let received_at_us = sms.received_at.as_microsecond().to_string();
    let sender = sms.sender.as_deref().unwrap_or_default();
    let mut hash = Sha256::new();
    for part in [device_id, "sms:received", &sms.message_id, sender, &received_at_us] {
        // With its length before it no part can pass for the end of another.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests;
