//! Ten days of a salon by the virtual clock, with the real binary and the independent phone: what went
//! on the air is compared, minute by minute and word by word, with the list of what should have.

use crate::databases::PostgresDatabase;
use crate::independent_phone::Phone;
use crate::process::Installation;
use crate::salon::Salon;
use crate::waiting::wait_until;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// Monday, 2 March 2026, 09:00 in Moscow.
const BEGIN: &str = "2026-03-02T06:00:00Z";
const DAY_S: i64 = 86_400;

/// Moscow time, the last digit of the client's number, the words.
const EXPECTED: &[(&str, char, &str)] = &[
    (
        "03-02 09:00",
        '3',
        "Запись принята: 07.03.26 в 12:00, Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12",
    ),
    (
        "03-02 09:02",
        '1',
        "Вы записаны 05.03.26 в 15:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12",
    ),
    (
        "03-02 09:02",
        '2',
        "Вы записаны 06.03.26 в 09:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12",
    ),
    (
        "03-02 09:02",
        '4',
        "Вы записаны 09.03.26 в 12:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12",
    ),
    (
        "03-02 09:02",
        '5',
        "Вы записаны 08.03.26 в 16:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12",
    ),
    (
        "03-03 09:02",
        '4',
        "Ваша запись перенесена с 09.03.26 12:00 на 10.03.26 в 13:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12",
    ),
    ("03-03 09:02", '5', "Запись 08.03.26 в 16:00 (Стрижка) отменена. Стиль де Виль"),
    (
        "03-04 15:00",
        '1',
        "Напоминаем о записи 05.03.26 в 15:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12",
    ),
    (
        "03-05 09:00",
        '2',
        "Напоминаем о записи 06.03.26 в 09:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12",
    ),
    (
        "03-05 13:00",
        '1',
        "Ждём вас 05.03.26 в 15:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12",
    ),
    // Two hours before would be 07:00: the earlier edge of the quiet hours.
    (
        "03-05 22:00",
        '2',
        "Ждём вас 06.03.26 в 09:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12",
    ),
    (
        "03-06 12:00",
        '3',
        "Напоминаем о записи 07.03.26 в 12:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12",
    ),
    (
        "03-07 10:00",
        '3',
        "Ждём вас 07.03.26 в 12:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12",
    ),
    (
        "03-09 13:00",
        '4',
        "Напоминаем о записи 10.03.26 в 13:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12",
    ),
    (
        "03-10 11:00",
        '4',
        "Ждём вас 10.03.26 в 13:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12",
    ),
];

#[test]
fn ten_days_on_sqlite() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("vestnik.db").display());
    play(Installation::new(folder.path(), database, "127.0.0.1:0".into()));
}

#[test]
fn ten_days_on_postgres() {
    let Some(database) = PostgresDatabase::create("ten days") else { return };
    let folder = vestnik_testkit::tempdir().unwrap();
    play(Installation::new(folder.path(), database.address.clone(), "127.0.0.1:0".into()));
}

fn play(installation: Installation) {
    let installation = installation.with_flags(&["--dev-clock", "--dev-clock-from", BEGIN]);
    let server = installation.start();
    let salon = Salon::open(&server.address);
    as_a_salon_would_have_it(&salon);
    let clock = format!("http://{}/dev/clock", server.address);
    let phone = Phone::switch_on(
        &installation.folder,
        &server.address,
        &salon.link_token,
        &["--clock-url", &clock],
    );
    wait_until("the phone to be linked", 30, || phone.is_linked());

    book(&salon, '1', 3, "15:00", "staff");
    book(&salon, '2', 4, "09:00", "staff");
    book(&salon, '3', 5, "12:00", "client");
    let moved = book(&salon, '4', 7, "12:00", "staff");
    let cancelled = book(&salon, '5', 6, "16:00", "staff");
    walk(&salon, DAY_S);

    let path = |appointment: &Value| {
        format!("/api/v1/appointments/{}", appointment["id"].as_str().unwrap())
    };
    let start = format!("{}T13:00", salon.day(8));
    salon.api.patch(&path(&moved), json!({ "version": moved["version"], "start": start }));
    salon.api.post(&format!("{}/cancel", path(&cancelled)), json!({}));
    for _ in 0..9 {
        walk(&salon, DAY_S);
    }

    let air: Vec<(String, char, String)> = phone
        .air()
        .into_iter()
        .map(|line| (moscow(&line.at), line.phone_number.chars().last().unwrap(), line.text))
        .collect();
    let expected: Vec<(String, char, String)> = EXPECTED
        .iter()
        .map(|(at, client, text)| ((*at).to_owned(), *client, (*text).to_owned()))
        .collect();
    assert_eq!(sorted(air), sorted(expected));
    phone.switch_off();
}

/// Two messages of one minute may go in either order.
fn sorted(mut lines: Vec<(String, char, String)>) -> Vec<(String, char, String)> {
    lines.sort();
    lines
}

/// A day and two hours before; the usual hours and the usual time to settle.
fn as_a_salon_would_have_it(salon: &Salon) {
    let path = "/api/v1/notification-settings";
    let settings = salon.api.get(path);
    salon.api.patch(
        path,
        json!({
            "generation": settings["generation"], "settle_s": 120,
            "reminder_leads": ["1d", "120m"],
            "service_window": { "from": "08:00", "to": "22:00" },
        }),
    );
}

fn book(salon: &Salon, client: char, days_ahead: i64, time: &str, source: &str) -> Value {
    let mut booking = salon.booking(&format!("+7916000000{client}"), days_ahead, time);
    booking["source"] = json!(source);
    salon.api.post("/api/v1/appointments", booking)
}

/// Lets business time pass, from due time to due time.
fn walk(salon: &Salon, advance_s: i64) {
    let walked = salon.api.ok("POST", "/dev/clock", Some(&json!({ "advance_s": advance_s })));
    assert_eq!(walked["quiet"], true, "{walked}");
}

/// `03-02 09:02`, the minute in Moscow.
fn moscow(at: &str) -> String {
    let at: Timestamp = at.parse().unwrap();
    at.to_zoned(TimeZone::get("Europe/Moscow").unwrap()).strftime("%m-%d %H:%M").to_string()
}
