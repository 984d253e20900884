//! Why an author's text was not understood, said so that the author can mend it: what stands where,
//! and what would be right.

use std::fmt;

use crate::Language;

/// A mistake in a text. `position` is the place of the offending character, counted in characters
/// (Unicode scalar values) from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParseError {
    /// A variable that the catalogue does not have.
    UnknownVariable {
        /// Where its `[` or `%` stands.
        position: usize,
        /// The variable as written, with its brackets or percent signs.
        written: String,
        /// The known variable most like it, ready to be written, if any is close.
        suggestion: Option<String>,
    },
    /// A known variable whose closing `]` or `%` was forgotten.
    UnclosedVariable {
        /// Where its `[` or `%` stands.
        position: usize,
        /// The variable as it should be written.
        meant: String,
    },
    /// An optional group inside another one.
    NestedGroup {
        /// Where the inner `{` stands.
        position: usize,
    },
    /// An optional group without its `}`.
    UnclosedGroup {
        /// Where the `{` stands.
        position: usize,
    },
    /// A `}` that closes nothing.
    StrayGroupEnd {
        /// Where the `}` stands.
        position: usize,
    },
    /// An optional group that could never disappear, because no variable stands in it.
    GroupWithoutVariable {
        /// Where the `{` stands.
        position: usize,
    },
}

impl ParseError {
    /// The stable name of this kind of mistake, in snake_case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownVariable { .. } => "unknown_variable",
            Self::UnclosedVariable { .. } => "unclosed_variable",
            Self::NestedGroup { .. } => "nested_group",
            Self::UnclosedGroup { .. } => "unclosed_group",
            Self::StrayGroupEnd { .. } => "stray_group_end",
            Self::GroupWithoutVariable { .. } => "group_without_variable",
        }
    }

    /// Where the mistake stands, in characters from 0.
    #[must_use]
    pub const fn position(&self) -> usize {
        match self {
            Self::UnknownVariable { position, .. }
            | Self::UnclosedVariable { position, .. }
            | Self::NestedGroup { position }
            | Self::UnclosedGroup { position }
            | Self::StrayGroupEnd { position }
            | Self::GroupWithoutVariable { position } => *position,
        }
    }

    /// What to tell the author. Characters are counted from 1 here, as people count.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        let place = self.position() + 1;
        match language {
            Language::Russian => format!("Символ {place}: {}.", self.in_russian()),
            Language::English => format!("Character {place}: {}.", self.in_english()),
        }
    }

    fn in_russian(&self) -> String {
        match self {
            Self::UnknownVariable { written, suggestion: Some(suggestion), .. } => {
                format!("переменной {written} нет; возможно, имелась в виду {suggestion}")
            }
            Self::UnknownVariable { written, .. } => format!(
                "переменной {written} нет; выберите переменную из списка, а сам знак пишите \
                 дважды ({})",
                doubled(written)
            ),
            Self::UnclosedVariable { meant, .. } => {
                format!("переменная не закрыта; напишите {meant}")
            }
            Self::NestedGroup { .. } => "необязательная часть { } не может стоять внутри другой; \
                 закройте первую знаком }, а сам знак пишите дважды ({{)"
                .to_owned(),
            Self::UnclosedGroup { .. } => {
                "необязательная часть не закрыта; поставьте } в её конце, \
                 а сам знак пишите дважды ({{)"
                    .to_owned()
            }
            Self::StrayGroupEnd { .. } => "знак } ничего не закрывает; поставьте { в начале \
                 необязательной части, а сам знак пишите дважды (}})"
                .to_owned(),
            Self::GroupWithoutVariable { .. } => {
                "в необязательной части нет переменной, поэтому она \
                 никогда не исчезнет; уберите { } или добавьте переменную"
                    .to_owned()
            }
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::UnknownVariable { written, suggestion: Some(suggestion), .. } => {
                format!("there is no variable {written}; perhaps {suggestion} was meant")
            }
            Self::UnknownVariable { written, .. } => format!(
                "there is no variable {written}; choose one from the list, or write the sign \
                 itself twice ({})",
                doubled(written)
            ),
            Self::UnclosedVariable { meant, .. } => {
                format!("the variable is not closed; write {meant}")
            }
            Self::NestedGroup { .. } => {
                "an optional part { } cannot stand inside another; close the \
                 first one with }, or write the sign itself twice ({{)"
                    .to_owned()
            }
            Self::UnclosedGroup { .. } => "the optional part is not closed; put } at its end, or \
                 write the sign itself twice ({{)"
                .to_owned(),
            Self::StrayGroupEnd { .. } => "this } closes nothing; put { where the optional part \
                 begins, or write the sign itself twice (}})"
                .to_owned(),
            Self::GroupWithoutVariable { .. } => {
                "there is no variable in the optional part, so it \
                 would never disappear; remove { } or add a variable"
                    .to_owned()
            }
        }
    }
}

/// How the sign that begins this variable is written when it is only a sign.
fn doubled(written: &str) -> &'static str {
    if written.starts_with('%') { "%%" } else { "[[" }
}

impl fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message(Language::English))
    }
}

impl std::error::Error for ParseError {}
