//! Why a message is sent.

use serde::{Deserialize, Serialize};

/// The notification kinds that exist by now (PRODUCT, section 2). Adding one: `docs/add-a-notification-kind.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationKind {
    /// N2: the client booked through the widget.
    Confirmation,
    /// N3: staff entered a new appointment.
    Created,
    /// N4: staff changed date, time, master, services or branch.
    Changed,
    /// N6: the appointment was cancelled.
    Cancelled,
    /// N5: the visit is near.
    Reminder,
    /// N7: asks the client to confirm, while the status is waiting.
    ConfirmationRequest,
    /// N7: the visit was confirmed.
    ConfirmationNotice,
}

impl NotificationKind {
    pub const ALL: [NotificationKind; 7] = [
        NotificationKind::Confirmation,
        NotificationKind::Created,
        NotificationKind::Changed,
        NotificationKind::Cancelled,
        NotificationKind::Reminder,
        NotificationKind::ConfirmationRequest,
        NotificationKind::ConfirmationNotice,
    ];

    /// The word that code, API, columns and logs use.
    pub fn name(self) -> &'static str {
        match self {
            NotificationKind::Confirmation => "confirmation",
            NotificationKind::Created => "created",
            NotificationKind::Changed => "changed",
            NotificationKind::Cancelled => "cancelled",
            NotificationKind::Reminder => "reminder",
            NotificationKind::ConfirmationRequest => "confirmation_request",
            NotificationKind::ConfirmationNotice => "confirmation_notice",
        }
    }

    pub fn parse(name: &str) -> Option<NotificationKind> {
        NotificationKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The word on Russian screens.
    pub fn title_ru(self) -> &'static str {
        match self {
            NotificationKind::Confirmation => "Подтверждение записи",
            NotificationKind::Created => "Новая запись",
            NotificationKind::Changed => "Изменение записи",
            NotificationKind::Cancelled => "Отмена записи",
            NotificationKind::Reminder => "Напоминание о записи",
            NotificationKind::ConfirmationRequest => "Запрос подтверждения записи",
            NotificationKind::ConfirmationNotice => "Уведомление о подтверждении записи",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_same_everywhere() {
        for kind in NotificationKind::ALL {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.name()));
            assert_eq!(NotificationKind::parse(kind.name()), Some(kind));
        }
    }
}
