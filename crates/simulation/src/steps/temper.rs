//! What kind of history a seed plays: calm ones allow the exact checks, wild ones the wild faults.

use crate::carrier::CarrierBehaviour;
use crate::chance::Chance;
use crate::journal::JournalBehaviour;
use crate::phone::PhoneBehaviour;
use jiff::Timestamp;

/// Zones, and days shortly before their clocks change; the last of each is an ordinary one.
const PLACES: &[(&str, &[&str])] = &[
    ("Europe/Berlin", &["2026-03-26T07:00:00Z", "2026-10-22T07:00:00Z", "2026-05-11T07:00:00Z"]),
    ("America/New_York", &["2026-03-05T14:00:00Z", "2026-10-29T14:00:00Z", "2026-06-15T14:00:00Z"]),
    ("Europe/Moscow", &["2026-03-02T06:00:00Z", "2026-12-28T06:00:00Z", "2026-09-07T06:00:00Z"]),
];

#[derive(Debug, Clone)]
pub(super) struct Temper {
    pub(super) begin: Timestamp,
    pub(super) zone: &'static str,
    /// Of the second branch.
    pub(super) other_zone: &'static str,
    /// Phones fall silent, are re-installed and re-linked, lose reports; senders have limits.
    pub(super) phones_in_trouble: bool,
    /// Kinds, branches and the block are switched back and forth.
    pub(super) fickle: bool,
    /// Of a hundred calls so many meet a fault.
    pub(super) fault_percent: u8,
    /// Of a hundred loop turns so many run on both nodes in turns.
    pub(super) race_percent: u8,
    /// An older copy of the database may take its place.
    pub(super) copies: bool,
    /// Of a hundred senders so many are called by us; the others are phones.
    pub(super) pushed_percent: u8,
    /// The carrier can be asked for a message by our id.
    pub(super) carrier_keeps_list: bool,
    /// The first branch is linked to an external journal.
    pub(super) journal: bool,
    /// It loses calls and answers, and its webhooks go astray.
    pub(super) journal_in_trouble: bool,
    /// The clock jumps for good.
    pub(super) clock_jumps: bool,
    pub(super) events: u32,
}

impl Temper {
    pub(super) fn of(chance: &mut Chance) -> Temper {
        let (zone, begins) = *chance.one_of(PLACES).unwrap_or(&PLACES[0]);
        let other_zone = match chance.percent(70) {
            true => zone,
            false => chance.one_of(PLACES).unwrap_or(&PLACES[0]).0,
        };
        let begin = chance.one_of(begins).and_then(|begin| begin.parse().ok());
        Temper {
            begin: begin.unwrap_or(Timestamp::UNIX_EPOCH),
            zone,
            other_zone,
            phones_in_trouble: chance.percent(50),
            fickle: chance.percent(30),
            fault_percent: *chance.one_of(&[0, 3, 10]).unwrap_or(&0),
            race_percent: *chance.one_of(&[0, 10, 25]).unwrap_or(&0),
            copies: chance.percent(20),
            pushed_percent: *chance.one_of(&[0, 0, 50, 100]).unwrap_or(&0),
            carrier_keeps_list: chance.percent(50),
            journal: chance.percent(30),
            journal_in_trouble: chance.percent(60),
            clock_jumps: chance.percent(25),
            events: u32::try_from(chance.between(&(100..=110))).unwrap_or(100),
        }
    }

    pub(super) fn carrier(&self) -> CarrierBehaviour {
        let behaviour = match self.phones_in_trouble {
            true => CarrierBehaviour::troubled(),
            // No trouble at all: receipts that come late, twice, or not.
            false => CarrierBehaviour {
                lose_receipt_percent: 5,
                double_receipt_percent: 15,
                receipt_delay_s: 0..=900,
                ..CarrierBehaviour::default()
            },
        };
        CarrierBehaviour { keeps_list: self.carrier_keeps_list, ..behaviour }
    }

    pub(super) fn journal(&self) -> JournalBehaviour {
        match self.journal_in_trouble {
            true => JournalBehaviour::badly(),
            false => JournalBehaviour::well(),
        }
    }

    pub(super) fn phone(&self) -> PhoneBehaviour {
        // No trouble at all: parts that come through in any order, receipts that the network loses.
        let usual = PhoneBehaviour {
            late_part_percent: 15,
            lost_receipt_percent: 5,
            ..PhoneBehaviour::default()
        };
        if !self.phones_in_trouble {
            return usual;
        }
        PhoneBehaviour {
            lost_receipt_percent: 20,
            failure_percent: 10,
            late_part_percent: 40,
            sent_after_ms: 200..=20_000,
            delivery_receipt_after_ms: 1_000..=90_000,
            ..usual
        }
    }
}
