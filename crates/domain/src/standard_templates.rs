//! The ready texts (T1), one per kind, variant and language. They say no day by name («завтра»):
//! a reminder may move to the other edge of quiet hours. While no dialog reads answers, none asks
//! for one.

mod english;
mod russian;
#[cfg(test)]
mod tests;

use crate::kind::NotificationKind;
use crate::template_choice::TemplateVariant;
use vestnik_template::Language;

/// The ready text, with variables in the spelling of its language.
pub fn standard_text(
    kind: NotificationKind,
    variant: TemplateVariant,
    language: Language,
) -> &'static str {
    match language {
        Language::Russian => russian::text(kind, variant),
        Language::English => english::text(kind, variant),
    }
}
