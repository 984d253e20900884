//! Says a Cyrillic text in Latin letters, of which an SMS holds more than twice as many. Offered, never
//! done unasked: it is harder to read, so it must at least be cheaper.

use serde::Serialize;

use super::normalise::{normalise, plain_punctuation};
use super::size::{SmsSize, size};

/// A text in Latin letters that takes fewer parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Transliteration {
    /// The text in Latin letters.
    pub text: String,
    /// What the text takes as it was.
    pub before: SmsSize,
    /// What it takes now.
    pub after: SmsSize,
}

/// The text in Latin letters if that saves parts, else `None`. Letters go by sound, after the usage of
/// Russian SMS («х» is `h`, soft and hard signs are dropped); a letter of several Latin ones is in
/// capitals only among capitals. Typographic marks become plain ones. What has no Latin form (emoji)
/// stays, and then hardly ever is anything saved.
#[must_use]
pub fn transliterate(text: &str) -> Option<Transliteration> {
    let before = size(text);
    let text = normalise(&in_latin(&normalise(text)));
    let after = size(&text);
    (after.parts < before.parts).then_some(Transliteration { text, before, after })
}

fn in_latin(text: &str) -> String {
    let mut latin = String::with_capacity(text.len());
    let mut previous = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let lower = c.to_lowercase().next().unwrap_or(c);
        if let Some(letters) = latin_letters(lower) {
            let neighbour = next.filter(|n| n.is_alphabetic()).or(previous);
            let is_shouted = neighbour.is_some_and(char::is_uppercase);
            push_in_case(&mut latin, letters, c.is_uppercase(), is_shouted);
        } else if let Some(plain) = plain_punctuation(c) {
            latin.push_str(plain);
        } else if c == '№' {
            latin.push_str("No.");
        } else if c == '₽' {
            latin.push_str("rub.");
        } else {
            latin.push(c);
        }
        previous = Some(c);
    }
    latin
}

/// «Щука» is `Shchuka`, «ЩУКА» is `SHCHUKA`.
fn push_in_case(latin: &mut String, letters: &str, is_capital: bool, is_shouted: bool) {
    for (index, letter) in letters.chars().enumerate() {
        let upper = is_capital && (index == 0 || is_shouted);
        latin.push(if upper { letter.to_ascii_uppercase() } else { letter });
    }
}

/// The Latin letters for a small letter of the Russian, Ukrainian or Belarusian alphabet.
const fn latin_letters(lower: char) -> Option<&'static str> {
    Some(match lower {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' => "g",
        'д' => "d",
        'е' | 'э' => "e",
        'ё' => "yo",
        'ж' => "zh",
        'з' => "z",
        'и' | 'і' => "i",
        'й' => "y",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ў' => "u",
        'ф' => "f",
        'х' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ы' => "y",
        'ю' => "yu",
        'я' => "ya",
        'є' => "ye",
        'ї' => "yi",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{in_latin, transliterate};
    use crate::sms::Encoding;

    #[test]
    fn words_read_as_they_sound() {
        for (text, latin) in [
            ("Вы записаны 25.12.19 в 15:00", "Vy zapisany 25.12.19 v 15:00"),
            ("Салон «Стиль де Виль»", "Salon \"Stil de Vil\""),
            ("Щука, ЩУКА, ещё Я", "Shchuka, SHCHUKA, eshchyo Ya"),
            ("Юля и ЮЛЯ", "Yulya i YULYA"),
            ("подъезд № 5 — 1200 ₽…", "podezd No. 5 - 1200 rub...."),
            ("https://a.ru/x_Y?z=1", "https://a.ru/x_Y?z=1"),
            ("Їжак, ґанок, воўк", "Yizhak, ganok, vouk"),
        ] {
            assert_eq!(in_latin(text), latin, "{text}");
        }
    }

    #[test]
    fn it_is_offered_only_where_it_saves_parts() {
        let long =
            "Вы записаны 25.12.19 в 15:00 в Салон «Стиль де Виль», Москва, Тверская, 1. Ждём вас!";
        let offered = transliterate(long).unwrap();
        assert_eq!((offered.before.parts, offered.after.parts), (2, 1));
        assert_eq!(offered.before.encoding, Encoding::Ucs2);
        assert_eq!(offered.after.encoding, Encoding::Gsm7);
        assert!(offered.text.starts_with("Vy zapisany"));
        for kept in ["", "Ждём вас", "See you", &"a".repeat(500), &format!("{long} 😀")] {
            assert_eq!(transliterate(kept), None, "{kept}");
        }
    }
}
