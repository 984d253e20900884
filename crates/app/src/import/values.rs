//! Durations, statuses and lists as people write them in tables.

use super::columns::plain_name;
use super::rows::Gender;
use vestnik_domain::appointment::Status;

/// No visit is longer than a day.
const DURATION_MIN_MAX: u32 = 24 * 60;
/// RFC 5321, 4.5.3.1.3: the longest path, without its angle brackets.
const EMAIL_BYTES_MAX: usize = 254;

const STATUSES: &[(Status, &str)] = &[
    (
        Status::Waiting,
        "ожидает | ожидание | ожидается | ожидание клиента | ожидаем | новая | создана | \
         запланирована | запланировано | записан | записана | не подтвержден | \
         не подтверждена | ожидает подтверждения | waiting | pending | new | booked | \
         scheduled | planned | unconfirmed",
    ),
    (
        Status::Confirmed,
        "подтвердил | подтвердила | подтвержден | подтверждена | подтверждено | \
         клиент подтвердил | confirmed",
    ),
    (
        Status::Arrived,
        "пришел | пришла | клиент пришел | завершен | завершена | завершено | выполнена | \
         выполнено | состоялась | состоялся | оказана | arrived | attended | completed | \
         visited | done | came",
    ),
    (
        Status::NoShow,
        "не пришел | не пришла | клиент не пришел | неявка | no show | noshow | \
         not arrived | did not come | missed",
    ),
    (
        Status::Cancelled,
        "отменен | отменена | отменено | отменил | отменила | отмена | удалена | \
         удалено | клиент отменил | отказ | cancelled | canceled | deleted",
    ),
];

/// Reads a status by its Russian or English words, in any case and gender.
pub(super) fn parse_status(text: &str) -> Option<Status> {
    let plain = plain_name(text);
    let said = |words: &str| words.split(" | ").any(|word| word == plain);
    STATUSES.iter().find(|(_, words)| said(words)).map(|(status, _)| *status)
}

pub(super) fn parse_gender(text: &str) -> Option<Gender> {
    match plain_name(text).as_str() {
        "ж" | "жен" | "женский" | "женщина" | "f" | "w" | "female" | "woman" => {
            Some(Gender::Female)
        }
        "м" | "муж" | "мужской" | "мужчина" | "m" | "male" | "man" => {
            Some(Gender::Male)
        }
        _ => None,
    }
}

/// Looks like an address of one mailbox; whether it exists only a letter can tell.
pub(super) fn parse_email(text: &str) -> Option<String> {
    let (mailbox, host) = text.split_once('@')?;
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"@,;<>\"()".contains(c);
    let host_ok = host.split('.').count() >= 2 && host.split('.').all(|part| !part.is_empty());
    let fits = !mailbox.is_empty() && text.len() <= EMAIL_BYTES_MAX;
    (fits && host_ok && mailbox.chars().all(plain) && host.chars().all(plain))
        .then(|| format!("{mailbox}@{}", host.to_lowercase()))
}

/// Minutes from `60`, `1:30`, `1 ч 30 мин`, `1,5 часа`, `90 min`; from one minute to a day.
pub(super) fn parse_duration_min(text: &str) -> Option<u32> {
    let text = text.trim().to_lowercase();
    let minutes = match text.split_once(':') {
        Some((hours, rest)) => {
            let minutes = rest.split(':').next().filter(|minutes| minutes.len() == 2)?;
            let minutes = whole_number(minutes).filter(|minutes| *minutes < 60)?;
            whole_number(hours)?.checked_mul(60)?.checked_add(minutes)?
        }
        None => spoken_minutes(&text)?,
    };
    (1..=DURATION_MIN_MAX).contains(&minutes).then_some(minutes)
}

/// Numbers each with its unit; a number alone is minutes.
fn spoken_minutes(text: &str) -> Option<u32> {
    if let Some(minutes) = whole_number(text) {
        return Some(minutes);
    }
    let mut total = 0_u32;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let number_end = rest.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.')?;
        let (number, after) = rest.split_at_checked(number_end)?;
        let after = after.trim_start();
        let unit_end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(unit_end)?;
        let minutes_per_unit = match unit {
            "ч" | "час" | "часа" | "часов" | "h" | "hr" | "hrs" | "hour" | "hours" => {
                60
            }
            "м" | "мин" | "минут" | "минута" | "минуты" | "m" | "min" | "mins" | "minute"
            | "minutes" => 1,
            _ => return None,
        };
        total = total.checked_add(whole_minutes(number, minutes_per_unit)?)?;
        rest = after.trim_start_matches(|c: char| c == '.' || c.is_whitespace());
    }
    (total > 0).then_some(total)
}

