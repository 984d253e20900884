//! The one place where a phone number is read: whatever people type becomes E.164 here, or an error
//! that says what would be right. Everything else in the product compares and stores the result.

mod error;
mod search;
mod spelling;

pub use error::PhoneNumberError;
pub use search::{search_digits, search_variants};

use rlibphonenumber::{NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumberFormat};
use rlibphonenumber::{PhoneNumberType, ValidationError};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use spelling::Spelled;
use std::fmt;

/// E.164 allows at most 15 digits after the plus (ITU-T E.164, 6.2.1).
const E164_DIGITS_MAX: usize = 15;
/// The shortest international numbers in use have seven digits.
const E164_DIGITS_MIN: usize = 7;

/// The country in whose way a number without a plus is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region(rlibphonenumber::Region);

impl Region {
    pub const RUSSIA: Region = Region(rlibphonenumber::Region::RU);

    /// Reads a two-letter country code (ISO 3166-1), `RU`; `None` for a country without numbers of
    /// its own.
    pub fn parse(code: &str) -> Option<Region> {
        let region = rlibphonenumber::Region::from_code(code).ok()?;
        PHONE_NUMBER_UTIL.get_country_code_for_region(region)?;
        Some(Region(region))
    }

    /// Russia and Kazakhstan share +7, the trunk prefix 8 and ten national digits.
    fn dials_plus_seven(self) -> bool {
        matches!(self.0, rlibphonenumber::Region::RU | rlibphonenumber::Region::KZ)
    }
}

/// A phone number in E.164: `+79161234567`. Its `Debug` is masked, so that logs hold no full number.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Reads one number as people write it: with a plus for any country, without it in the way of
    /// `default_region`. Labels («моб.») are dropped; an extension or a second number is an error.
    pub fn parse(text: &str, default_region: Region) -> Result<PhoneNumber, PhoneNumberError> {
        if let Some(number) = plain_russian_mobile(text, default_region) {
            return Ok(number);
        }
        parse_any(&spelling::read(text)?, default_region)
    }

    /// Takes a number that is already E.164, as the stores keep it; nothing is guessed.
    pub fn from_e164(text: &str) -> Result<PhoneNumber, PhoneNumberError> {
        let digits = text.strip_prefix('+').unwrap_or_default();
        let right_length = (E164_DIGITS_MIN..=E164_DIGITS_MAX).contains(&digits.len());
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
        match right_length && plain {
            true => Ok(PhoneNumber(text.to_owned())),
            false => Err(PhoneNumberError::NotPossible),
        }
    }

    /// With the plus: `+79161234567`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without the plus: `79161234567`.
    pub fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }

    /// For logs: `+7916•••4567`. At least three digits are always hidden.
    pub fn masked(&self) -> String {
        let (shown_first, shown_last) = if self.0.len() >= 12 { (5, 4) } else { (2, 2) };
        let first: String = self.0.chars().take(shown_first).collect();
        let last: String = self.0.chars().skip(self.0.len().saturating_sub(shown_last)).collect();
        format!("{first}•••{last}")
    }

    /// May an SMS reach it? `false` only where the numbering plan says that it is no mobile number
    /// (a fixed line, 8-800); a range that the plan does not know counts as possible.
    pub fn is_mobile_possible(&self) -> bool {
        if is_plain_russian_mobile_digits(self.digits()) {
            return true;
        }
        let Ok(number) = PHONE_NUMBER_UTIL.parse(&self.0, None) else {
            return false;
        };
        matches!(
            PHONE_NUMBER_UTIL.get_number_type(&number),
            PhoneNumberType::Mobile | PhoneNumberType::FixedLineOrMobile | PhoneNumberType::Unknown
        )
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({})", self.masked())
    }
}

impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for PhoneNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        PhoneNumber::from_e164(&text).map_err(serde::de::Error::custom)
    }
}

fn is_plain_russian_mobile_digits(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with("79")
}

