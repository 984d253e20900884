//! From what people type to bare digits: the labels, dashes and slips around a phone number.

use super::PhoneNumberError;

/// Longer texts hold more than a number and its labels.
const TEXT_BYTES_MAX: usize = 512;
/// So many digits make a number of their own beside another one: a town number without its code.
const OWN_NUMBER_DIGITS_MIN: usize = 5;
/// Long enough to name the odd word in an error, short enough for one line.
const FOUND_CHARS_MAX: usize = 20;

/// Said beside a number without being part of it. Lower case, «ё» as «е».
const LABELS: &[&str] = &[
    "tel",
    "phone",
    "mobile",
    "mob",
    "cell",
    "home",
    "work",
    "whatsapp",
    "wa",
    "viber",
    "telegram",
    "tg",
    "sms",
    "т",
    "тел",
    "телефон",
    "м",
    "моб",
    "мобильный",
    "сот",
    "сотовый",
    "раб",
    "рабочий",
    "дом",
    "домашний",
    "гор",
    "городской",
    "личный",
    "осн",
    "основной",
    "номер",
    "вотсап",
    "ватсап",
    "вайбер",
    "телеграм",
    "смс",
    "max",
    "макс",
];
/// Written where there is no number.
const BLANKS: &[&str] = &["нет", "отсутствует", "неизвестен", "неизвестно", "none", "null", "no"];
const BETWEEN_TWO: &[&str] = &["или", "либо", "и", "or", "and"];
const EXTENSIONS: &[&str] =
    &["доб", "добавочный", "вн", "внутр", "внутренний", "ext", "extension", "x", "х"];

/// What was dialled: digits, and whether an international plus stood before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spelled {
    pub(super) plus: bool,
    pub(super) digits: String,
}

/// Takes the digits out of `text`, refusing what may not stand beside them.
pub(super) fn read(text: &str) -> Result<Spelled, PhoneNumberError> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(PhoneNumberError::TooLong);
    }
    let flat = flatten(without_fraction(text.trim()))?;
    let number = match split_at_extension(&flat) {
        (_, Some(extension)) if extension.contains(is_digit) => {
            let digits = digits_of(extension).chars().take(FOUND_CHARS_MAX).collect();
            return Err(PhoneNumberError::Extension { extension: digits });
        }
        (number, _) => number,
    };
    refuse_two_numbers(number)?;
    let digits = digits_of(number);
    if digits.is_empty() {
        return Err(PhoneNumberError::Empty);
    }
    let plus = match number.find('+') {
        None => false,
        Some(at) if digits_of(number.get(..at).unwrap_or_default()).is_empty() => true,
        Some(_) => {
            return Err(PhoneNumberError::Unexpected { found: "+".to_owned() });
        }
    };
    Ok(Spelled { plus, digits })
}

/// Spreadsheets and scripts save whole numbers as «79161234567.0».
fn without_fraction(text: &str) -> &str {
    match text.strip_suffix(".0").or_else(|| text.strip_suffix(",0")) {
        Some(whole) if whole.len() >= 10 && whole.bytes().all(|byte| byte.is_ascii_digit()) => {
            whole
        }
        _ => text,
    }
}

/// Rewrites the text in four signs beside digits: `+`, space (punctuation), line feed (between two
/// numbers) and `#` (an extension follows).
fn flatten(text: &str) -> Result<String, PhoneNumberError> {
    let mut flat = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(found) = rest.next() {
        if let Some(digit) = digit_of(found) {
            flat.push(digit);
            continue;
        }
        match found {
            '+' | '＋' => flat.push('+'),
            '#' if !digits_of(&flat).is_empty() => flat.push('#'),
            ',' | ';' | '/' | '\\' | '|' | '\n' | '\r' | '&' => flat.push('\n'),
            found if is_punctuation(found) => flat.push(' '),
            found if found.is_alphabetic() => {
                let mut word: String = found.to_lowercase().collect();
                while let Some(letter) = rest.next_if(|next| next.is_alphabetic()) {
                    word.extend(letter.to_lowercase());
                }
                let digits_follow = rest.peek().is_some_and(|next| is_exponent_start(*next));
                flat.push(sign_of_word(&word, digits_follow && flat.ends_with(is_digit))?);
            }
            found => return Err(unexpected(&found.to_string())),
        }
    }
    Ok(flat)
}

/// The sign that stands for `word`; between digits a lone «e» is an exponent: 7,91612E+10.
fn sign_of_word(word: &str, between_digits: bool) -> Result<char, PhoneNumberError> {
    let word = word.replace('ё', "е");
    let known = |words: &[&str]| words.contains(&word.as_str());
    if between_digits && (word == "e" || word == "е") {
        Err(PhoneNumberError::Rounded)
    } else if known(LABELS) || known(BLANKS) {
        Ok(' ')
    } else if known(BETWEEN_TWO) {
        Ok('\n')
    } else if known(EXTENSIONS) {
        Ok('#')
    } else {
        Err(unexpected(&word))
    }
}

fn split_at_extension(flat: &str) -> (&str, Option<&str>) {
    match flat.split_once('#') {
        Some((number, extension)) => (number, Some(extension)),
        None => (flat, None),
    }
}

fn refuse_two_numbers(number: &str) -> Result<(), PhoneNumberError> {
    let own_numbers = |parts: std::str::Split<'_, char>| {
        parts.filter(|part| digits_of(part).len() >= OWN_NUMBER_DIGITS_MIN).count()
    };
    let two = own_numbers(number.split('\n')) > 1
        || own_numbers(number.split('+')) > 1
        || splits_into_two_full_numbers(number);
    if two { Err(PhoneNumberError::TwoNumbers) } else { Ok(()) }
}

/// «8 916 123 45 67 8 916 765 43 21»: nothing but a space between two numbers.
fn splits_into_two_full_numbers(number: &str) -> bool {
    let total = digits_of(number).len();
    let mut before = 0;
    number.split(' ').any(|group| {
        before += digits_of(group).len();
        (10..=12).contains(&before) && (10..=12).contains(&(total.saturating_sub(before)))
    })
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

fn is_exponent_start(character: char) -> bool {
    character == '+' || digit_of(character).is_some()
}

/// ASCII and full-width digits.
fn digit_of(character: char) -> Option<char> {
    match character {
        '0'..='9' => Some(character),
        '０'..='９' => char::from_digit(u32::from(character) - u32::from('０'), 10),
        _ => None,
    }
}

/// Spaces, brackets, dashes, quotes and the invisible marks that come with copied text.
fn is_punctuation(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '(' | ')' | '[' | ']' | '-' | '.' | ':' | '=' | '_' | '~' | '*' | '\'' | '"' | '`' | '#'
            | '«' | '»' | '“' | '”' | '„' | '’' | '№' | '•' | '·' | '\u{00AD}' | '\u{200B}'..='\u{200F}'
            | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
            | '\u{FE58}' | '\u{FE63}' | '\u{FEFF}' | '\u{FF0D}' | '（' | '）'
        )
}

fn unexpected(found: &str) -> PhoneNumberError {
    PhoneNumberError::Unexpected { found: found.chars().take(FOUND_CHARS_MAX).collect() }
}
