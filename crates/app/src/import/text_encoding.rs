//! Which letters the bytes of a text file stand for.

use super::decode::DecodeError;
use encoding_rs::{Encoding, IBM866, KOI8_R, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

/// Russian tables of one byte per letter from before Windows-1251: DOS and Unix.
const ELDER_ENCODINGS: [&Encoding; 2] = [IBM866, KOI8_R];
/// A table is told by its first letters; more would not change the verdict.
const SAMPLE_BYTES: usize = 256 * 1024;
/// Three quarters of all letters in Russian text, and the rarest ones.
const COMMON_LETTERS: &str = "оеаинтсрвлкмдпу";
const RARE_LETTERS: &str = "жшюцщэфъё";
/// Typographic signs that occur in a price list without being letters.
const COMMON_SIGNS: &str = "№«»–—„“”’…•·°\u{A0}₽±";

/// Reads text by its byte order mark; else as UTF-8 if it is valid; else by the Russian one-byte
/// table in which it reads most like Russian.
pub(super) fn decode_text(bytes: &[u8]) -> Result<String, DecodeError> {
    if let Some((encoding, mark_bytes)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark_bytes..).unwrap_or_default();
        return match encoding.decode_without_bom_handling_and_without_replacement(rest) {
            Some(text) => Ok(text.into_owned()),
            None if encoding == UTF_16LE || encoding == UTF_16BE => Err(DecodeError::NotATable),
            None => Err(DecodeError::DamagedUtf8),
        };
    }
    if bytes.contains(&0) {
        return Err(DecodeError::NotATable);
    }
    if let Some(text) = UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text.into_owned());
    }
    if is_mostly_utf8(bytes) {
        return Err(DecodeError::DamagedUtf8);
    }
    decode_one_byte(bytes)
}

/// Valid sequences of UTF-8 do not come about by chance: a text full of them, with a few broken
/// ones, was cut or pasted together.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes.get(..SAMPLE_BYTES).unwrap_or(bytes));
    let broken = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    let whole = text.chars().filter(|c| !c.is_ascii()).count() - broken;
    whole > 4 * broken
}

fn decode_one_byte(bytes: &[u8]) -> Result<String, DecodeError> {
    let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
    let likeness_in = |encoding: &'static Encoding| {
        likeness_to_russian(&encoding.decode_without_bom_handling(sample).0)
    };
    let usual = likeness_in(WINDOWS_1251);
    let mut best = (WINDOWS_1251, usual);
    for encoding in ELDER_ENCODINGS {
        // In doubt it is Windows-1251: without a letter (only «№», no-break spaces) always, else
        // the others must be ahead of it by a fifth.
        let likeness = likeness_in(encoding);
        if usual != 0 && likeness > best.1 && likeness > usual + usual.abs() / 5 {
            best = (encoding, likeness);
        }
    }
    match best {
        (encoding, 0..) => Ok(encoding.decode_without_bom_handling(bytes).0.into_owned()),
        _ => Err(DecodeError::UnknownEncoding),
    }
}

/// Points for common letters, against signs that no one types and for capitals inside words; all
/// that one-byte tables confuse shows in these three.
fn likeness_to_russian(text: &str) -> i64 {
    let mut points = 0;
    let mut after_small = false;
    for character in text.chars() {
        let small = character.to_lowercase().next().unwrap_or(character);
        let is_capital = small != character;
        points += match small {
            small if small.is_ascii() || COMMON_SIGNS.contains(small) => 0,
            'а'..='я' | 'ё' if is_capital && after_small => -4,
            'а'..='я' | 'ё' if COMMON_LETTERS.contains(small) => 3,
            'а'..='я' | 'ё' if RARE_LETTERS.contains(small) => -1,
            'а'..='я' => 1,
            _ => -4,
        };
        after_small = character.is_lowercase();
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Имя;Телефон\nАнна Щёлокова;8 (916) 123-45-67\nЁлкина Юлия;89161234568\n";

    #[test]
    fn every_usual_encoding_is_told() {
        let utf16 = |to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            format!("\u{FEFF}{TEXT}").encode_utf16().flat_map(to_bytes).collect()
        };
        let cases: Vec<(&str, Vec<u8>)> = vec![
            ("UTF-8", TEXT.as_bytes().to_vec()),
            ("UTF-8 with a mark", format!("\u{FEFF}{TEXT}").into_bytes()),
            ("UTF-16LE", utf16(u16::to_le_bytes)),
            ("UTF-16BE", utf16(u16::to_be_bytes)),
            ("Windows-1251", WINDOWS_1251.encode(TEXT).0.into_owned()),
            ("CP866", IBM866.encode(TEXT).0.into_owned()),
            ("KOI8-R", KOI8_R.encode(TEXT).0.into_owned()),
        ];
        for (name, bytes) in cases {
            assert_eq!(decode_text(&bytes).as_deref(), Ok(TEXT), "{name}");
        }
    }

    #[test]
    fn capitals_and_lone_signs_are_read_as_windows_1251() {
        for text in ["ИМЯ;ТЕЛЕФОН\nАННА;1", "Name;Phone\nAnna;8\u{A0}916", "Name;№\nAnna;1", "Яна"]
        {
            let bytes = WINDOWS_1251.encode(text).0.into_owned();
            assert_eq!(decode_text(&bytes).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let mut cut = TEXT.as_bytes().to_vec();
        cut.insert(9, 0xD0);
        for (bytes, expected) in [
            (cut, DecodeError::DamagedUtf8),
            (b"\xEF\xBB\xBFname\xFF".to_vec(), DecodeError::DamagedUtf8),
            (b"\xFF\xFE\x00\xD8".to_vec(), DecodeError::NotATable),
            (b"a;b\0c".to_vec(), DecodeError::NotATable),
            (b"\x89PNG\r\n\x1a\n\x00\x00".to_vec(), DecodeError::NotATable),
            (b"\xB2\xB3\xB5\xB6\xBC".to_vec(), DecodeError::UnknownEncoding),
        ] {
            assert_eq!(decode_text(&bytes), Err(expected), "{bytes:?}");
        }
    }
}
