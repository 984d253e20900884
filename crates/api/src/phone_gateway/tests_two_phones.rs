//! A branch takes another phone while messages are on their way: nothing goes twice.

use crate::appointments::test_salon::Salon;
use crate::test_phone::{NEW_APP, TestPhone, marked_text};
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};

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

/// The first phone has fetched a text when the branch takes the second.
async fn fetched_before_another_was_chosen(
    salon: &Salon,
) -> (TestPhone<'_>, TestPhone<'_>, Vec<Value>) {
    let first = TestPhone::link(salon, NEW_APP).await;
    let second = TestPhone::link(salon, NEW_APP).await;
    choose(salon, &first).await;
    salon.switch_on().await;
    salon.booked(salon.booking("2026-03-05T15:00")).await;
    salon.server.advance(SignedDuration::from_mins(3));
    let fetched = first.pull().await;
    choose(salon, &second).await;
    (first, second, fetched)
}

#[tokio::test]
async fn what_a_phone_refused_is_tried_again_by_the_same_one() {
    let salon = Salon::open().await;
    let (first, second, fetched) = fetched_before_another_was_chosen(&salon).await;
    // It surely did not leave: the only failure after which a text of two parts may go again.
    let number = fetched[0]["phoneNumbers"][0].clone();
    let failed = json!({ "phoneNumber": number, "state": "Failed", "error": "TTL expired" });
    let report = json!([{
        "id": fetched[0]["id"], "state": "Failed", "recipients": [failed], "states": {},
    }]);
    let (status, answer) = first.call(Method::PATCH, "/message", Some(report)).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{answer}");
    // Past the rest before another try.
    salon.server.advance(SignedDuration::from_mins(1));
    let (of_second, of_first) = (second.pull().await, first.pull().await);
    assert_eq!((of_first.len(), of_second.len()), (1, 0), "{of_first:?} {of_second:?}");
    assert_ne!(of_first[0]["id"], fetched[0]["id"], "another try, or the phone passes it over");
    assert_eq!(marked_text(&of_first[0]), marked_text(&fetched[0]));
}

#[tokio::test]
async fn what_a_phone_dropped_unasked_goes_no_more_and_says_so() {
    let salon = Salon::open().await;
    let (first, second, fetched) = fetched_before_another_was_chosen(&salon).await;
    first.report(&fetched[0], "Cancelled").await;
    salon.server.advance(SignedDuration::from_mins(1));
    let (of_second, of_first) = (second.pull().await, first.pull().await);
    assert_eq!((of_first.len(), of_second.len()), (0, 0), "{of_first:?} {of_second:?}");
    let (_, page, _) = salon.get("/messages?kind=created").await;
    assert_eq!(page["items"].as_array().unwrap().len(), 1, "{page}");
    assert_eq!(page["items"][0]["status"]["code"], "cancelled", "{page}");
}
