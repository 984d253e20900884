//! Whether a text that was understood may also be saved: what its kind requires is there, it says
//! something, it is not too long.

use std::fmt;

use crate::Language;
use crate::catalogue::VariableSpec;
use crate::characters::is_control;
use crate::template::{Segment, Template};

/// What a place allows of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// The most characters that the longest rendering may have ([`Template::longest_chars`]); `None`
    /// if there is no limit.
    pub longest_chars: Option<usize>,
}

/// Why a text may not be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A variable that the text must contain is not there, or may disappear with its group.
    MissingRequiredVariable {
        /// Canonical name.
        name: String,
        /// How the catalogue has it; `None` if it does not.
        variable: Option<&'static VariableSpec>,
        /// The variable stands in the text, but only in optional groups.
        only_in_group: bool,
    },
    /// Without its optional groups the text says nothing.
    EmptyText,
    /// The longest rendering has more characters than are allowed.
    TooLong {
        /// The characters that are allowed.
        limit_chars: usize,
        /// The characters of the longest rendering.
        longest_chars: usize,
    },
    /// A character that clients cannot see as a character.
    ControlCharacter {
        /// The first such character.
        character: char,
    },
}

/// Checks a text against what its kind requires (canonical names) and its place allows. No problems
/// means that the text may be saved.
#[must_use]
pub fn check(template: &Template, required: &[&str], limits: Limits) -> Vec<Problem> {
    let mut problems = Vec::new();
    if !says_something(template) {
        problems.push(Problem::EmptyText);
    }
    let named = template.variables();
    for &name in required {
        if !template.always_names(name) {
            problems.push(Problem::MissingRequiredVariable {
                name: name.to_owned(),
                variable: template.catalogue().by_name(name),
                only_in_group: named.contains(&name),
            });
        }
    }
    let longest_chars = template.longest_chars();
    if let Some(limit_chars) = limits.longest_chars.filter(|limit| longest_chars > *limit) {
        problems.push(Problem::TooLong { limit_chars, longest_chars });
    }
    let texts = template.pieces().filter_map(|piece| match piece {
        Segment::Text(text) => Some(text),
        Segment::Variable(_) | Segment::Group(_) => None,
    });
    if let Some(character) = texts.flat_map(|text| text.chars()).find(|c| is_control(*c)) {
        problems.push(Problem::ControlCharacter { character });
    }
    problems
}

fn says_something(template: &Template) -> bool {
    template.segments().iter().any(|segment| match segment {
        Segment::Text(text) => text.contains(|c: char| !c.is_whitespace() && !is_control(c)),
        Segment::Variable(_) => true,
        Segment::Group(_) => false,
    })
}

impl Problem {
    /// The stable name of this kind of problem, in snake_case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MissingRequiredVariable { .. } => "missing_required_variable",
            Self::EmptyText => "empty_text",
            Self::TooLong { .. } => "too_long",
            Self::ControlCharacter { .. } => "control_character",
        }
    }

    /// What to tell the author.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        match language {
            Language::Russian => self.in_russian(),
            Language::English => self.in_english(),
        }
    }

    fn in_russian(&self) -> String {
        match self {
            Self::MissingRequiredVariable { only_in_group, .. } => {
                let written = self.written_variable(Language::Russian);
                if *only_in_group {
                    format!(
                        "Переменная {written} обязательна, а стоит в необязательной части и может \
                         исчезнуть: вынесите её за фигурные скобки."
                    )
                } else {
                    format!("В тексте нет обязательной переменной {written}: верните её.")
                }
            }
            Self::EmptyText => "Текст пуст: вне фигурных скобок нужно хотя бы одно слово или \
                 переменная."
                .to_owned(),
            Self::TooLong { limit_chars, longest_chars } => format!(
                "Текст слишком длинный: с самыми длинными значениями в нём {longest_chars} симв., а \
                 можно не больше {limit_chars}."
            ),
            Self::ControlCharacter { character } => format!(
                "В тексте есть невидимый управляющий символ {}: удалите его.",
                code_point(*character)
            ),
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::MissingRequiredVariable { only_in_group, .. } => {
                let written = self.written_variable(Language::English);
                if *only_in_group {
                    format!(
                        "The variable {written} is required, but it stands in an optional part and \
                         may disappear: move it out of the braces."
                    )
                } else {
                    format!("The text lacks the required variable {written}: put it back.")
                }
            }
            Self::EmptyText => {
                "The text is empty: at least one word or variable must stand outside \
                 the braces."
                    .to_owned()
            }
            Self::TooLong { limit_chars, longest_chars } => format!(
                "The text is too long: with the longest values it has {longest_chars} characters, \
                 and {limit_chars} are allowed."
            ),
            Self::ControlCharacter { character } => format!(
                "The text contains the invisible control character {}: delete it.",
                code_point(*character)
            ),
        }
    }

    fn written_variable(&self, language: Language) -> String {
        match self {
            Self::MissingRequiredVariable { variable: Some(spec), .. } => spec.bracketed(language),
            Self::MissingRequiredVariable { name, .. } => format!("[{name}]"),
            Self::EmptyText | Self::TooLong { .. } | Self::ControlCharacter { .. } => String::new(),
        }
    }
}

