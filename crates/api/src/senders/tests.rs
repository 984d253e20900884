use crate::appointments::test_salon::{Salon, id};
use crate::test_phone::{NEW_APP, TestPhone};
use crate::test_server::wrong_fields;
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn edit(salon: &Salon, sender: &str, change: Value) -> crate::test_server::Answer {
    let path = format!("/senders/{sender}");
    let (_, now, _) = salon.get(&path).await;
    let mut body = change;
    body["version"] = now["version"].clone();
    salon.patch(&path, body).await
}

#[tokio::test]
async fn a_phone_sends_in_its_hours_only() {
    // It is Monday, 12:00 in Moscow.
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    let hours = json!({ "settings": { "pace_s": 0, "hours": { "from": "14:00", "to": "20:30" } } });
    let (status, changed, _) = edit(&salon, &phone.sender, hours).await;
    assert_eq!(status, StatusCode::OK, "{changed}");
    assert_eq!(changed["settings"]["hours"], json!({ "from": "14:00", "to": "20:30" }));
    salon.switch_on().await;
    salon.booked(salon.booking("2026-03-05T15:00")).await;
    salon.server.advance(SignedDuration::from_mins(119));
    assert!(phone.pull().await.is_empty(), "13:59");
    salon.server.advance(SignedDuration::from_mins(1));
    assert_eq!(phone.pull().await.len(), 1, "14:00");

    let (_, cleared, _) = edit(&salon, &phone.sender, json!({ "settings": {} })).await;
    assert_eq!(cleared["settings"]["hours"], Value::Null, "{cleared}");
}

#[tokio::test]
async fn hours_and_day_are_those_of_the_senders_own_zone() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    let (_, sender, _) = salon.get(&format!("/senders/{}", phone.sender)).await;
    assert_eq!(sender["zone"], "Europe/Moscow", "begins as the first branch's");
    let change = json!({
        "zone": "Asia/Vladivostok",
        "settings": { "pace_s": 0, "hours": { "from": "19:30", "to": "21:00" } },
    });
    let (status, changed, _) = edit(&salon, &phone.sender, change).await;
    assert_eq!((status, &changed["zone"]), (StatusCode::OK, &json!("Asia/Vladivostok")));
    salon.switch_on().await;
    salon.booked(salon.booking("2026-03-05T15:00")).await;
    // 12:03 in Moscow is 19:03 there.
    salon.server.advance(SignedDuration::from_mins(3));
    assert!(phone.pull().await.is_empty());
    salon.server.advance(SignedDuration::from_mins(27));
    assert_eq!(phone.pull().await.len(), 1);

    let wanted = json!({ "name": "Второй", "zone": "Asia/Omsk" });
    let second = salon.server.create("/api/v1/senders", &salon.token, wanted).await;
    assert_eq!(second["zone"], "Asia/Omsk");
}

#[tokio::test]
async fn every_wrong_setting_is_named() {
    let salon = Salon::open().await;
    let sender = salon.server.create("/api/v1/senders", &salon.token, json!({ "name": "А" })).await;
    let sender = id(&sender);
    let settings = json!({
        "daily_limit_parts": 0, "pace_s": -1, "sim_number": 4, "unavailable_after_s": 59,
        "hours": { "from": "09:00", "to": "09:00" },
    });
    let wrong = [
        "settings.daily_limit_parts: out_of_range",
        "settings.pace_s: out_of_range",
        "settings.hours: empty_window",
        "settings.sim_number: out_of_range",
        "settings.unavailable_after_s: out_of_range",
        "zone: zone_unknown",
    ];
    let change = json!({ "zone": "Europe/Moskow", "settings": settings });
    assert_eq!(wrong_fields(&edit(&salon, &sender, change).await), wrong);
    let new = json!({ "name": "Б", "zone": "Europe/Moskow", "settings": settings });
    assert_eq!(wrong_fields(&salon.post("/senders", new).await), wrong);

    for time in ["25:00", "9", "утро"] {
        let change = json!({ "settings": { "hours": { "from": time, "to": "18:00" } } });
        let answer = edit(&salon, &sender, change).await;
        assert_eq!(wrong_fields(&answer), ["settings.hours.from: malformed"], "{time}");
    }
    let (_, after, _) = salon.get(&format!("/senders/{sender}")).await;
    assert_eq!(after["version"], 1, "nothing was changed: {after}");
}

/// What the doctor says of the phones, right ones with a plus.
async fn examined(salon: &Salon) -> Vec<String> {
    let app = &salon.server.state.app;
    let findings = vestnik_app::senders::examine::examine_phones(app).await.unwrap();
    let line = |right: bool, words: String| format!("{}{words}", if right { "+" } else { "" });
    findings.into_iter().map(|found| line(found.right, found.words)).collect()
}

#[tokio::test]
async fn the_doctor_names_every_trouble_of_a_phone() {
    let salon = Salon::open().await;
    assert_eq!(examined(&salon).await, [] as [&str; 0], "nobody wants anything sent yet");
    salon.switch_on().await;
    let without = ["Style: notifications are on and there is no phone to send them; add one"];
    assert_eq!(examined(&salon).await, without);

    let phone = TestPhone::link(&salon, "1.40.0").await;
    let of_phone = "Style, phone «Телефон на стойке»:";
    let said = examined(&salon).await.remove(0);
    assert!(said.starts_with(of_phone), "{said}");
    assert!(said.contains("no SIM card") && said.contains("too old"), "{said}");

    let update = json!({ "id": phone.sender, "simCards": [{ "slotIndex": 0, "simNumber": 1 }] });
    let fresh = TestPhone { app: NEW_APP, ..phone };
    fresh.call(axum::http::Method::PATCH, "/device", Some(update)).await;
    assert_eq!(examined(&salon).await, [format!("+{of_phone} available and ready")]);

    let limit = json!({ "settings": { "pace_s": 0, "daily_limit_parts": 2 } });
    edit(&salon, &fresh.sender, limit).await;
    salon.booked(salon.booking("2026-03-05T15:00")).await;
    salon.server.advance(SignedDuration::from_mins(3));
    assert_eq!(fresh.pull().await.len(), 1);
    let said = examined(&salon).await.remove(0);
    assert!(said.contains("daily limit exceeded") && said.contains("raise the limit"), "{said}");

    salon.server.advance(SignedDuration::from_mins(31));
    let said = examined(&salon).await.remove(0);
    assert!(said.contains("unavailable") && said.contains("charged"), "{said}");
    let (status, _, _) = salon.post(&format!("/senders/{}/archive", fresh.sender), json!({})).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(examined(&salon).await, without, "an archived phone is nobody's trouble");
}