/// `number` units in minutes; fractions only where they come out whole.
fn whole_minutes(number: &str, minutes_per_unit: u32) -> Option<u32> {
    let (whole, hundredths) = match number.split_once([',', '.']) {
        None => (whole_number(number)?, 0),
        Some((whole, fraction)) => {
            let hundredths = match fraction.len() {
                1 => whole_number(fraction)?.checked_mul(10)?,
                2 => whole_number(fraction)?,
                _ => return None,
            };
            (whole_number(whole)?, hundredths)
        }
    };
    let part = hundredths.checked_mul(minutes_per_unit)?;
    (part % 100 == 0).then_some(())?;
    whole.checked_mul(minutes_per_unit)?.checked_add(part / 100)
}

fn whole_number(digits: &str) -> Option<u32> {
    let plain = (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

/// Splits «Стрижка, укладка + маска; кофе (чёрный, с сахаром)» into services. What stands in
/// brackets stays whole, as do «0,5 мл» and «18+».
pub(super) fn split_services(text: &str) -> Vec<String> {
    let mut services = Vec::new();
    let mut current = String::new();
    let mut depth = 0_usize;
    let mut previous = ' ';
    let mut rest = text.chars().peekable();
    while let Some(found) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        let splits = match found {
            ';' | '\n' => depth == 0,
            ',' => depth == 0 && !(previous.is_ascii_digit() && next.is_ascii_digit()),
            '+' => depth == 0 && (!previous.is_ascii_digit() || next.is_alphabetic()),
            _ => false,
        };
        match found {
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if splits {
            services.push(std::mem::take(&mut current));
        } else {
            current.push(found);
        }
        previous = found;
    }
    services.push(current);
    services.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, minutes) in [
            ("60", 60),
            ("1:30", 90),
            ("01:30:00", 90),
            ("1 ч 30 мин", 90),
            ("1ч30м", 90),
            ("1 час", 60),
            ("2 часа", 120),
            ("1,5 часа", 90),
            ("1.25 ч", 75),
            ("45 мин.", 45),
            ("1h 30m", 90),
            ("90 min", 90),
            ("24:00", 1_440),
        ] {
            assert_eq!(parse_duration_min(text), Some(minutes), "{text}");
        }
        for text in [
            "",
            "0",
            "0:00",
            "1441",
            "-30",
            "час",
            "1,5",
            "1:5",
            "1:75",
            "60 руб",
            "1:30 ч",
            "9999999999",
            "1,333 ч",
            "ч 30",
        ] {
            assert_eq!(parse_duration_min(text), None, "{text}");
        }
    }

    #[test]
    fn statuses_and_genders() {
        for (text, status) in [
            ("Ожидает", Status::Waiting),
            ("Подтвердил", Status::Confirmed),
            ("ПРИШЁЛ", Status::Arrived),
            ("Не пришёл", Status::NoShow),
            ("Отменена", Status::Cancelled),
            ("no_show", Status::NoShow),
            ("Canceled", Status::Cancelled),
        ] {
            assert_eq!(parse_status(text), Some(status), "{text}");
        }
        assert_eq!(parse_status("может быть"), None);
        assert_eq!(parse_gender("Жен."), Some(Gender::Female));
        assert_eq!(parse_gender("Male"), Some(Gender::Male));
        assert_eq!(parse_gender("?"), None);
    }

    #[test]
    fn services_are_split_where_people_mean_it() {
        for (text, expected) in [
            ("Стрижка", vec!["Стрижка"]),
            ("Стрижка, укладка", vec!["Стрижка", "укладка"]),
            ("Маникюр + покрытие;Педикюр", vec!["Маникюр", "покрытие", "Педикюр"]),
            ("Стрижка+укладка", vec!["Стрижка", "укладка"]),
            ("Уход (маска, массаж), стрижка", vec!["Уход (маска, массаж)", "стрижка"]),
            ("Филлер 0,5 мл", vec!["Филлер 0,5 мл"]),
            ("Массаж 18+", vec!["Массаж 18+"]),
            (" , ;", vec![]),
        ] {
            assert_eq!(split_services(text), expected, "{text}");
        }
    }

    #[test]
    fn mailboxes() {
        assert_eq!(parse_email("Anna@Example.RU").as_deref(), Some("Anna@example.ru"));
        for text in ["anna", "@example.ru", "anna@example", "a@b..ru", "a b@c.ru", "a@b.ru, c@d.ru"]
        {
            assert_eq!(parse_email(text), None, "{text}");
        }
    }
}