fn code_point(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message(Language::English))
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::{Limits, Problem, check};
    use crate::Language::{English, Russian};
    use crate::parse;
    use crate::sample_catalogue::CATALOGUE;

    fn problems(text: &str, required: &[&str], longest_chars: Option<usize>) -> Vec<Problem> {
        let template = parse(text, &CATALOGUE).unwrap();
        check(&template, required, Limits { longest_chars })
    }

    fn codes(text: &str, required: &[&str], longest_chars: Option<usize>) -> Vec<&'static str> {
        let found = problems(text, required, longest_chars);
        found.iter().map(Problem::code).collect()
    }

    #[test]
    fn a_required_variable_may_move_but_not_leave() {
        let required = ["date", "time"];
        assert!(codes("[Дата], [Время]", &required, None).is_empty());
        assert!(codes("%HOURMINUTES% %DATE%", &required, None).is_empty());
        assert!(codes("[Время] {[Время]} [Дата]", &required, None).is_empty());
        let missing = ["missing_required_variable"];
        assert_eq!(codes("Ждём [Дата]", &required, None), missing);
        assert_eq!(codes("Ждём [Дата]{ в [Время]}", &required, None), missing);
    }

    #[test]
    fn length_is_that_of_the_longest_rendering() {
        assert!(codes("Ждём [Дата]", &[], Some(13)).is_empty());
        assert_eq!(codes("Ждём [Дата]", &[], Some(12)), ["too_long"]);
        assert!(codes(&"я".repeat(5000), &[], None).is_empty());
    }

    #[test]
    fn a_text_must_say_something_visible() {
        for empty in ["", "  \n\t", "{у [Мастер]}", "\u{202e}"] {
            assert!(codes(empty, &[], None).contains(&"empty_text"), "{empty:?}");
        }
        assert!(codes("[Дата]", &[], None).is_empty());
        for hidden in ["a\u{7}", "a\u{202e}b", "{\u{0}[Дата]}b", "a\tb"] {
            assert_eq!(codes(hidden, &[], None), ["control_character"], "{hidden:?}");
        }
        assert!(codes("👩\u{200d}🦰 ждём\nвас", &[], None).is_empty());
    }

    #[test]
    fn problems_are_explained_in_both_languages() {
        let mut found = problems("{\u{7}[Дата] [Мастер]}", &["date", "time", "moon"], Some(5));
        found.dedup();
        let explained: Vec<String> = found
            .iter()
            .flat_map(|problem| [problem.message(Russian), problem.message(English)])
            .collect();
        insta::assert_snapshot!(explained.join("\n"), @r"
        Текст пуст: вне фигурных скобок нужно хотя бы одно слово или переменная.
        The text is empty: at least one word or variable must stand outside the braces.
        Переменная [Дата] обязательна, а стоит в необязательной части и может исчезнуть: вынесите её за фигурные скобки.
        The variable [Date] is required, but it stands in an optional part and may disappear: move it out of the braces.
        В тексте нет обязательной переменной [Время]: верните её.
        The text lacks the required variable [Time]: put it back.
        В тексте нет обязательной переменной [moon]: верните её.
        The text lacks the required variable [moon]: put it back.
        Текст слишком длинный: с самыми длинными значениями в нём 20 симв., а можно не больше 5.
        The text is too long: with the longest values it has 20 characters, and 5 are allowed.
        В тексте есть невидимый управляющий символ U+0007: удалите его.
        The text contains the invisible control character U+0007: delete it.
        ");
    }
}
