//! The variables that texts may name: the spellings of both worlds that Vestnik replaces (`[Дата]`,
//! `%DATE%`) stand for the same variables, and each has words for a missing value.

mod samples;

pub use samples::{SampleKind, sample};

use crate::kind::NotificationKind;
use crate::template_choice::TemplateVariant;
use std::collections::BTreeSet;
use vestnik_template::Language::{English, Russian};
use vestnik_template::{Catalogue, Problem, Template, VariableSpec};

/// The most characters of a template, as written and in its longest rendering.
pub const TEXT_CHARS_MOST: usize = 1000;

/// Every variable. A text names the first appointment of its message, but for [`VISITS`], which
/// lists all of them.
pub const CATALOGUE: Catalogue = Catalogue::new(&[
    VariableSpec {
        name: DATE,
        bracket: &[(Russian, "Дата"), (English, "Date")],
        percent: &["DATE"],
        fallback: &[],
        longest: 11,
    },
    VariableSpec {
        name: TIME,
        bracket: &[(Russian, "Время"), (English, "Time")],
        percent: &["HOURMINUTES", "TIME"],
        fallback: &[],
        longest: 5,
    },
    VariableSpec {
        name: "weekday",
        bracket: &[(Russian, "День недели"), (English, "Weekday")],
        percent: &["WEEKDAY"],
        fallback: &[],
        longest: 11,
    },
    VariableSpec {
        name: "date_long",
        bracket: &[(Russian, "День и месяц"), (English, "Day and month")],
        percent: &["DATE_LONG"],
        fallback: &[],
        longest: 12,
    },
    VariableSpec {
        name: "branch",
        bracket: &[
            (Russian, "Салон"),
            (Russian, "Название салона"),
            (Russian, "Филиал"),
            (English, "Salon"),
            (English, "Branch"),
        ],
        percent: &["COMPANY_TITLE", "SALON_TITLE"],
        fallback: &[(Russian, "наш салон"), (English, "our salon")],
        longest: 60,
    },
    VariableSpec {
        name: "address",
        bracket: &[(Russian, "Адрес"), (English, "Address")],
        percent: &["COMPANY_ADDRESS", "ADDRESS"],
        fallback: &[(Russian, "уточните у нас"), (English, "please ask us")],
        longest: 120,
    },
    VariableSpec {
        name: "services",
        bracket: &[
            (Russian, "Услуга"),
            (Russian, "Услуги"),
            (English, "Service"),
            (English, "Services"),
        ],
        percent: &["SERVICE_TITLE", "SERVICES"],
        fallback: &[(Russian, "визит"), (English, "visit")],
        longest: 150,
    },
    VariableSpec {
        name: "staff",
        bracket: &[(Russian, "Мастер"), (English, "Master"), (English, "Staff")],
        percent: &["MASTER_NAME", "STAFF_NAME"],
        fallback: &[(Russian, "наш мастер"), (English, "our specialist")],
        longest: 60,
    },
    VariableSpec {
        name: "client_name",
        bracket: &[
            (Russian, "Имя"),
            (Russian, "Имя клиента"),
            (English, "Name"),
            (English, "Client name"),
        ],
        percent: &["CLIENT_NAME", "NAME"],
        fallback: &[(Russian, "уважаемый клиент"), (English, "dear client")],
        longest: 60,
    },
    VariableSpec {
        name: "link",
        bracket: &[(Russian, "Ссылка"), (English, "Link")],
        percent: &["LINK"],
        fallback: &[],
        longest: 80,
    },
    VariableSpec {
        name: VISITS,
        bracket: &[(Russian, "Визиты"), (Russian, "Записи"), (English, "Visits")],
        percent: &["VISITS"],
        fallback: &[],
        longest: 300,
    },
    VariableSpec {
        name: "old_date",
        bracket: &[(Russian, "Прежняя дата"), (English, "Old date")],
        percent: &["OLD_DATE"],
        fallback: &[],
        longest: 11,
    },
    VariableSpec {
        name: "old_time",
        bracket: &[(Russian, "Прежнее время"), (English, "Old time")],
        percent: &["OLD_TIME", "OLD_HOURMINUTES"],
        fallback: &[],
        longest: 5,
    },
    VariableSpec {
        name: "price",
        bracket: &[(Russian, "Цена"), (Russian, "Стоимость"), (English, "Price")],
        percent: &["PRICE", "COST"],
        fallback: &[(Russian, "по прейскуранту"), (English, "as listed")],
        longest: 12,
    },
]);

