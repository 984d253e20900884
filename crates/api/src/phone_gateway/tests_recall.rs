//! Calling back what a phone has fetched and not sent.

use crate::appointments::test_salon::{Salon, id};
use crate::test_phone::{NEW_APP, TestPhone};
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

const FIRST: &str = "2026-03-05T15:00";
const CREATED: &str = "Вы записаны 05.03.26 в 15:00";

/// Booked, and «created» is with the phone.
async fn fetched(phone: &TestPhone<'_>) -> (Value, Value) {
    phone.salon.switch_on().await;
    let booked = phone.salon.booked(phone.salon.booking(FIRST)).await;
    phone.salon.server.advance(SignedDuration::from_mins(3));
    let list = phone.pull().await;
    assert!(text(&list[0]).starts_with(CREATED), "{list:?}");
    (booked, list[0].clone())
}

fn text(message: &Value) -> String {
    crate::test_phone::marked_text(message)
}

async fn move_to(salon: &Salon, appointment: &Value, start: &str) -> Value {
    let path = format!("/appointments/{}", id(appointment));
    let (_, now, _) = salon.get(&path).await;
    let edit = json!({ "version": now["version"], "start": start });
    let (status, answer, _) = salon.patch(&path, edit).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

async fn cancel(salon: &Salon, appointment: &Value) {
    let path = format!("/appointments/{}/cancel", id(appointment));
    let (status, answer, _) = salon.post(&path, json!({})).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
}

/// Kind, status and reason of every message of this kind, oldest first.
async fn books(salon: &Salon, kind: &str) -> Vec<String> {
    let (_, page, _) = salon.get(&format!("/messages?kind={kind}")).await;
    let line = |item: &Value| {
        let reason = item["reason"]["code"].as_str().unwrap_or("–");
        format!("{} {reason}", item["status"]["code"].as_str().unwrap())
    };
    page["items"].as_array().unwrap().iter().rev().map(line).collect()
}

#[tokio::test]
async fn a_cancelled_visit_is_called_back_and_never_spoken_of() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    let (booked, message) = fetched(&phone).await;
    // The phone has said that it has it: from then on it is listed only to be dropped.
    phone.report(&message, "Pending").await;
    assert_eq!(phone.pull_texts().await, [] as [&str; 0]);

    cancel(&salon, &booked).await;
    salon.server.advance(SignedDuration::from_mins(3));
    for _ in 0..2 {
        // Asked until it answers; «cancelled» waits for the answer.
        let list = phone.pull().await;
        assert_eq!(list.len(), 1, "{list:?}");
        assert_eq!((&list[0]["id"], &list[0]["state"]), (&message["id"], &json!("Cancelling")));
    }
    phone.report(&message, "Cancelled").await;
    assert_eq!(
        phone.pull_texts().await,
        [] as [&str; 0],
        "nothing was told, nothing is taken back"
    );
    assert_eq!(books(&salon, "created").await, ["cancelled visit_cancelled"]);
    assert_eq!(books(&salon, "cancelled").await, ["cancelled cancelled_before_told"]);

    let (_, page, _) = salon.get("/messages?kind=created").await;
    let (_, timeline, _) = salon.get(&format!("/messages/{}", id(&page["items"][0]))).await;
    let codes: Vec<&str> = timeline["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["code"].as_str().unwrap())
        .collect();
    assert!(codes.contains(&"recall_asked") && codes.contains(&"cancelled"), "{codes:?}");
    // The parts are given back: the day's count is as before.
    let (_, sender, _) = salon.get(&format!("/senders/{}", phone.sender)).await;
    assert_eq!(sender["used_today_parts"], 0, "{sender}");
}

#[tokio::test]
async fn a_moved_visit_is_announced_once_with_the_new_time() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    let (booked, message) = fetched(&phone).await;
    move_to(&salon, &booked, "2026-03-06T18:00").await;
    salon.server.advance(SignedDuration::from_mins(5));
    assert_eq!(phone.pull_texts().await, [format!("✗ {}", text(&message))]);
    // Doubled and late words change nothing.
    phone.report(&message, "Cancelled").await;
    phone.report(&message, "Cancelled").await;
    phone.report(&message, "Pending").await;
    let list = phone.pull().await;
    assert_eq!(list.len(), 1, "{list:?}");
    assert!(text(&list[0]).starts_with("Вы записаны 06.03.26 в 18:00"), "{list:?}");
    for state in ["Processed", "Sent", "Delivered"] {
        phone.report(&list[0], state).await;
    }
    salon.server.advance(SignedDuration::from_mins(60));
    assert_eq!(phone.pull_texts().await, [] as [&str; 0]);
    assert_eq!(books(&salon, "created").await, ["cancelled replaced", "delivered –"]);
}

