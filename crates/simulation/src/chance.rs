//! Chance from a seed: the same seed plays the same life on every machine.

use std::ops::RangeInclusive;

/// A splitmix64 sequence (Steele, Lea and Flood, 2014).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    /// Another sequence, which goes on by itself whatever is drawn from this one.
    pub fn branch(&mut self) -> Chance {
        Chance(self.draw())
    }

    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number of the range; its beginning if the range is empty.
    pub fn between(&mut self, range: &RangeInclusive<u64>) -> u64 {
        let drawn = self.draw();
        match range.end().saturating_sub(*range.start()).checked_add(1) {
            Some(width) => range.start() + drawn % width,
            None => drawn,
        }
    }

    /// True in `percent` of 100 cases; from 100 on always.
    pub fn percent(&mut self, percent: u8) -> bool {
        self.draw() % 100 < u64::from(percent)
    }

    /// One of `choices`; `None` if there are none.
    pub fn one_of<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        let index = self.draw().checked_rem(choices.len() as u64)?;
        choices.get(usize::try_from(index).ok()?)
    }

    /// That many hexadecimal digits.
    pub fn hex(&mut self, digits: usize) -> String {
        let mut text = String::with_capacity(digits + 15);
        while text.len() < digits {
            text.push_str(&format!("{:016x}", self.draw()));
        }
        text.truncate(digits);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_published_one() {
        let mut chance = Chance::new(0);
        assert_eq!(chance.draw(), 0xe220_a839_7b1d_cdaf);
        assert_eq!(chance.draw(), 0x6e78_9e6a_a1b9_65f4);
    }

    #[test]
    #[expect(clippy::reversed_empty_ranges, reason = "what a careless caller may pass")]
    fn draws_stay_within_bounds() {
        let mut chance = Chance::new(7);
        let drawn: Vec<u64> = (0..200).map(|_| chance.between(&(3..=5))).collect();
        assert!((3..=5).all(|number| drawn.contains(&number)));
        assert!(drawn.iter().all(|number| (3..=5).contains(number)));
        assert_eq!(chance.between(&(9..=2)), 9);
        chance.between(&(0..=u64::MAX));
        assert_eq!(chance.one_of::<u8>(&[]), None);
        assert_eq!(chance.hex(21).len(), 21);
        assert!((0..100).all(|_| chance.percent(100) && !chance.percent(0)));
    }
}
