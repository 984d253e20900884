//! Forms of a noun after a number: «1 запись, 2 записи, 5 записей».

use crate::Language;

/// The form that agrees with a whole number `n`, out of `[one, few, many]`: «запись», «записи»,
/// «записей». English has no form of its own for few: it takes `one` for 1 and `many` for all else.
/// After the cardinal rules of Unicode CLDR.
#[must_use]
pub const fn plural(language: Language, n: u64, forms: [&str; 3]) -> &str {
    let [one, few, many] = forms;
    match (language, n % 10, n % 100) {
        (Language::Russian, _, 11..=14) => many,
        (Language::Russian, 1, _) => one,
        (Language::Russian, 2..=4, _) => few,
        (Language::Russian, _, _) => many,
        (Language::English, _, _) if n == 1 => one,
        (Language::English, _, _) => many,
    }
}

#[cfg(test)]
mod tests {
    use super::plural;
    use crate::Language::{English, Russian};

    #[test]
    fn numbers_take_their_form() {
        for (n, russian, english) in [
            (0, "записей", "visits"),
            (1, "запись", "visit"),
            (2, "записи", "visits"),
            (4, "записи", "visits"),
            (5, "записей", "visits"),
            (10, "записей", "visits"),
            (11, "записей", "visits"),
            (12, "записей", "visits"),
            (14, "записей", "visits"),
            (20, "записей", "visits"),
            (21, "запись", "visits"),
            (22, "записи", "visits"),
            (25, "записей", "visits"),
            (101, "запись", "visits"),
            (111, "записей", "visits"),
            (112, "записей", "visits"),
            (122, "записи", "visits"),
            (1_000_011, "записей", "visits"),
            (u64::MAX, "записей", "visits"),
        ] {
            let forms = ["запись", "записи", "записей"];
            assert_eq!(plural(Russian, n, forms), russian, "{n}");
            let forms = ["visit", "visits (few)", "visits"];
            assert_eq!(plural(English, n, forms), english, "{n}");
        }
    }
}
