//! The channel for trials: a send becomes one line of JSON, and that is the delivery. Nothing is read
//! back, so there is no recall, and a repeated send is a second line.

use serde::Serialize;

use crate::contract::{Abilities, Channel, Drive, Outcome, OutgoingText, Receipts, TextLimit};

/// The longest text that makes sense to look at.
const MAX_UNITS: usize = 65_535;

#[derive(Debug, Clone, Copy)]
pub struct Log;

impl Channel for Log {
    fn name(&self) -> &'static str {
        "log"
    }

    fn channel(&self) -> &'static str {
        "log"
    }

    fn drive(&self) -> Drive {
        Drive::Exchange
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            text_limit: TextLimit { max_units: MAX_UNITS, max_sms_parts: None },
            receipts: Receipts::AtOnce,
            can_recall: false,
            repeats_safely: false,
        }
    }
}

#[derive(Serialize)]
struct Line<'a> {
    delivery_id: &'a str,
    to: &'a str,
    text: &'a str,
}

/// One line of JSON with its line break; a break inside the text is escaped.
pub fn encode(send: &OutgoingText) -> String {
    let line =
        Line { delivery_id: &send.delivery_id, to: send.recipient.as_str(), text: &send.text };
    // Three strings always have a JSON form; an empty line would show in the tests at once.
    let mut encoded = serde_json::to_string(&line).unwrap_or_default();
    encoded.push('\n');
    encoded
}

/// How much of a line reached the place it is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    Whole,
    Nothing,
    Partly,
}

/// What the try ended in, from how its line was written.
pub fn outcome(send: &OutgoingText, written: Written) -> Outcome {
    match written {
        Written::Whole => Outcome::Accepted { carrier_id: send.delivery_id.clone() },
        Written::Nothing => Outcome::NotSent { code: "log_not_written".to_owned() },
        Written::Partly => Outcome::Unknown { code: "log_partly_written".to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use vestnik_domain::phone_number::PhoneNumber;

    use super::*;

    fn send(text: &str) -> OutgoingText {
        OutgoingText {
            delivery_id: "dlv_1".to_owned(),
            recipient: PhoneNumber::from_e164("+79161234567").unwrap(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_send_is_one_line() {
        assert_eq!(
            encode(&send("Анна, ждём вас\nзавтра в «15:00»")),
            include_str!("log/fixtures/line.jsonl")
        );
    }

    #[test]
    fn each_way_of_writing_has_its_outcome() {
        let send = send("а");
        let carrier_id = "dlv_1".to_owned();
        assert_eq!(outcome(&send, Written::Whole), Outcome::Accepted { carrier_id });
        assert!(!outcome(&send, Written::Nothing).may_have_been_told());
        assert!(outcome(&send, Written::Partly).may_have_been_told());
    }
}
