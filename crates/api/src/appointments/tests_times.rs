//! Times that do not exist, exist twice, or have passed.

use super::test_salon::{Salon, id};
use crate::test_server::{TestServer, wrong_fields};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// Clocks go forward on 29 March 2026 at 02:00 and back on 25 October 2026 at 03:00.
async fn berlin() -> Salon {
    Salon::open_on(TestServer::new().await, "Europe/Berlin").await
}

#[tokio::test]
async fn a_time_that_does_not_exist_is_refused_with_its_neighbours() {
    let salon = berlin().await;
    let answer = salon.book(salon.booking("2026-03-29T02:30")).await;
    assert_eq!(wrong_fields(&answer), ["start: time_does_not_exist"]);
    let detail = answer.1["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("2026-03-29 01:59") && detail.contains("2026-03-29 03:00"), "{detail}");

    let booked = salon.booked(salon.booking("2026-03-29T03:00")).await;
    assert_eq!(booked["starts_at"], "2026-03-29T01:00:00Z");
    let path = format!("/appointments/{}", id(&booked));
    let moved = salon.patch(&path, json!({ "version": 1, "start": "2026-03-29T02:00" })).await;
    assert_eq!(wrong_fields(&moved), ["start: time_does_not_exist"]);
}

#[tokio::test]
async fn a_time_that_exists_twice_is_the_first_unless_an_offset_is_given() {
    let salon = berlin().await;
    let first = salon.booked(salon.booking("2026-10-25T02:30")).await;
    assert_eq!(first["starts_at"], "2026-10-25T00:30:00Z");
    let mut second = salon.booking("2026-10-25T02:30:00+01:00");
    second["force"] = json!(true);
    let second = salon.booked(second).await;
    assert_eq!(second["starts_at"], "2026-10-25T01:30:00Z");
    assert_eq!(second["start_local"], first["start_local"]);

    // A note does not move it to the other one.
    let path = format!("/appointments/{}", id(&second));
    let (_, noted, _) = salon.patch(&path, json!({ "version": 1, "note": "второй час" })).await;
    assert_eq!(noted["starts_at"], "2026-10-25T01:30:00Z");
    let (_, moved, _) = salon
        .patch(&path, json!({ "version": 2, "start": "2026-10-25T02:30", "force": true }))
        .await;
    assert_eq!(moved["starts_at"], "2026-10-25T00:30:00Z");
}

#[tokio::test]
async fn a_day_of_25_hours_is_listed_whole() {
    let salon = berlin().await;
    for start in ["2026-10-25T00:00", "2026-10-25T23:45"] {
        salon.booked(salon.booking(start)).await;
    }
    let query = format!("branch_id={}&from=2026-10-25&to=2026-10-26", salon.branch);
    let (_, day, _) = salon.get(&format!("/appointments?{query}")).await;
    assert_eq!(day["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_instant_is_shown_by_the_branchs_clock() {
    let salon = Salon::open_on(TestServer::new().await, "Asia/Yekaterinburg").await;
    let booked = salon.booked(salon.booking("2026-12-25T15:00:30Z")).await;
    assert_eq!(booked["start_local"], "2026-12-25T20:00:30");
    assert_eq!(booked["zone"], "Asia/Yekaterinburg");
}

#[tokio::test]
async fn only_staff_book_in_the_past_and_it_sends_nothing() {
    let salon = Salon::open().await;
    salon.switch_on().await;
    // It is 12:00 now.
    for (start, allowed) in
        [("2026-03-02T11:59", false), ("2026-03-02T12:00", false), ("2026-03-02T12:01", true)]
    {
        let mut body = salon.booking(start);
        body["source"] = json!("client");
        let answer = salon.book(body).await;
        if allowed {
            assert_eq!(answer.0, StatusCode::CREATED, "{}", answer.1);
            assert_eq!(answer.1["source"], "client");
        } else {
            assert_eq!(wrong_fields(&answer), ["start: start_in_the_past"], "{start}");
        }
    }
    let before = salon.waiting_messages().await;
    assert_eq!(before, ["confirmation at 2026-03-02T09:00:00Z"]);
    for source in ["staff", "journal"] {
        let mut body = salon.booking("2026-02-20T15:00");
        body["source"] = json!(source);
        body["staff_id"] = Value::Null;
        salon.booked(body).await;
    }
    assert_eq!(salon.waiting_messages().await, before);
}
