use super::testing::{at, link, phone};
use super::*;
use crate::pace::UsedToday;
use jiff::civil::Time;
use vestnik_template::Language::{English, Russian};

const NOW: &str = "2026-12-24T11:52:00Z";

fn used(parts: i64) -> UsedToday {
    UsedToday { parts, resets_at: at("2026-12-24T21:00:00Z") }
}

fn limited() -> Sender {
    let settings = SenderSettings { daily_limit_parts: Some(100), ..SenderSettings::default() };
    Sender { settings, ..phone(1) }
}

#[test]
fn of_four_statuses_the_first_that_is_true() {
    let silent = link("2026-12-24T11:05:00Z");
    let relinked = PhoneLink { relinking_since: Some(at(NOW)), ..silent.clone() };
    let never = PhoneLink { device_token_hash: None, last_contact_at: None, ..silent.clone() };
    let fresh = link("2026-12-24T11:51:30Z");
    for (link, parts, code) in [
        (Some(&relinked), 100, "relinking"),
        (Some(&never), 0, "relinking"),
        (None, 0, "relinking"),
        (Some(&silent), 100, "unavailable"),
        (Some(&fresh), 100, "daily_limit"),
        (Some(&fresh), 101, "daily_limit"),
        (Some(&fresh), 99, "ready"),
    ] {
        let status = status(&limited(), link, used(parts), at(NOW));
        assert_eq!(status.code(), code);
        assert_eq!(status.is_ready(), code == "ready");
    }
}

#[test]
fn a_phone_is_unavailable_after_thirty_minutes_and_a_log_never() {
    for (contact, code) in [
        ("2026-12-24T11:22:01Z", "ready"),
        ("2026-12-24T11:22:00Z", "unavailable"),
        // A contact «in the future»: the clock was set back.
        ("2026-12-24T12:00:00Z", "ready"),
    ] {
        assert_eq!(status(&phone(1), Some(&link(contact)), used(0), at(NOW)).code(), code);
    }
    let log = Sender { channel: Channel::Log, ..phone(1) };
    assert_eq!(status(&log, None, used(5_000), at(NOW)).code(), "ready");
}

#[test]
fn titles_are_sabys_and_reasons_have_numbers() {
    let words = |link: &PhoneLink, parts| {
        let status = status(&limited(), Some(link), used(parts), at(NOW));
        let zone = limited().zone;
        [
            status.title(Russian).to_owned(),
            status.reason(Russian, &zone),
            status.reason(English, &zone),
        ]
    };
    assert_eq!(
        words(&link("2026-12-24T11:05:00Z"), 0),
        [
            "недоступен, долгое время не выходил на связь",
            "не выходил на связь 47 минут, последний раз в 14:05",
            "not heard from for 47 minutes, last at 14:05",
        ]
    );
    assert_eq!(
        words(&link("2026-12-22T08:30:00Z"), 0)[1..],
        [
            "не выходил на связь 2 дня 3 часа, последний раз 22.12.2026 в 11:30",
            "not heard from for 2 days 3 hours, last at 2026-12-22 11:30",
        ]
    );
    assert_eq!(
        words(&link(NOW), 100),
        [
            "превышен лимит отправленных сообщений в день",
            "отправлено 100 из 100 на сегодня, счёт начнётся заново в 00:00",
            "100 of 100 sent today, the count starts anew at 00:00",
        ]
    );
    assert_eq!(
        words(&link(NOW), 7)[..2],
        ["доступен и готов к работе", "отправлено 7 из 100 на сегодня",]
    );
    let relinked = PhoneLink { relinking_since: Some(at("2026-12-24T11:00:00Z")), ..link(NOW) };
    assert_eq!(words(&relinked, 0)[0], "в процессе перепривязки");
    assert!(words(&relinked, 0)[1].contains("с 14:00 24.12.2026"));
}

#[test]
fn settings_say_which_field_is_wrong() {
    let standard = SenderSettings::default();
    assert_eq!(standard.check(), Ok(()));
    let edge = |time: i8| Time::constant(time, 0, 0, 0);
    for (settings, field) in [
        (SenderSettings { daily_limit_parts: Some(0), ..standard.clone() }, "daily_limit_parts"),
        (SenderSettings { pace_s: -1, ..standard.clone() }, "pace_s"),
        (SenderSettings { sim_number: Some(4), ..standard.clone() }, "sim_number"),
        (SenderSettings { unavailable_after_s: 5, ..standard.clone() }, "unavailable_after_s"),
        (
            SenderSettings {
                hours: Some(SendingWindow { from: edge(9), to: edge(9) }),
                ..standard.clone()
            },
            "hours",
        ),
    ] {
        assert!(settings.check().unwrap_err().to_string().contains(field), "{field}");
    }
}

#[test]
fn settings_are_read_as_stored_and_what_is_missing_is_standard() {
    let stored = r#"{"daily_limit_parts":200,"hours":{"from":"09:00","to":"21:00"}}"#;
    let settings: SenderSettings = serde_json::from_str(stored).unwrap();
    assert_eq!((settings.daily_limit_parts, settings.pace_s), (Some(200), 5));
    let again = serde_json::to_string(&settings).unwrap();
    assert_eq!(serde_json::from_str::<SenderSettings>(&again).unwrap(), settings);
    assert!(serde_json::from_str::<SenderSettings>(r#"{"pace":3}"#).is_err());
}

#[test]
fn logs_hold_no_key() {}
