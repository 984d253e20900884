use crate::appointments::test_salon::{Salon, id};
use crate::test_server::wrong_fields;
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Thursday: «created» is due after it has settled, the reminder a day before.
const START: &str = "2026-03-05T15:00";

async fn items(salon: &Salon, query: &str) -> Vec<Value> {
    let (status, page, _) = salon.get(&format!("/messages{query}")).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    page["items"].as_array().unwrap().clone()
}

/// Kind and status of every message, in order of kind.
async fn statuses(salon: &Salon, query: &str) -> Vec<String> {
    let mut statuses: Vec<String> = items(salon, query)
        .await
        .iter()
        .map(|item| format!("{} {}", text(&item["kind"]), text(&item["status"]["title"])))
        .collect();
    statuses.sort();
    statuses
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The totals that are not 0, as `code count`.
async fn totals(salon: &Salon, query: &str) -> (Vec<String>, Value) {
    let (status, body, _) = salon.get(&format!("/messages/totals{query}")).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let list = body["totals"].as_array().unwrap();
    assert_eq!(list.len(), 7);
    let some = list.iter().filter(|total| total["count"] != 0);
    let words = some.map(|total| format!("{} {}", text(&total["status"]["code"]), total["count"]));
    (words.collect(), body)
}

async fn cancel(salon: &Salon, appointment: &str) {
    let path = format!("/appointments/{appointment}/cancel");
    let (status, answer, _) = salon.post(&path, json!({})).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
}

#[tokio::test]
async fn what_waits_is_planned_and_what_is_called_off_is_cancelled() {
    let salon = Salon::open().await;
    salon.switch_on().await;
    let appointment = id(&salon.booked(salon.booking(START)).await);
    assert_eq!(statuses(&salon, "").await, ["created Запланировано", "reminder Запланировано"]);
    assert_eq!(totals(&salon, "").await.0, ["planned 2"]);

    cancel(&salon, &appointment).await;
    assert_eq!(statuses(&salon, "").await, ["created Отменено", "reminder Отменено"]);
    let (words, body) = totals(&salon, "").await;
    assert_eq!(words, ["cancelled 2"]);
    assert_eq!((&body["count"], &body["complete"]), (&json!(2), &json!(true)));
    for item in items(&salon, "?status=cancelled").await {
        assert!(!text(&item["reason"]["title"]).is_empty(), "{item}");
        assert!(!text(&item["reason"]["title"]).contains("не знает"), "{item}");
        let (_, timeline, _) = salon.get(&format!("/messages/{}", id(&item))).await;
        // Called off before its time, it never fell due.
        assert_eq!(codes(&timeline), ["planned", "cancelled"], "{timeline}");
    }
    assert!(items(&salon, "?status=planned").await.is_empty());
}

#[tokio::test]
async fn what_could_not_leave_in_time_says_why() {
    let salon = Salon::open().await;
    salon.switch_on().await;
    salon.booked(salon.booking(START)).await;
    let app = &salon.server.state.app;
    salon.server.advance(SignedDuration::from_mins(3));
    vestnik_app::sending::route::run_once(app).await.unwrap();
    assert_eq!(statuses(&salon, "?kind=created").await, ["created В обработке"]);

    salon.server.advance(SignedDuration::from_hours(24 * 4));
    vestnik_app::sending::sweep::run_once(app).await.unwrap();
    let item = items(&salon, "?kind=created&status=not_sent").await.remove(0);
    assert_eq!(item["status"]["title"], "Не отправлено");
    assert_eq!(item["reason"]["code"], "no_sender");
    assert_eq!(item["reason"]["title"], "в организации нет ни одного отправителя");
}

#[tokio::test]
async fn any_part_of_the_number_finds_its_messages() {
    let salon = Salon::open().await;
    salon.switch_on().await;
    salon.booked(salon.booking(START)).await;
    for part in ["8916", "7916", "916", "45-67", "8%20916%20123", "%2B79161234567", "89161234567"] {
        assert_eq!(items(&salon, &format!("?phone={part}")).await.len(), 2, "{part}");
        assert_eq!(totals(&salon, &format!("?phone={part}")).await.0, ["planned 2"], "{part}");
    }
    assert!(items(&salon, "?phone=8917").await.is_empty());
    for part in ["5", "Анна"] {
        let part = part.replace("Анна", "%D0%90%D0%BD%D0%BD%D0%B0");
        let answer = salon.get(&format!("/messages?phone={part}")).await;
        assert_eq!(wrong_fields(&answer), ["phone: phone_part_too_short"]);
    }
}

#[tokio::test]
async fn filters_narrow_and_say_what_is_wrong_with_them() {
    let salon = Salon::open().await;
    salon.switch_on().await;
    salon.booked(salon.booking(START)).await;
    let other = json!({ "name": "Юг", "zone": "Europe/Moscow" });
    let other = id(&salon.server.create("/api/v1/branches", &salon.token, other).await);
    let found = async |query: String| items(&salon, &query).await.len();
    assert_eq!(found("?kind=reminder".into()).await, 1);
    assert_eq!(found(format!("?branch_id={}", salon.branch)).await, 2);
    assert_eq!(found(format!("?branch_id={other}")).await, 0);
    assert_eq!(found(format!("?client_id={}", salon.client)).await, 2);
    assert_eq!(found("?from=2026-03-03T00:00:00Z".into()).await, 1);
    assert_eq!(found("?to=2026-03-03T00:00:00Z".into()).await, 1);
    // What still waits for its time goes over no channel yet.
    assert_eq!(found("?channel=android_phone".into()).await, 0);

    let answer = salon.get("/messages?from=today&kind=x&channel=y&status=z").await;
    let wrong = ["from: malformed", "kind: malformed", "channel: malformed", "status: malformed"];
    assert_eq!(wrong_fields(&answer), wrong);
    let query = "?from=2026-03-03T00:00:00Z&to=2026-03-02T00:00:00Z";
    let answer = salon.get(&format!("/messages/totals{query}")).await;
    assert_eq!(wrong_fields(&answer), ["to: before_from"]);
}

#[tokio::test]
async fn pages_follow_one_another_without_gap_or_double() {
    let salon = Salon::open().await;
    salon.switch_on().await;
    for hour in 10..13 {
        salon.booked(salon.booking(&format!("2026-03-0{}T15:00", hour - 5))).await;
    }
    let all: Vec<String> = items(&salon, "").await.iter().map(id).collect();
    assert!(all.len() >= 5, "{all:?}");
    assert!(all.is_sorted_by(|one, next| one > next), "newest first: {all:?}");
    let mut paged = Vec::new();
    let mut query = "?limit=2".to_owned();
    loop {
        let (_, page, _) = salon.get(&format!("/messages{query}")).await;
        paged.extend(page["items"].as_array().unwrap().iter().map(id));
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?limit=2&before={next}");
    }
    assert_eq!(paged, all);
}

/// The codes of the steps, in order.
fn codes(timeline: &Value) -> Vec<String> {
    timeline["steps"].as_array().unwrap().iter().map(|step| text(&step["code"])).collect()
}

/// A phone of the salon that has registered: the id of its sender and its device token.
async fn link_phone(salon: &Salon) -> (String, String) {
    let wanted = json!({ "name": "Телефон на стойке" });
    let sender = salon.server.create("/api/v1/senders", &salon.token, wanted).await;
    let body = json!({ "name": "Google/Pixel", "simCards": [] });
    let link_token = text(&sender["link_token"]);
    let (status, registered, _) =
        salon.server.post("/api/mobile/v1/device", &link_token, body).await;
    assert_eq!(status, StatusCode::CREATED, "{registered}");
    (id(&sender), text(&registered["token"]))
}

async fn report(salon: &Salon, device: &str, message: &Value, state: &str, error: Option<&str>) {
    let mut recipient = json!({ "phoneNumber": message["phoneNumbers"][0], "state": state });
    if let Some(error) = error {
        recipient["error"] = json!(error);
    }
    let body = json!([{
        "id": message["id"], "state": state, "recipients": [recipient], "states": {},
    }]);
    let (status, answer, _) = salon.server.patch("/api/mobile/v1/message", device, body).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{answer}");
}

/// Books, lets «created» fall due, and gives what the phone is told to send.
async fn sent_to_phone(salon: &Salon, device: &str) -> Value {
    salon.switch_on().await;
    salon.booked(salon.booking(START)).await;
    salon.server.advance(SignedDuration::from_mins(3));
    vestnik_app::sending::route::run_once(&salon.server.state.app).await.unwrap();
    let (status, list, _) = salon.server.get("/api/mobile/v1/message", device).await;
    assert_eq!(status, StatusCode::OK, "{list}");
    assert_eq!(list.as_array().unwrap().len(), 1, "{list}");
    list[0].clone()
}

#[tokio::test]
async fn a_message_goes_over_a_phone_and_every_step_is_told() {
    let salon = Salon::open().await;
    let (sender, device) = link_phone(&salon).await;
    let message = sent_to_phone(&salon, &device).await;
    assert_eq!(statuses(&salon, "?kind=created").await, ["created В обработке"]);

    for (state, status) in [
        ("Pending", "В обработке"),
        ("Processed", "В обработке"),
        ("Sent", "В ожидании"),
        ("Delivered", "Доставлено"),
    ] {
        salon.server.advance(SignedDuration::from_secs(2));
        report(&salon, &device, &message, state, None).await;
        let expected = format!("created {status}");
        assert_eq!(statuses(&salon, "?kind=created").await, [expected], "{state}");
    }
    assert_eq!(totals(&salon, "").await.0, ["delivered 1", "planned 1"]);
    assert_eq!(totals(&salon, "?channel=android_phone").await.0, ["delivered 1"]);

    let item = items(&salon, "?status=delivered").await.remove(0);
    assert_eq!(item["sender_id"], sender);
    assert_eq!(item["text"], message["textMessage"]["text"]);
    let (status, timeline, _) = salon.get(&format!("/messages/{}", id(&item))).await;
    assert_eq!(status, StatusCode::OK, "{timeline}");
    let steps = [
        "planned",
        "due",
        "intended",
        "fetched",
        "acknowledged",
        "on_radio",
        "submitted",
        "delivered",
    ];
    assert_eq!(codes(&timeline), steps, "{timeline}");
    assert_eq!(timeline["steps"][7]["title"], "Доставлено");
    assert_eq!(timeline["deliveries"][0]["sender_name"], "Телефон на стойке");
    assert_eq!(timeline["deliveries"][0]["text"], message["textMessage"]["text"]);
    assert!(timeline["deliveries"][0]["parts"].as_i64().unwrap() >= 1);
}

/// The days of the chart, as `day channel state count`.
async fn days(salon: &Salon, query: &str) -> Vec<String> {
    let path = format!("/messages/daily?from=2026-03-01&to=2026-03-31{query}");
    let (status, body, _) = salon.get(&path).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let mut words = Vec::new();
    for day in body["days"].as_array().unwrap() {
        let states = ["submitted", "unknown", "undelivered", "delivered", "read"];
        let some: Vec<&str> = states.into_iter().filter(|state| day[*state] != 0).collect();
        let sum: i64 = states.iter().map(|state| day[*state].as_i64().unwrap()).sum();
        assert_eq!(day["count"], sum, "{day}");
        for state in some {
            words.push(format!(
                "{} {} {state} {}",
                text(&day["day"]),
                text(&day["channel"]),
                day[state]
            ));
        }
    }
    words
}

#[tokio::test]
async fn a_try_counts_on_its_day_under_what_it_has_come_to() {
    let salon = Salon::open().await;
    let (_, device) = link_phone(&salon).await;
    let message = sent_to_phone(&salon, &device).await;
    assert!(days(&salon, "").await.is_empty(), "nobody has said anything of it");
    report(&salon, &device, &message, "Sent", None).await;
    assert_eq!(days(&salon, "").await, ["2026-03-02 android_phone submitted 1"]);

    // The word comes on another day, and twice.
    salon.server.advance(SignedDuration::from_hours(20));
    for _ in 0..2 {
        report(&salon, &device, &message, "Delivered", None).await;
        assert_eq!(days(&salon, "").await, ["2026-03-02 android_phone delivered 1"]);
    }
    let of_branch = format!("&branch_id={}&kind=created&channel=android_phone", salon.branch);
    assert_eq!(days(&salon, &of_branch).await, ["2026-03-02 android_phone delivered 1"]);
    let other = json!({ "name": "Юг", "zone": "Europe/Moscow" });
    let other = id(&salon.server.create("/api/v1/branches", &salon.token, other).await);
    for none in [format!("&branch_id={other}"), "&kind=reminder".into(), "&channel=log".into()] {
        assert!(days(&salon, &none).await.is_empty(), "{none}");
    }
}

#[tokio::test]
async fn a_period_of_days_says_what_is_wrong_with_it() {
    let salon = Salon::open().await;
    for (query, wrong) in [
        ("", vec!["from: required", "to: required"]),
        ("?from=1.03.2026&to=2026-03-31&kind=x", vec!["from: malformed", "kind: malformed"]),
        ("?from=2026-03-02&to=2026-03-01", vec!["to: before_from"]),
        ("?from=2026-01-01&to=2027-01-03", vec!["to: period_too_long"]),
    ] {
        let answer = salon.get(&format!("/messages/daily{query}")).await;
        assert_eq!(wrong_fields(&answer), wrong, "{query}");
    }
    assert!(days(&salon, "").await.is_empty());
}

#[tokio::test]
async fn a_failure_carries_its_code_with_plain_words() {
    let salon = Salon::open().await;
    let (_, device) = link_phone(&salon).await;
    let message = sent_to_phone(&salon, &device).await;
    report(&salon, &device, &message, "Processed", None).await;
    let error = "Send result: RESULT_ERROR_GENERIC_FAILURE (Generic failure cause)";
    report(&salon, &device, &message, "Failed", Some(error)).await;
    let item = items(&salon, "?kind=created").await.remove(0);
    assert_eq!(item["status"]["title"], "Не доставлено", "{item}");
    assert_eq!(item["reason"]["code"], "phone_generic_failure");
    assert!(text(&item["reason"]["title"]).contains("оператор"), "{item}");
    assert!(text(&item["reason"]["remedy"]).contains("баланс"), "{item}");
    let (_, timeline, _) = salon.get(&format!("/messages/{}", id(&item))).await;
    let last = timeline["steps"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["code"], "undelivered");
    assert_eq!(last["reason"]["code"], "phone_generic_failure");
}

/// What a pull brings now: the ids.
async fn pulled(salon: &Salon, device: &str) -> Vec<Value> {
    let (status, list, _) = salon.server.get("/api/mobile/v1/message", device).await;
    assert_eq!(status, StatusCode::OK, "{list}");
    list.as_array().unwrap().clone()
}

#[tokio::test]
async fn a_phone_that_refuses_is_asked_again_after_a_rest_and_not_for_ever() {
    let salon = Salon::open().await;
    let (_, device) = link_phone(&salon).await;
    let mut message = sent_to_phone(&salon, &device).await;
    let mut ids = vec![text(&message["id"])];
    for _ in 1..5 {
        report(&salon, &device, &message, "Failed", Some("TTL expired")).await;
        assert_eq!(pulled(&salon, &device).await, [] as [Value; 0], "it rests first");
        salon.server.advance(SignedDuration::from_mins(11));
        vestnik_app::sending::route::run_once(&salon.server.state.app).await.unwrap();
        let list = pulled(&salon, &device).await;
        assert_eq!(list.len(), 1, "tried anew: {list:?}");
        message = list[0].clone();
        // A phone never sends one id twice, so each try has its own.
        assert!(!ids.contains(&text(&message["id"])));
        ids.push(text(&message["id"]));
    }
    report(&salon, &device, &message, "Failed", Some("TTL expired")).await;
    salon.server.advance(SignedDuration::from_mins(11));
    vestnik_app::sending::route::run_once(&salon.server.state.app).await.unwrap();
    assert_eq!(pulled(&salon, &device).await, [] as [Value; 0]);
    assert_eq!(statuses(&salon, "?kind=created").await, ["created Не отправлено"]);
}

#[tokio::test]
async fn what_a_reinstalled_phone_had_fetched_is_unknown_and_never_given_again() {
    let salon = Salon::open().await;
    let wanted = json!({ "name": "Телефон на стойке" });
    let sender = salon.server.create("/api/v1/senders", &salon.token, wanted).await;
    let link_token = text(&sender["link_token"]);
    let body = json!({ "name": "Google/Pixel", "simCards": [] });
    let (_, first, _) = salon.server.post("/api/mobile/v1/device", &link_token, body.clone()).await;
    sent_to_phone(&salon, &text(&first["token"])).await;

    let (status, second, _) = salon.server.post("/api/mobile/v1/device", &link_token, body).await;
    assert_eq!(status, StatusCode::CREATED, "{second}");
    assert_eq!(second["id"], first["id"], "the same slot");
    assert_eq!(pulled(&salon, &text(&second["token"])).await, [] as [Value; 0]);
    assert_eq!(statuses(&salon, "?kind=created").await, ["created Исход неизвестен"]);
    let (status, _, _) = salon.server.get("/api/mobile/v1/message", &text(&first["token"])).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "the old token has ended");
}

