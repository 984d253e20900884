//! Why a planned message is due when it is: the steps that led there, in words.

use super::silence_words::{lead_en, lead_ru, moment_en, moment_ru};
use crate::settings::Lead;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use vestnik_template::Language;

/// One step on the way to a due time; wall times of the visit's branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Why {
    /// N2: at once after the client's booking.
    Booked,
    /// N4: the last change, and the time that edits have to settle.
    Settled { last_change: DateTime, settle_s: i64 },
    /// N5, N7.
    BeforeVisit { lead: Lead, start: DateTime },
    /// N13: its moment had passed at the booking.
    AtOnce { lead: Lead },
    /// N7: after the confirmation.
    Confirmed,
    /// N12.
    QuietHours { from: DateTime, to: DateTime },
    /// N14: how many visits of the day it lists.
    DayOfVisits { visits: i64 },
    /// The first word about the booking carries its later edits.
    CarriesEdits,
}

impl Why {
    /// The stable word of the API.
    pub fn code(self) -> &'static str {
        match self {
            Why::Booked => "booked",
            Why::Settled { .. } => "settled",
            Why::BeforeVisit { .. } => "before_visit",
            Why::AtOnce { .. } => "at_once",
            Why::Confirmed => "confirmed",
            Why::QuietHours { .. } => "quiet_hours",
            Why::DayOfVisits { .. } => "day_of_visits",
            Why::CarriesEdits => "carries_edits",
        }
    }

    /// One phrase without a full stop.
    pub fn message(self, language: Language) -> String {
        match language {
            Language::Russian => self.russian(),
            Language::English => self.english(),
        }
    }

    fn russian(self) -> String {
        match self {
            Why::Booked => "сразу после записи клиента".into(),
            Why::Settled { last_change, settle_s } => format!(
                "последнее изменение {}, на правки отводится {settle_s} с",
                moment_ru(last_change)
            ),
            Why::BeforeVisit { lead, start } => {
                format!("за {} до визита {}", lead_ru(lead), moment_ru(start))
            }
            Why::AtOnce { lead } => {
                format!("срок «за {}» прошёл до записи: отправляется сразу", lead_ru(lead))
            }
            Why::Confirmed => "визит подтверждён".into(),
            Why::QuietHours { from, to } => {
                format!("из-за тихих часов перенесено с {} на {}", moment_ru(from), moment_ru(to))
            }
            Why::DayOfVisits { visits } => format!("одно сообщение о визитах дня, их {visits}"),
            Why::CarriesEdits => "включает и правки записи".into(),
        }
    }

    fn english(self) -> String {
        match self {
            Why::Booked => "at once after the client's booking".into(),
            Why::Settled { last_change, settle_s } => format!(
                "last changed {}, edits have {settle_s} s to settle",
                moment_en(last_change)
            ),
            Why::BeforeVisit { lead, start } => {
                format!("{} before the visit {}", lead_en(lead), moment_en(start))
            }
            Why::AtOnce { lead } => {
                format!("booked later than {} before: sent at once", lead_en(lead))
            }
            Why::Confirmed => "the visit was confirmed".into(),
            Why::QuietHours { from, to } => {
                format!("moved by quiet hours from {} to {}", moment_en(from), moment_en(to))
            }
            Why::DayOfVisits { visits } => format!("one message about the day's {visits} visits"),
            Why::CarriesEdits => "carries the edits too".into(),
        }
    }
}
