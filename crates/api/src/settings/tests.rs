//! The settings of notifications through the API.

use crate::appointments::test_salon::Salon;
use crate::test_server::wrong_fields;
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

const PATH: &str = "/notification-settings";

async fn save(salon: &Salon, mut edit: Value) -> crate::test_server::Answer {
    let (_, now, _) = salon.get(PATH).await;
    edit["generation"] = now["generation"].clone();
    salon.patch(PATH, edit).await
}

#[tokio::test]
async fn settings_begin_off_and_are_changed_part_by_part() {
    let salon = Salon::open().await;
    let (status, before, _) = salon.get(PATH).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!((&before["on"], &before["on_since"]), (&json!(false), &Value::Null));
    assert_eq!(before["reminder_leads"], json!(["1d"]));
    assert_eq!(before["service_window"], json!({ "from": "08:00", "to": "22:00" }));
    assert_eq!(before["kinds"]["confirmation_request"], false);

    let edit = json!({
        "on": true,
        "kinds": { "cancelled": false },
        "branches": { (salon.branch.clone()): { "kinds": { "created": "off", "changed": "inherit" } } },
        "reminder_leads": ["1d", "120m"],
        "confirmation_request_lead": "2d",
        "settle_s": 0,
        "late_reminder": "at_once",
        "merge_same_day": false,
        "service_window": { "from": "9:30", "to": "21:00" },
    });
    let (status, after, _) = save(&salon, edit).await;
    assert_eq!(status, StatusCode::OK, "{after}");
    assert!(after["generation"].as_i64() > before["generation"].as_i64());
    assert_eq!((&after["on"], &after["on_since"]), (&json!(true), &json!("2026-03-02T09:00:00Z")));
    assert_eq!(
        (&after["kinds"]["cancelled"], &after["kinds"]["created"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(
        after["branches"],
        json!({ (salon.branch.clone()): { "kinds": { "created": "off" } } })
    );
    assert_eq!(after["reminder_leads"], json!(["120m", "1d"]), "the nearest first");
    assert_eq!(after["confirmation_request_lead"], "2d");
    assert_eq!((&after["settle_s"], &after["late_reminder"]), (&json!(0), &json!("at_once")));
    assert_eq!(after["service_window"], json!({ "from": "09:30", "to": "21:00" }));
    assert_eq!(after["advertising_window"], before["advertising_window"]);
    let (_, read, _) = salon.get(PATH).await;
    assert_eq!(read, after);

    let (_, inherited, _) = save(
        &salon,
        json!({ "branches": { (salon.branch.clone()): { "kinds": { "created": "inherit" } } } }),
    )
    .await;
    assert_eq!(inherited["branches"], json!({}));
}

#[tokio::test]
async fn off_and_on_again_begins_anew_and_on_while_on_does_not() {
    let salon = Salon::open().await;
    salon.switch_on().await;
    salon.server.advance(SignedDuration::from_mins(5));
    let (_, still, _) = save(&salon, json!({ "on": true })).await;
    assert_eq!(still["on_since"], "2026-03-02T09:00:00Z");
    let (_, off, _) = save(&salon, json!({ "on": false })).await;
    assert_eq!(off["on_since"], Value::Null);
    let (_, anew, _) = save(&salon, json!({ "on": true })).await;
    assert_eq!(anew["on_since"], "2026-03-02T09:05:00Z");
}

#[tokio::test]
async fn every_wrong_setting_is_named() {
    let salon = Salon::open().await;
    let window = json!({ "from": "10:00", "to": "10:00" });
    let eleven: Vec<String> = (1..=11).map(|days| format!("{days}d")).collect();
    let table = [
        (json!({ "settle_s": 601 }), vec!["settle_s: out_of_range"]),
        (json!({ "settle_s": -1 }), vec!["settle_s: out_of_range"]),
        (
            json!({ "reminder_leads": ["1d", "час", "366d"] }),
            vec!["reminder_leads[1]: lead_malformed", "reminder_leads[2]: lead_malformed"],
        ),
        (json!({ "reminder_leads": ["1d", "1d"] }), vec!["reminder_leads: lead_twice"]),
        (json!({ "reminder_leads": eleven }), vec!["reminder_leads: too_many_leads"]),
        (
            json!({ "confirmation_request_lead": "0m" }),
            vec!["confirmation_request_lead: lead_malformed"],
        ),
        (
            json!({ "advertising_window": window, "service_window": window, "settle_s": 900 }),
            vec![
                "service_window: window_empty",
                "advertising_window: window_empty",
                "settle_s: out_of_range",
            ],
        ),
        (
            json!({ "service_window": { "from": "25:00", "to": "10:00" } }),
            vec!["service_window.from: malformed"],
        ),
        (
            json!({ "branches": { "brn_0000000000007": { "kinds": { "created": "on" } } } }),
            vec!["branches.brn_0000000000007: branch_unknown"],
        ),
        (json!({ "late_reminder": "never" }), vec!["late_reminder: malformed"]),
        (json!({ "loud": true }), vec!["loud: malformed"]),
    ];
    for (edit, expected) in table {
        assert_eq!(wrong_fields(&save(&salon, edit.clone()).await), expected, "{edit}");
    }
    for wrong in [json!({ "kinds": { "birthday": true } }), json!({ "on": "yes" })] {
        assert_eq!(wrong_fields(&save(&salon, wrong).await).len(), 1);
    }
}

#[tokio::test]
async fn only_owners_save_and_only_what_they_saw() {
    let salon = Salon::open().await;
    let administrator = salon.server.administrator(&salon.token).await;
    let path = format!("/api/v1{PATH}");
    let (status, seen, _) = salon.server.get(&path, &administrator).await;
    assert_eq!(status, StatusCode::OK);
    let edit = json!({ "generation": seen["generation"], "reminder_leads": ["час"] });
    let (status, refused, _) = salon.server.patch(&path, &administrator, edit).await;
    assert_eq!((status, &refused["code"]), (StatusCode::FORBIDDEN, &json!("owner_needed")));

    let edit = json!({ "generation": seen["generation"], "settle_s": 60 });
    assert_eq!(salon.patch(PATH, edit.clone()).await.0, StatusCode::OK);
    let (status, refused, _) = salon.patch(PATH, edit).await;
    assert_eq!((status, &refused["code"]), (StatusCode::CONFLICT, &json!("version_conflict")));
    assert_eq!(wrong_fields(&salon.patch(PATH, json!({ "on": true })).await).len(), 1);

    let (_, audit, _) = salon.get("/audit").await;
    let newest = &audit["items"][0];
    assert_eq!(newest["action"], "settings.updated");
    assert_eq!(newest["changes"]["settle_s"], json!({ "from": 120, "to": 60 }));
}
