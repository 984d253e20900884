//! The ready texts in Russian. With usual values each fits two parts of an SMS.

use crate::kind::NotificationKind;
use crate::planning::{ChangedVariant, Variant};
use crate::settings::Lead;
use crate::template_choice::TemplateVariant;

pub(super) fn text(kind: NotificationKind, variant: TemplateVariant) -> &'static str {
    match variant {
        TemplateVariant::Visits => about_visits(kind),
        TemplateVariant::One(variant) => about_one(kind, variant),
    }
}

fn about_one(kind: NotificationKind, variant: Variant) -> &'static str {
    match kind {
        NotificationKind::Confirmation => {
            "Запись принята: [Дата] в [Время]{, [Услуга]}{, мастер [Мастер]}. [Салон]{, [Адрес]}"
        }
        NotificationKind::Created => {
            "Вы записаны [Дата] в [Время]{: [Услуга]}{, мастер [Мастер]}. [Салон]{, [Адрес]}"
        }
        NotificationKind::Changed => changed(variant),
        NotificationKind::Cancelled => "Запись [Дата] в [Время]{ ([Услуга])} отменена. [Салон]",
        NotificationKind::Reminder => match variant {
            // So near to the visit the link to change it is of little use.
            Variant::Lead(Lead::Minutes(_)) => {
                "Ждём вас [Дата] в [Время]{: [Услуга]}{, мастер [Мастер]}. [Салон]{, [Адрес]}"
            }
            _ => {
                "Напоминаем о записи [Дата] в [Время]{: [Услуга]}{, мастер [Мастер]}. \
                 [Салон]{, [Адрес]}{. Изменить: [Ссылка]}"
            }
        },
        NotificationKind::ConfirmationRequest => {
            "Пожалуйста, подтвердите запись [Дата] в [Время]{: [Услуга]}{, мастер [Мастер]}. \
             [Салон]{: [Ссылка]}"
        }
        NotificationKind::ConfirmationNotice => {
            "Подтверждена запись [Дата] в [Время]{: [Услуга]}{, мастер [Мастер]}. Ждём вас! \
             [Салон]{, [Адрес]}"
        }
    }
}

fn changed(variant: Variant) -> &'static str {
    match variant {
        Variant::Changed(ChangedVariant::Moved) => {
            "Ваша запись перенесена{ с [Прежняя дата] [Прежнее время]} на [Дата] в \
             [Время]{: [Услуга]}{, мастер [Мастер]}. [Салон]{, [Адрес]}"
        }
        Variant::Changed(ChangedVariant::StaffChanged) => {
            "Замена мастера: [Дата] в [Время] вас примет [Мастер]{ ([Услуга])}. [Салон]{, [Адрес]}"
        }
        Variant::Changed(ChangedVariant::ServicesChanged) => {
            "В вашей записи [Дата] в [Время] изменены услуги{: [Услуга]}. [Салон]{, [Адрес]}"
        }
        Variant::Changed(ChangedVariant::Several) | Variant::Plain | Variant::Lead(_) => {
            "Ваша запись изменена. Теперь: [Визиты]. [Салон]{, [Адрес]}"
        }
    }
}

fn about_visits(kind: NotificationKind) -> &'static str {
    match kind {
        NotificationKind::Confirmation => "Записи приняты: [Визиты]. [Салон]{, [Адрес]}",
        NotificationKind::Created => "Вы записаны: [Визиты]. [Салон]{, [Адрес]}",
        NotificationKind::Changed => "Ваша запись изменена. Теперь: [Визиты]. [Салон]{, [Адрес]}",
        NotificationKind::Cancelled => "Ваши записи отменены: [Визиты]. [Салон]",
        NotificationKind::Reminder => "Напоминаем о записях: [Визиты]. [Салон]{, [Адрес]}",
        NotificationKind::ConfirmationRequest => {
            "Просим подтвердить: [Визиты]. [Салон]{: [Ссылка]}"
        }
        NotificationKind::ConfirmationNotice => {
            "Записи подтверждены: [Визиты]. Ждём вас! [Салон]{, [Адрес]}"
        }
    }
}
