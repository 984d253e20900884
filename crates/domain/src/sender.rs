//! A sender: one identity on a channel with its own pace and limits.
//!
//! What people set stands in [`Sender`]; what a linked phone tells of itself in [`PhoneLink`]. How
//! much has gone out is [`crate::pace`]'s.

mod status;

pub use status::{SenderStatus, status};

use crate::ids::{OrganizationId, SenderId};
use crate::local_time::Zone;
use crate::phone_number::PhoneNumber;
use crate::settings::{SendingWindow, SettingsError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use vestnik_template::Language;

/// By which way a sender sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// C1: the salon's own phone; it asks us for messages.
    AndroidPhone,
    /// Writes messages to the log: for trying things out.
    Log,
    /// The simulated carrier.
    Simulated,
}

impl Channel {
    pub const ALL: [Channel; 3] = [Channel::AndroidPhone, Channel::Log, Channel::Simulated];

    /// The word of API, columns and logs.
    pub fn name(self) -> &'static str {
        match self {
            Channel::AndroidPhone => "android_phone",
            Channel::Log => "log",
            Channel::Simulated => "simulated",
        }
    }

    pub fn parse(name: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|channel| channel.name() == name)
    }

    /// How many tries may be in flight at once. A phone that falls silent holds up no more than these.
    pub fn window(self) -> i64 {
        match self {
            Channel::AndroidPhone | Channel::Simulated => 10,
            Channel::Log => 100,
        }
    }

    /// Does the carrier's device ask us, instead of us calling it?
    pub fn is_pull(self) -> bool {
        self == Channel::AndroidPhone
    }

    /// Is it for trials? Whatever goes there reaches nobody.
    pub fn is_trial(self) -> bool {
        self == Channel::Log
    }

    /// Can it reach mobile numbers only?
    pub fn needs_mobile_number(self) -> bool {
        self == Channel::AndroidPhone
    }
}

/// One phone, bind or bot of an organization.
#[derive(Debug, Clone, PartialEq)]
pub struct Sender {
    pub organization_id: OrganizationId,
    pub id: SenderId,
    pub version: i64,
    /// What staff call it.
    pub name: String,
    pub channel: Channel,
    /// The number that clients see, if it is known.
    pub number: Option<PhoneNumber>,
    /// In which its day begins; at first that of its first branch.
    pub zone: Zone,
    pub settings: SenderSettings,
    pub created_at: Timestamp,
    pub archived_at: Option<Timestamp>,
}

/// What people set about a sender; stored as JSON, what is missing is standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SenderSettings {
    /// SMS parts in one day of the sender's zone; `None` is no limit.
    pub daily_limit_parts: Option<i64>,
    /// Seconds between two messages at least.
    pub pace_s: i64,
    /// When it may send, in its zone; `None` is always.
    pub hours: Option<SendingWindow>,
    /// Which SIM card of the phone, from 1; `None` leaves it to the phone.
    pub sim_number: Option<i64>,
    /// After how many seconds without contact a phone counts as unavailable.
    pub unavailable_after_s: i64,
}

impl Default for SenderSettings {
    fn default() -> SenderSettings {
        SenderSettings {
            daily_limit_parts: None,
            pace_s: 5,
            hours: None,
            sim_number: None,
            unavailable_after_s: 1_800,
        }
    }
}

/// Why settings of a sender are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SenderSettingsError {
    #[error("`daily_limit_parts` must be 1 to 100000, or null for no limit")]
    DailyLimitOutOfRange,
    #[error("`pace_s` must be 0 to 86400 seconds")]
    PaceOutOfRange,
    #[error("`hours`: {0}")]
    Hours(#[from] SettingsError),
    #[error("`sim_number` must be 1, 2 or 3, or null for the phone's own choice")]
    SimNumberOutOfRange,
    #[error("`unavailable_after_s` must be 60 to 604800 seconds")]
    UnavailableAfterOutOfRange,
}

