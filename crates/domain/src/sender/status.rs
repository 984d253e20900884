//! The status of a sender as C1 words it: of four, the first that is true.

use super::{Channel, PhoneLink, Sender};
use crate::local_time::{Zone, local};
use crate::pace::UsedToday;
use jiff::{SignedDuration, Timestamp};
use vestnik_template::{Language, plural};

/// How a sender stands, with the numbers that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SenderStatus {
    /// A link token waits to be used, or the phone was never linked.
    Relinking {
        since: Timestamp,
    },
    /// No contact for too long.
    Unavailable {
        since: Timestamp,
        silent_for: SignedDuration,
    },
    /// The day's parts are used up.
    DailyLimit {
        used_parts: i64,
        limit_parts: i64,
        resets_at: Timestamp,
    },
    Ready {
        used_parts: i64,
        limit_parts: Option<i64>,
    },
}

/// The status of `sender` at `now_liveness` (the clock of contacts, never virtual). A sender that is
/// no phone has no link, and is never unavailable by itself.
pub fn status(
    sender: &Sender,
    link: Option<&PhoneLink>,
    used: UsedToday,
    now_liveness: Timestamp,
) -> SenderStatus {
    if sender.channel == Channel::AndroidPhone {
        let Some(link) = link else {
            return SenderStatus::Relinking { since: sender.created_at };
        };
        if let Some(since) = link.relinking_since {
            return SenderStatus::Relinking { since };
        }
        let (true, Some(since)) = (link.device_token_hash.is_some(), link.last_contact_at) else {
            return SenderStatus::Relinking { since: sender.created_at };
        };
        let silent_for = now_liveness.duration_since(since);
        if silent_for >= SignedDuration::from_secs(sender.settings.unavailable_after_s) {
            return SenderStatus::Unavailable { since, silent_for };
        }
    }
    match sender.settings.daily_limit_parts {
        Some(limit_parts) if used.parts >= limit_parts => SenderStatus::DailyLimit {
            used_parts: used.parts,
            limit_parts,
            resets_at: used.resets_at,
        },
        limit_parts => SenderStatus::Ready { used_parts: used.parts, limit_parts },
    }
}