/// The date of the visit.
pub const DATE: &str = "date";
/// The hours and minutes at which it begins.
pub const TIME: &str = "time";
/// Every appointment of the message with date, time, services and master.
pub const VISITS: &str = "visits";

/// What the list of visits says of each of them.
const NAMED_BY_VISITS: &[&str] = &[DATE, TIME, "services", "staff"];

/// The variables that a text of this kind cannot do without (T3): canonical names. A text that
/// lists its visits names their dates and times by that; one for several visits must list them.
pub fn required(kind: NotificationKind, variant: TemplateVariant) -> &'static [&'static str] {
    if variant.lists_visits() {
        return &[VISITS];
    }
    match kind {
        NotificationKind::Confirmation
        | NotificationKind::Created
        | NotificationKind::Changed
        | NotificationKind::Cancelled
        | NotificationKind::Reminder
        | NotificationKind::ConfirmationRequest
        | NotificationKind::ConfirmationNotice => &[DATE, TIME],
    }
}

/// Everything that keeps a text from being saved for this kind and variant. `locked` are the names
/// that the organization asks for beside those that every text needs.
pub fn check(
    template: &Template,
    kind: NotificationKind,
    variant: TemplateVariant,
    locked: &BTreeSet<String>,
) -> Vec<Problem> {
    let lists_visits = template.always_names(VISITS);
    let mut needed: Vec<&str> =
        if lists_visits { Vec::new() } else { required(kind, variant).to_vec() };
    let listed_with_visits = |name: &str| lists_visits && NAMED_BY_VISITS.contains(&name);
    needed.extend(locked.iter().map(String::as_str).filter(|name| !listed_with_visits(name)));
    needed.sort_unstable();
    needed.dedup();
    // In the order of the catalogue, as people meet them.
    let place = |name: &&str| CATALOGUE.variables().iter().position(|one| one.name == *name);
    needed.sort_by_key(place);
    let limits = vestnik_template::Limits { longest_chars: Some(TEXT_CHARS_MOST) };
    vestnik_template::check(template, &needed, limits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::Variant;

    fn codes(text: &str, variant: TemplateVariant) -> Vec<String> {
        match vestnik_template::parse(text, &CATALOGUE) {
            Err(errors) => errors.iter().map(|error| error.to_string()).collect(),
            Ok(template) => check(&template, NotificationKind::Created, variant, &BTreeSet::new())
                .iter()
                .map(|problem| problem.message(Russian))
                .collect(),
        }
    }

    #[test]
    fn no_spelling_has_two_meanings() {
        assert_eq!(CATALOGUE.verify(), Ok(()));
    }

    #[test]
    fn texts_of_both_worlds_pass() {
        for text in [
            "Вы записаны [Дата] в [Время] в Салон \"[Салон]\"",
            "%SERVICE_TITLE%, %MASTER_NAME%, %DATE% %HOURMINUTES% %LINK%",
            "[Имя клиента], ждём вас %TIME% %DATE%, [Название салона], %COMPANY_TITLE%",
            "[Визиты]",
        ] {
            assert_eq!(codes(text, TemplateVariant::One(Variant::Plain)), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_is_missing_or_unknown_is_named() {
        let told = |text: &str, variant: TemplateVariant| codes(text, variant).join("\n");
        let plain = TemplateVariant::One(Variant::Plain);
        insta::assert_snapshot!(told("Ждём вас в [Время]", plain),
            @"В тексте нет обязательной переменной [Дата]: верните её.");
        insta::assert_snapshot!(told("Ждём вас [Дата]{ в [Время]}", plain),
            @"Переменная [Время] обязательна, а стоит в необязательной части и может исчезнуть: вынесите её за фигурные скобки.");
        insta::assert_snapshot!(told("Ждём вас [Дата] в [Время]", TemplateVariant::Visits),
            @"В тексте нет обязательной переменной [Визиты]: верните её.");
        insta::assert_snapshot!(told("Ждём вас [Дата] в [Врмея]", plain),
            @"Character 19: there is no variable [Врмея]; perhaps [Время] was meant.");
    }
}
