//! The two languages in which Vestnik speaks to clients and to staff. Every text of the product,
//! from a variable's spelling to an error's wording, is chosen by this one type.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A language of messages. Russian is the product's first language and therefore the default.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum Language {
    /// Russian, `ru`.
    #[default]
    #[serde(rename = "ru")]
    Russian,
    /// English, `en`.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// Every language, in the order in which texts list them.
    pub const ALL: [Self; 2] = [Self::Russian, Self::English];

    /// The two-letter ISO 639-1 code, the same as the serialised name: `ru` or `en`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Russian => "ru",
            Self::English => "en",
        }
    }

    /// The language with this two-letter code (lower case), or `None`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn codes_lead_back_to_their_language() {
        for language in Language::ALL {
            assert_eq!(Language::from_code(language.code()), Some(language));
        }
        assert_eq!(Language::from_code("RU"), None);
        assert_eq!(Language::from_code(""), None);
        assert_eq!(Language::default(), Language::Russian);
    }
}
