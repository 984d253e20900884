//! Shapes that several groups of verbs share.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vestnik_domain::Language;
use vestnik_domain::access::Role;

/// The role of a user or token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoleWord {
    Administrator,
    Owner,
}

impl From<Role> for RoleWord {
    fn from(role: Role) -> RoleWord {
        match role {
            Role::Administrator => RoleWord::Administrator,
            Role::Owner => RoleWord::Owner,
        }
    }
}

impl From<RoleWord> for Role {
    fn from(role: RoleWord) -> Role {
        match role {
            RoleWord::Administrator => Role::Administrator,
            RoleWord::Owner => Role::Owner,
        }
    }
}

/// A language by its ISO 639-1 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LanguageWord {
    #[default]
    Ru,
    En,
}

impl From<Language> for LanguageWord {
    fn from(language: Language) -> LanguageWord {
        match language {
            Language::Russian => LanguageWord::Ru,
            Language::English => LanguageWord::En,
        }
    }
}

impl From<LanguageWord> for Language {
    fn from(language: LanguageWord) -> Language {
        match language {
            LanguageWord::Ru => Language::Russian,
            LanguageWord::En => Language::English,
        }
    }
}

/// Reads a field that may be absent (unchanged), null (cleared) or a value.
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// The page size when none is asked for, and the largest.
pub(crate) const PAGE_STANDARD: i64 = 50;
pub(crate) const PAGE_MOST: i64 = 200;

/// Clamps what was asked for.
pub(crate) fn page_size(asked: Option<i64>) -> i64 {
    asked.unwrap_or(PAGE_STANDARD).clamp(1, PAGE_MOST)
}
