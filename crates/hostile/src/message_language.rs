//! The message language, in both spellings: an author's text, and values that a client has made up.

use crate::lines::assert_words;
use crate::sms;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use vestnik_domain::Language::{English, Russian};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::planning::Variant;
use vestnik_domain::template_choice::TemplateVariant;
use vestnik_domain::variables::{
    CATALOGUE, SampleKind, TEXT_CHARS_MOST, check as problems, sample,
};
use vestnik_template::{ParseError, Segment, Spelling, Template, Values, parse};

/// Between the text and its values, each a line `name=value`.
const VALUES: &str = "\n===\n";
/// A value that reads like the language itself, between signs that no author writes.
const LIKE_A_TEMPLATE: &str = "\u{2460}[Время] %DATE% {[Мастер]}}\u{2461}";

/// A text, and after `===` the values of its variables.
pub(crate) fn check(bytes: &[u8]) {
    let all = String::from_utf8_lossy(bytes);
    let (text, values) = all.split_once(VALUES).unwrap_or((&all, ""));
    match parse(text, &CATALOGUE) {
        Err(errors) => check_mistakes(text, &errors),
        Ok(template) => {
            check_spellings(&template);
            check_problems(&template);
            check_rendering(&template, values);
        }
    }
}

fn check_mistakes(text: &str, errors: &[ParseError]) {
    assert!(!errors.is_empty());
    assert!(errors.is_sorted_by_key(ParseError::position));
    let length = text.chars().count();
    for error in errors {
        assert!(error.position() < length, "{error} in {text:?}");
        assert!(!error.code().is_empty());
        assert_words(&error.message(Russian), &error.message(English));
    }
}

/// What is printed in one spelling is read back as the same template.
fn check_spellings(template: &Template) {
    for spelling in [Spelling::Bracket(Russian), Spelling::Bracket(English), Spelling::Percent] {
        let printed = template.print(spelling);
        let again = match parse(&printed, &CATALOGUE) {
            Ok(again) => again,
            Err(errors) => {
                panic!("{spelling:?} prints what it cannot read: {printed:?} {errors:?}")
            }
        };
        assert_eq!(again.segments(), template.segments(), "{printed:?}");
        assert_eq!(again.print(spelling), printed);
    }
}

fn check_problems(template: &Template) {
    let nothing = BTreeSet::new();
    let (one, visits) = (TemplateVariant::One(Variant::Plain), TemplateVariant::Visits);
    for variant in [one, visits] {
        for problem in problems(template, NotificationKind::Reminder, variant, &nothing) {
            assert!(!problem.code().is_empty());
            assert_words(&problem.message(Russian), &problem.message(English));
        }
    }
}

fn check_rendering(template: &Template, values: &str) {
    let given: BTreeMap<&str, &str> =
        values.lines().filter_map(|line| line.split_once('=')).collect();
    for language in [Russian, English] {
        let mut usual: BTreeMap<&str, &str> = sample(SampleKind::Usual, language);
        check_rendered(template, template.render(&usual, language));
        check_rendered(template, template.render(&given, language));
        usual.extend(&given);
        check_rendered(template, template.render(&usual, language));
    }
    // A value is inserted, never read: it stands in the text as often as the template names one.
    let named = variables(template.segments());
    let own = template.print(Spelling::Percent).contains(['\u{2460}', '\u{2461}']);
    if let (Ok(text), false) = (template.render(&Everywhere(LIKE_A_TEMPLATE), Russian), own) {
        assert_eq!(text.matches(LIKE_A_TEMPLATE).count(), named, "{text:?}");
    }
}

fn check_rendered(template: &Template, rendered: Result<String, vestnik_template::RenderError>) {
    match rendered {
        Err(error) => assert_words(&error.message(Russian), &error.message(English)),
        Ok(text) => {
            assert!(!text.trim().is_empty());
            // The longest text that may be saved, with values of a line each.
            if template.print(Spelling::Percent).chars().count() <= TEXT_CHARS_MOST {
                sms::check_text(&text);
            }
        }
    }
}

fn variables(segments: &[Segment]) -> usize {
    let counts = segments.iter().map(|segment| match segment {
        Segment::Text(_) => 0,
        Segment::Variable(_) => 1,
        Segment::Group(inside) => variables(inside),
    });
    counts.sum()
}

/// One value for every variable.
struct Everywhere(&'static str);

impl Values for Everywhere {
    fn value(&self, _name: &str) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(self.0))
    }
}
