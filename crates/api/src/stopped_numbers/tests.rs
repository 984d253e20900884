use crate::appointments::test_salon::{Salon, id};
use crate::test_phone::{NEW_APP, TestPhone};
use crate::test_server::wrong_fields;
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

const NUMBER: &str = "+79161234567";

async fn listed(salon: &Salon) -> Vec<String> {
    let (_, page, _) = salon.get("/stopped-numbers").await;
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["phone"].as_str().unwrap().to_owned()).collect()
}

async fn tasks(salon: &Salon) -> Vec<Value> {
    salon.get("/tasks").await.1["items"].as_array().unwrap().clone()
}

/// Status and reason of every message of the kind.
async fn books(salon: &Salon, kind: &str) -> Vec<String> {
    let (_, page, _) = salon.get(&format!("/messages?kind={kind}")).await;
    let line = |item: &Value| {
        let reason = item["reason"]["code"].as_str().unwrap_or("–");
        format!("{} {reason}", item["status"]["code"].as_str().unwrap())
    };
    page["items"].as_array().unwrap().iter().rev().map(line).collect()
}

#[tokio::test]
async fn stop_by_sms_ends_everything_and_start_sends_nothing_late() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    salon.switch_on().await;
    let booked = salon.booked(salon.booking("2026-03-05T15:00")).await;
    assert_eq!(salon.waiting_messages().await.len(), 2);

    phone.receive("8 916 123-45-67", " Стоп! ", 1).await;
    assert_eq!(salon.waiting_messages().await, [] as [&str; 0], "in the commit of the SMS");
    assert_eq!(listed(&salon).await, [NUMBER]);
    assert_eq!(books(&salon, "created").await, ["not_sent stopped"]);
    assert!(tasks(&salon).await.is_empty(), "it leaves nobody anything to do");
    let (_, card, _) = salon.get(&format!("/clients/{}", salon.client)).await;
    assert_eq!(card["stopped_since"], "2026-03-02T09:00:00Z", "{card}");
    let (_, explained, _) = salon.get(&format!("/appointments/{}/explain", id(&booked))).await;
    assert!(explained.to_string().contains("\"stopped\""), "{explained}");
    let (_, audit, _) = salon.get("/audit").await;
    assert_eq!(audit["items"][0]["action"], "number.stopped", "{audit}");
    assert_eq!(audit["items"][0]["actor"]["by"], "client");
    salon.server.advance(SignedDuration::from_mins(10));
    assert!(phone.pull().await.is_empty());
    // Nor is anything planned while it stands.
    salon.booked(salon.booking("2026-03-06T15:00")).await;
    assert_eq!(salon.waiting_messages().await, [] as [&str; 0]);

    salon.server.advance(SignedDuration::from_mins(10));
    phone.receive(NUMBER, "start", 2).await;
    assert!(listed(&salon).await.is_empty());
    // The reminders ahead come back; what was missed meanwhile does not.
    let waiting = salon.waiting_messages().await;
    assert_eq!(waiting, ["reminder at 2026-03-04T12:00:00Z", "reminder at 2026-03-05T12:00:00Z"]);
    let (_, card, _) = salon.get(&format!("/clients/{}", salon.client)).await;
    assert_eq!(card["stopped_since"], Value::Null);
}

#[tokio::test]
async fn a_doubled_stop_is_one_and_start_without_it_is_an_ordinary_word() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    phone.receive(NUMBER, "START", 1).await;
    assert_eq!(tasks(&salon).await.len(), 1, "nothing to undo: a person reads it");
    for (text, number) in [("STOP", 2), ("STOP", 2), ("стоп", 3)] {
        phone.receive(NUMBER, text, number).await;
    }
    assert_eq!(listed(&salon).await, [NUMBER]);
    assert_eq!(tasks(&salon).await.len(), 1);
    let (_, page, _) = salon.get("/incoming-messages").await;
    assert_eq!(page["items"].as_array().unwrap().len(), 3, "each SMS once: {page}");
    phone.receive("Megafon", "STOP", 4).await;
    assert_eq!(listed(&salon).await, [NUMBER], "a service has no number");
}

#[tokio::test]
async fn the_word_that_was_said_last_counts_whenever_it_arrives() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    let at = |minute: i64| salon.server.state.app.now() + SignedDuration::from_mins(minute);
    phone.receive(NUMBER, "STOP", 1).await;
    phone.receive_at(NUMBER, "STOP", 3, at(-5)).await;
    assert_eq!(listed(&salon).await, [NUMBER]);
    // START of ten minutes ago was held up on the way.
    phone.receive_at(NUMBER, "START", 2, at(-10)).await;
    assert_eq!(listed(&salon).await, [NUMBER], "the later STOP stands");
    phone.receive_at(NUMBER, "START", 4, at(1)).await;
    assert!(listed(&salon).await.is_empty());
    phone.receive_at(NUMBER, "STOP", 5, at(0)).await;
    assert!(listed(&salon).await.is_empty(), "the later START stands");
}

