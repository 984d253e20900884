//! Dates and times as people write them in tables.

use jiff::civil::{Date, Time};
use vestnik_domain::client::Birthday;

/// What a cell says of a moment; any of the three may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Moment {
    pub(super) date: Option<Date>,
    pub(super) time: Option<Time>,
    /// From a range: «15:00–16:30».
    pub(super) end_time: Option<Time>,
}

/// Which century two digits of a year mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TwoDigitYear {
    /// «25.12.26» is a visit in 2026.
    OfVisit,
    /// «17.05.55» is a birthday in 1955.
    OfBirth,
}

const YEARS: std::ops::RangeInclusive<i16> = 1900..=2100;
/// Two digits from here on are the last century; nobody younger has a client card of their own.
const FIRST_BIRTH_YEAR_OF_LAST_CENTURY: i16 = 30;

/// The beginnings of month names, by month; «мая» has no longer form that would differ.
const MONTHS: [&[&str]; 12] = [
    &["янв", "jan"],
    &["фев", "feb"],
    &["мар", "mar"],
    &["апр", "apr"],
    &["май", "мая", "may"],
    &["июн", "jun"],
    &["июл", "jul"],
    &["авг", "aug"],
    &["сен", "sep"],
    &["окт", "oct"],
    &["ноя", "nov"],
    &["дек", "dec"],
];
/// Words around a date that say nothing more.
const SILENT_WORDS: &[&str] = &[
    "г",
    "год",
    "года",
    "в",
    "во",
    "с",
    "at",
    "from",
    "on",
    "пн",
    "вт",
    "ср",
    "чт",
    "пт",
    "сб",
    "вс",
    "понедельник",
    "вторник",
    "среда",
    "среду",
    "четверг",
    "пятница",
    "пятницу",
    "суббота",
    "субботу",
    "воскресенье",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Reads `25.12.2026 15:00`, `2026-12-25T15:00`, `25 декабря 2026`, `15.00`, `15:00–16:00` and
/// their kin; `None` if any part of the text is not understood.
pub(super) fn parse_moment(text: &str) -> Option<Moment> {
    parse_with(text, TwoDigitYear::OfVisit)
}

/// Reads a birthday with or without its year; a midnight that a spreadsheet added is dropped.
pub(super) fn parse_birthday(text: &str) -> Option<Birthday> {
    if let Some(date) = parse_with(text, TwoDigitYear::OfBirth).and_then(|moment| moment.date) {
        return Birthday::new(Some(date.year()), date.month(), date.day());
    }
    let plain = text.trim().trim_end_matches('.').to_lowercase();
    if let Some(birthday) = Birthday::parse(&plain) {
        return YEARS.contains(&birthday.year.unwrap_or(2000)).then_some(birthday);
    }
    let (day, month) = plain.split_once(['.', '/', '-', ' '])?;
    let month = month_of(month.trim()).or_else(|| number_of(month, 2))?;
    Birthday::new(None, i8::try_from(month).ok()?, i8::try_from(number_of(day, 2)?).ok()?)
}

fn parse_with(text: &str, two_digits: TwoDigitYear) -> Option<Moment> {
    let mut moment = Moment::default();
    let mut month = None;
    let mut numbers = Vec::new();
    let mut range_open = false;
    for token in tokens(text) {
        if token == "-" || token == "до" || token == "to" {
            range_open = moment.time.is_some();
        } else if let Some(date) = numeric_date(&token, two_digits) {
            set_once(&mut moment.date, date)?;
        } else if let Some((from, until)) = time_range(&token) {
            set_once(&mut moment.time, from)?;
            set_once(&mut moment.end_time, until)?;
        } else if let Some(time) = clock_time(&token) {
            let place = if range_open { &mut moment.end_time } else { &mut moment.time };
            set_once(place, time)?;
        } else if matches!(token.as_str(), "pm" | "am") {
            let place = if range_open { &mut moment.end_time } else { &mut moment.time };
            *place = Some(half_day(*place.as_ref()?, token == "pm")?);
        } else if let Some(found) = month_of(&token) {
            set_once(&mut month, found)?;
        } else if token.len() <= 4 && token.bytes().all(|byte| byte.is_ascii_digit()) {
            numbers.push(token);
        } else if !SILENT_WORDS.contains(&token.as_str()) {
            return None;
        }
    }
    match (month, numbers.as_slice()) {
        (Some(month), [day, year]) => {
            let (day, year) = (number_of(day, 2)?, year_of(year, two_digits)?);
            set_once(&mut moment.date, date_of(year, month, day)?)?;
        }
        (None, []) => {}
        _ => return None,
    }
    (moment != Moment::default()).then_some(moment)
}

/// Lower-case pieces of the text, all dashes as `-`, brackets and commas gone.
fn tokens(text: &str) -> Vec<String> {
    let plain: String = text
        .to_lowercase()
        .chars()
        .map(|c| match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            ',' | '(' | ')' | '"' => ' ',
            c => c,
        })
        .collect();
    plain
        .split_whitespace()
        .flat_map(split_at_iso_mark)
        .map(|token| token.trim_end_matches('.').to_owned())
        .filter(|token| !token.is_empty())
        .collect()
}

