//! The journal through the API: booking, changing, cancelling, reading.

use super::test_salon::{Salon, id};
use crate::test_server::wrong_fields;
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

fn code(answer: &crate::test_server::Answer) -> (u16, &str) {
    (answer.0.as_u16(), answer.1["code"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn an_appointment_is_booked_moved_cancelled_and_read_with_its_history() {
    let salon = Salon::open().await;
    let booked = salon.booked(salon.booking("2026-03-05T15:00")).await;
    assert_eq!(booked["start_local"], "2026-03-05T15:00");
    assert_eq!(booked["starts_at"], "2026-03-05T12:00:00Z");
    assert_eq!(booked["ends_at"], "2026-03-05T13:00:00Z");
    assert_eq!(booked["zone"], "Europe/Moscow");
    assert_eq!(booked["duration_min"], 60);
    assert_eq!((&booked["status"], &booked["source"]), (&json!("waiting"), &json!("staff")));
    assert_eq!((&booked["version"], &booked["cancelled_by"]), (&json!(1), &Value::Null));

    let path = format!("/appointments/{}", id(&booked));
    let edit = json!({ "version": 1, "start": "2026-03-05T16:30", "note": "с ребёнком" });
    let (status, moved, _) = salon.patch(&path, edit).await;
    assert_eq!(status, StatusCode::OK, "{moved}");
    assert_eq!((&moved["start_local"], &moved["version"]), (&json!("2026-03-05T16:30"), &json!(2)));
    let (_, confirmed, _) =
        salon.post(&format!("{path}/status"), json!({ "status": "confirmed", "version": 2 })).await;
    assert_eq!(confirmed["status"], "confirmed");
    let (_, cancelled, _) = salon.post(&format!("{path}/cancel"), json!({})).await;
    assert_eq!(
        (&cancelled["status"], &cancelled["cancelled_by"], &cancelled["version"]),
        (&json!("cancelled"), &json!("staff"), &json!(4))
    );
    // Twice is as once.
    let (status, again, _) = salon.post(&format!("{path}/cancel"), json!({})).await;
    assert_eq!((status, &again["version"]), (StatusCode::OK, &json!(4)));
    let (_, restored, _) =
        salon.post(&format!("{path}/status"), json!({ "status": "waiting" })).await;
    assert_eq!((&restored["status"], &restored["cancelled_by"]), (&json!("waiting"), &Value::Null));

    let (_, read, _) = salon.get(&path).await;
    let history: Vec<String> = read["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            assert_eq!(line["actor"]["by"], "api_token");
            let names: Vec<&String> = line["changes"].as_object().unwrap().keys().collect();
            format!("{}: {names:?}", line["version"])
        })
        .collect();
    assert_eq!(
        history,
        [
            r#"1: ["created"]"#,
            r#"2: ["note", "start_local", "starts_at"]"#,
            r#"3: ["status"]"#,
            r#"4: ["status"]"#,
            r#"5: ["status"]"#,
        ]
    );
    assert_eq!(read["note"], "с ребёнком");
}

#[tokio::test]
async fn every_wrong_field_of_a_booking_is_named() {
    let salon = Salon::open().await;
    let stranger = "brn_0000000000007";
    let table = [
        (json!({ "start": "завтра" }), vec!["start: time_unreadable"]),
        (json!({ "branch_id": stranger }), vec!["branch_id: branch_unknown"]),
        (json!({ "staff_id": "stf_0000000000007" }), vec!["staff_id: staff_unknown"]),
        (
            json!({ "service_ids": [salon.service, "srv_0000000000007"] }),
            vec!["service_ids[1]: service_unknown"],
        ),
        (json!({ "client_id": "cli_0000000000007" }), vec!["client_id: client_unknown"]),
        (json!({ "client_id": null }), vec!["client_id: required"]),
        (json!({ "client": { "name": "Анна" } }), vec!["client: client_twice"]),
        (
            json!({ "client_id": null, "client": { "name": " ", "phone": "" } }),
            vec!["client.name: required"],
        ),
        (
            json!({ "client_id": null, "client": { "name": "Анна", "phone": "12" } }),
            vec!["client.phone: phone_too_short"],
        ),
        (
            json!({ "recipient_phone": "8 916 123", "duration_min": 3, "note": "н".repeat(2_001) }),
            vec![
                "duration_min: out_of_range",
                "note: too_long",
                "recipient_phone: phone_too_short",
            ],
        ),
        (json!({ "visit_id": "vis_0000000000007" }), vec!["visit_id: visit_unknown"]),
        (json!({ "external_id": " " }), vec!["external_id: required"]),
        (json!({ "staff_id": salon.branch }), vec!["staff_id: malformed"]),
        (json!({ "source": "import" }), vec!["source: malformed"]),
        (json!({ "colour": "red" }), vec!["colour: malformed"]),
    ];
    for (changes, expected) in table {
        let mut body = salon.booking("2026-03-05T15:00");
        for (field, value) in changes.as_object().unwrap() {
            body[field] = value.clone();
        }
        let answer = salon.book(body).await;
        assert_eq!(wrong_fields(&answer), expected, "{changes}");
    }
    let (_, day, _) = salon
        .get(&format!("/appointments?branch_id={}&from=2026-03-05&to=2026-03-06", salon.branch))
        .await;
    assert_eq!(day["items"], json!([]), "nothing is half-done");
}

#[tokio::test]
async fn a_described_client_is_found_by_phone_or_made() {
    let salon = Salon::open().await;
    let mut body = salon.booking("2026-03-05T15:00");
    body["client_id"] = Value::Null;
    body["client"] = json!({ "name": "Маша", "phone": "8 (916) 123-45-67" });
    let known = salon.booked(body.clone()).await;
    assert_eq!(known["client_id"], salon.client, "the number decides, not the name");

    body["start"] = json!("2026-03-05T18:00");
    body["client"] = json!({ "name": " Вера ", "phone": "8 926 000-00-01" });
    let new = salon.booked(body).await;
    let (_, client, _) =
        salon.get(&format!("/clients/{}", new["client_id"].as_str().unwrap())).await;
    assert_eq!((&client["name"], &client["phone"]), (&json!("Вера"), &json!("+79260000001")));
    let path = format!("/appointments?client_id={}", id(&client));
    let (_, of_client, _) = salon.get(&path).await;
    assert_eq!(of_client["items"].as_array().unwrap().len(), 1);

    let (status, _, _) = salon.post(&format!("/clients/{}/archive", id(&client)), json!({})).await;
    assert_eq!(status, StatusCode::OK);
    let mut archived = salon.booking("2026-03-06T15:00");
    archived["client_id"] = client["id"].clone();
    assert_eq!(wrong_fields(&salon.book(archived).await), ["client_id: client_archived"]);
}

#[tokio::test]
async fn one_idempotency_key_books_once() {
    let salon = Salon::open().await;
    let body = salon.booking("2026-03-05T15:00");
    let (status, first, _) = salon.book_with_key("key-1", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{first}");
    let (status, again, _) = salon.book_with_key("key-1", &body).await;
    assert_eq!((status, &again["id"]), (StatusCode::CREATED, &first["id"]));

    let other = salon.booking("2026-03-05T18:00");
    assert_eq!(code(&salon.book_with_key("key-1", &other).await), (409, "idempotency_key_reused"));
    assert_eq!(code(&salon.book_with_key("key-2", &body).await), (409, "time_taken"));
    for malformed in ["", "два", "k k", &"k".repeat(201)] {
        let answer = salon.book_with_key(malformed, &other).await;
        assert_eq!(wrong_fields(&answer), ["Idempotency-Key: malformed"], "{malformed}");
    }
    // A refused request keeps nothing: the key is free for the corrected one.
    let (status, _, _) = salon.book_with_key("key-2", &other).await;
    assert_eq!(status, StatusCode::CREATED);
}

#[tokio::test]
async fn an_edit_of_an_older_version_is_refused() {
    let salon = Salon::open().await;
    let booked = salon.booked(salon.booking("2026-03-05T15:00")).await;
    let path = format!("/appointments/{}", id(&booked));
    let (status, ..) = salon.patch(&path, json!({ "version": 1, "note": "раз" })).await;
    assert_eq!(status, StatusCode::OK);
    let old = salon.patch(&path, json!({ "version": 1, "note": "два" })).await;
    assert_eq!(code(&old), (409, "version_conflict"));
    let answer =
        salon.post(&format!("{path}/status"), json!({ "status": "arrived", "version": 1 })).await;
    assert_eq!(code(&answer), (409, "version_conflict"));
    assert_eq!(code(&salon.post(&format!("{path}/cancel"), json!({ "version": 1 })).await).0, 409);
    assert_eq!(wrong_fields(&salon.patch(&path, json!({ "note": "три" })).await).len(), 1);
    // Nothing to change is no change.
    let (_, same, _) = salon.patch(&path, json!({ "version": 2, "note": "раз" })).await;
    assert_eq!((&same["version"], &same["note"]), (&json!(2), &json!("раз")));
    let unknown = salon.patch("/appointments/apt_0000000000007", json!({ "version": 1 })).await;
    assert_eq!(unknown.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_masters_time_is_given_once_unless_forced() {
    let salon = Salon::open().await;
    let first = salon.booked(salon.booking("2026-03-05T15:00")).await;
    // 15:00–16:00 and a quarter of an hour to clean up.
    for (start, free) in [
        ("2026-03-05T14:00", false),
        ("2026-03-05T15:30", false),
        ("2026-03-05T16:10", false),
        ("2026-03-05T13:45", true),
        ("2026-03-05T16:15", true),
    ] {
        let answer = salon.book(salon.booking(start)).await;
        let expected = if free { (201, "") } else { (409, "time_taken") };
        assert_eq!(code(&answer), expected, "{start}: {}", answer.1);
    }
    let mut forced = salon.booking("2026-03-05T15:00");
    forced["force"] = json!(true);
    let over = salon.booked(forced).await;
    let mut anybody = salon.booking("2026-03-05T15:00");
    anybody["staff_id"] = Value::Null;
    salon.booked(anybody).await;

    // What is cancelled frees its time, and must find it free again.
    let path = format!("/appointments/{}", id(&over));
    salon.post(&format!("{path}/cancel"), json!({})).await;
    let restore = salon.post(&format!("{path}/status"), json!({ "status": "waiting" })).await;
    assert_eq!(code(&restore), (409, "time_taken"));
    let restore =
        salon.post(&format!("{path}/status"), json!({ "status": "waiting", "force": true })).await;
    assert_eq!(restore.0, StatusCode::OK, "{}", restore.1);

    // A move must find its time free; other changes of a forced one need not.
    let path = format!("/appointments/{}", id(&first));
    let onto = salon.patch(&path, json!({ "version": 1, "start": "2026-03-05T13:45" })).await;
    assert_eq!(code(&onto), (409, "time_taken"));
    let (status, ..) = salon.patch(&path, json!({ "version": 1, "note": "у окна" })).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn a_buffer_over_midnight_holds_the_next_day() {
    let salon = Salon::open().await;
    salon.booked(salon.booking("2026-03-05T22:50")).await;
    let answer = salon.book(salon.booking("2026-03-06T00:00")).await;
    assert_eq!(code(&answer), (409, "time_taken"));
}

#[tokio::test]
async fn appointments_join_a_visit_of_the_same_client() {
    let salon = Salon::open().await;
    let first = salon.booked(salon.booking("2026-03-05T15:00")).await;
    let mut second = salon.booking("2026-03-05T17:00");
    second["visit_id"] = first["visit_id"].clone();
    let second = salon.booked(second).await;
    assert_eq!(second["visit_id"], first["visit_id"]);
    let mut foreign = salon.booking("2026-03-05T19:00");
    foreign["visit_id"] = first["visit_id"].clone();
    foreign["client_id"] = Value::Null;
    foreign["client"] = json!({ "name": "Вера", "phone": "89260000001" });
    assert_eq!(wrong_fields(&salon.book(foreign).await), ["visit_id: visit_unknown"]);
}

#[tokio::test]
async fn a_list_is_of_one_branch_and_stretch_or_of_one_client() {
    let salon = Salon::open().await;
    for start in ["2026-03-05T00:00", "2026-03-05T23:00", "2026-03-06T01:00"] {
        salon.booked(salon.booking(start)).await;
    }
    let starts = |answer: &Value| -> Vec<String> {
        let items = answer["items"].as_array().unwrap();
        items.iter().map(|one| one["start_local"].as_str().unwrap().to_owned()).collect()
    };
    let branch = &salon.branch;
    // The day is the branch's own: 21:00 UTC of the day before to 21:00 UTC.
    let (_, day, _) =
        salon.get(&format!("/appointments?branch_id={branch}&from=2026-03-05&to=2026-03-06")).await;
    assert_eq!(starts(&day), ["2026-03-05T00:00", "2026-03-05T23:00"]);
    let stretch = "from=2026-03-05T20:00:00Z&to=2026-03-06T12:00";
    let (_, some, _) = salon.get(&format!("/appointments?branch_id={branch}&{stretch}")).await;
    assert_eq!(starts(&some), ["2026-03-05T23:00", "2026-03-06T01:00"]);
    let (_, all, _) = salon.get(&format!("/appointments?client_id={}", salon.client)).await;
    assert_eq!(starts(&all).len(), 3);

    for (query, expected) in [
        (String::new(), "branch_id: required"),
        (format!("branch_id={branch}"), "from: required"),
        (format!("branch_id={branch}&from=2026-03-05"), "to: required"),
        (format!("branch_id={branch}&from=5.3.2026&to=2026-03-06"), "from: time_unreadable"),
        (format!("branch_id={branch}&from=2026-03-06&to=2026-03-06"), "to: stretch_out_of_range"),
        (format!("branch_id={branch}&from=2026-03-06&to=2026-06-06"), "to: stretch_out_of_range"),
        (format!("branch_id={branch}&client_id={}", salon.client), "client_id: branch_or_client"),
        ("branch_id=7".to_owned(), "query: malformed"),
    ] {
        let answer = salon.get(&format!("/appointments?{query}")).await;
        assert_eq!(wrong_fields(&answer), [expected], "{query}");
    }
}

#[tokio::test]
async fn an_older_visit_is_let_in_by_hand() {
    let salon = Salon::open().await;
    let older = salon.booked(salon.booking("2026-03-05T15:00")).await;
    let path = format!("/appointments/{}/let-in", id(&older));
    assert_eq!(code(&salon.post(&path, json!({})).await), (409, "notifications_off"));
    salon.server.advance(SignedDuration::from_mins(1));
    salon.switch_on().await;
    assert!(salon.waiting_messages().await.is_empty(), "it is older than the switching-on");

    let (status, let_in, _) = salon.post(&path, json!({ "version": 1 })).await;
    assert_eq!(status, StatusCode::OK, "{let_in}");
    assert_eq!(let_in["let_in_at"], "2026-03-02T09:01:00Z");
    assert_eq!(salon.waiting_messages().await, ["reminder at 2026-03-04T12:00:00Z"]);
    let (_, again, _) = salon.post(&path, json!({})).await;
    assert_eq!(again["version"], 2, "let in once is enough");

    // One made since the switching-on needs no letting in: its «created» still goes.
    let newer = salon.booked(salon.booking("2026-03-07T15:00")).await;
    let (_, same, _) = salon.post(&format!("/appointments/{}/let-in", id(&newer)), json!({})).await;
    assert_eq!((&same["version"], &same["let_in_at"]), (&json!(1), &Value::Null));
    assert!(salon.waiting_messages().await.iter().any(|message| message.starts_with("created")));

    salon.post(&format!("/appointments/{}/cancel", id(&older)), json!({})).await;
    assert_eq!(code(&salon.post(&path, json!({})).await), (409, "appointment_cancelled"));
}

#[tokio::test]
async fn messages_are_planned_in_the_commit_of_the_change() {
    let salon = Salon::open().await;
    salon.switch_on().await;
    let booked = salon.booked(salon.booking("2026-03-05T15:00")).await;
    // Two minutes to settle; a day before.
    let (created, reminder) =
        ("created at 2026-03-02T09:02:00Z", "reminder at 2026-03-04T12:00:00Z");
    assert_eq!(salon.waiting_messages().await, [created, reminder]);
    let path = format!("/appointments/{}", id(&booked));
    salon.patch(&path, json!({ "version": 1, "start": "2026-03-06T15:00" })).await;
    assert_eq!(salon.waiting_messages().await[1], "reminder at 2026-03-05T12:00:00Z");
    salon.post(&format!("{path}/cancel"), json!({})).await;
    assert!(salon.waiting_messages().await.is_empty(), "created and cancelled is nothing");

    let mut silent = salon.booking("2026-03-05T15:00");
    silent["notify"] = json!("silent");
    salon.booked(silent).await;
    assert_eq!(salon.waiting_messages().await, [reminder]);
}
