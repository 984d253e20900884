//! What can be wrong with a time, and which times would be right.

use super::Zone;
use jiff::civil::DateTime;
use thiserror::Error;
use vestnik_template::Language;

const SHOWN_CHARS_MAX: usize = 60;

/// Why a wall time names no moment. `code()` is stable; `message()` is for people.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LocalTimeError {
    /// The clock of the zone goes from `last_before` (to the minute) straight to `first_after`.
    #[error("{local} does not exist in {zone}: nearest are {last_before} and {first_after}")]
    DoesNotExist { local: DateTime, zone: Zone, last_before: DateTime, first_after: DateTime },
    /// Offsets in seconds east of Greenwich; `valid_s` has one, or two for a time that exists twice.
    #[error("{local} in {zone} has no offset {given_s} s, only {valid_s:?}")]
    WrongOffset { local: DateTime, zone: Zone, given_s: i32, valid_s: Vec<i32> },
    #[error("«{text}» is no time")]
    Unreadable { text: String },
    #[error("the time is beyond the years that can be counted")]
    OutOfRange,
}

impl LocalTimeError {
    pub(super) fn unreadable(text: &str) -> LocalTimeError {
        LocalTimeError::Unreadable { text: text.chars().take(SHOWN_CHARS_MAX).collect() }
    }

    /// For programs: never changes once published.
    pub fn code(&self) -> &'static str {
        match self {
            LocalTimeError::DoesNotExist { .. } => "time_does_not_exist",
            LocalTimeError::WrongOffset { .. } => "time_wrong_offset",
            LocalTimeError::Unreadable { .. } => "time_unreadable",
            LocalTimeError::OutOfRange => "time_out_of_range",
        }
    }

    /// What is wrong and what would be right.
    pub fn message(&self, language: Language) -> String {
        match (self, language) {
            (LocalTimeError::DoesNotExist { local, zone, last_before, first_after }, _) => {
                let [local, before, after] = [local, last_before, first_after].map(minutes);
                match language {
                    Language::Russian => format!(
                        "Времени {local} в поясе {zone} не бывает: переводят часы. Ближайшее \
                         раньше — {before}, ближайшее позже — {after}."
                    ),
                    Language::English => format!(
                        "The time {local} does not exist in {zone}: the clocks change. The nearest \
                         before is {before}, the nearest after is {after}."
                    ),
                }
            }
            (LocalTimeError::WrongOffset { local, zone, given_s, valid_s }, _) => {
                let (local, given) = (minutes(local), offset(*given_s));
                let valid: Vec<String> = valid_s.iter().map(|seconds| offset(*seconds)).collect();
                match language {
                    Language::Russian => format!(
                        "У времени {local} в поясе {zone} нет смещения {given}. Верно: {}.",
                        valid.join(" или ")
                    ),
                    Language::English => format!(
                        "The time {local} in {zone} has no offset {given}. Right would be: {}.",
                        valid.join(" or ")
                    ),
                }
            }
            (LocalTimeError::Unreadable { text }, Language::Russian) => format!(
                "Не удалось прочитать время «{text}». Нужно так: 2026-12-25T15:00 (время салона) \
                 или 2026-12-25T15:00:00+03:00."
            ),
            (LocalTimeError::Unreadable { text }, Language::English) => format!(
                "The time “{text}” cannot be read. Write 2026-12-25T15:00 (the branch's time) or \
                 2026-12-25T15:00:00+03:00."
            ),
            (LocalTimeError::OutOfRange, Language::Russian) => {
                "Время слишком далеко от сегодняшнего дня. Проверьте год.".to_owned()
            }
            (LocalTimeError::OutOfRange, Language::English) => {
                "The time is too far from today. Check the year.".to_owned()
            }
        }
    }
}

/// A number in storage that is no instant: the row is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{micros} microseconds since 1970 is beyond the years that can be counted")]
pub struct StoredTimeError {
    pub micros: i64,
}

fn minutes(local: &DateTime) -> String {
    let seconds = if local.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
    local.strftime(seconds).to_string()
}

/// `+03:00`; seconds only where the offset has them.
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let whole = seconds.unsigned_abs();
    let (hours, minutes, rest) = (whole / 3_600, whole / 60 % 60, whole % 60);
    match rest {
        0 => format!("{sign}{hours:02}:{minutes:02}"),
        rest => format!("{sign}{hours:02}:{minutes:02}:{rest:02}"),
    }
}
