use super::*;
use crate::delivery::Phase;
use crate::delivery::testing::{at, delivery_in};
use crate::pace::WaitReason;
use crate::routing::RouteReason;
use vestnik_template::Language::{English, Russian};

const NOW: &str = "2026-12-24T10:05:00Z";

fn tries(phases: &[(Phase, Option<&str>)]) -> Vec<Delivery> {
    let numbered = phases.iter().zip(0..);
    let row = |((phase, code), attempt): (&(Phase, Option<&str>), i64)| Delivery {
        attempt,
        error_code: code.map(str::to_owned),
        ..delivery_in(*phase)
    };
    numbered.map(row).collect()
}

#[test]
fn a_message_is_what_its_tries_and_its_own_state_say() {
    let submitted = || MessageState::Submitted { at: at(NOW) };
    let cancelled = || MessageState::Cancelled { at: at(NOW), reason: "visit_cancelled".into() };
    let skipped = || MessageState::Skipped { at: at(NOW), reason: "no_sender".into() };
    let (unsent, failed) = (Phase::Unsent, Phase::Undelivered);
    for (state, given, status, reason) in [
        (MessageState::Planned, vec![], "planned", None),
        (MessageState::Routed, vec![], "processing", None),
        (submitted(), vec![], "processing", None),
        (cancelled(), vec![], "cancelled", Some("visit_cancelled")),
        (skipped(), vec![], "not_sent", Some("no_sender")),
        (submitted(), vec![(Phase::WithPhone, None)], "processing", None),
        (submitted(), vec![(Phase::Submitted, None)], "waiting", None),
        (submitted(), vec![(Phase::DeliveredInPart, None)], "delivered", None),
        (submitted(), vec![(Phase::Read, None)], "delivered", None),
        (submitted(), vec![(failed, Some("blocked"))], "undelivered", Some("blocked")),
        (
            submitted(),
            vec![(unsent, Some("phone_sim_absent"))],
            "undelivered",
            Some("phone_sim_absent"),
        ),
        (submitted(), vec![(unsent, Some("withdrawn"))], "cancelled", Some("withdrawn")),
        (submitted(), vec![(unsent, Some("expired"))], "not_sent", Some("expired")),
        (
            submitted(),
            vec![(Phase::Unknown, Some("outcome_unknown"))],
            "unknown",
            Some("outcome_unknown"),
        ),
        // On its way to another try.
        (MessageState::Routed, vec![(unsent, Some("not_sent"))], "processing", Some("not_sent")),
        (MessageState::Planned, vec![(unsent, Some("not_sent"))], "processing", Some("not_sent")),
        (submitted(), vec![(unsent, Some("not_sent")), (Phase::Submitted, None)], "waiting", None),
        // The first try may yet arrive, whatever the second did.
        (submitted(), vec![(Phase::Unknown, None), (failed, Some("x"))], "unknown", None),
        (submitted(), vec![(Phase::Unknown, None), (Phase::InHand, None)], "processing", None),
        (submitted(), vec![(failed, Some("x")), (Phase::Delivered, None)], "delivered", None),
        // Cancelled or skipped too late.
        (cancelled(), vec![(Phase::Delivered, None)], "delivered", None),
        (cancelled(), vec![(Phase::Submitted, None)], "waiting", None),
        (cancelled(), vec![(unsent, Some("not_sent"))], "cancelled", Some("visit_cancelled")),
        (skipped(), vec![(unsent, Some("not_sent"))], "not_sent", Some("no_sender")),
        (skipped(), vec![(failed, Some("x"))], "undelivered", Some("x")),
    ] {
        let mut deliveries = tries(&given);
        let shown = of(&state, &deliveries, at(NOW));
        assert_eq!(shown.status.name(), status, "{state:?} {given:?}");
        assert_eq!(shown.reason_code.as_deref(), reason, "{state:?} {given:?}");
        deliveries.reverse();
        assert_eq!(of(&state, &deliveries, at(NOW)), shown, "{state:?} {given:?}");
    }
}

#[test]
fn an_unknown_outcome_counts_as_waiting_for_a_day_and_then_as_not_delivered() {
    let state = MessageState::Submitted { at: at(NOW) };
    let counted = |phase, now: &str| of(&state, &tries(&[(phase, None)]), at(now)).counted_as;
    // Never accepted: the day begins at valid_until, 10:30.
    for (phase, now, expected) in [
        (Phase::Unknown, NOW, MessageStatus::Waiting),
        (Phase::Unknown, "2026-12-25T10:29:59Z", MessageStatus::Waiting),
        (Phase::Unknown, "2026-12-25T10:30:00Z", MessageStatus::Undelivered),
        (Phase::UnknownAccepted, "2026-12-25T10:01:00Z", MessageStatus::Undelivered),
        (Phase::Delivered, "2026-12-30T00:00:00Z", MessageStatus::Delivered),
    ] {
        assert_eq!(counted(phase, now), expected, "{phase:?} {now}");
    }
}

