//! The reason of a message's status in plain words. Sending has words of its own; a row keeps of
//! planning's reasons only the code, so where their sentences carry numbers shorter ones stand here.

use vestnik_domain::Language;
use vestnik_domain::message_status::reason_words;
use vestnik_domain::planning::SilenceReason;

/// What a code means and what to do about it; both phrases without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonInWords {
    pub meaning: String,
    /// Empty where there is nothing to do.
    pub remedy: &'static str,
}

/// Explains a code of planning, of sending, or of a carrier.
pub fn in_words(code: &str, language: Language) -> ReasonInWords {
    match of_planning(code, language) {
        Some(meaning) => ReasonInWords { meaning, remedy: "" },
        None => {
            let words = reason_words(code, language);
            ReasonInWords { meaning: words.meaning.to_owned(), remedy: words.remedy }
        }
    }
}

fn of_planning(code: &str, language: Language) -> Option<String> {
    if let Some(row) = WITHOUT_NUMBERS.iter().find(|row| row.0 == code) {
        return Some(match language {
            Language::Russian => row.1.to_owned(),
            Language::English => row.2.to_owned(),
        });
    }
    // Those that carry nothing but their code read back from it.
    let reason: SilenceReason = serde_json::from_value(serde_json::json!({ "code": code })).ok()?;
    Some(reason.message(language))
}

/// Code, Russian, English.
#[rustfmt::skip]
const WITHOUT_NUMBERS: &[(&str, &str, &str)] = &[
    ("older_than_block", "запись сделана до включения уведомлений", "booked before notifications were switched on"),
    ("past_visit", "визит уже начался", "the visit has begun already"),
    ("moment_passed", "время отправки прошло, пока отправить было нельзя; с опозданием не отправляется",
        "its time passed while it could not be sent; nothing is sent late"),
    ("inside_lead", "запись сделана или перенесена, когда напоминание уже не успевало",
        "the visit was booked or moved too late for this reminder"),
    ("nearer_lead", "сразу уходит только ближайшее к визиту напоминание", "only the nearest reminder is sent at once"),
    ("merged_into", "вместо напоминания служит другое сообщение", "another message stands for the reminder"),
    ("counted_as_changed", "вместо напоминания служит сообщение об изменении", "the notice of the change stands for the reminder"),
    ("in_day_message", "вошло в сообщение о визитах дня", "part of the message about the day's visits"),
    ("quiet_hours", "время отправки попадает в тихие часы, а их конец слишком близко к визиту",
        "its time falls into quiet hours, and their end is too near to the visit"),
    ("silent_by_staff", "сотрудник выбрал «не сообщать»", "staff chose “do not tell”"),
    ("told", "клиент уже знает об этом", "the client knows it already"),
    ("already_sent", "такое сообщение уже отправлено", "it was sent already"),
    ("in_announcement", "изменение войдёт в сообщение о записи", "the message about the booking will carry the change"),
    ("delivery_failed", "отправить не удалось; само по себе не повторяется", "sending failed; it is not repeated by itself"),
    // At the moment of sending there was no visit left to speak of.
    ("nothing_to_tell", "сообщать стало нечего", "there was nothing left to tell"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use vestnik_domain::planning::SilenceReason as Reason;

    #[test]
    fn every_code_has_words_in_both_languages() {
        let unknown = |language| in_words("no such code", language);
        let of_planning = [
            Reason::VisitCancelled.code(),
            Reason::BlockOff.code(),
            Reason::Expired.code(),
            Reason::Replaced.code(),
            Reason::EditUndone.code(),
            Reason::KindOff.code(),
            Reason::ClientKindOff.code(),
            Reason::NoPhone.code(),
            Reason::Arrived.code(),
        ];
        let with_numbers = WITHOUT_NUMBERS.iter().map(|row| row.0);
        let of_sending = ["no_sender", "sender_unavailable", "no_report_for_24h", "withdrawn"];
        for code in of_planning.into_iter().chain(with_numbers).chain(of_sending) {
            for language in [Language::Russian, Language::English] {
                let words = in_words(code, language);
                assert_ne!(words, unknown(language), "{code}");
                assert!(!words.meaning.is_empty() && !words.meaning.ends_with('.'), "{code}");
            }
        }
    }
}