#[tokio::test]
async fn a_phone_whose_clock_is_far_ahead_stops_nobody_for_ever() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    let end_of_time = "9999-12-30T22:00:00.999999999Z".parse().unwrap();
    phone.receive_at(NUMBER, "STOP", 1, end_of_time).await;
    assert_eq!(listed(&salon).await, [NUMBER]);
    let (status, card, _) = salon.get(&format!("/clients/{}", salon.client)).await;
    assert_eq!(status, StatusCode::OK, "{card}");
    assert_eq!(card["stopped_since"], "2026-03-02T09:00:00Z");
    let (status, incoming, _) = salon.get("/incoming-messages").await;
    assert_eq!(status, StatusCode::OK, "{incoming}");
    salon.server.advance(SignedDuration::from_mins(1));
    phone.receive(NUMBER, "START", 2).await;
    assert!(listed(&salon).await.is_empty());
}

#[tokio::test]
async fn stop_holds_for_everybody_who_shares_the_number() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    salon.switch_on().await;
    // Another card with the number, one whose visit speaks to it, and one with nothing to do with it.
    let child = json!({ "name": "Дочь", "phone": NUMBER, "allow_duplicate": true });
    let child = id(&salon.server.create("/api/v1/clients", &salon.token, child).await);
    let other = json!({ "name": "Пётр", "phone": "+79035550102" });
    let other = id(&salon.server.create("/api/v1/clients", &salon.token, other).await);
    for (client, recipient, start) in [
        (&salon.client, None, "2026-03-05T10:00"),
        (&child, None, "2026-03-05T12:00"),
        (&other, Some(NUMBER), "2026-03-05T14:00"),
        (&other, None, "2026-03-06T16:00"),
    ] {
        let mut booking = salon.booking(start);
        booking["client_id"] = json!(client);
        booking["recipient_phone"] = json!(recipient);
        salon.booked(booking).await;
    }
    assert_eq!(salon.waiting_messages().await.len(), 8);
    phone.receive(NUMBER, "СТОП", 1).await;
    let waiting = salon.waiting_messages().await;
    assert_eq!(waiting.len(), 2, "only what goes to the other number: {waiting:?}");
    // A visit moved over to the stopped number falls silent too.
    let (_, list, _) = salon.get(&format!("/appointments?client_id={other}")).await;
    let last = list["items"].as_array().unwrap().last().unwrap();
    let edit = json!({ "version": last["version"], "recipient_phone": NUMBER });
    let (status, answer, _) = salon.patch(&format!("/appointments/{}", id(last)), edit).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(salon.waiting_messages().await, [] as [&str; 0]);
}

#[tokio::test]
async fn stop_calls_back_what_the_phone_has_not_sent() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    salon.switch_on().await;
    salon.booked(salon.booking("2026-03-05T15:00")).await;
    salon.server.advance(SignedDuration::from_mins(3));
    let message = phone.pull().await.remove(0);
    phone.receive(NUMBER, "stop", 1).await;
    let asked = phone.pull().await;
    assert_eq!((&asked[0]["id"], &asked[0]["state"]), (&message["id"], &json!("Cancelling")));
    phone.report(&message, "Cancelled").await;
    assert_eq!(books(&salon, "created").await, ["cancelled stopped"]);
    phone.receive(NUMBER, "start", 2).await;
    salon.server.advance(SignedDuration::from_mins(3));
    assert!(phone.pull().await.is_empty(), "nothing missed is sent after START");
}