/// `2026-12-25t15:00` is a date and a time.
fn split_at_iso_mark(token: &str) -> Vec<&str> {
    match token.split_once('t') {
        Some((date, time))
            if date.len() == 10 && date.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            vec![date, time]
        }
        _ => vec![token],
    }
}

/// Three numbers between equal signs, the year first or last.
fn numeric_date(token: &str, two_digits: TwoDigitYear) -> Option<Date> {
    let separator = token.chars().find(|c| !c.is_ascii_digit()).filter(|c| ".-/".contains(*c))?;
    let parts: Vec<&str> = token.split(separator).collect();
    let [first, second, third] = parts.as_slice() else {
        return None;
    };
    let (year, day) = match first.len() {
        4 => (first, third),
        _ => (third, first),
    };
    date_of(year_of(year, two_digits)?, number_of(second, 2)?, number_of(day, 2)?)
}

fn date_of(year: i16, month: u16, day: u16) -> Option<Date> {
    if !YEARS.contains(&year) {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn year_of(digits: &str, two_digits: TwoDigitYear) -> Option<i16> {
    let number = i16::try_from(number_of(digits, 4)?).ok()?;
    match (digits.len(), two_digits) {
        (4, _) => Some(number),
        (2, TwoDigitYear::OfBirth) if number >= FIRST_BIRTH_YEAR_OF_LAST_CENTURY => {
            Some(1900 + number)
        }
        (2, _) => Some(2000 + number),
        _ => None,
    }
}

fn time_range(token: &str) -> Option<(Time, Time)> {
    let (from, until) = token.split_once('-')?;
    let is_time = |text: &str| text.contains([':', '.']);
    (is_time(from) && is_time(until)).then_some((clock_time(from)?, clock_time(until)?))
}

/// `15:00`, `15.00`, `15-00`, `9:30:00`, `3:00pm`.
fn clock_time(token: &str) -> Option<Time> {
    if let Some(shown) = token.strip_suffix("pm") {
        return half_day(clock_time(shown)?, true);
    }
    if let Some(shown) = token.strip_suffix("am") {
        return half_day(clock_time(shown)?, false);
    }
    let parts: Vec<&str> = token.split([':', '.', '-']).collect();
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] => (hour, minute, "0"),
        [hour, minute, second] if token.contains(':') => (hour, minute, *second),
        // The thousandths that databases write.
        [hour, minute, second, rest] if token.contains(':') && number_of(rest, 9).is_some() => {
            (hour, minute, *second)
        }
        _ => return None,
    };
    if minute.len() != 2 {
        return None;
    }
    let part = |digits: &str| i8::try_from(number_of(digits, 2)?).ok();
    Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()
}

/// A time of the twelve-hour clock: 12:30 am is 00:30.
fn half_day(shown: Time, after_noon: bool) -> Option<Time> {
    let hour = match (shown.hour(), after_noon) {
        (12, false) => 0,
        (12, true) => 12,
        (hour @ 1..=11, true) => hour + 12,
        (hour @ 1..=11, false) => hour,
        _ => return None,
    };
    shown.with().hour(hour).build().ok()
}

fn month_of(word: &str) -> Option<u16> {
    let word = word.trim_end_matches('.');
    if !word.chars().all(char::is_alphabetic) {
        return None;
    }
    let month = MONTHS.iter().position(|names| names.iter().any(|name| word.starts_with(name)))?;
    u16::try_from(month + 1).ok()
}

