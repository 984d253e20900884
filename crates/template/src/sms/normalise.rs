//! Removes what nobody sees in an SMS but everybody pays for: a single no-break space makes a Latin
//! text cost as much as a Cyrillic one.

use super::size::{Encoding, size};

/// The text without invisible luxury:
///
/// - no-break, thin, figure and other typographic spaces and tabs become plain spaces;
/// - zero-width spaces, word joiners, byte-order marks and soft hyphens are dropped (the joiner inside
///   emoji is kept);
/// - line ends of any kind become `\n`;
/// - «й» and «ё» typed as a letter and a mark become one letter;
/// - typographic quotes, dashes and the ellipsis become plain ones only if with them gone the whole
///   text fits the default alphabet, where each of them would double the price, and takes no more
///   parts. A Cyrillic text keeps them: there they cost nothing.
#[must_use]
pub fn normalise(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                plain.push('\n');
            }
            '\u{85}' | '\u{2028}' | '\u{2029}' => plain.push('\n'),
            '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {}
            // Combining breve and diaeresis.
            '\u{306}' => compose(&mut plain, c, &[('и', 'й'), ('И', 'Й')]),
            '\u{308}' => compose(&mut plain, c, &[('е', 'ё'), ('Е', 'Ё')]),
            c if c.is_whitespace() && c != '\n' => plain.push(' '),
            c => plain.push(c),
        }
    }
    let simple = simplify(&plain);
    let simple_size = size(&simple);
    // Of ellipses alone three times as many characters come, which may be more than the alphabet saves.
    let is_cheaper =
        simple_size.encoding == Encoding::Gsm7 && simple_size.parts <= size(&plain).parts;
    if is_cheaper { simple } else { plain }
}

fn compose(text: &mut String, mark: char, letters: &[(char, char)]) {
    let last = text.chars().next_back();
    let composed = letters.iter().find(|(bare, _)| Some(*bare) == last);
    if let Some((_, whole)) = composed {
        text.pop();
        text.push(*whole);
    } else {
        text.push(mark);
    }
}

fn simplify(text: &str) -> String {
    let mut simple = String::with_capacity(text.len());
    for c in text.chars() {
        match plain_punctuation(c) {
            Some(plain) => simple.push_str(plain),
            None => simple.push(c),
        }
    }
    simple
}

/// What a typewriter would have for this mark of typography.
pub(super) const fn plain_punctuation(c: char) -> Option<&'static str> {
    Some(match c {
        '«' | '»' | '“' | '”' | '„' | '‟' | '″' => "\"",
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' | '`' => "'",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => "-",
        '…' => "...",
        '•' | '·' => "-",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::normalise;
    use crate::sms::size;

    #[test]
    fn invisible_characters_become_plain_or_vanish() {
        for (text, plain) in [
            ("See you\u{a0}at 15:00", "See you at 15:00"),
            ("1\u{202f}200\u{2009}₽", "1 200 ₽"),
            ("a\tb\r\nc\rd\u{2028}e", "a b\nc\nd\ne"),
            ("пар\u{ad}ик\u{200b}махер\u{feff}", "парикмахер"),
            ("мои\u{306} Е\u{308}ж, o\u{308}", "мой Ёж, o\u{308}"),
            ("👩\u{200d}🦰", "👩\u{200d}🦰"),
            ("You’re booked — “Style”…", "You're booked - \"Style\"..."),
            ("Ждём — «Стиль»…", "Ждём — «Стиль»…"),
            ("“ok” 😀", "“ok” 😀"),
        ] {
            assert_eq!(normalise(text), plain, "{text:?}");
            assert_eq!(normalise(plain), plain, "{plain:?}");
        }
    }

    #[test]
    fn plain_punctuation_never_makes_a_text_dearer() {
        let text = "…".repeat(60);
        assert_eq!(size(&text).parts, 1);
        assert_eq!(normalise(&text), text, "180 full stops would be two parts");
    }

    #[test]
    fn an_invisible_space_no_longer_doubles_the_price() {
        let text = format!("{}\u{a0}{}", "a".repeat(70), "b".repeat(70));
        assert_eq!(size(&text).parts, 3);
        assert_eq!(size(&normalise(&text)).parts, 1);
    }
}
