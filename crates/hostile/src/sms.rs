//! What a text costs over the phone network, and the texts that cost less.

use vestnik_template::sms::{Encoding, normalise, size, split, transliterate};

/// Any text as the text of an SMS.
pub(crate) fn check(bytes: &[u8]) {
    check_text(&String::from_utf8_lossy(bytes));
}

/// The parts are those of a plain count, and nothing that we do to a text makes it dearer.
pub(crate) fn check_text(text: &str) {
    check_size(text);
    let plain = normalise(text);
    check_size(&plain);
    assert_eq!(normalise(&plain), plain, "{text:?}");
    assert!(size(&plain).parts <= size(text).parts, "dearer than before: {text:?}");
    assert!(!plain.contains('\r'), "{text:?}");
    if let Some(latin) = transliterate(text) {
        assert!(latin.after.parts < latin.before.parts, "{text:?}");
        assert_eq!(latin.after, size(&latin.text));
        assert_eq!(latin.before, size(text));
        assert_eq!(normalise(&latin.text), latin.text, "{text:?}");
    }
}

fn check_size(text: &str) {
    let counted = size(text);
    let units = units_on_air(text);
    assert_eq!(split(text).concat(), text);
    assert_eq!(split(text).len(), counted.parts, "{text:?}");
    let in_default_alphabet = units.iter().all(|(unit, _)| *unit == Unit::Septet);
    assert_eq!(counted.encoding == Encoding::Gsm7, in_default_alphabet, "{text:?}");
    assert_eq!(counted.units, units.len(), "{text:?}");
    assert_eq!(counted.parts, parts_on_air(&units), "{text:?}");
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Septet,
    Word,
}

/// The text in units as they go over the air, each with whether a part may begin with it.
fn units_on_air(text: &str) -> Vec<(Unit, bool)> {
    const SINGLE: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
                          ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    const DOUBLE: &str = "\u{c}^{}\\[~]|€";
    if text.chars().all(|c| SINGLE.contains(c) || DOUBLE.contains(c)) {
        let septets = text.chars().flat_map(|c| {
            let second = DOUBLE.contains(c).then_some((Unit::Septet, false));
            std::iter::once((Unit::Septet, true)).chain(second)
        });
        return septets.collect();
    }
    text.encode_utf16().map(|word| (Unit::Word, !(0xdc00..0xe000).contains(&word))).collect()
}

/// Cuts the units into parts, stepping back where a cut would fall inside a character.
fn parts_on_air(units: &[(Unit, bool)]) -> usize {
    let (alone, joined) = match units.first() {
        None => return 0,
        Some((Unit::Septet, _)) => (160, 153),
        Some((Unit::Word, _)) => (70, 67),
    };
    if units.len() <= alone {
        return 1;
    }
    let (mut parts, mut at) = (0, 0);
    while at < units.len() {
        at += joined;
        while units.get(at).is_some_and(|(_, may_begin)| !may_begin) {
            at -= 1;
        }
        parts += 1;
    }
    parts
}