#[tokio::test]
async fn explain_and_forecast_show_the_words_that_then_go() {
    let salon = Salon::open().await;
    let (_, device) = link_phone(&salon).await;
    salon.switch_on().await;
    let booked = salon.booked(salon.booking(START)).await;
    let (_, explained, _) = salon.get(&format!("/appointments/{}/explain", id(&booked))).await;
    let created = explained["planned"]
        .as_array()
        .unwrap()
        .iter()
        .find(|planned| planned["kind"] == "created")
        .unwrap()
        .clone();
    let (_, forecast, _) = salon.get("/forecast").await;
    assert!(forecast.to_string().contains(created["text"].as_str().unwrap()), "{forecast}");
    salon.server.advance(SignedDuration::from_mins(3));
    vestnik_app::sending::route::run_once(&salon.server.state.app).await.unwrap();
    let sent = pulled(&salon, &device).await;
    assert_eq!(sent[0]["textMessage"]["text"], created["text"]);
}

#[tokio::test]
async fn an_edit_after_a_message_went_out_needs_only_the_version_that_people_saw() {
    let salon = Salon::open().await;
    let (_, device) = link_phone(&salon).await;
    salon.switch_on().await;
    let booked = salon.booked(salon.booking(START)).await;
    salon.server.advance(SignedDuration::from_mins(3));
    vestnik_app::sending::route::run_once(&salon.server.state.app).await.unwrap();
    assert_eq!(pulled(&salon, &device).await.len(), 1);
    let path = format!("/api/v1/appointments/{}", id(&booked));
    let edit = json!({ "version": booked["version"], "note": "у окна" });
    let (status, answer, _) = salon.server.patch(&path, &salon.token, edit).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
}

