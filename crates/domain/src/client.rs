//! A person who visits, and what that person allows.

use crate::ids::{ClientId, OrganizationId};
use crate::kind::NotificationKind;
use crate::phone_number::PhoneNumber;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use vestnik_template::Language;

/// A client of the organization, shared by its branches.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    pub organization_id: OrganizationId,
    pub id: ClientId,
    pub version: i64,
    pub name: String,
    /// `None` for a client who gave no number: nothing can be sent, visits are still kept.
    pub phone: Option<PhoneNumber>,
    pub email: Option<String>,
    pub birthday: Option<Birthday>,
    pub note: String,
    /// `None` means the organization's language.
    pub language: Option<Language>,
    pub switches: ClientSwitches,
    pub consents: BTreeMap<ConsentPurpose, Consent>,
    /// The id in the system that the client came from.
    pub external_id: Option<String>,
    pub created_at: Timestamp,
    pub archived_at: Option<Timestamp>,
}

/// What one client does not want; it can only turn off what the settings turn on (N11).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ClientSwitches {
    /// «Не уведомлять»: stronger than any kind.
    #[serde(default)]
    pub all_off: bool,
    /// Kinds that are off for this client.
    #[serde(default)]
    pub kinds_off: BTreeSet<NotificationKind>,
}

/// The three consents are separate documents and are never bundled (152-ФЗ, 38-ФЗ art. 18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentPurpose {
    /// Processing of personal data.
    PersonalData,
    /// Advertising by messages.
    Advertising,
    /// Handing data to third parties.
    ThirdParties,
}

/// Proof that a consent was given or withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    pub given: bool,
    pub at: Timestamp,
    /// Where it was given: `front_desk`, `widget`, `import`, `api`, `reply`.
    pub source: String,
    /// The hash of the text that the person saw, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_hash: Option<String>,
}

/// A birthday; many clients name the day but not the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Birthday {
    pub year: Option<i16>,
    pub month: i8,
    pub day: i8,
}

impl Birthday {
    /// `None` if there is no such day (29 February is fine without a year).
    pub fn new(year: Option<i16>, month: i8, day: i8) -> Option<Birthday> {
        Date::new(year.unwrap_or(2000), month, day).ok()?;
        Some(Birthday { year, month, day })
    }

    /// Reads `1990-05-17` or `--05-17` (ISO 8601 without the year).
    pub fn parse(text: &str) -> Option<Birthday> {
        let (year, rest) = match text.strip_prefix("--") {
            Some(rest) => (None, rest),
            None => {
                let (year, rest) = text.split_once('-')?;
                (Some(year.parse().ok()?), rest)
            }
        };
        let (month, day) = rest.split_once('-')?;
        // A number may have a plus, a date may not.
        if text.contains('+') || month.len() != 2 || day.len() != 2 {
            return None;
        }
        Birthday::new(year, month.parse().ok()?, day.parse().ok()?)
    }
}

impl std::fmt::Display for Birthday {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}-{:02}-{:02}", self.month, self.day),
            None => write!(f, "--{:02}-{:02}", self.month, self.day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birthdays_with_and_without_a_year() {
        for text in ["1990-05-17", "--02-29", "2000-02-29"] {
            assert_eq!(Birthday::parse(text).unwrap().to_string(), text);
        }
        for text in ["1999-02-29", "--13-01", "17.05.1990", "", "--5-7", "--+5-+7", "+1990-05-17"] {
            assert_eq!(Birthday::parse(text), None, "{text}");
        }
    }
}
