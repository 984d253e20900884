//! What a text may name. The domain crate owns the list of variables; this crate only knows how to
//! look a spelling up, and which known spelling an author probably meant.

use thiserror::Error;

use crate::Language;
use crate::edit_distance::edit_distance;

/// One variable: its opaque name, the ways to write it, and what stands in for a missing value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VariableSpec {
    /// Canonical key, for example `date`: what values are asked for and what the API shows.
    pub name: &'static str,
    /// Spellings inside square brackets; the first one of a language is the one that is printed.
    pub bracket: &'static [(Language, &'static str)],
    /// Spellings between percent signs, in capitals; the first one is the one that is printed.
    pub percent: &'static [&'static str],
    /// What is said, outside an optional group, when there is no value. May be empty: then a missing
    /// value stops the rendering.
    pub fallback: &'static [(Language, &'static str)],
    /// The longest value that is to be expected, in characters; used to foretell a text's length.
    pub longest: usize,
}

impl VariableSpec {
    /// The words for a missing value in this language, if the variable has any.
    #[must_use]
    pub fn fallback_in(&self, language: Language) -> Option<&'static str> {
        in_language(self.fallback, language)
    }

    /// The variable as people write it in this language: `[Дата]`, or else in whatever spelling the
    /// variable has.
    #[must_use]
    pub fn bracketed(&self, language: Language) -> String {
        let spelling =
            in_language(self.bracket, language).or(self.bracket.first().map(|pair| pair.1));
        match (spelling, self.percent.first()) {
            (None, Some(percent)) => format!("%{percent}%"),
            (spelling, _) => format!("[{}]", spelling.unwrap_or(self.name)),
        }
    }

    /// The variable between percent signs, `%DATE%`, or in brackets if it has no such spelling.
    #[must_use]
    pub fn percented(&self) -> String {
        match self.percent.first() {
            Some(percent) => format!("%{percent}%"),
            None => self.bracketed(Language::default()),
        }
    }

    /// The most characters that the variable can add to a text: its longest value or fallback.
    #[must_use]
    pub fn longest_chars(&self) -> usize {
        let fallbacks = self.fallback.iter().map(|(_, text)| text.chars().count());
        fallbacks.fold(self.longest, usize::max)
    }
}

/// All variables that a text may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Catalogue {
    variables: &'static [VariableSpec],
}

/// Why a catalogue could mislead authors; `Catalogue::verify` finds these, in a test of its owner.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CatalogueError {
    /// Two variables (or one twice) are written alike.
    #[error(
        "`{spelling}` stands for both `{first}` and `{second}`; give each a spelling of its own"
    )]
    Ambiguous {
        /// The spelling as it is compared.
        spelling: String,
        /// The variable found first.
        first: &'static str,
        /// The variable found second.
        second: &'static str,
    },
    /// The parser would never find this spelling in a text.
    #[error(
        "`{spelling}` of `{name}` cannot be written; use letters, digits, spaces and `_` in brackets, \
         capitals A–Z, digits and `_` between percent signs"
    )]
    Unwritable {
        /// The variable.
        name: &'static str,
        /// The spelling as it stands in the catalogue; empty if the variable has none at all.
        spelling: &'static str,
    },
}

impl Catalogue {
    /// A catalogue of these variables.
    #[must_use]
    pub const fn new(variables: &'static [VariableSpec]) -> Self {
        Self { variables }
    }

