//! Reasons in the words of the front desk, with the numbers that decided.

use super::silence::SilenceReason;
use super::state::ToldBy;
use crate::kind::NotificationKind;
use crate::settings::Lead;
use jiff::civil::DateTime;
use vestnik_template::Language;

impl SilenceReason {
    /// One sentence without a full stop.
    pub fn message(self, language: Language) -> String {
        match language {
            Language::Russian => self.russian(),
            Language::English => self.english(),
        }
    }

    fn russian(self) -> String {
        match self {
            SilenceReason::BlockOff => "блок «Уведомления клиентов» выключен".into(),
            SilenceReason::OlderThanBlock { made, on_since } => format!(
                "запись сделана {}, до включения уведомлений {}",
                moment_ru(made),
                moment_ru(on_since)
            ),
            SilenceReason::BranchUnknown => "филиал записи не найден".into(),
            SilenceReason::ClientOff => "в карточке клиента уведомления выключены".into(),
            SilenceReason::ClientKindOff => {
                "в карточке клиента этот вид уведомлений выключен".into()
            }
            SilenceReason::Stopped => "с этого номера пришёл отказ от сообщений (СТОП)".into(),
            SilenceReason::NoPhone => "у записи и у клиента нет номера телефона".into(),
            SilenceReason::BranchOff => "этот вид уведомлений выключен в филиале".into(),
            SilenceReason::KindOff => "этот вид уведомлений выключен в организации".into(),
            SilenceReason::NoLeads => "не задано ни одного срока напоминания".into(),
            SilenceReason::PastVisit { start } => {
                format!("визит уже начался: {}", moment_ru(start))
            }
            SilenceReason::MomentPassed { due } => format!(
                "время отправки, {}, прошло, пока отправить было нельзя; с опозданием не отправляется",
                moment_ru(due)
            ),
            SilenceReason::InsideLead { lead, before_visit_min, moved } => format!(
                "запись {} за {} до визита, напоминание за {} уже не успевало",
                if moved { "перенесена" } else { "сделана" },
                span_ru(before_visit_min),
                lead_ru(lead)
            ),
            SilenceReason::NearerLead { nearest } => {
                format!("сразу уходит только ближайшее напоминание, за {}", lead_ru(nearest))
            }
            SilenceReason::MergedInto { kind } => {
                format!("вместо напоминания служит сообщение «{}»", kind.title_ru())
            }
            SilenceReason::CountedAsChanged { at } => {
                format!("вместо напоминания служит сообщение об изменении, {}", moment_ru(at))
            }
            SilenceReason::StartSetSilently => {
                "время визита назначено с отметкой «не сообщать», когда срок напоминания уже прошёл"
                    .into()
            }
            SilenceReason::StartSetByClient => {
                "клиент сам перенёс визит, когда срок напоминания уже прошёл".into()
            }
            SilenceReason::ImportedInsideLead => {
                "запись загружена из файла, когда срок напоминания уже прошёл".into()
            }
            SilenceReason::InDayMessage { first_start, due } => format!(
                "вошло в сообщение о визитах дня (первый {}), отправка {}",
                moment_ru(first_start),
                moment_ru(due)
            ),
            SilenceReason::QuietHours { due, next_edge, start } => format!(
                "время отправки, {}, попадает в тихие часы, а их конец, {}, слишком близко к визиту, {}",
                moment_ru(due),
                moment_ru(next_edge),
                moment_ru(start)
            ),
            SilenceReason::SilentByStaff { at } => {
                format!("сотрудник выбрал «не сообщать», {}", moment_ru(at))
            }
            SilenceReason::ClientDidIt => "это сделал сам клиент и сразу увидел ответ".into(),
            SilenceReason::EditUndone => {
                "сообщать нечего: то, что знает клиент, снова верно".into()
            }
            SilenceReason::Told { by: ToldBy::Client, at } => {
                format!("клиент знает сам: это сделал он, {}", moment_ru(at))
            }
            SilenceReason::Told { by: ToldBy::Message(kind), at } => {
                format!("клиенту уже сообщено: «{}», {}", kind.title_ru(), moment_ru(at))
            }
            SilenceReason::AlreadySent { at } => format!("уже отправлено {}", moment_ru(at)),
            SilenceReason::InAnnouncement { kind } => {
                format!("изменение войдёт в сообщение «{}»", kind.title_ru())
            }
            SilenceReason::CancelledBeforeTold => {
                "запись отменена раньше, чем о ней сообщили клиенту".into()
            }
            SilenceReason::VisitCancelled => "запись отменена".into(),
            SilenceReason::ImportedCreated => {
                "запись загружена из файла: о таких не сообщается как о новых".into()
            }
            SilenceReason::ImportedReminders => "запись загружена из файла без напоминаний".into(),
            SilenceReason::LetIn => {
                "запись сделана до включения уведомлений и допущена вручную".into()
            }
            SilenceReason::Arrived => "клиент уже пришёл".into(),
            SilenceReason::NoShow => "отмечено, что клиент не пришёл".into(),
            SilenceReason::NotWaiting => "визит уже не ждёт подтверждения".into(),
            SilenceReason::NotConfirmed => "визит не подтверждён".into(),
            SilenceReason::DeliveryFailed { at } => {
                format!("отправить не удалось, {}; само по себе не повторяется", moment_ru(at))
            }
            SilenceReason::Expired => "не отправлено вовремя, срок годности прошёл".into(),
            SilenceReason::Replaced => "заменено другим сообщением: план изменился".into(),
        }
    }