#[tokio::test]
async fn unknown_messages_are_not_found() {
    let salon = Salon::open().await;
    for wrong in ["msg_0000000000001", "nonsense", "apt_0000000000001"] {
        let (status, _, _) = salon.get(&format!("/messages/{wrong}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{wrong}");
    }
    let (status, page, _) = salon.get("/incoming-messages").await;
    assert_eq!((status, page), (StatusCode::OK, json!({ "items": [], "next": null })));
}

/// Registers a phone with this `Authorization`.
async fn register(salon: &Salon, authorization: &str) -> (StatusCode, Value) {
    let request = axum::http::Request::post("/api/mobile/v1/device")
        .header("authorization", authorization)
        .body(axum::body::Body::from(json!({ "name": "Pixel", "simCards": [] }).to_string()))
        .unwrap();
    let (status, answer, _) = salon.server.send(request).await;
    (status, answer)
}

#[tokio::test]
async fn a_code_links_a_phone_once_and_the_old_registration_ends() {
    let salon = Salon::open().await;
    let (sender, device) = link_phone(&salon).await;
    let path = format!("/senders/{sender}/link-code");
    let (status, code, _) = salon.post(&path, json!({})).await;
    assert_eq!(status, StatusCode::CREATED, "{code}");
    // People type it in whatever case.
    let credential = format!("Code {}", text(&code["secret"]).to_uppercase());
    let (status, registered) = register(&salon, &credential).await;
    assert_eq!(status, StatusCode::CREATED, "{registered}");
    assert_eq!(registered["id"], sender, "the same slot");
    assert!(registered["login"].is_string() && registered["password"].is_string());
    assert_eq!(register(&salon, &credential).await.0, StatusCode::UNAUTHORIZED, "used once");

    let update = json!({ "id": sender });
    let old = salon.server.patch("/api/mobile/v1/device", &device, update.clone()).await;
    assert_eq!(old.0, StatusCode::UNAUTHORIZED, "makes the app register anew");
    let new = text(&registered["token"]);
    let new = salon.server.patch("/api/mobile/v1/device", &new, update).await;
    assert_eq!(new.0, StatusCode::NO_CONTENT);

    let (_, late, _) = salon.post(&path, json!({})).await;
    salon.server.advance(SignedDuration::from_mins(16));
    let late = format!("Code {}", text(&late["secret"]));
    assert_eq!(register(&salon, &late).await.0, StatusCode::UNAUTHORIZED, "15 minutes");
    // `nobody:nothing`, and no credential at all.
    for wrong in ["Basic bm9ib2R5Om5vdGhpbmc=", "Bearer wrong", "Code wrong", ""] {
        assert_eq!(register(&salon, wrong).await.0, StatusCode::UNAUTHORIZED, "{wrong}");
    }
}
