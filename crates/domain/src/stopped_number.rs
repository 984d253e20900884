//! STOP: numbers that want nothing more from an organization, and the words that say so.

use crate::access::Actor;
use crate::ids::{IncomingMessageId, OrganizationId, SenderId};
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

/// A word about a number, as it is weighed against the one that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    pub stopped: bool,
    pub said_at: Timestamp,
    /// The phone that took the SMS; `None` at the front desk, whose clock is ours.
    pub heard_by: Option<SenderId>,
}

impl Word {
    /// Was this said before the word that stands, and only handed over later? A word at the front desk
    /// never was. Two SMS that one phone took are in the order of its clock; between two clocks STOP
    /// wins.
    pub fn is_older_than(self, standing: Word) -> bool {
        let one_clock = self.heard_by == standing.heard_by;
        self.heard_by.is_some() && self.said_at < standing.said_at && (one_clock || !self.stopped)
    }
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
    fn a_word_that_was_only_handed_over_late_gives_way() {
        let word = |stopped, second, heard_by: Option<i64>| Word {
            stopped,
            said_at: Timestamp::from_second(second).unwrap(),
            heard_by: heard_by.map(SenderId),
        };
        for (name, said, standing, older) in [
            ("STOP before START, one phone", word(true, 1, Some(1)), word(false, 2, Some(1)), true),
            ("START before STOP, one phone", word(false, 1, Some(1)), word(true, 2, Some(1)), true),
            ("later, one phone", word(true, 3, Some(1)), word(false, 2, Some(1)), false),
            ("STOP by another clock", word(true, 1, Some(2)), word(false, 2, Some(1)), false),
            ("START by another clock", word(false, 1, Some(2)), word(true, 2, Some(1)), true),
            ("STOP after the desk lifted it", word(true, 1, Some(1)), word(false, 2, None), false),
            ("START before the desk's stop", word(false, 1, Some(1)), word(true, 2, None), true),
            ("the desk lifts", word(false, 1, None), word(true, 2, Some(1)), false),
            ("the desk stops", word(true, 1, None), word(false, 2, None), false),
        ] {
            assert_eq!(said.is_older_than(standing), older, "{name}");
        }
    }

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