    fn english(self) -> String {
        match self {
            SilenceReason::BlockOff => "client notifications are switched off".into(),
            SilenceReason::OlderThanBlock { made, on_since } => format!(
                "booked on {}, before notifications were switched on on {}",
                moment_en(made),
                moment_en(on_since)
            ),
            SilenceReason::BranchUnknown => "the branch of the appointment was not found".into(),
            SilenceReason::ClientOff => "notifications are off in the client's card".into(),
            SilenceReason::ClientKindOff => {
                "this kind of notification is off in the client's card".into()
            }
            SilenceReason::Stopped => "this number asked for no more messages (STOP)".into(),
            SilenceReason::NoPhone => {
                "neither the appointment nor the client has a phone number".into()
            }
            SilenceReason::BranchOff => "this kind of notification is off in the branch".into(),
            SilenceReason::KindOff => "this kind of notification is off in the organization".into(),
            SilenceReason::NoLeads => "no reminder time is set up".into(),
            SilenceReason::PastVisit { start } => {
                format!("the visit has begun already: {}", moment_en(start))
            }
            SilenceReason::MomentPassed { due } => format!(
                "its time, {}, passed while it could not be sent; nothing is sent late",
                moment_en(due)
            ),
            SilenceReason::InsideLead { lead, before_visit_min, moved } => format!(
                "the visit was {} {} before its start, too late for the reminder {} before",
                if moved { "moved" } else { "booked" },
                span_en(before_visit_min),
                lead_en(lead)
            ),
            SilenceReason::NearerLead { nearest } => {
                format!("only the nearest reminder, {} before, is sent at once", lead_en(nearest))
            }
            SilenceReason::MergedInto { kind } => {
                format!("the message “{}” stands for the reminder", title_en(kind))
            }
            SilenceReason::CountedAsChanged { at } => {
                format!("the notice of the change stands for the reminder, {}", moment_en(at))
            }
            SilenceReason::StartSetSilently => {
                "the start was set with “do not tell” when the time of the reminder had passed"
                    .into()
            }
            SilenceReason::StartSetByClient => {
                "the client moved the visit when the time of the reminder had passed".into()
            }
            SilenceReason::ImportedInsideLead => {
                "the visit was imported when the time of the reminder had passed".into()
            }
            SilenceReason::InDayMessage { first_start, due } => format!(
                "part of the message about the day's visits (first at {}), due {}",
                moment_en(first_start),
                moment_en(due)
            ),
            SilenceReason::QuietHours { due, next_edge, start } => format!(
                "its time, {}, falls into quiet hours, and their end, {}, is too near to the visit, {}",
                moment_en(due),
                moment_en(next_edge),
                moment_en(start)
            ),
            SilenceReason::SilentByStaff { at } => {
                format!("staff chose “do not tell”, {}", moment_en(at))
            }
            SilenceReason::ClientDidIt => "the client did it and saw the answer there".into(),
            SilenceReason::EditUndone => {
                "nothing to tell: what the client knows is true again".into()
            }
            SilenceReason::Told { by: ToldBy::Client, at } => {
                format!("the client did it, {}", moment_en(at))
            }
            SilenceReason::Told { by: ToldBy::Message(kind), at } => {
                format!("the client was told already: “{}”, {}", title_en(kind), moment_en(at))
            }
            SilenceReason::AlreadySent { at } => format!("sent already, {}", moment_en(at)),
            SilenceReason::InAnnouncement { kind } => {
                format!("the message “{}” will carry the change", title_en(kind))
            }
            SilenceReason::CancelledBeforeTold => {
                "cancelled before the client was told of the booking".into()
            }
            SilenceReason::VisitCancelled => "the appointment is cancelled".into(),
            SilenceReason::ImportedCreated => {
                "imported appointments are not announced as new".into()
            }
            SilenceReason::ImportedReminders => "imported without reminders".into(),
            SilenceReason::LetIn => {
                "made before notifications were switched on and let in by hand".into()
            }
            SilenceReason::Arrived => "the client has arrived".into(),
            SilenceReason::NoShow => "marked as a no-show".into(),
            SilenceReason::NotWaiting => "the visit no longer waits for confirmation".into(),
            SilenceReason::NotConfirmed => "the visit is not confirmed".into(),
            SilenceReason::DeliveryFailed { at } => {
                format!("sending failed, {}; it is not repeated by itself", moment_en(at))
            }
            SilenceReason::Expired => "not sent in time, it has expired".into(),
            SilenceReason::Replaced => "another message stands in its place".into(),
        }
    }
}

