//! Reading an author's text: every problem is named at once, each by its field and in both languages.

use crate::error::Fields;
use std::collections::BTreeSet;
use vestnik_domain::Language;
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::template_choice::TemplateVariant;
use vestnik_domain::variables::{CATALOGUE, TEXT_CHARS_MOST, check};
use vestnik_template::{Template, parse};

/// The text without blank edges, with plain line ends, and understood; `None` if it cannot be saved.
/// `locked` are the variables that the organization asks for in this kind.
pub(super) fn read_text(
    fields: &mut Fields,
    text: &str,
    kind: NotificationKind,
    variant: TemplateVariant,
    locked: &BTreeSet<String>,
) -> Option<(String, Template)> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    // Before parsing: whoever sends a novel is not told of each of its brackets.
    if text.chars().count() > TEXT_CHARS_MOST {
        fields.add(
            "text",
            "too_long",
            format!("Не длиннее {TEXT_CHARS_MOST} знаков"),
            format!("at most {TEXT_CHARS_MOST} characters"),
        );
        return None;
    }
    let (russian, english) = (Language::Russian, Language::English);
    let template = parse(&text, &CATALOGUE)
        .map_err(|errors| {
            for error in errors {
                fields.add("text", error.code(), error.message(russian), error.message(english));
            }
        })
        .ok()?;
    let problems = check(&template, kind, variant, locked);
    for problem in &problems {
        fields.add("text", problem.code(), problem.message(russian), problem.message(english));
    }
    problems.is_empty().then_some((text, template))
}
