//! STOP: numbers that want nothing more from an organization, and the words that say so.

use crate::access::Actor;
use crate::ids::{IncomingMessageId, OrganizationId};
use crate::phone_number::PhoneNumber;
use jiff::Timestamp;

/// What a number last said: STOP holds for everybody who shares it, in this organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoppedNumber {
    pub organization_id: OrganizationId,
    pub phone: PhoneNumber,
    pub version: i64,
    /// False after START: the row stays.
    pub stopped: bool,
    /// When it was said: by SMS the phone's own time.
    pub changed_at: Timestamp,
    /// The client by SMS, or a person at the front desk.
    pub changed_by: Actor,
    /// The SMS that said so.
    pub incoming_message_id: Option<IncomingMessageId>,
}

/// An SMS that is a command and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopWord {
    Stop,
    Start,
}

/// Reads a whole SMS: exactly STOP or START, in Latin or Cyrillic; letter case, spaces and
/// punctuation around the word do not matter. With any other word beside it, it is no command.
pub fn stop_word(text: &str) -> Option<StopWord> {
    let word = text.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
    match word.as_str() {
        "stop" | "стоп" => Some(StopWord::Stop),
        "start" | "старт" => Some(StopWord::Start),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_word_alone_is_a_command() {
        use StopWord::{Start, Stop};
        for (text, expected) in [
            ("STOP", Some(Stop)),
            ("stop", Some(Stop)),
            ("СТОП", Some(Stop)),
            ("Стоп", Some(Stop)),
            ("  стоп\r\n", Some(Stop)),
            ("«СТОП»!", Some(Stop)),
            ("\"stop\".", Some(Stop)),
            ("стоп 🙏", Some(Stop)),
            ("\u{feff}STOP\u{200b}", Some(Stop)),
            ("— старт…", Some(Start)),
            ("Start", Some(Start)),
            ("СТАРТ.", Some(Start)),
            ("", None),
            ("  ", None),
            ("?!", None),
            ("стоп стоп", None),
            ("не стоп", None),
            ("STOP SMS", None),
            ("стоп1", None),
            ("стоп, приду позже", None),
            ("с т о п", None),
            ("stopp", None),
            ("стопа", None),
            ("рестарт", None),
            ("1", None),
        ] {
            assert_eq!(stop_word(text), expected, "{text:?}");
        }
    }
}