impl SenderSettingsError {
    /// The name of the setting.
    pub fn field(&self) -> &'static str {
        match self {
            SenderSettingsError::DailyLimitOutOfRange => "daily_limit_parts",
            SenderSettingsError::PaceOutOfRange => "pace_s",
            SenderSettingsError::Hours(_) => "hours",
            SenderSettingsError::SimNumberOutOfRange => "sim_number",
            SenderSettingsError::UnavailableAfterOutOfRange => "unavailable_after_s",
        }
    }

    /// For programs: never changes once published.
    pub fn code(&self) -> &'static str {
        match self {
            SenderSettingsError::Hours(_) => "empty_window",
            _ => "out_of_range",
        }
    }

    /// What would be right.
    pub fn message(&self, language: Language) -> String {
        let russian = match self {
            SenderSettingsError::DailyLimitOutOfRange => {
                "Лимит — от 1 до 100000 частей SMS в день; пусто — без лимита"
            }
            SenderSettingsError::PaceOutOfRange => "Пауза между сообщениями — от 0 до 86400 секунд",
            SenderSettingsError::Hours(_) => {
                "Начало и конец часов отправки не могут совпадать; пусто — круглые сутки"
            }
            SenderSettingsError::SimNumberOutOfRange => {
                "Номер SIM-карты — 1, 2 или 3; пусто — на выбор телефона"
            }
            SenderSettingsError::UnavailableAfterOutOfRange => {
                "Телефон считается недоступным через 60–604800 секунд молчания"
            }
        };
        match language {
            Language::Russian => russian.to_owned(),
            Language::English => self.to_string(),
        }
    }
}

impl SenderSettings {
    /// The first setting that is wrong.
    pub fn check(&self) -> Result<(), SenderSettingsError> {
        self.errors().into_iter().next().map_or(Ok(()), Err)
    }

    /// Every setting that is wrong.
    pub fn errors(&self) -> Vec<SenderSettingsError> {
        let out_of = |range: std::ops::RangeInclusive<i64>, number: i64| !range.contains(&number);
        let mut errors = Vec::new();
        if self.daily_limit_parts.is_some_and(|parts| out_of(1..=100_000, parts)) {
            errors.push(SenderSettingsError::DailyLimitOutOfRange);
        }
        if out_of(0..=86_400, self.pace_s) {
            errors.push(SenderSettingsError::PaceOutOfRange);
        }
        if let Some(Err(error)) = self.hours.map(SendingWindow::check) {
            errors.push(error.into());
        }
        if self.sim_number.is_some_and(|number| out_of(1..=3, number)) {
            errors.push(SenderSettingsError::SimNumberOutOfRange);
        }
        if out_of(60..=604_800, self.unavailable_after_s) {
            errors.push(SenderSettingsError::UnavailableAfterOutOfRange);
        }
        errors
    }
}

/// What a linked phone tells of itself, and the secrets between it and us.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneLink {
    pub organization_id: OrganizationId,
    pub sender_id: SenderId,
    pub version: i64,
    /// Of the private token that people type into the app.
    pub link_token_hash: Vec<u8>,
    /// Grows with every registration of the app; 0 before the first. What was fetched under an older
    /// one the app has forgotten.
    pub registration: i64,
    /// Of the token that the app got at its registration.
    pub device_token_hash: Option<Vec<u8>>,
    pub app_version: Option<String>,
    /// Since when a link token waits to be used: `Some` from its issue to the next registration.
    pub relinking_since: Option<Timestamp>,
    /// The last request, webhook or live stream, by the liveness clock.
    pub last_contact_at: Option<Timestamp>,
    pub battery_percent: Option<i64>,
    pub charging: Option<bool>,
    /// It hopes for pushes that we do not send: its notification channel must be «SSE only».
    pub has_push_token: bool,
    pub sim_count: Option<i64>,
    /// Has it fetched that key? Until then the secret address alone is trusted.
    pub webhook_key_confirmed: bool,
    /// Of a password that was chosen on the phone; `None`: the one it was given.
    pub password_hash: Option<Vec<u8>>,
}

/// Without hashes and keys.
impl fmt::Debug for PhoneLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhoneLink")
            .field("sender_id", &self.sender_id)
            .field("version", &self.version)
            .field("registration", &self.registration)
            .field("app_version", &self.app_version)
            .field("relinking_since", &self.relinking_since)
            .field("last_contact_at", &self.last_contact_at)
            .field("has_push_token", &self.has_push_token)
            .field("sim_count", &self.sim_count)
            .field("webhook_key_confirmed", &self.webhook_key_confirmed)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
