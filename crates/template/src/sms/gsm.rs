//! The default alphabet of SMS, 3GPP TS 23.038 (GSM 03.38), section 6.2.1: which characters a phone
//! can send in seven bits.

/// The basic table in the order of its codes, without the escape at 0x1B.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
                     ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// The extension table: characters sent as an escape and a second septet.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// How many septets the character takes in the default alphabet: 1, 2, or `None` if the alphabet does
/// not have it.
pub(crate) fn septets(c: char) -> Option<usize> {
    match c {
        // Nearly all that is written; the tables are walked from end to end.
        ' '..='Z' | 'a'..='z' => Some(1),
        'Ѐ'..='ӿ' => None,
        other => by_table(other),
    }
}

fn by_table(c: char) -> Option<usize> {
    if BASIC.contains(c) {
        Some(1)
    } else if EXTENSION.contains(c) {
        Some(2)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{BASIC, EXTENSION, by_table, septets};

    #[test]
    fn the_tables_are_whole() {
        // 128 codes, one of which is the escape.
        assert_eq!(BASIC.chars().count(), 127);
        assert_eq!(EXTENSION.chars().count(), 10);
        assert!(!BASIC.contains(|c| EXTENSION.contains(c)));
        let mut distinct: Vec<char> = BASIC.chars().collect();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), 127);
    }

    #[test]
    fn what_is_written_most_is_as_the_tables_say() {
        for c in '\0'..='\u{ffff}' {
            assert_eq!(septets(c), by_table(c), "{c:?}");
        }
    }

    #[test]
    fn characters_take_their_septets() {
        for (c, taken) in [
            ('a', Some(1)),
            ('@', Some(1)),
            ('\n', Some(1)),
            ('à', Some(1)),
            ('Ω', Some(1)),
            ('€', Some(2)),
            ('[', Some(2)),
            ('~', Some(2)),
            ('`', None),
            ('ç', None),
            ('\t', None),
            ('\u{1b}', None),
            ('я', None),
            ('«', None),
            ('—', None),
            ('😀', None),
        ] {
            assert_eq!(septets(c), taken, "{c:?}");
        }
    }
}
