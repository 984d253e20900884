//! Dates and times as clients of each language read them.

use jiff::civil::{Date, DateTime};
use vestnik_template::Language;

/// «25.12.19» (T2), or `25 Dec 2019`: in English the order of figures would be a riddle.
pub(super) fn short(date: Date, language: Language) -> String {
    let (day, year) = (date.day(), date.year());
    match language {
        Language::Russian => format!("{day:02}.{:02}.{:02}", date.month(), year.rem_euclid(100)),
        Language::English => {
            let month: String = month(date, language).chars().take(3).collect();
            format!("{day} {month} {year}")
        }
    }
}

/// «15:00».
pub(super) fn hours_and_minutes(local: DateTime) -> String {
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// «25 декабря», `25 December`.
pub(super) fn day_and_month(date: Date, language: Language) -> String {
    format!("{} {}", date.day(), month(date, language))
}

/// «среда», `Wednesday`.
pub(super) fn weekday(date: Date, language: Language) -> &'static str {
    const RUSSIAN: [&str; 7] =
        ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"];
    const ENGLISH: [&str; 7] =
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let names = match language {
        Language::Russian => RUSSIAN,
        Language::English => ENGLISH,
    };
    nth(&names, date.weekday().to_monday_zero_offset())
}

/// The month as it stands after a day.
fn month(date: Date, language: Language) -> &'static str {
    const RUSSIAN: [&str; 12] = [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ];
    const ENGLISH: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let names = match language {
        Language::Russian => RUSSIAN,
        Language::English => ENGLISH,
    };
    nth(&names, date.month() - 1)
}

fn nth(names: &[&'static str], position: i8) -> &'static str {
    usize::try_from(position).ok().and_then(|position| names.get(position)).copied().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, Russian};
    use jiff::civil::datetime;

    #[test]
    fn each_language_has_its_form() {
        let moment = datetime(2019, 12, 25, 9, 5, 0, 0);
        let date = moment.date();
        assert_eq!(short(date, Russian), "25.12.19");
        assert_eq!(short(date, English), "25 Dec 2019");
        assert_eq!(hours_and_minutes(moment), "09:05");
        assert_eq!(day_and_month(date, Russian), "25 декабря");
        assert_eq!(day_and_month(date, English), "25 December");
        assert_eq!(weekday(date, Russian), "среда");
        assert_eq!(weekday(date, English), "Wednesday");
        assert_eq!(short(jiff::civil::date(2007, 1, 2), Russian), "02.01.07");
        assert_eq!(weekday(jiff::civil::date(2026, 3, 1), Russian), "воскресенье");
    }
}
