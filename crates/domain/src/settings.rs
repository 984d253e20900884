//! The settings of notifications: what is sent, when, and when not.
//!
//! Settings are immutable versions: a save stores a new version and raises the organization's plan
//! generation, so that what was planned under the old ones is planned anew before it may go.

use crate::ids::{BranchId, OrganizationId};
use crate::kind::NotificationKind;
use crate::schedule::hour_minute;
use jiff::Timestamp;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How long before the visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lead {
    /// Elapsed time, also over a clock change.
    Minutes(i64),
    /// Whole days: keeps the wall time over a clock change.
    Days(i64),
}

/// Why a lead is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    #[error("a lead must be 1 to 525600 minutes or 1 to 365 days")]
    LeadOutOfRange,
    #[error("the same lead stands twice")]
    LeadTwice,
    #[error("at most 10 leads are possible")]
    TooManyLeads,
    #[error("the settle time must be 0 to 600 seconds")]
    SettleOutOfRange,
    #[error("`from` and `to` must differ")]
    EmptyWindow,
}

impl Lead {
    /// The key in occasions, templates and the API: `1d`, `120m`.
    pub fn key(self) -> String {
        match self {
            Lead::Minutes(minutes) => format!("{minutes}m"),
            Lead::Days(days) => format!("{days}d"),
        }
    }

    /// Reads what [`Lead::key`] wrote.
    pub fn parse(key: &str) -> Option<Lead> {
        let (number, unit) = key.split_at_checked(key.len().checked_sub(1)?)?;
        let number: i64 = number.parse().ok()?;
        let lead = match unit {
            "m" => Lead::Minutes(number),
            "d" => Lead::Days(number),
            _ => return None,
        };
        lead.check().ok().map(|()| lead)
    }

    pub fn check(self) -> Result<(), SettingsError> {
        let fits = match self {
            Lead::Minutes(minutes) => (1..=525_600).contains(&minutes),
            Lead::Days(days) => (1..=365).contains(&days),
        };
        if fits { Ok(()) } else { Err(SettingsError::LeadOutOfRange) }
    }
}

/// What becomes of a reminder whose moment had passed when the visit was booked (N13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateReminder {
    /// It is not sent.
    Skip,
    /// «created» or the confirmation counts as the reminder; without one it goes at once.
    Merge,
    /// It goes with the settled «created».
    AtOnce,
}

/// The window in which messages may go, closed at both ends; in the branch's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendingWindow {
    #[serde(with = "hour_minute")]
    pub from: Time,
    #[serde(with = "hour_minute")]
    pub to: Time,
}

impl SendingWindow {
    pub fn check(self) -> Result<(), SettingsError> {
        if self.from == self.to { Err(SettingsError::EmptyWindow) } else { Ok(()) }
    }
}

/// The organization's settings of notifications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NotificationSettings {
    /// The block «Уведомления клиентов»: `None` while off, else the instant of the latest
    /// switching-on. Only appointments made since then are notified (N1).
    pub on_since: Option<Timestamp>,
    /// Which kinds are on (N11).
    pub kinds: BTreeMap<NotificationKind, bool>,
    /// The lead times of reminders (N5), each with its own template.
    pub reminder_leads: Vec<Lead>,
    /// How long before the visit its confirmation is asked for (N7).
    pub confirmation_request_lead: Lead,
    /// How long edits settle before they are told (N4), seconds.
    pub settle_s: i64,
    pub late_reminder: LateReminder,
    /// Several visits of one client on one day make one reminder (N14).
    pub merge_same_day: bool,
    /// Service messages (N12).
    pub service_window: SendingWindow,
    /// Advertising (N12).
    pub advertising_window: SendingWindow,
    /// Variables that own texts of a kind must keep beside those that every text needs (T3):
    /// canonical names. What was saved before stays in force.
    #[serde(default)]
    pub locked_variables: BTreeMap<NotificationKind, BTreeSet<String>>,
}

impl NotificationSettings {
    /// What the organization locked in texts of a kind; nothing by standard.
    pub fn locked(&self, kind: NotificationKind) -> BTreeSet<String> {
        self.locked_variables.get(&kind).cloned().unwrap_or_default()
    }

    /// What a new organization begins with: the block is off, a reminder a day before.
    pub fn standard() -> NotificationSettings {
        let window = |from: i8, to: i8| SendingWindow {
            from: Time::constant(from, 0, 0, 0),
            to: Time::constant(to, 0, 0, 0),
        };
        NotificationSettings {
            on_since: None,
            kinds: NotificationKind::ALL
                .into_iter()
                .map(|kind| {
                    let asks_or_answers = matches!(
                        kind,
                        NotificationKind::ConfirmationRequest
                            | NotificationKind::ConfirmationNotice
                    );
                    (kind, !asks_or_answers)
                })
                .collect(),
            reminder_leads: vec![Lead::Days(1)],
            confirmation_request_lead: Lead::Days(1),
            settle_s: 120,
            late_reminder: LateReminder::Skip,
            merge_same_day: true,
            service_window: window(8, 22),
            advertising_window: window(10, 20),
            locked_variables: BTreeMap::new(),
        }
    }

    pub fn is_on(&self, kind: NotificationKind) -> bool {
        self.kinds.get(&kind).copied().unwrap_or(false)
    }

    pub fn check(&self) -> Result<(), SettingsError> {
        self.confirmation_request_lead.check()?;
        for (position, lead) in self.reminder_leads.iter().enumerate() {
            lead.check()?;
            if self.reminder_leads.iter().take(position).any(|earlier| earlier == lead) {
                return Err(SettingsError::LeadTwice);
            }
        }
        if self.reminder_leads.len() > 10 {
            return Err(SettingsError::TooManyLeads);
        }
        if !(0..=600).contains(&self.settle_s) {
            return Err(SettingsError::SettleOutOfRange);
        }
        self.service_window.check()?;
        self.advertising_window.check()
    }
}

/// What a branch says to a switch of the organization (N11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BranchSwitch {
    #[default]
    Inherit,
    On,
    Off,
}

/// A branch's own settings; what is not named is inherited.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BranchNotificationSettings {
    #[serde(default)]
    pub kinds: BTreeMap<NotificationKind, BranchSwitch>,
}

impl BranchNotificationSettings {
    pub fn switch(&self, kind: NotificationKind) -> BranchSwitch {
        self.kinds.get(&kind).copied().unwrap_or_default()
    }
}

/// One saved state of all settings of an organization.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingsVersion {
    pub organization_id: OrganizationId,
    /// The organization's plan generation that this save made.
    pub generation: i64,
    pub at: Timestamp,
    pub settings: NotificationSettings,
    pub branches: BTreeMap<BranchId, BranchNotificationSettings>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_are_read_as_written() {
        for lead in [Lead::Minutes(90), Lead::Days(1), Lead::Days(365)] {
            assert_eq!(Lead::parse(&lead.key()), Some(lead));
        }
        for text in ["", "d", "0d", "366d", "1h", "-5m", "ы", "1.5d"] {
            assert_eq!(Lead::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_standard_settings_are_valid_and_off() {
        let settings = NotificationSettings::standard();
        assert_eq!(settings.check(), Ok(()));
        assert_eq!(settings.on_since, None);
        assert!(!settings.is_on(NotificationKind::ConfirmationRequest));
    }
}