#[tokio::test]
async fn the_front_desk_stops_and_lifts_with_a_line_in_the_audit() {
    let salon = Salon::open().await;
    salon.switch_on().await;
    salon.booked(salon.booking("2026-03-05T15:00")).await;
    let desk = salon.server.administrator(&salon.token).await;
    let stop = json!({ "phone": "8 (916) 123-45-67" });
    let (status, first, _) =
        salon.server.post("/api/v1/stopped-numbers", &desk, stop.clone()).await;
    assert_eq!(status, StatusCode::CREATED, "{first}");
    assert_eq!((&first["phone"], &first["by"]["by"]), (&json!(NUMBER), &json!("api_token")));
    assert_eq!(salon.waiting_messages().await, [] as [&str; 0]);
    let (status, again, _) = salon.server.post("/api/v1/stopped-numbers", &desk, stop).await;
    assert_eq!((status, again), (StatusCode::CREATED, first), "twice is as once");

    let path = "/api/v1/stopped-numbers/+79161234567";
    assert_eq!(salon.server.delete(path, &desk).await.0, StatusCode::NO_CONTENT);
    assert_eq!(salon.server.delete(path, &desk).await.0, StatusCode::NOT_FOUND, "lifted");
    assert_eq!(salon.waiting_messages().await.len(), 2, "nothing was missed meanwhile");
    for wrong in ["nonsense", "89161234567"] {
        let path = format!("/api/v1/stopped-numbers/{wrong}");
        assert_eq!(salon.server.delete(&path, &desk).await.0, StatusCode::NOT_FOUND);
    }
    for (phone, code) in [("12", "phone: phone_too_short"), (" ", "phone: required")] {
        let answer = salon.post("/stopped-numbers", json!({ "phone": phone })).await;
        assert_eq!(wrong_fields(&answer), [code]);
    }
    let (_, audit, _) = salon.get("/audit").await;
    let actions: Vec<&str> = audit["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["action"].as_str().unwrap())
        .filter(|action| action.starts_with("number."))
        .collect();
    assert_eq!(actions, ["number.started", "number.stopped"]);
}

#[tokio::test]
async fn pages_of_stopped_numbers_follow_one_another() {
    let salon = Salon::open().await;
    for last in 0..5 {
        let stop = json!({ "phone": format!("+7903555010{last}") });
        salon.server.create("/api/v1/stopped-numbers", &salon.token, stop).await;
    }
    let mut all = Vec::new();
    let mut query = "?limit=2".to_owned();
    loop {
        let (_, page, _) = salon.get(&format!("/stopped-numbers{query}")).await;
        all.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?limit=2&after={}", next.replace('+', "%2B"));
    }
    let phones: Vec<&str> = all.iter().map(|item| item["phone"].as_str().unwrap()).collect();
    assert_eq!(phones, listed(&salon).await);
    assert_eq!(phones.len(), 5);
}

#[tokio::test]
async fn what_a_client_writes_is_shown_on_the_visit_and_linked_to_the_task() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    phone.receive(NUMBER, "До записи", 1).await;
    salon.server.advance(SignedDuration::from_mins(1));
    salon.booked(salon.booking("2026-03-09T15:00")).await;
    let next = salon.booked(salon.booking("2026-03-05T15:00")).await;
    phone.receive(NUMBER, "Опоздаю на 10 минут", 2).await;
    phone.receive("+79035550199", "Кто это?", 3).await;

    let task = tasks(&salon).await.remove(0);
    assert_eq!(task["note"], "Опоздаю на 10 минут");
    assert_eq!(task["appointment_id"], next["id"], "the next visit: {task}");
    assert_eq!(task["visit_id"], next["visit_id"]);
    let (_, read, _) = salon.get(&format!("/appointments/{}", id(&next))).await;
    let written = read["incoming_messages"].as_array().unwrap();
    assert_eq!(written.len(), 1, "since it was booked: {read}");
    assert_eq!(written[0]["text"], "Опоздаю на 10 минут");
    assert_eq!(task["incoming_message_id"], written[0]["id"]);

    let query = format!("/incoming-messages?client_id={}&limit=1", salon.client);
    let (_, page, _) = salon.get(&query).await;
    assert_eq!(page["items"][0]["text"], "Опоздаю на 10 минут");
    let query = format!("{query}&before={}", page["next"].as_str().unwrap());
    let (_, page, _) = salon.get(&query).await;
    assert_eq!((&page["items"][0]["text"], &page["next"]), (&json!("До записи"), &Value::Null));

    // A number that stands only in the record finds its visit all the same.
    let mut booking = salon.booking("2026-03-05T18:00");
    booking["recipient_phone"] = json!("+79035550199");
    let booked = salon.booked(booking).await;
    phone.receive("+79035550199", "Приду с подругой", 4).await;
    let (_, read, _) = salon.get(&format!("/appointments/{}", id(&booked))).await;
    assert_eq!(read["incoming_messages"][0]["text"], "Приду с подругой", "{read}");
    assert_eq!(tasks(&salon).await[0]["appointment_id"], booked["id"]);
}

#[tokio::test]
async fn of_a_family_with_one_number_whoever_comes_next_is_meant() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    let daughter = json!({ "name": "Даша", "phone": NUMBER, "allow_duplicate": true });
    let daughter = id(&salon.server.create("/api/v1/clients", &salon.token, daughter).await);
    phone.receive(NUMBER, "Можно записаться?", 1).await;
    assert_eq!(tasks(&salon).await[0]["client_id"], json!(salon.client), "the first card");

    let mut booking = salon.booking("2026-03-05T15:00");
    booking["client_id"] = json!(daughter);
    let hers = salon.booked(booking).await;
    phone.receive(NUMBER, "Опоздаем", 2).await;
    let task = tasks(&salon).await.remove(0);
    assert_eq!((&task["client_id"], &task["appointment_id"]), (&json!(daughter), &hers["id"]));
    let (_, read, _) = salon.get(&format!("/appointments/{}", id(&hers))).await;
    assert_eq!(read["incoming_messages"][0]["text"], "Опоздаем", "{read}");

    let mothers = salon.booked(salon.booking("2026-03-04T15:00")).await;
    phone.receive(NUMBER, "А мама?", 3).await;
    assert_eq!(tasks(&salon).await[0]["appointment_id"], mothers["id"], "she comes first");
}