pub(super) fn moment_ru(at: DateTime) -> String {
    at.strftime("%d.%m.%Y в %H:%M").to_string()
}

pub(super) fn moment_en(at: DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// «1 день», «2 ч», «1 ч 30 мин».
pub(super) fn lead_ru(lead: Lead) -> String {
    match lead {
        Lead::Minutes(minutes) => span_ru(minutes),
        Lead::Days(days) => days_ru(days),
    }
}

pub(super) fn lead_en(lead: Lead) -> String {
    match lead {
        Lead::Minutes(minutes) => span_en(minutes),
        Lead::Days(1) => "1 day".into(),
        Lead::Days(days) => format!("{days} days"),
    }
}

fn days_ru(days: i64) -> String {
    let word = match (days % 10, days % 100) {
        (1, rest) if rest != 11 => "день",
        (2..=4, rest) if !(12..=14).contains(&rest) => "дня",
        _ => "дней",
    };
    format!("{days} {word}")
}

fn span_ru(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 0) => "меньше минуты".into(),
        (hours, _) if hours >= 48 => days_ru(hours / 24),
        (0, minutes) => format!("{minutes} мин"),
        (hours, 0) => format!("{hours} ч"),
        (hours, minutes) => format!("{hours} ч {minutes} мин"),
    }
}

fn span_en(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 0) => "less than a minute".into(),
        (hours, _) if hours >= 48 => format!("{} days", hours / 24),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

fn title_en(kind: NotificationKind) -> &'static str {
    match kind {
        NotificationKind::Confirmation => "Booking confirmation",
        NotificationKind::Created => "New appointment",
        NotificationKind::Changed => "Appointment changed",
        NotificationKind::Cancelled => "Appointment cancelled",
        NotificationKind::Reminder => "Reminder",
        NotificationKind::ConfirmationRequest => "Confirmation request",
        NotificationKind::ConfirmationNotice => "Visit confirmed",
    }
}
