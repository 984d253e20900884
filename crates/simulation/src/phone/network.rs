//! The mobile network and the people behind it: what becomes of an SMS that the radio was given. All by
//! chance from a seed, all in time that is passed in.

use super::air::AirRecord;
use super::behaviour::PhoneBehaviour;
use super::model::{IncomingSms, RadioOutcome, RadioResult, Sms};
use super::moment::{Moment, Wait};
use crate::chance::Chance;

/// Ways in which a network refuses, in the app's words.
const REFUSALS: &[&str] = &[
    "Send result: RESULT_ERROR_NO_SERVICE (Failed because service is currently unavailable)",
    "Send result: RESULT_ERROR_GENERIC_FAILURE (Generic failure cause)",
    "Send result: RESULT_ERROR_LIMIT_EXCEEDED (Failed because we reached the sending queue limit)",
    "Send result: RESULT_NETWORK_REJECT (Failed due to network reject)",
];

/// What comes back to the phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    Result(RadioResult),
    Answer(IncomingSms),
}

#[derive(Debug, Clone)]
pub struct Network {
    behaviour: PhoneBehaviour,
    chance: Chance,
    ahead: Vec<(Wait, Happening)>,
}

impl Network {
    pub fn new(behaviour: PhoneBehaviour, chance: Chance) -> Network {
        Network { behaviour, chance, ahead: Vec::new() }
    }

    /// `None`: the network refused it, so it is not on the air; the phone learns of that later.
    pub fn transmit(&mut self, sms: &Sms, now: Moment) -> Option<AirRecord> {
        let sent_after_ms = self.chance.between(&self.behaviour.sent_after_ms);
        if self.chance.percent(self.behaviour.failure_percent) {
            let refusal = self.chance.one_of(REFUSALS).copied().unwrap_or_default();
            let outcome = RadioOutcome::Failed(refusal.to_owned());
            self.expect_result(sms, now.after_ms(sent_after_ms), outcome);
            return None;
        }
        self.expect_result(sms, now.after_ms(sent_after_ms), RadioOutcome::Sent);
        let receipt_after_ms = self.chance.between(&self.behaviour.delivery_receipt_after_ms);
        let lost = self.chance.percent(self.behaviour.lost_receipt_percent);
        if sms.wants_delivery_report && !lost {
            let at = now.after_ms(sent_after_ms.saturating_add(receipt_after_ms));
            self.expect_result(sms, at, RadioOutcome::Delivered);
            // Asked only where there is a chance: a life without late parts draws as it always did.
            let late = self.behaviour.late_part_percent;
            if late > 0 && self.chance.percent(late) {
                self.expect_result(sms, at, RadioOutcome::Sent);
            }
        }
        self.expect_answer(sms, now);
        Some(AirRecord {
            id: sms.message_id.clone(),
            phone_number: sms.dialled.clone(),
            text: sms.text.clone(),
            at: now.clock,
            valid_until: sms.valid_until,
            sim_number: sms.sim_number,
            data_port: sms.data_port,
        })
    }

    fn expect_result(&mut self, sms: &Sms, at: Wait, outcome: RadioOutcome) {
        let message_id = sms.message_id.clone();
        let result = RadioResult { message_id, number: sms.number.clone(), outcome };
        self.ahead.push((at, Happening::Result(result)));
    }

    fn expect_answer(&mut self, sms: &Sms, now: Moment) {
        let answers = self.chance.percent(self.behaviour.answer_percent);
        let after_ms = self.chance.between(&self.behaviour.answer_after_ms);
        let text = self.chance.one_of(&self.behaviour.answer_texts).filter(|_| answers);
        // Nobody answers to a data SMS: no person ever sees one.
        if let (Some(text), None) = (text, sms.data_port) {
            let answer = IncomingSms { from: sms.dialled.clone(), text: text.clone() };
            self.ahead.push((now.after_ms(after_ms), Happening::Answer(answer)));
        }
    }

    /// What has happened by now, in the order in which it was set in motion; each is told once.
    pub fn happened(&mut self, now: Moment) -> Vec<Happening> {
        let (over, ahead) =
            std::mem::take(&mut self.ahead).into_iter().partition(|(wait, _)| wait.is_over(now));
        self.ahead = ahead;
        let over: Vec<(Wait, Happening)> = over;
        over.into_iter().map(|(_, happening)| happening).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn sms() -> Sms {
        Sms {
            message_id: "m1".to_owned(),
            number: "+1 555 010-01-23".to_owned(),
            dialled: "+15550100123".to_owned(),
            text: "Ждём вас".to_owned(),
            data_port: None,
            sim_number: None,
            wants_delivery_report: true,
            valid_until: None,
        }
    }

    fn at(elapsed_ms: u64) -> Moment {
        Moment { clock: Timestamp::UNIX_EPOCH, elapsed_ms }
    }

    /// Everything that comes back, in short, when one SMS is sent.
    fn comes_back(behaviour: PhoneBehaviour, sms: &Sms) -> (bool, Vec<String>) {
        let mut network = Network::new(behaviour, Chance::new(3));
        let on_air = network.transmit(sms, at(0)).is_some();
        let happened: Vec<String> = (0..=100_000)
            .step_by(100)
            .flat_map(|elapsed_ms| network.happened(at(elapsed_ms)))
            .map(|happening| match happening {
                Happening::Answer(answer) => format!("{} от {}", answer.text, answer.from),
                Happening::Result(RadioResult { outcome: RadioOutcome::Failed(words), .. }) => {
                    words.chars().take(11).collect()
                }
                Happening::Result(result) => format!("{:?}", result.outcome),
            })
            .collect();
        (on_air, happened)
    }

    #[test]
    fn behaviour_decides_what_comes_back() {
        let usual = PhoneBehaviour::default;
        let answering = || PhoneBehaviour {
            answer_percent: 100,
            answer_texts: vec!["1".to_owned()],
            ..usual()
        };
        for (behaviour, expected) in [
            (usual(), (true, vec!["Sent", "Delivered"])),
            (PhoneBehaviour { lost_receipt_percent: 100, ..usual() }, (true, vec!["Sent"])),
            (
                PhoneBehaviour { late_part_percent: 100, ..usual() },
                (true, vec!["Sent", "Delivered", "Sent"]),
            ),
            (PhoneBehaviour { failure_percent: 100, ..answering() }, (false, vec!["Send result"])),
            (answering(), (true, vec!["Sent", "Delivered", "1 от +15550100123"])),
            (
                PhoneBehaviour { answer_texts: vec![], ..answering() },
                (true, vec!["Sent", "Delivered"]),
            ),
        ] {
            let (on_air, happened) = comes_back(behaviour, &sms());
            let happened: Vec<&str> = happened.iter().map(String::as_str).collect();
            assert_eq!((on_air, happened), expected);
        }
        let unasked = Sms { wants_delivery_report: false, ..sms() };
        assert_eq!(comes_back(usual(), &unasked).1, ["Sent"]);
    }
}
