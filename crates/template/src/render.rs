//! Turns a template and values into the text that a client receives. Values are only ever inserted,
//! never read as a template, so a client who calls herself «[Дата]» stays just that.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::Language;
use crate::catalogue::VariableSpec;
use crate::characters::{is_blank, is_control};
use crate::template::{Segment, Template};

/// Where values come from.
pub trait Values {
    /// The value of the variable with this canonical name. `None`, an empty one or one of blanks
    /// only mean that there is no value.
    fn value(&self, name: &str) -> Option<Cow<'_, str>>;
}

impl<V: AsRef<str>> Values for BTreeMap<&str, V> {
    fn value(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get(name).map(|value| Cow::Borrowed(value.as_ref()))
    }
}

/// Why a text could not be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RenderError {
    /// A variable outside all groups has neither a value nor a fallback in this language.
    NoValue {
        /// The variable.
        variable: &'static VariableSpec,
    },
    /// Nothing visible is left of the text.
    EmptyText,
}

impl RenderError {
    /// The stable name of this kind of error, in snake_case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoValue { .. } => "no_value",
            Self::EmptyText => "empty_text",
        }
    }

    /// What to tell the staff.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        match (self, language) {
            (Self::NoValue { variable }, Language::Russian) => format!(
                "Для переменной {} нет значения: заполните его или возьмите её в фигурные скобки.",
                variable.bracketed(language)
            ),
            (Self::NoValue { variable }, Language::English) => format!(
                "The variable {} has no value: fill it in, or put the variable in braces.",
                variable.bracketed(language)
            ),
            (Self::EmptyText, Language::Russian) => {
                "После подстановки значений от текста ничего не осталось.".to_owned()
            }
            (Self::EmptyText, Language::English) => {
                "Nothing is left of the text once the values are in.".to_owned()
            }
        }
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message(Language::English))
    }
}

impl std::error::Error for RenderError {}

impl Template {
    /// The text with its values. A group disappears when a value within it is missing; elsewhere the
    /// variable's fallback in `language` stands in. Blanks are tidied where groups disappeared and at
    /// the ends of lines; a line of nothing but disappeared groups goes with its line break.
    ///
    /// # Errors
    /// [`RenderError`] if a value is missing that nothing stands in for, or nothing is left to send.
    pub fn render(
        &self,
        values: &(impl Values + ?Sized),
        language: Language,
    ) -> Result<String, RenderError> {
        let mut marks = Vec::new();
        for segment in self.segments() {
            match segment {
                Segment::Text(text) => marks.extend(text.chars().map(Mark::Character)),
                Segment::Variable(variable) => {
                    let text = match given(values, variable) {
                        Some(value) => Cow::Owned(value),
                        None => variable
                            .fallback_in(language)
                            .map(Cow::Borrowed)
                            .ok_or(RenderError::NoValue { variable })?,
                    };
                    marks.extend(text.chars().map(Mark::Character));
                }
                Segment::Group(inside) => match render_group(inside, values) {
                    Some(text) => marks.extend(text.chars().map(Mark::Character)),
                    None => marks.push(Mark::Gone),
                },
            }
        }
        let text = tidy(&marks);
        if text.trim().is_empty() {
            return Err(RenderError::EmptyText);
        }
        Ok(text)
    }
}

/// A character of the text, or the place where a group was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Character(char),
    Gone,
}

/// The group's text, or `None` if a value is missing. A fallback does not keep a group: «Мастер: наш
/// мастер» is worse than silence.
fn render_group(inside: &[Segment], values: &(impl Values + ?Sized)) -> Option<String> {
    let mut text = String::new();
    for segment in inside {
        match segment {
            Segment::Text(words) => text.push_str(words),
            Segment::Variable(variable) => text.push_str(&given(values, variable)?),
            Segment::Group(deeper) => text.push_str(&render_group(deeper, values)?),
        }
    }
    Some(text)
}

