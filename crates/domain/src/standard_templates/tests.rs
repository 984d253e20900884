use super::standard_text;
use crate::kind::NotificationKind;
use crate::template_choice::TemplateVariant;
use crate::variables::{CATALOGUE, SampleKind, check, sample};
use vestnik_template::{Language, parse, sms};

/// Every text that a kind has; reminders with a lead of each unit.
fn texts() -> Vec<(NotificationKind, TemplateVariant)> {
    let keys =
        ["", "1d", "120m", "moved", "staff_changed", "services_changed", "several", "visits"];
    let variants = keys.map(|key| TemplateVariant::parse(key).unwrap());
    NotificationKind::ALL
        .into_iter()
        .flat_map(|kind| {
            variants.into_iter().filter(move |one| one.belongs_to(kind)).map(move |one| (kind, one))
        })
        .collect()
}

fn rendered(
    kind: NotificationKind,
    variant: TemplateVariant,
    language: Language,
    of: SampleKind,
) -> String {
    let template = parse(standard_text(kind, variant, language), &CATALOGUE).unwrap();
    template.render(&sample(of, language), language).unwrap()
}

#[test]
fn every_text_may_be_saved_and_never_leaves_a_hole() {
    for language in Language::ALL {
        for (kind, variant) in texts() {
            let text = standard_text(kind, variant, language);
            let template = parse(text, &CATALOGUE).unwrap();
            assert_eq!(check(&template, kind, variant), [], "{text}");
            for of in SampleKind::ALL {
                let words = rendered(kind, variant, language, of);
                for wrong in ["  ", "[", "{", "%", " ,", " .", "..", ",.", ": .", "1 –"] {
                    assert!(!words.contains(wrong), "{wrong} in {words}");
                }
                assert_eq!(words.trim(), words);
            }
            let usual = rendered(kind, variant, language, SampleKind::Usual);
            let size = sms::size(&usual);
            assert!(size.parts <= 2, "{} units: {usual}", size.units);
            assert_eq!(size.first_non_gsm.is_none(), language == Language::English, "{usual}");
        }
    }
}

fn listed(language: Language, of: SampleKind) -> String {
    let lines = texts().into_iter().map(|(kind, variant)| {
        let words = rendered(kind, variant, language, of);
        format!("{} {:?}: {words}", kind.name(), variant.key())
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn russian_texts_with_usual_values() {
    insta::assert_snapshot!(listed(Language::Russian, SampleKind::Usual), @"");
}

#[test]
fn russian_texts_with_all_missing_that_may_be() {
    insta::assert_snapshot!(listed(Language::Russian, SampleKind::Bare), @"");
}

#[test]
fn russian_texts_with_the_longest_values() {
    insta::assert_snapshot!(listed(Language::Russian, SampleKind::Longest), @"");
}

#[test]
fn english_texts_with_usual_values() {
    insta::assert_snapshot!(listed(Language::English, SampleKind::Usual), @"");
}

#[test]
fn english_texts_with_all_missing_that_may_be() {
    insta::assert_snapshot!(listed(Language::English, SampleKind::Bare), @"");
}

#[test]
fn english_texts_with_the_longest_values() {
    insta::assert_snapshot!(listed(Language::English, SampleKind::Longest), @"");
}
