//! How often a carrier does what.

use crate::chance::Chance;
use std::ops::RangeInclusive;
use vestnik_domain::receipt::Receipt;

/// What a carrier does with one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CarrierTurn {
    Accept,
    /// It takes the message, and nobody learns of it.
    AcceptAndLoseAnswer,
    /// The message never reaches it, and nobody can be sure.
    LoseRequest,
    Refuse,
    RefuseUntilLater {
        after_s: i64,
    },
    /// No byte leaves us.
    CannotConnect,
}

/// Shares in percent; what is left of 100 is accepted, delivered, and said so once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarrierBehaviour {
    pub lose_answer_percent: u8,
    pub lose_request_percent: u8,
    pub refuse_percent: u8,
    pub refuse_until_later_percent: u8,
    pub cannot_connect_percent: u8,
    pub undelivered_percent: u8,
    pub lose_receipt_percent: u8,
    pub double_receipt_percent: u8,
    /// After how many seconds a receipt arrives.
    pub receipt_delay_s: RangeInclusive<u64>,
    /// Can it be asked for a message by our id?
    pub keeps_list: bool,
}

impl Default for CarrierBehaviour {
    /// A carrier that does everything right.
    fn default() -> CarrierBehaviour {
        CarrierBehaviour {
            lose_answer_percent: 0,
            lose_request_percent: 0,
            refuse_percent: 0,
            refuse_until_later_percent: 0,
            cannot_connect_percent: 0,
            undelivered_percent: 0,
            lose_receipt_percent: 0,
            double_receipt_percent: 0,
            receipt_delay_s: 1..=20,
            keeps_list: false,
        }
    }
}

impl CarrierBehaviour {
    /// A carrier on a bad day.
    pub fn troubled() -> CarrierBehaviour {
        CarrierBehaviour {
            lose_answer_percent: 8,
            lose_request_percent: 5,
            refuse_percent: 4,
            refuse_until_later_percent: 8,
            cannot_connect_percent: 8,
            undelivered_percent: 8,
            lose_receipt_percent: 10,
            double_receipt_percent: 15,
            receipt_delay_s: 0..=7_200,
            keeps_list: false,
        }
    }

    pub(super) fn turn(&self, chance: &mut Chance) -> CarrierTurn {
        let shares = [
            (self.lose_answer_percent, CarrierTurn::AcceptAndLoseAnswer),
            (self.lose_request_percent, CarrierTurn::LoseRequest),
            (self.refuse_percent, CarrierTurn::Refuse),
            (self.refuse_until_later_percent, CarrierTurn::RefuseUntilLater { after_s: 60 }),
            (self.cannot_connect_percent, CarrierTurn::CannotConnect),
        ];
        let mut drawn = chance.between(&(0..=99));
        for (percent, turn) in shares {
            match drawn.checked_sub(u64::from(percent)) {
                None => return turn,
                Some(rest) => drawn = rest,
            }
        }
        CarrierTurn::Accept
    }

    /// The receipts of one message, each with the seconds until it arrives.
    pub(super) fn receipts(&self, chance: &mut Chance) -> Vec<(Receipt, i64)> {
        let receipt = match chance.percent(self.undelivered_percent) {
            true => Receipt::Undelivered { code: "absent_subscriber".to_owned() },
            false => Receipt::Delivered,
        };
        let lost = chance.percent(self.lose_receipt_percent);
        let doubled = chance.percent(self.double_receipt_percent);
        let count = if lost { 0 } else { 1 + usize::from(doubled) };
        (0..count)
            .map(|_| {
                let delay_s = chance.between(&self.receipt_delay_s);
                (receipt.clone(), i64::try_from(delay_s).unwrap_or(i64::MAX))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_day_is_all_acceptance_and_a_bad_one_has_everything() {
        let mut chance = Chance::new(1);
        let good = CarrierBehaviour::default();
        assert!((0..200).all(|_| good.turn(&mut chance) == CarrierTurn::Accept));
        let bad = CarrierBehaviour::troubled();
        let turns: Vec<CarrierTurn> = (0..500).map(|_| bad.turn(&mut chance)).collect();
        for turn in [
            CarrierTurn::Accept,
            CarrierTurn::AcceptAndLoseAnswer,
            CarrierTurn::LoseRequest,
            CarrierTurn::Refuse,
            CarrierTurn::RefuseUntilLater { after_s: 60 },
            CarrierTurn::CannotConnect,
        ] {
            assert!(turns.contains(&turn), "{turn:?}");
        }
        let receipts: Vec<usize> = (0..200).map(|_| bad.receipts(&mut chance).len()).collect();
        assert!([0, 1, 2].iter().all(|count| receipts.contains(count)));
    }
}
