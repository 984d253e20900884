//! What a phone, its network and the people who get its messages do. Everything that is left to chance
//! follows from `seed`.

use std::ops::RangeInclusive;

/// Waits are in milliseconds of the phone's clock or of real time, whichever passes first: a clock for
/// trying out may stand still or jump.
#[derive(Debug, Clone)]
pub struct PhoneBehaviour {
    pub seed: u64,
    /// Maker and model, as the phone introduces itself.
    pub name: String,
    /// 0 to 100; the phone tells it with every ping, if the server asks for pings.
    pub battery_percent: u8,
    /// SIM cards are numbered from 1; without any nothing can be sent.
    pub sim_count: u8,
    /// From the radio to the word that the network took or refused an SMS.
    pub sent_after_ms: RangeInclusive<u64>,
    /// From «sent» to the delivery receipt.
    pub delivery_receipt_after_ms: RangeInclusive<u64>,
    /// Delivered, but nobody learns of it.
    pub lost_receipt_percent: u8,
    /// Of the delivered: a late part's «sent» comes after the delivery receipt of another.
    pub late_part_percent: u8,
    /// Refused by the network: never on the air.
    pub failure_percent: u8,
    /// The addressee answers with one of `answer_texts`.
    pub answer_percent: u8,
    pub answer_texts: Vec<String>,
    /// From the air to the answer.
    pub answer_after_ms: RangeInclusive<u64>,
    /// New settings of some kinds work from a restart of the app on; its user is asked for one, and
    /// this says whether he follows.
    pub restarts_when_asked: bool,
    /// Real time runs that many times as fast for the waits of phone and app; 1 is the real app.
    pub hurry: u32,
}

impl Default for PhoneBehaviour {
    fn default() -> PhoneBehaviour {
        PhoneBehaviour {
            seed: 1,
            name: "Vestnik/simulated-phone".to_owned(),
            battery_percent: 80,
            sim_count: 1,
            sent_after_ms: 200..=900,
            delivery_receipt_after_ms: 1_000..=6_000,
            lost_receipt_percent: 0,
            late_part_percent: 0,
            failure_percent: 0,
            answer_percent: 0,
            answer_texts: ["1", "2", "0", "да", "Ок, буду", "перенесите, пожалуйста"]
                .map(str::to_owned)
                .to_vec(),
            answer_after_ms: 5_000..=60_000,
            restarts_when_asked: true,
            hurry: 1,
        }
    }
}
