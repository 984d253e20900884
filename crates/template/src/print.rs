//! Writes a template back as text, in the spelling that its author prefers. What is written is read
//! back as the same template.

use crate::Language;
use crate::template::{Segment, Template};

/// Which of the two spellings of variables to write. A variable that lacks one is written in the
/// other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// `[Дата]` or `[Date]`.
    Bracket(Language),
    /// `%DATE%`.
    Percent,
}

impl Template {
    /// The text of the template with variables in this spelling; signs that would be read as more
    /// than signs are doubled.
    #[must_use]
    pub fn print(&self, spelling: Spelling) -> String {
        // From the end backwards, since a percent sign must be doubled only before certain characters.
        let mut reversed = Vec::new();
        print_backwards(self.segments(), spelling, &mut reversed);
        reversed.into_iter().rev().collect()
    }
}

fn print_backwards(segments: &[Segment], spelling: Spelling, reversed: &mut Vec<char>) {
    for segment in segments.iter().rev() {
        match segment {
            Segment::Text(text) => {
                for sign in text.chars().rev() {
                    if needs_doubling(sign, reversed.last().copied()) {
                        reversed.push(sign);
                    }
                    reversed.push(sign);
                }
            }
            Segment::Variable(spec) => {
                let written = match spelling {
                    Spelling::Bracket(language) => spec.bracketed(language),
                    Spelling::Percent => spec.percented(),
                };
                reversed.extend(written.chars().rev());
            }
            Segment::Group(inside) => {
                reversed.push('}');
                print_backwards(inside, spelling, reversed);
                reversed.push('{');
            }
        }
    }
}

/// «10%» and «10% [Дата]» stay readable: a percent sign is doubled only where it could begin a
/// variable or an escape.
fn needs_doubling(sign: char, next: Option<char>) -> bool {
    match sign {
        '[' | '{' | '}' => true,
        '%' => next.is_some_and(|next| next.is_alphanumeric() || next == '_' || next == '%'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::Spelling;
    use crate::Language::{English, Russian};
    use crate::parse;
    use crate::sample_catalogue::CATALOGUE;

    #[test]
    fn one_template_has_each_spelling() {
        let text = "{Мастер: %MASTER_NAME%. }[ дата ], скидка 10% в [Салон], [Ещё визит] %LINK%";
        let template = parse(text, &CATALOGUE).unwrap();
        for (spelling, printed) in [
            (
                Spelling::Bracket(Russian),
                "{Мастер: [Мастер]. }[Дата], скидка 10% в [Салон], [Ещё визит] %LINK%",
            ),
            (
                Spelling::Bracket(English),
                "{Мастер: [Master]. }[Date], скидка 10% в [Salon], [Ещё визит] %LINK%",
            ),
            (
                Spelling::Percent,
                "{Мастер: %MASTER_NAME%. }%DATE%, скидка 10% в %COMPANY_TITLE%, [Ещё визит] %LINK%",
            ),
        ] {
            assert_eq!(template.print(spelling), printed);
        }
    }

    #[test]
    fn signs_are_doubled_only_where_they_must_be() {
        for (text, printed) in [
            ("10%", "10%"),
            ("10% %DATE%", "10% %DATE%"),
            ("10%%%DATE%", "10%%%DATE%"),
            ("%%DATE%%", "%%DATE%"),
            ("[[Дата]", "[[Дата]"),
            ("[1] {{}}", "[[1] {{}}"),
        ] {
            let template = parse(text, &CATALOGUE).unwrap();
            assert_eq!(template.print(Spelling::Percent), printed);
        }
    }

    /// Scraps that make every seam likely: signs in runs, variables side by side, stray words.
    fn scrap() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "[",
            "]",
            "%",
            "{",
            "}",
            "[[",
            "%%",
            "{{",
            "}}",
            "[Дата]",
            "%DATE%",
            "[Мастер]",
            "%LINK%",
            "[Ещё визит]",
            "{[Время]}",
            "{а %TIME%}",
            "Дата",
            "DATE",
            "date",
            "1",
            " ",
            "\n",
            "_",
            "я",
        ])
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 4000,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(3),
            ..ProptestConfig::default()
        })]

        #[test]
        fn what_is_printed_is_read_back(scraps in prop::collection::vec(scrap(), 0..14)) {
            if let Ok(template) = parse(&scraps.concat(), &CATALOGUE) {
                for spelling in [
                    Spelling::Bracket(Russian),
                    Spelling::Bracket(English),
                    Spelling::Percent,
                ] {
                    let printed = template.print(spelling);
                    let read = parse(&printed, &CATALOGUE);
                    prop_assert_eq!(read.as_ref(), Ok(&template), "{}", printed);
                }
            }
        }

        #[test]
        fn any_text_at_all_is_read_or_refused_in_place(text in any::<String>()) {
            if let Err(errors) = parse(&text, &CATALOGUE) {
                prop_assert!(!errors.is_empty());
                for error in errors {
                    prop_assert!(error.position() < text.chars().count());
                }
            }
        }
    }
}