/// The bulk of every import, read without the library; `None` leaves the text to the full way, and
/// a property test holds both ways equal.
fn plain_russian_mobile(text: &str, default_region: Region) -> Option<PhoneNumber> {
    let mut digits = [0_u8; 11];
    let mut count = 0;
    let mut plus = false;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                *digits.get_mut(count)? = byte;
                count += 1;
            }
            b'+' if count == 0 && !plus => plus = true,
            b' ' | b'-' | b'(' | b')' => {}
            _ => return None,
        }
    }
    let national = match (digits.get(..count)?, plus) {
        ([b'7', rest @ ..], true) if rest.len() == 10 => rest,
        ([b'7' | b'8', rest @ ..], false) if rest.len() == 10 => rest,
        (rest, false) if rest.len() == 10 => rest,
        _ => return None,
    };
    let readable_here = plus || default_region.dials_plus_seven();
    if !readable_here || national.first() != Some(&b'9') {
        return None;
    }
    let national = std::str::from_utf8(national).ok()?;
    Some(PhoneNumber(format!("+7{national}")))
}

/// The full way, through the numbering plans of all countries.
fn parse_any(spelled: &Spelled, default_region: Region) -> Result<PhoneNumber, PhoneNumberError> {
    let number = number_of_plan(&dialled(spelled, default_region), default_region)?;
    // The plans of some countries rewrite prefixes; what would read differently the next time must
    // not be stored.
    match number_of_plan(number.as_str(), default_region) {
        Ok(again) if again == number => Ok(number),
        _ => Err(PhoneNumberError::NotPossible),
    }
}

/// The digits as one would dial them, with a plus where the country is plain: the library knows
/// Kazakhstan's numbers only in Kazakhstan and Russia's in Russia, people in both dial both.
/// «+8 916 …» is a usual slip for «8 916 …»: no country code begins with 89.
fn dialled(spelled: &Spelled, default_region: Region) -> String {
    let Spelled { plus, digits } = spelled;
    let national = match (digits.len(), plus) {
        (11, false) => digits.strip_prefix(['7', '8']),
        (11, true) if digits.starts_with("89") => digits.strip_prefix('8'),
        (10, false) => Some(digits.as_str()),
        _ => None,
    };
    match national {
        Some(national) if default_region.dials_plus_seven() => format!("+7{national}"),
        _ if *plus => format!("+{digits}"),
        _ => digits.clone(),
    }
}

/// Reads `dialled` (digits, perhaps after a plus) by the plan of its country.
fn number_of_plan(dialled: &str, region: Region) -> Result<PhoneNumber, PhoneNumberError> {
    let number = PHONE_NUMBER_UTIL.parse(dialled, Some(region.0)).map_err(|error| match error {
        ParseError::TooShortAfterIdd | ParseError::TooShortNsn => PhoneNumberError::TooShort,
        ParseError::TooLongNsn => PhoneNumberError::TooLong,
        ParseError::NotANumber(_) if dialled.len() < 4 => PhoneNumberError::TooShort,
        ParseError::NotANumber(_) | ParseError::InvalidCountryCode => PhoneNumberError::NotPossible,
    })?;
    let e164 = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164);
    if let Some(national) = e164.strip_prefix("+7") {
        check_national_of_plus_seven(national)?;
    }
    match PHONE_NUMBER_UTIL.is_possible_number_with_reason(&number) {
        Ok(NumberLengthType::IsPossible) => PhoneNumber::from_e164(&e164),
        // Dialled only within a town: it names no subscriber of the country.
        Ok(NumberLengthType::IsPossibleLocalOnly) => Err(PhoneNumberError::TooShort),
        Err(ValidationError::TooShort) => Err(PhoneNumberError::TooShort),
        Err(ValidationError::TooLong) => Err(PhoneNumberError::TooLong),
        Err(_) => Err(PhoneNumberError::NotPossible),
    }
}

/// The plan lists 14-digit service numbers under +7 too; from a salon's list that length is only
/// ever a slip. Area codes and mobile codes begin with 3, 4, 7, 8 or 9.
fn check_national_of_plus_seven(national: &str) -> Result<(), PhoneNumberError> {
    match national.len() {
        0..=9 => Err(PhoneNumberError::TooShort),
        10 if national.starts_with(['3', '4', '7', '8', '9']) => Ok(()),
        10 => Err(PhoneNumberError::NotPossible),
        _ => Err(PhoneNumberError::TooLong),
    }
}

#[cfg(test)]
mod tests;