/// The value fit for a message: line breaks and tabs are blanks, other control characters are gone.
fn given(values: &(impl Values + ?Sized), variable: &VariableSpec) -> Option<String> {
    let value = values.value(variable.name)?;
    let shown = value.chars().filter_map(|c| match c {
        '\n' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        c if is_control(c) => None,
        c => Some(c),
    });
    let shown: String = shown.collect();
    let trimmed = shown.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

fn tidy(marks: &[Mark]) -> String {
    let lines = marks.split(|mark| *mark == Mark::Character('\n'));
    let kept = lines.filter(|line| !is_left_over(line)).map(tidy_line);
    kept.collect::<Vec<_>>().join("\n")
}

/// Whether the line held optional groups alone, and all are gone.
fn is_left_over(line: &[Mark]) -> bool {
    line.contains(&Mark::Gone)
        && line.iter().all(|mark| match mark {
            Mark::Character(c) => is_blank(*c),
            Mark::Gone => true,
        })
}

fn tidy_line(line: &[Mark]) -> String {
    let mut text = String::new();
    // From the place of a group that is gone up to the next visible character.
    let mut in_gap = false;
    for (index, mark) in line.iter().enumerate() {
        match *mark {
            Mark::Gone => in_gap = true,
            Mark::Character(c) if in_gap && is_blank(c) => {
                if text.chars().next_back().is_some_and(|last| !is_blank(last)) {
                    text.push(c);
                }
            }
            Mark::Character(c) => {
                let rest = line.get(index + 1..).unwrap_or_default();
                let is_first = text.trim().is_empty();
                if in_gap && (is_first || closes_up(c, rest)) {
                    text.truncate(text.trim_end_matches(is_blank).len());
                }
                in_gap = false;
                text.push(c);
            }
        }
    }
    text.truncate(text.trim_end_matches(is_blank).len());
    text
}

/// Whether no blank may stand before this character. A smile such as `:)` is no punctuation.
fn closes_up(c: char, rest: &[Mark]) -> bool {
    let is_smile = matches!(c, ':' | ';')
        && matches!(rest.first(), Some(Mark::Character(')' | '(' | '-' | 'D')));
    matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | '…' | ')' | '»') && !is_smile
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::RenderError;
    use crate::Language::{self, English, Russian};
    use crate::parse;
    use crate::sample_catalogue::CATALOGUE;

    fn render(
        text: &str,
        values: &[(&'static str, &str)],
        language: Language,
    ) -> Result<String, RenderError> {
        let values: BTreeMap<&str, &str> = values.iter().copied().collect();
        parse(text, &CATALOGUE).unwrap().render(&values, language)
    }

    fn without_master(text: &str) -> String {
        render(text, &[("date", "25.12.19"), ("time", "15:00")], Russian).unwrap()
    }

    #[test]
    fn values_stand_where_the_author_put_them() {
        let values = [("date", "25.12.19"), ("time", "15:00"), ("branch", "Стиль де Виль")];
        for text in [
            "Вы записаны [Дата] в [Время] в Салон \"[Салон]\"",
            "Вы записаны %DATE% в %HOURMINUTES% в Салон \"%COMPANY_TITLE%\"",
        ] {
            assert_eq!(
                render(text, &values, Russian).unwrap(),
                "Вы записаны 25.12.19 в 15:00 в Салон \"Стиль де Виль\""
            );
        }
    }

    #[test]
    fn a_fallback_stands_in_outside_groups() {
        let text = "Вас ждёт [Мастер]";
        assert_eq!(render(text, &[], Russian).unwrap(), "Вас ждёт наш мастер");
        assert_eq!(render(text, &[], English).unwrap(), "Вас ждёт our master");
        for nothing in ["", "  ", "\u{7}"] {
            assert_eq!(
                render(text, &[("master", nothing)], Russian).unwrap(),
                "Вас ждёт наш мастер"
            );
        }
        let client = CATALOGUE.by_name("client").unwrap();
        let error = render("[Имя клиента]", &[], English).unwrap_err();
        assert_eq!(error, RenderError::NoValue { variable: client });
        assert!(error.message(English).contains("[Client name]"));
        assert!(error.message(Russian).contains("[Имя клиента]"));
    }

    #[test]
    fn a_group_stays_or_goes_whole() {
        let text = "{Мастер: [Мастер], тел. [Имя клиента]. }Ждём!";
        let both = [("master", "Анна"), ("client", "Ольга")];
        assert_eq!(render(text, &both, Russian).unwrap(), "Мастер: Анна, тел. Ольга. Ждём!");
        assert_eq!(render(text, &both[..1], Russian).unwrap(), "Ждём!");
    }

    #[test]
    fn nothing_shows_where_a_group_was() {
        for (text, rendered) in [
            ("{[Мастер]} ждёт вас", "ждёт вас"),
            ("Вас ждёт {[Мастер]}", "Вас ждёт"),
            ("Ждём {с [Мастер]} вас", "Ждём вас"),
            ("Ждём {с [Мастер]} {и [Салон]} вас", "Ждём вас"),
            ("Ждём {у [Мастер]}, приходите", "Ждём, приходите"),
            ("Ждём{ у [Мастер]}.", "Ждём."),
            ("(салон {[Салон]})", "(салон)"),
            ("Ждём {с [Мастер]} :)", "Ждём :)"),
            ("Ждём {[Мастер]} :", "Ждём:"),
            ("пред{[Мастер]}слог", "предслог"),
            ("Ждём\n{Мастер: [Мастер]}\nвас", "Ждём\nвас"),
            ("Ждём\n {[Мастер]} {[Салон]} \nвас", "Ждём\nвас"),
            ("Ждём\n\n{[Мастер]}\nвас", "Ждём\n\nвас"),
            ("Ждём\n{Мастер: [Мастер]\n}вас", "Ждём\nвас"),
            ("Ждём {[Мастер]}\n{[Салон]} вас", "Ждём\nвас"),
            // What the author wrote elsewhere is the author's.
            ("Так  и было , да{[Мастер]}", "Так  и было , да"),
            ("[Дата]  \n\n  [Время] ", "25.12.19\n\n  15:00"),
        ] {
            assert_eq!(without_master(text), rendered, "{text:?}");
        }
        assert_eq!(render("{[Мастер]}", &[], Russian), Err(RenderError::EmptyText));
    }

    #[test]
    fn a_value_is_never_read_as_a_text() {
        for (value, shown) in [
            ("[Дата] %DATE% {{", "[Дата] %DATE% {{"),
            ("A\u{0}n\u{202e}na\u{7f}", "Anna"),
            ("  в\nдве\tстроки ", "в две строки"),
        ] {
            let rendered = render("[Мастер]", &[("master", value)], Russian);
            assert_eq!(rendered.unwrap(), shown);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 2000,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(7),
            ..ProptestConfig::default()
        })]

        #[test]
        fn removed_groups_leave_no_stray_blanks(
            scraps in prop::collection::vec(
                prop::sample::select(vec!["{у [Мастер]}", "{[Салон]} ", " {[Мастер]}", "слово", "слово ", "."]),
                1..9,
            )
        ) {
            let text = scraps.concat().replace(" .", ".").replace("  ", " ");
            if let Ok(rendered) = render(&text, &[], Russian) {
                prop_assert!(!rendered.contains("  "), "{:?} -> {:?}", text, rendered);
                prop_assert!(!rendered.contains(" ."), "{:?} -> {:?}", text, rendered);
                prop_assert_eq!(rendered.trim(), &rendered);
                prop_assert_eq!(rendered.matches("слово").count(), text.matches("слово").count());
            }
        }

        #[test]
        fn any_value_leaves_the_text_around_it_whole(value in any::<String>()) {
            let rendered = render("до [Мастер] после", &[("master", value.as_str())], Russian).unwrap();
            prop_assert!(rendered.starts_with("до ") && rendered.ends_with(" после"));
            prop_assert!(!rendered.contains(char::is_control));
        }
    }
}
