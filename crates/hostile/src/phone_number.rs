//! Phone numbers, as people and files write them, and parts of them typed into a search box.

use crate::lines::assert_words;
use vestnik_domain::Language::{English, Russian};
use vestnik_domain::phone_number::{PhoneNumber, Region, search_digits, search_variants};

/// Nobody reads more about a number.
const WORDS_CHARS_MOST: usize = 400;

/// A number; before it may stand a line with the country that it is read in.
pub(crate) fn check(bytes: &[u8]) {
    let all = String::from_utf8_lossy(bytes);
    let (country, text) = match all.split_once('\n') {
        Some((line, rest)) if line.len() == 2 => (Region::parse(line), rest),
        _ => (None, &*all),
    };
    let region = country.unwrap_or(Region::RUSSIA);
    match PhoneNumber::parse(text, region) {
        Ok(number) => check_number(text, &number, region),
        Err(error) => {
            assert!(!error.code().is_empty());
            let (russian, english) = (error.message(Russian), error.message(English));
            assert_words(&russian, &english);
            assert!(russian.chars().count() < WORDS_CHARS_MOST, "{russian}");
        }
    }
    check_search(text);
}

/// A number that was read is E.164, and is read as itself wherever it is met again.
fn check_number(text: &str, number: &PhoneNumber, region: Region) {
    let written = number.as_str();
    assert_eq!(PhoneNumber::from_e164(written).as_ref(), Ok(number), "{text:?}");
    for region in [region, Region::RUSSIA] {
        let again = PhoneNumber::parse(written, region);
        assert_eq!(again.as_ref(), Ok(number), "{text:?} became {written}");
    }
    assert_eq!(format!("+{}", number.digits()), written);
    let json = serde_json::to_string(number).unwrap();
    assert_eq!(serde_json::from_str::<PhoneNumber>(&json).unwrap(), *number);
    // Logs hold no full number.
    let masked = format!("{number:?}");
    let shown = masked.chars().filter(char::is_ascii_digit).count();
    assert!(shown + 3 <= number.digits().len(), "{masked}");
    assert!(search_variants(written).iter().any(|digits| digits == number.digits()), "{written}");
    let _ = number.is_mobile_possible();
}

fn check_search(text: &str) {
    let variants = search_variants(text);
    assert_eq!(search_digits(text).as_ref(), variants.first(), "{text:?}");
    for digits in variants {
        assert!(digits.len() >= 2 && digits.bytes().all(|digit| digit.is_ascii_digit()));
    }
}
