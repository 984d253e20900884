//! A branch takes another phone while messages are on their way: nothing goes twice.

use crate::appointments::test_salon::Salon;
use crate::test_phone::{NEW_APP, TestPhone, marked_text};
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::json;

async fn choose(salon: &Salon, phone: &TestPhone<'_>) {
    let path = format!("/branches/{}", salon.branch);
    let (_, branch, _) = salon.get(&path).await;
    let edit = json!({ "version": branch["version"], "sender_id": phone.sender });
    let (status, answer, _) = salon.patch(&path, edit).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
}

#[tokio::test]
async fn what_one_phone_has_fetched_no_other_one_gets() {
    let salon = Salon::open().await;
    let first = TestPhone::link(&salon, NEW_APP).await;
    let second = TestPhone::link(&salon, NEW_APP).await;
    choose(&salon, &first).await;
    salon.switch_on().await;
    salon.booked(salon.booking("2026-03-05T15:00")).await;
    salon.server.advance(SignedDuration::from_mins(3));
    let fetched = first.pull().await;
    assert_eq!(fetched.len(), 1);

    choose(&salon, &second).await;
    for minutes in [1, 28, 2, 60] {
        salon.server.advance(SignedDuration::from_mins(minutes));
        assert!(second.pull().await.is_empty(), "the first phone may have sent it");
    }
    // It had; its word comes late.
    first.report(&fetched[0], "Sent").await;
    first.report(&fetched[0], "Delivered").await;
    assert!(second.pull().await.is_empty());
    let (_, page, _) = salon.get("/messages?kind=created").await;
    assert_eq!(page["items"].as_array().unwrap().len(), 1, "{page}");
    assert_eq!(page["items"][0]["status"]["code"], "delivered", "{page}");
}

#[tokio::test]
async fn what_no_phone_has_fetched_takes_the_new_one_at_once() {
    let salon = Salon::open().await;
    let first = TestPhone::link(&salon, NEW_APP).await;
    let second = TestPhone::link(&salon, NEW_APP).await;
    choose(&salon, &first).await;
    salon.switch_on().await;
    salon.booked(salon.booking("2026-03-05T15:00")).await;
    salon.server.advance(SignedDuration::from_mins(3));
    first.node_turns().await;
    choose(&salon, &second).await;
    let sent = second.pull().await;
    assert_eq!(sent.len(), 1, "it left the lane of the first phone");
    assert!(marked_text(&sent[0]).starts_with("Вы записаны"), "{sent:?}");
    assert!(first.pull().await.is_empty());
}

#[tokio::test]
async fn what_a_phone_refused_is_tried_again_by_the_same_one() {
    let salon = Salon::open().await;
    let first = TestPhone::link(&salon, NEW_APP).await;
    let second = TestPhone::link(&salon, NEW_APP).await;
    choose(&salon, &first).await;
    salon.switch_on().await;
    salon.booked(salon.booking("2026-03-05T15:00")).await;
    salon.server.advance(SignedDuration::from_mins(3));
    let fetched = first.pull().await;
    choose(&salon, &second).await;
    // Called back or refused, the same message never stands in two lanes.
    first.report(&fetched[0], "Cancelled").await;
    salon.server.advance(SignedDuration::from_mins(1));
    let (of_second, of_first) = (second.pull().await, first.pull().await);
    assert!(of_second.len() + of_first.len() <= 1, "{of_second:?} {of_first:?}");
}
