//! The words in which settings are written.

use crate::problem::Problem;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vestnik_app::{AppError, FieldError};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::schedule::hour_minute;
use vestnik_domain::settings::{BranchSwitch, LateReminder, Lead, SendingWindow};

/// A notification kind by its name, `created`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct KindWord(NotificationKind);

impl From<NotificationKind> for KindWord {
    fn from(kind: NotificationKind) -> KindWord {
        KindWord(kind)
    }
}

impl From<KindWord> for NotificationKind {
    fn from(kind: KindWord) -> NotificationKind {
        kind.0
    }
}

/// What a branch says to a switch of the organization.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BranchSwitchWord {
    Inherit,
    On,
    Off,
}

impl From<BranchSwitch> for BranchSwitchWord {
    fn from(switch: BranchSwitch) -> BranchSwitchWord {
        match switch {
            BranchSwitch::Inherit => BranchSwitchWord::Inherit,
            BranchSwitch::On => BranchSwitchWord::On,
            BranchSwitch::Off => BranchSwitchWord::Off,
        }
    }
}

impl From<BranchSwitchWord> for BranchSwitch {
    fn from(switch: BranchSwitchWord) -> BranchSwitch {
        match switch {
            BranchSwitchWord::Inherit => BranchSwitch::Inherit,
            BranchSwitchWord::On => BranchSwitch::On,
            BranchSwitchWord::Off => BranchSwitch::Off,
        }
    }
}

/// What becomes of a reminder whose moment had passed when the visit was booked.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LateReminderWord {
    /// It is not sent.
    Skip,
    /// The word about the booking counts as the reminder; without one it goes at once.
    Merge,
    /// It goes with the word about the booking.
    AtOnce,
}

impl From<LateReminder> for LateReminderWord {
    fn from(late: LateReminder) -> LateReminderWord {
        match late {
            LateReminder::Skip => LateReminderWord::Skip,
            LateReminder::Merge => LateReminderWord::Merge,
            LateReminder::AtOnce => LateReminderWord::AtOnce,
        }
    }
}

impl From<LateReminderWord> for LateReminder {
    fn from(late: LateReminderWord) -> LateReminder {
        match late {
            LateReminderWord::Skip => LateReminder::Skip,
            LateReminderWord::Merge => LateReminder::Merge,
            LateReminderWord::AtOnce => LateReminder::AtOnce,
        }
    }
}

/// The hours in which messages may go, both ends included; in the branch's zone.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WindowBody {
    #[serde(with = "hour_minute")]
    #[schema(value_type = String, example = "08:00")]
    from: Time,
    #[serde(with = "hour_minute")]
    #[schema(value_type = String, example = "22:00")]
    to: Time,
}

impl From<SendingWindow> for WindowBody {
    fn from(window: SendingWindow) -> WindowBody {
        WindowBody { from: window.from, to: window.to }
    }
}

impl From<WindowBody> for SendingWindow {
    fn from(window: WindowBody) -> SendingWindow {
        SendingWindow { from: window.from, to: window.to }
    }
}

/// Reads the leads; every one that cannot be read is named.
pub(super) fn leads(
    reminders: Option<Vec<String>>,
    request: Option<String>,
) -> Result<(Option<Vec<Lead>>, Option<Lead>), Problem> {
    let mut wrong = Vec::new();
    let mut read = |field: String, text: &str| {
        let lead = Lead::parse(text.trim());
        if lead.is_none() {
            wrong.push(FieldError::new(
                field,
                "lead_malformed",
                "Нужно так: 1d (за день, до 365d) или 120m (за два часа, до 525600m)",
                "write 1d to 365d for days, or 1m to 525600m for minutes",
            ));
        }
        lead
    };
    let reminders: Option<Vec<Lead>> = reminders.map(|texts| {
        let each = texts.iter().enumerate();
        each.filter_map(|(place, text)| read(format!("reminder_leads[{place}]"), text)).collect()
    });
    let request = request.and_then(|text| read("confirmation_request_lead".to_owned(), &text));
    if wrong.is_empty() { Ok((reminders, request)) } else { Err(AppError::Invalid(wrong).into()) }
}