/// A number of one to `digits_max` digits and nothing else.
fn number_of(digits: &str, digits_max: usize) -> Option<u16> {
    let plain = (1..=digits_max).contains(&digits.len());
    (plain && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok())?
}

/// A second date or time in one cell means that we do not understand it.
fn set_once<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(moment: Moment) -> String {
        let date = moment.date.map(|date| date.to_string()).unwrap_or_default();
        let time = |time: Option<Time>| time.map(|t| t.strftime("%H:%M:%S").to_string());
        let (from, until) = (time(moment.time), time(moment.end_time));
        format!("{date} {} {}", from.unwrap_or_default(), until.unwrap_or_default())
    }

    #[test]
    fn moments_as_salons_write_them() {
        for (text, expected) in [
            ("25.12.2026 15:00", "2026-12-25 15:00:00 "),
            ("25.12.26 9:30", "2026-12-25 09:30:00 "),
            ("25.12.26", "2026-12-25  "),
            ("5.1.2027", "2027-01-05  "),
            ("2026-12-25", "2026-12-25  "),
            ("2026-12-25T15:00", "2026-12-25 15:00:00 "),
            ("2026-12-25 15:00:00.000", "2026-12-25 15:00:00 "),
            ("25/12/2026 15:00", "2026-12-25 15:00:00 "),
            ("25-12-2026, 15-00", "2026-12-25 15:00:00 "),
            ("25 декабря 2026", "2026-12-25  "),
            ("25 декабря 2026 г., 15:00", "2026-12-25 15:00:00 "),
            ("Пт, 25 дек. 2026 в 15.00", "2026-12-25 15:00:00 "),
            ("1 мая 2027", "2027-05-01  "),
            ("December 25, 2026 3:00 PM", "2026-12-25 15:00:00 "),
            ("25.12.2026 12:15am", "2026-12-25 00:15:00 "),
            ("15:00", " 15:00:00 "),
            ("15.00", " 15:00:00 "),
            ("9:30", " 09:30:00 "),
            ("15:00–16:30", " 15:00:00 16:30:00"),
            ("25.12.2026 15:00 - 16:30", "2026-12-25 15:00:00 16:30:00"),
            ("25.12.2026 с 15:00 до 16:30", "2026-12-25 15:00:00 16:30:00"),
        ] {
            assert_eq!(parse_moment(text).map(shown).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_wholly_understood_is_refused() {
        for text in [
            "",
            "-",
            "завтра",
            "25.12",
            "12/25/2026",
            "31.11.2026",
            "29.02.2027",
            "25.12.2026 25:00",
            "25.12.2026 15:60",
            "25.12.2026 15",
            "25.12.2026 26.12.2026",
            "15:00 16:00",
            "45943.5",
            "25.12.126",
            "25.12.1026",
            "25 2026",
            "декабря 2026",
            "2026-12-25T15:00+03:00",
            "15:00 pm",
            "25.12.2026 15:00 у Анны",
            "1:2",
            "99999999999999",
        ] {
            assert_eq!(parse_moment(text), None, "{text}");
        }
    }

    #[test]
    fn birthdays_with_and_without_a_year() {
        for (text, expected) in [
            ("17.05.1990", "1990-05-17"),
            ("17.05.90", "1990-05-17"),
            ("17.05.05", "2005-05-17"),
            ("1990-05-17", "1990-05-17"),
            ("1990-05-17T00:00", "1990-05-17"),
            ("17 мая 1990 г.", "1990-05-17"),
            ("17.05", "--05-17"),
            ("17.05.", "--05-17"),
            ("17 мая", "--05-17"),
            ("--02-29", "--02-29"),
            ("29.02", "--02-29"),
        ] {
            let birthday = parse_birthday(text).map(|found| match found.year {
                Some(year) => format!("{year}-{:02}-{:02}", found.month, found.day),
                None => format!("--{:02}-{:02}", found.month, found.day),
            });
            assert_eq!(birthday.as_deref(), Some(expected), "{text}");
        }
        for text in ["", "17", "1990", "31.02.1990", "17.05.1790", "май", "0000-00-00"] {
            assert_eq!(parse_birthday(text), None, "{text}");
        }
    }
}
