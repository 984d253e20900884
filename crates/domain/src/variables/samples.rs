//! Values to try a text with: what is usual, what is longest, and what is left when everything that
//! may be missing is.

use std::collections::BTreeMap;
use vestnik_template::Language;

/// Which set of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleKind {
    /// As most visits are.
    Usual,
    /// As long as is to be expected.
    Longest,
    /// No master, no services, no address, no link, nothing told before.
    Bare,
}

impl SampleKind {
    pub const ALL: [SampleKind; 3] = [SampleKind::Usual, SampleKind::Longest, SampleKind::Bare];
}

const LINK: &str = "https://vestnik.example/v/8fK2mQ7x";

/// The values of one set by the variables' names.
pub fn sample(kind: SampleKind, language: Language) -> BTreeMap<&'static str, &'static str> {
    let mut values = always(language);
    match kind {
        SampleKind::Usual => values.extend(usual(language)),
        SampleKind::Longest => values.extend(longest(language)),
        SampleKind::Bare => {}
    }
    values
}

fn always(language: Language) -> BTreeMap<&'static str, &'static str> {
    let values = match language {
        Language::Russian => vec![
            ("date", "25.12.19"),
            ("time", "15:00"),
            ("weekday", "среда"),
            ("date_long", "25 декабря"),
            ("branch", "Стиль де Виль"),
            ("visits", "25.12.19 в 15:00"),
        ],
        Language::English => vec![
            ("date", "25 Dec 2019"),
            ("time", "15:00"),
            ("weekday", "Wednesday"),
            ("date_long", "25 December"),
            ("branch", "Style de Ville"),
            ("visits", "25 Dec 2019 at 15:00"),
        ],
    };
    values.into_iter().collect()
}

fn usual(language: Language) -> Vec<(&'static str, &'static str)> {
    match language {
        Language::Russian => vec![
            ("address", "Тверская, 12"),
            ("services", "Стрижка"),
            ("staff", "Ольга"),
            ("client_name", "Анна"),
            ("link", LINK),
            ("visits", "25.12.19 в 15:00 Стрижка (Ольга), в 16:00 Маникюр (Ирина)"),
            ("old_date", "24.12.19"),
            ("old_time", "12:30"),
            ("price", "2500"),
        ],
        Language::English => vec![
            ("address", "12 Tverskaya St"),
            ("services", "Haircut"),
            ("staff", "Olga"),
            ("client_name", "Anna"),
            ("link", LINK),
            ("visits", "25 Dec 2019 at 15:00 Haircut (Olga), at 16:00 Manicure (Irina)"),
            ("old_date", "24 Dec 2019"),
            ("old_time", "12:30"),
            ("price", "2500"),
        ],
    }
}

fn longest(language: Language) -> Vec<(&'static str, &'static str)> {
    match language {
        Language::Russian => vec![
            ("date_long", "25 сентября"),
            ("weekday", "понедельник"),
            ("branch", "Студия красоты и здоровья «Стиль де Виль на Патриарших»"),
            ("address", "Санкт-Петербург, проспект Героев, дом 18, корпус 2, строение 1, этаж 3"),
            (
                "services",
                "Стрижка женская с мытьём и укладкой, Окрашивание в сложной технике, Маникюр \
                 аппаратный с покрытием гель-лаком",
            ),
            ("staff", "Константинопольская-Преображенская Александра"),
            ("client_name", "Александра Константиновна Преображенская"),
            ("link", LINK),
            (
                "visits",
                "25.12.19 в 10:00 Стрижка женская с мытьём и укладкой (Александра), в 12:00 \
                 Окрашивание в сложной технике (Екатерина) — Тверская, 12; 26.12.19 в 18:30 Маникюр \
                 аппаратный с покрытием гель-лаком (Константин) — Большая Никитская, 24/1",
            ),
            ("old_date", "24.12.19"),
            ("old_time", "12:30"),
            ("price", "125000,50"),
        ],
        Language::English => vec![
            ("date_long", "25 September"),
            ("weekday", "Wednesday"),
            ("branch", "Style de Ville Beauty and Health Studio at the Ponds"),
            ("address", "18 Heroes Avenue, building 2, block 1, 3rd floor, Saint Petersburg"),
            (
                "services",
                "Haircut with wash and styling, Colouring in a complex technique, Manicure with \
                 gel polish",
            ),
            ("staff", "Alexandra Featherstonehaugh-Cholmondeley"),
            ("client_name", "Alexandra Konstantinovna Preobrazhenskaya"),
            ("link", LINK),
            (
                "visits",
                "25 Dec 2019 at 10:00 Haircut with wash and styling (Alexandra), at 12:00 Colouring \
                 in a complex technique (Catherine) - 12 Tverskaya St; 26 Dec 2019 at 18:30 Manicure \
                 with gel polish (Constantine) - 24/1 Bolshaya Nikitskaya St",
            ),
            ("old_date", "24 Dec 2019"),
            ("old_time", "12:30"),
            ("price", "125000.50"),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variables::CATALOGUE;

    #[test]
    fn every_value_belongs_to_a_variable_and_fits_it() {
        for language in Language::ALL {
            for kind in SampleKind::ALL {
                for (name, value) in sample(kind, language) {
                    let variable = CATALOGUE.by_name(name).unwrap();
                    let length = value.chars().count();
                    assert!(length <= variable.longest, "{name}: {length} > {}", variable.longest);
                }
            }
            for variable in CATALOGUE.variables() {
                assert!(sample(SampleKind::Longest, language).contains_key(variable.name));
                assert!(sample(SampleKind::Usual, language).contains_key(variable.name));
            }
        }
    }
}