    /// Every variable in the order of the catalogue.
    #[must_use]
    pub const fn variables(&self) -> &'static [VariableSpec] {
        self.variables
    }

    /// The variable with this canonical name.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&'static VariableSpec> {
        self.variables.iter().find(|spec| spec.name == name)
    }

    /// The variable written like this inside brackets; case, ё/е and spacing do not matter.
    #[must_use]
    pub fn by_bracket(&self, written: &str) -> Option<&'static VariableSpec> {
        let sought = fold(written);
        self.variables.iter().find(|spec| {
            spec.bracket.iter().any(|(_, spelling)| folded(spelling).eq(sought.chars()))
        })
    }

    /// The variable written like this between percent signs; case does not matter.
    #[must_use]
    pub fn by_percent(&self, written: &str) -> Option<&'static VariableSpec> {
        self.variables
            .iter()
            .find(|spec| spec.percent.iter().any(|spelling| spelling.eq_ignore_ascii_case(written)))
    }

    /// The variable with whose bracket spelling this text begins, as in `Дата в 15:00`; with the
    /// spelling. The longest such spelling wins.
    pub(crate) fn begins_with_bracket(&self, text: &str) -> Option<&'static str> {
        let folded = fold(text);
        let spellings = self.variables.iter().flat_map(|spec| spec.bracket);
        spellings
            .map(|(_, spelling)| *spelling)
            .filter(|spelling| {
                folded
                    .strip_prefix(fold(spelling).as_str())
                    .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            })
            .max_by_key(|spelling| spelling.len())
    }

    /// The known variable most like what was written, in the form to be written, or `None` if
    /// nothing is close. A spelling may differ by a third of its letters, three at most.
    pub(crate) fn nearest(&self, written: &str) -> Option<String> {
        let sought: Vec<char> = fold(written).chars().collect();
        let farthest = (sought.len() / 3).clamp(1, 3);
        let bracketed = self.variables.iter().flat_map(|spec| {
            spec.bracket.iter().map(|(_, spelling)| (*spelling, format!("[{spelling}]")))
        });
        let percented = self.variables.iter().flat_map(|spec| {
            spec.percent.iter().map(|spelling| (*spelling, format!("%{spelling}%")))
        });
        bracketed
            .chain(percented)
            .map(|(spelling, form)| {
                let known: Vec<char> = fold(spelling).chars().collect();
                (edit_distance(&sought, &known), form)
            })
            .filter(|(distance, _)| *distance <= farthest && *distance < sought.len())
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, form)| form)
    }

    /// Tells whether every spelling can be written and belongs to one variable only. For the tests
    /// of whoever owns the catalogue.
    ///
    /// # Errors
    /// All the spellings that are ambiguous or that no text can contain.
    pub fn verify(&self) -> Result<(), Vec<CatalogueError>> {
        let mut errors = Vec::new();
        let mut seen: Vec<(String, &'static str)> = Vec::new();
        for spec in self.variables {
            let name = spec.name;
            if spec.bracket.is_empty() && spec.percent.is_empty() {
                errors.push(CatalogueError::Unwritable { name, spelling: "" });
            }
            let names = std::iter::once(format!("name {name}"));
            let mut keys: Vec<String> = names.collect();
            for (_, spelling) in spec.bracket {
                if !is_bracket_spelling(spelling) {
                    errors.push(CatalogueError::Unwritable { name, spelling });
                }
                // «Имя» may be the spelling in both languages of one variable.
                let key = format!("[{}]", fold(spelling));
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
            for spelling in spec.percent {
                if !is_percent_spelling(spelling) {
                    errors.push(CatalogueError::Unwritable { name, spelling });
                }
                keys.push(format!("%{spelling}%"));
            }
            for key in keys {
                if let Some((_, first)) = seen.iter().find(|(known, _)| *known == key) {
                    errors.push(CatalogueError::Ambiguous { spelling: key, first, second: name });
                } else {
                    seen.push((key, name));
                }
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// What spellings are compared by: lower case, ё as е, `_` and any blank as one space, no edges.
fn fold(written: &str) -> String {
    let lower = written.to_lowercase().replace('ё', "е").replace('_', " ");
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// [`fold`] of a spelling of the catalogue, letter by letter: every text that is parsed looks through all
/// of them.
fn folded(spelling: &str) -> impl Iterator<Item = char> {
    let words = spelling.split(|c: char| c.is_whitespace() || c == '_');
    let words = words.filter(|word| !word.is_empty()).enumerate();
    words.flat_map(|(place, word)| {
        let letters = word.chars().flat_map(char::to_lowercase);
        let letters = letters.map(|c| if c == 'ё' { 'е' } else { c });
        (place > 0).then_some(' ').into_iter().chain(letters)
    })
}

fn is_bracket_spelling(spelling: &str) -> bool {
    spelling.chars().any(char::is_alphabetic)
        && spelling.chars().all(|c| c.is_alphanumeric() || c == ' ' || c == '_')
}

fn is_percent_spelling(spelling: &str) -> bool {
    spelling.contains(|c: char| c.is_ascii_uppercase())
        && spelling.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

fn in_language(
    pairs: &'static [(Language, &'static str)],
    language: Language,
) -> Option<&'static str> {
    let pair = pairs.iter().find(|(of, _)| *of == language);
    pair.map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::{Catalogue, CatalogueError, VariableSpec};
    use crate::Language::{English, Russian};
    use crate::sample_catalogue::CATALOGUE;

    #[test]
    fn spellings_are_found_however_they_are_typed() {
        for (written, name) in [
            ("Дата", "date"),
            ("ДАТА", "date"),
            (" дата ", "date"),
            ("имя   клиента", "client"),
            ("Имя_клиента", "client"),
            ("Имя\u{a0}клиента", "client"),
            ("еще визит", "next_visit"),
            ("ЕЩЁ ВИЗИТ", "next_visit"),
            ("date", "date"),
        ] {
            let found = CATALOGUE.by_bracket(written).map(|spec| spec.name);
            assert_eq!(found, Some(name), "{written}");
        }
        assert_eq!(CATALOGUE.by_bracket("Дат"), None);
        let aliases = ["TIME", "HOURMINUTES", "hourminutes"];
        for alias in aliases {
            assert_eq!(CATALOGUE.by_percent(alias).map(|spec| spec.name), Some("time"));
        }
    }

    #[test]
    fn the_nearest_spelling_is_offered_only_when_it_is_near() {
        for (written, offered) in [
            ("Дота", Some("[Дата]")),
            ("Врмея", Some("[Время]")),
            ("Имя клента", Some("[Имя клиента]")),
            ("ДАТА", Some("[Дата]")),
            ("MASTERNAME", Some("%MASTER_NAME%")),
            ("LINKS", Some("%LINK%")),
            ("Погода", None),
            ("я", None),
        ] {
            assert_eq!(CATALOGUE.nearest(written).as_deref(), offered, "{written}");
        }
    }

    #[test]
    fn a_variable_is_shown_in_a_spelling_that_it_has() {
        let link = CATALOGUE.by_name("link").unwrap();
        assert_eq!(link.bracketed(Russian), "%LINK%");
        let next = CATALOGUE.by_name("next_visit").unwrap();
        assert_eq!(next.bracketed(English), "[Ещё визит]");
        assert_eq!(next.percented(), "[Ещё визит]");
    }

    #[test]
    fn a_misleading_catalogue_is_named() {
        assert_eq!(CATALOGUE.verify(), Ok(()));
        const DATE: VariableSpec = VariableSpec {
            name: "date",
            bracket: &[(Russian, "Дата")],
            percent: &["DATE"],
            fallback: &[],
            longest: 8,
        };
        const DAY: VariableSpec =
            VariableSpec {
                name: "day", bracket: &[(Russian, "дата")], percent: &["день"], ..DATE
            };
        assert_eq!(
            Catalogue::new(&[DATE, DAY]).verify(),
            Err(vec![
                CatalogueError::Unwritable { name: "day", spelling: "день" },
                CatalogueError::Ambiguous {
                    spelling: "[дата]".into(),
                    first: "date",
                    second: "day"
                },
            ])
        );
    }
}