#[tokio::test]
async fn what_was_sent_anyway_stands_as_told_and_the_change_follows() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    let (booked, message) = fetched(&phone).await;
    move_to(&salon, &booked, "2026-03-06T18:00").await;
    salon.server.advance(SignedDuration::from_mins(5));
    assert_eq!(phone.pull_texts().await, [format!("✗ {}", text(&message))]);
    // Its radio had it before the asking arrived.
    phone.report(&message, "Processed").await;
    let list = phone.pull_texts().await;
    assert_eq!(list.len(), 1, "{list:?}");
    assert!(list[0].starts_with("Ваша запись перенесена с 05.03.26 15:00"), "{list:?}");
    phone.report(&message, "Delivered").await;
    assert_eq!(books(&salon, "created").await, ["delivered –"]);
}

#[tokio::test]
async fn an_edit_undone_sends_it_once_more() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    let (booked, message) = fetched(&phone).await;
    let moved = move_to(&salon, &booked, "2026-03-06T18:00").await;
    assert_eq!(phone.pull_texts().await, [format!("✗ {}", text(&message))]);
    move_to(&salon, &moved, FIRST).await;
    // Once asked, the phone is asked until it answers: it may have dropped it already.
    assert_eq!(phone.pull_texts().await, [format!("✗ {}", text(&message))]);
    phone.report(&message, "Cancelled").await;
    let list = phone.pull().await;
    assert_eq!(list.len(), 1, "{list:?}");
    assert!(text(&list[0]).starts_with(CREATED), "{list:?}");
    assert_ne!(list[0]["id"], message["id"], "a phone never sends one id twice");
    salon.server.advance(SignedDuration::from_mins(10));
    assert_eq!(phone.pull().await.len(), 1, "nothing else");
}

#[tokio::test]
async fn a_switch_turned_off_calls_back() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    let (_, message) = fetched(&phone).await;
    let edit = json!({ "version": 1, "switches": { "all_off": true } });
    let (status, answer, _) = salon.patch(&format!("/clients/{}", salon.client), edit).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(phone.pull_texts().await, [format!("✗ {}", text(&message))]);
    phone.report(&message, "Cancelled").await;
    assert_eq!(phone.pull_texts().await, [] as [&str; 0]);
    assert_eq!(books(&salon, "created").await, ["cancelled client_off"]);
}

#[tokio::test]
async fn an_old_app_is_not_asked_and_gets_no_more_than_it_has() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, "1.60.0").await;
    let (booked, message) = fetched(&phone).await;
    move_to(&salon, &booked, "2026-03-06T18:00").await;
    salon.server.advance(SignedDuration::from_mins(5));
    // It would read «Cancelling» as «send it»; and nobody waits for an answer that cannot come.
    let list = phone.pull_texts().await;
    assert_eq!(list.len(), 1, "{list:?}");
    assert!(list[0].starts_with("Ваша запись перенесена"), "{list:?}");
    phone.report(&message, "Sent").await;
    assert_eq!(books(&salon, "created").await, ["waiting –"]);
}

#[tokio::test]
async fn a_phone_that_never_answers_leaves_it_unknown_and_what_follows_goes() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    let (booked, message) = fetched(&phone).await;
    move_to(&salon, &booked, "2026-03-06T18:00").await;
    salon.server.advance(SignedDuration::from_mins(5));
    assert_eq!(phone.pull_texts().await, [format!("✗ {}", text(&message))]);
    salon.server.advance(SignedDuration::from_mins(33));
    let list = phone.pull_texts().await;
    assert_eq!(list.len(), 1, "{list:?}");
    assert!(list[0].starts_with("Ваша запись перенесена"), "{list:?}");
    assert_eq!(books(&salon, "created").await[0].split(' ').next(), Some("unknown"));
}