#[test]
fn titles_are_those_of_the_statistics_screen() {
    let titles = MessageStatus::ALL.map(|status| status.title(Russian));
    assert_eq!(
        titles,
        [
            "Доставлено",
            "Не доставлено",
            "В обработке",
            "В ожидании",
            "Отменено",
            "Запланировано",
            "Не отправлено",
            "Исход неизвестен",
        ]
    );
    for status in MessageStatus::ALL {
        assert_eq!(MessageStatus::parse(status.name()), Some(status));
        assert_eq!(serde_json::to_value(status).unwrap(), status.name());
    }
}

#[test]
fn what_phones_write_gets_a_code_and_words() {
    for (error, code) in [
        (
            "Send result: RESULT_ERROR_NO_SERVICE (Failed because service is currently unavailable)",
            "phone_no_service",
        ),
        ("Send result: RESULT_ERROR_RADIO_OFF (…)", "phone_radio_off"),
        ("Send result: RESULT_RIL_RADIO_NOT_AVAILABLE", "phone_radio_not_available"),
        (
            "Send result: RESULT_ERROR_GENERIC_FAILURE (Generic failure cause)",
            "phone_generic_failure",
        ),
        ("Send result: RESULT_ERROR_LIMIT_EXCEEDED", "phone_limit_exceeded"),
        ("Send result: RESULT_NO_DEFAULT_SMS_APP", "phone_no_default_sms_app"),
        ("Send result: RESULT_ERROR_SHORT_CODE_NOT_ALLOWED", "phone_short_code_not_allowed"),
        ("Send result: RESULT_ERROR_SHORT_CODE_NEVER_ALLOWED", "phone_short_code_not_allowed"),
        ("Send result: RESULT_RIL_SIM_ABSENT", "phone_sim_absent"),
        ("Send result: RESULT_NETWORK_REJECT", "phone_network_reject"),
        ("Send result: RESULT_USER_NOT_ALLOWED", "phone_not_permitted"),
        ("Delivery result from SC +79990000000: 65", "phone_delivery_failed"),
        ("Can't send message: No SIMs found", "phone_sim_absent"),
        ("Can't send message: SIM 2 not found", "phone_sim_not_found"),
        ("TTL expired", "phone_ttl_expired"),
        ("sendSMS: something new", "phone_error_other"),
        ("", "phone_error_other"),
    ] {
        assert_eq!(phone_error_code(error), code, "{error}");
        if code != "phone_error_other" {
            assert_eq!(reason_words(error, Russian), reason_words(code, Russian), "{error}");
        }
    }
    assert!(passes_by_itself("phone_no_service") && !passes_by_itself("phone_sim_absent"));
    assert!(!passes_by_itself("no such code"));
}

#[test]
fn every_code_that_sending_gives_is_in_the_table() {
    let unknown = reason_words("no such code", Russian);
    let waits = [WaitReason::Pace, WaitReason::DailyLimit, WaitReason::Hours, WaitReason::Window];
    let own = [
        own_codes::NOT_SENT,
        own_codes::OUTCOME_UNKNOWN,
        own_codes::REGISTRATION_LOST,
        own_codes::WITHDRAWN,
        own_codes::CANCELLED_ON_PHONE,
        own_codes::EXPIRED,
        own_codes::NO_REPORT_FOR_24H,
    ];
    let routing = RouteReason::ALL.map(RouteReason::code);
    for code in own.into_iter().chain(routing).chain(waits.map(WaitReason::code)) {
        assert_ne!(reason_words(code, Russian), unknown, "{code}");
    }
}

#[test]
fn words_are_phrases_in_their_language() {
    let cyrillic = |text: &str| text.chars().any(|letter| ('а'..='я').contains(&letter));
    for code in super::reason_words::codes() {
        let (russian, english) = (reason_words(code, Russian), reason_words(code, English));
        assert!(cyrillic(russian.meaning) && !cyrillic(english.meaning), "{code}");
        assert_eq!(russian.remedy.is_empty(), english.remedy.is_empty(), "{code}");
        for text in [russian.meaning, russian.remedy, english.meaning, english.remedy] {
            assert!(!text.ends_with('.') && text.trim() == text, "{code}");
        }
    }
}
