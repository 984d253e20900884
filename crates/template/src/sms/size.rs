//! Counts the parts of an SMS exactly as the network cuts it (3GPP TS 23.040, section 9.2.3.24.1):
//! 140 octets a part, six of them lost to the header that joins several parts.

use serde::Serialize;

use super::gsm::septets;

/// How the characters of an SMS are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// The default alphabet; its unit is a septet.
    Gsm7,
    /// UCS-2, today read as UTF-16; its unit is 16 bits.
    Ucs2,
}

impl Encoding {
    /// Units in a message of one part.
    #[must_use]
    pub const fn units_alone(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// Units in each part of a message of several.
    #[must_use]
    pub const fn units_joined(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    /// Units that a character takes; never divided between parts.
    fn units(self, c: char) -> usize {
        match self {
            // A text is sent as GSM-7 only if all its characters are in the alphabet.
            Self::Gsm7 => septets(c).unwrap_or(1),
            Self::Ucs2 => c.len_utf16(),
        }
    }
}

/// What a text takes as an SMS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SmsSize {
    /// How it is sent: the default alphabet if that has every character, else UCS-2.
    pub encoding: Encoding,
    /// Units of all characters, without those that stay empty at the end of a part.
    pub units: usize,
    /// Parts that are sent and paid; 0 for an empty text. Networks join 255 parts at most.
    pub parts: usize,
    /// Units still free in the last part; a whole message for an empty text.
    pub units_left_in_last_part: usize,
    /// The first character that keeps the text out of the default alphabet.
    pub first_non_gsm: Option<char>,
}

/// The size of the text as an SMS.
#[must_use]
pub fn size(text: &str) -> SmsSize {
    let first_non_gsm = text.chars().find(|c| septets(*c).is_none());
    let encoding = encoding_of(first_non_gsm);
    let parts = cut(text, encoding);
    let capacity = if parts.len() > 1 { encoding.units_joined() } else { encoding.units_alone() };
    let last_units = parts.last().map_or(0, |part| units(part, encoding));
    SmsSize {
        encoding,
        units: units(text, encoding),
        parts: parts.len(),
        units_left_in_last_part: capacity.saturating_sub(last_units),
        first_non_gsm,
    }
}

/// The text of each part. An extension character or a surrogate pair that does not fit whole begins
/// the next part.
#[must_use]
pub fn split(text: &str) -> Vec<&str> {
    cut(text, encoding_of(text.chars().find(|c| septets(*c).is_none())))
}

const fn encoding_of(first_non_gsm: Option<char>) -> Encoding {
    match first_non_gsm {
        None => Encoding::Gsm7,
        Some(_) => Encoding::Ucs2,
    }
}

fn units(text: &str, encoding: Encoding) -> usize {
    text.chars().map(|c| encoding.units(c)).sum()
}

fn cut(text: &str, encoding: Encoding) -> Vec<&str> {
    if text.is_empty() {
        return Vec::new();
    }
    if units(text, encoding) <= encoding.units_alone() {
        return vec![text];
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut taken_units = 0;
        let overflow = rest.char_indices().find(|(_, c)| {
            taken_units += encoding.units(*c);
            taken_units > encoding.units_joined()
        });
        let end = overflow.map_or(rest.len(), |(start, _)| start);
        let (part, remainder) = rest.split_at(end);
        parts.push(part);
        rest = remainder;
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::{Encoding, size, split};

    #[test]
    fn parts_end_where_the_network_cuts() {
        use Encoding::{Gsm7, Ucs2};
        let a = |n: usize| "a".repeat(n);
        let ya = |n: usize| "я".repeat(n);
        for (text, encoding, units, parts, left) in [
            (String::new(), Gsm7, 0, 0, 160),
            (a(1), Gsm7, 1, 1, 159),
            (a(160), Gsm7, 160, 1, 0),
            (a(161), Gsm7, 161, 2, 145),
            (a(306), Gsm7, 306, 2, 0),
            (a(307), Gsm7, 307, 3, 152),
            (a(158) + "€", Gsm7, 160, 1, 0),
            (a(159) + "€", Gsm7, 161, 2, 145),
            // The escape would be the 153rd septet: the euro sign moves to the second part.
            (a(152) + "€" + &a(20), Gsm7, 174, 2, 131),
            (a(151) + "€" + &a(20), Gsm7, 173, 2, 133),
            // One septet is lost at the seam, and with it the third part begins early.
            (a(152) + "€" + &a(152), Gsm7, 306, 3, 152),
            ("€".repeat(80), Gsm7, 160, 1, 0),
            ("€".repeat(81), Gsm7, 162, 2, 143),
            (ya(70), Ucs2, 70, 1, 0),
            (ya(71), Ucs2, 71, 2, 63),
            (ya(134), Ucs2, 134, 2, 0),
            (ya(135), Ucs2, 135, 3, 66),
            (ya(68) + "😀", Ucs2, 70, 1, 0),
            (ya(69) + "😀", Ucs2, 71, 2, 63),
            // Half of the emoji would be the 67th unit: it moves to the second part whole.
            (ya(66) + "😀" + &ya(10), Ucs2, 78, 2, 55),
            (ya(66) + "😀" + &ya(66), Ucs2, 134, 3, 66),
            ("[€]".to_owned() + &ya(1), Ucs2, 4, 1, 66),
        ] {
            let counted = size(&text);
            let found = (counted.encoding, counted.units, counted.parts);
            assert_eq!(found, (encoding, units, parts), "{text}");
            assert_eq!(counted.units_left_in_last_part, left, "{text}");
        }
    }

    #[test]
    fn the_character_that_doubles_the_price_is_named() {
        assert_eq!(size("See you at 15:00").first_non_gsm, None);
        assert_eq!(size("See you — at 15:00 «ok»").first_non_gsm, Some('—'));
        assert_eq!(size("Ждём").first_non_gsm, Some('Ж'));
    }

    /// The same by other means: encode into units as they go over the air, then cut the units and
    /// step back where a cut would fall inside a character.
    fn naive_parts(text: &str) -> Vec<usize> {
        const DOUBLE: [char; 10] = ['\u{c}', '^', '{', '}', '\\', '[', '~', ']', '|', '€'];
        let other = "@£$¥èéùìòÇ\n\rØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";
        let is_single = |c: char| {
            (c.is_ascii() && !c.is_ascii_control() && c != '`' && !DOUBLE.contains(&c))
                || other.contains(c)
        };
        let is_gsm = text.chars().all(|c| is_single(c) || DOUBLE.contains(&c));
        let (alone, joined) = if is_gsm { (160, 153) } else { (70, 67) };
        // `true` marks a unit that must not begin a part.
        let mut air: Vec<bool> = Vec::new();
        if is_gsm {
            for c in text.chars() {
                air.push(false);
                if DOUBLE.contains(&c) {
                    air.push(true);
                }
            }
        } else {
            air.extend(text.encode_utf16().map(|unit| (0xdc00..0xe000).contains(&unit)));
        }
        if air.is_empty() {
            return Vec::new();
        }
        if air.len() <= alone {
            return vec![air.len()];
        }
        let mut sizes = Vec::new();
        let mut start = 0;
        while start < air.len() {
            let mut end = (start + joined).min(air.len());
            while end < air.len() && air[end] {
                end -= 1;
            }
            sizes.push(end - start);
            start = end;
        }
        sizes
    }

    fn text_near_seams() -> impl Strategy<Value = String> {
        let gsm = prop::collection::vec(
            prop_oneof![
                8 => Just("a"), 2 => Just("€"), 1 => Just("]"), 1 => Just("Ω"), 1 => Just("\n")
            ],
            0..480,
        );
        let ucs2 = prop::collection::vec(
            prop_oneof![8 => Just("я"), 2 => Just("😀"), 1 => Just("€"), 1 => Just("a")],
            0..220,
        );
        prop_oneof![
            gsm.prop_map(|scraps| scraps.concat()),
            ucs2.prop_map(|scraps| scraps.concat()),
            any::<String>(),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 2000,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(160),
            ..ProptestConfig::default()
        })]

        #[test]
        fn counting_agrees_with_cutting_the_units(text in text_near_seams()) {
            let counted = size(&text);
            let naive = naive_parts(&text);
            prop_assert_eq!(counted.parts, naive.len());
            prop_assert_eq!(counted.units, naive.iter().sum::<usize>());
            let capacity = match (naive.len() > 1, counted.first_non_gsm) {
                (false, None) => 160,
                (true, None) => 153,
                (false, Some(_)) => 70,
                (true, Some(_)) => 67,
            };
            prop_assert_eq!(
                counted.units_left_in_last_part,
                capacity - naive.last().copied().unwrap_or(0)
            );
        }

        #[test]
        fn parts_put_together_are_the_text(text in text_near_seams()) {
            let parts = split(&text);
            prop_assert_eq!(parts.concat(), text.clone());
            prop_assert_eq!(parts.len(), size(&text).parts);
        }
    }
}