impl SenderStatus {
    /// The word of the API.
    pub fn code(&self) -> &'static str {
        match self {
            SenderStatus::Relinking { .. } => "relinking",
            SenderStatus::Unavailable { .. } => "unavailable",
            SenderStatus::DailyLimit { .. } => "daily_limit",
            SenderStatus::Ready { .. } => "ready",
        }
    }

    pub fn is_ready(&self) -> bool {
        matches!(self, SenderStatus::Ready { .. })
    }

    /// The status as the screen says it; in Russian the words of Saby.
    pub fn title(&self, language: Language) -> &'static str {
        match (self, language) {
            (SenderStatus::Relinking { .. }, Language::Russian) => "в процессе перепривязки",
            (SenderStatus::Relinking { .. }, Language::English) => "being linked anew",
            (SenderStatus::Unavailable { .. }, Language::Russian) => {
                "недоступен, долгое время не выходил на связь"
            }
            (SenderStatus::Unavailable { .. }, Language::English) => {
                "unavailable, not heard from for a long time"
            }
            (SenderStatus::DailyLimit { .. }, Language::Russian) => {
                "превышен лимит отправленных сообщений в день"
            }
            (SenderStatus::DailyLimit { .. }, Language::English) => "daily limit exceeded",
            (SenderStatus::Ready { .. }, Language::Russian) => "доступен и готов к работе",
            (SenderStatus::Ready { .. }, Language::English) => "available and ready",
        }
    }

    /// Why, with numbers; times are of `zone`, the sender's. One phrase without a full stop.
    pub fn reason(&self, language: Language, zone: &Zone) -> String {
        match language {
            Language::Russian => self.russian(zone),
            Language::English => self.english(zone),
        }
    }

    fn russian(&self, zone: &Zone) -> String {
        match *self {
            SenderStatus::Relinking { since } => format!(
                "ключ привязки ждёт телефон с {}: введите его в приложении и включите «Cloud server»",
                local(since, zone).strftime("%H:%M %d.%m.%Y")
            ),
            SenderStatus::Unavailable { since, silent_for } => format!(
                "не выходил на связь {}, последний раз {}в {}",
                elapsed_words(silent_for, Language::Russian),
                day_unless_same(since, silent_for, zone, "%d.%m.%Y "),
                local(since, zone).strftime("%H:%M")
            ),
            SenderStatus::DailyLimit { used_parts, limit_parts, resets_at } => format!(
                "отправлено {used_parts} из {limit_parts} на сегодня, счёт начнётся заново в {}",
                local(resets_at, zone).strftime("%H:%M")
            ),
            SenderStatus::Ready { used_parts, limit_parts: Some(limit_parts) } => {
                format!("отправлено {used_parts} из {limit_parts} на сегодня")
            }
            SenderStatus::Ready { used_parts, limit_parts: None } => {
                format!("отправлено сегодня: {used_parts}, лимит не задан")
            }
        }
    }

    fn english(&self, zone: &Zone) -> String {
        match *self {
            SenderStatus::Relinking { since } => format!(
                "the link token has been waiting for the phone since {}: enter it in the app and \
                 switch on “Cloud server”",
                local(since, zone).strftime("%Y-%m-%d %H:%M")
            ),
            SenderStatus::Unavailable { since, silent_for } => format!(
                "not heard from for {}, last at {}{}",
                elapsed_words(silent_for, Language::English),
                day_unless_same(since, silent_for, zone, "%Y-%m-%d "),
                local(since, zone).strftime("%H:%M")
            ),
            SenderStatus::DailyLimit { used_parts, limit_parts, resets_at } => format!(
                "{used_parts} of {limit_parts} sent today, the count starts anew at {}",
                local(resets_at, zone).strftime("%H:%M")
            ),
            SenderStatus::Ready { used_parts, limit_parts: Some(limit_parts) } => {
                format!("{used_parts} of {limit_parts} sent today")
            }
            SenderStatus::Ready { used_parts, limit_parts: None } => {
                format!("{used_parts} sent today, no limit is set")
            }
        }
    }
}

/// The date of `since`, unless it is the day on which `silent_for` ends.
fn day_unless_same(
    since: Timestamp,
    silent_for: SignedDuration,
    zone: &Zone,
    format: &str,
) -> String {
    let now = since.checked_add(silent_for).unwrap_or(Timestamp::MAX);
    let (day, today) = (local(since, zone).date(), local(now, zone).date());
    if day == today { String::new() } else { day.strftime(format).to_string() }
}

/// «47 минут», «3 часа 5 минут», «2 дня 4 часа».
fn elapsed_words(elapsed: SignedDuration, language: Language) -> String {
    let minutes = elapsed.as_mins().max(0).unsigned_abs();
    let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    let forms: [[&str; 3]; 3] = match language {
        Language::Russian => {
            [["день", "дня", "дней"], ["час", "часа", "часов"], ["минуту", "минуты", "минут"]]
        }
        Language::English => {
            [["day", "days", "days"], ["hour", "hours", "hours"], ["minute", "minutes", "minutes"]]
        }
    };
    // Beside days nobody asks for minutes.
    let amounts = [days, hours, if days > 0 { 0 } else { minutes }];
    let words: Vec<String> = amounts
        .into_iter()
        .zip(forms)
        .filter(|(amount, _)| *amount > 0)
        .map(|(amount, forms)| format!("{amount} {}", plural(language, amount, forms)))
        .collect();
    match (words.is_empty(), language) {
        (true, Language::Russian) => "меньше минуты".into(),
        (true, Language::English) => "less than a minute".into(),
        (false, _) => words.join(" "),
    }
}
