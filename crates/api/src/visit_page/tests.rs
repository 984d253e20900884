use crate::appointments::test_salon::{Salon, id};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use jiff::SignedDuration;
use serde_json::{Value, json};
use vestnik_domain::task::VisitLink;
use vestnik_store::ChangeSet;

const TOKEN: &str = "visit0000001";
const START: &str = "2026-03-05T15:00";

/// A salon with one visit whose page stands at [`TOKEN`]; the appointment's id.
async fn salon_with_visit() -> (Salon, String) {
    let salon = Salon::open().await;
    let booked = salon.booked(salon.booking(START)).await;
    let app = &salon.server.state.app;
    let (_, organization, _) = salon.get("/organization").await;
    let mut change_set = ChangeSet::new();
    change_set.insert(&VisitLink {
        token: TOKEN.to_owned(),
        organization_id: organization["id"].as_str().unwrap().parse().unwrap(),
        client_id: booked["client_id"].as_str().unwrap().parse().unwrap(),
        visit_id: booked["visit_id"].as_str().unwrap().parse().unwrap(),
        created_at: app.now(),
    });
    app.store.commit(change_set).await.unwrap();
    (salon, id(&booked))
}

async fn page(salon: &Salon) -> (StatusCode, String) {
    let (status, body, headers) = salon.server.get(&format!("/v/{TOKEN}"), "").await;
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
    (status, body.as_str().unwrap_or_default().to_owned())
}

/// Presses a button; `form` is what stands in its fields.
async fn press(salon: &Salon, button: &str, form: &str) -> StatusCode {
    let request = Request::post(format!("/v/{TOKEN}/{button}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap();
    salon.server.send(request).await.0
}

async fn appointment(salon: &Salon, appointment: &str) -> Value {
    salon.get(&format!("/appointments/{appointment}")).await.1
}

async fn tasks(salon: &Salon) -> Vec<Value> {
    salon.get("/tasks").await.1["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_get_shows_the_visit_and_changes_nothing() {
    let (salon, booked) = salon_with_visit().await;
    let before = appointment(&salon, &booked).await;
    for _ in 0..3 {
        let (status, html) = page(&salon).await;
        assert_eq!(status, StatusCode::OK);
        assert!(html.contains("5 марта, четверг, 15:00"), "{html}");
        assert!(!html.contains("<script"), "works without JavaScript");
    }
    for button in ["confirm", "ask-to-move", "cancel"] {
        let (status, _, _) = salon.server.get(&format!("/v/{TOKEN}/{button}"), "").await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{button}");
    }
    assert_eq!(appointment(&salon, &booked).await, before);
}

#[tokio::test]
async fn the_client_confirms_once_however_often_pressed() {
    let (salon, booked) = salon_with_visit().await;
    for _ in 0..2 {
        assert_eq!(press(&salon, "confirm", "").await, StatusCode::SEE_OTHER);
    }
    let confirmed = appointment(&salon, &booked).await;
    assert_eq!(confirmed["status"], "confirmed");
    assert_eq!(confirmed["version"], 2, "the second press changed nothing");
    assert!(page(&salon).await.1.contains("Визит подтверждён"));
}

#[tokio::test]
async fn asking_to_move_leaves_one_task_and_the_visit_stands() {
    let (salon, booked) = salon_with_visit().await;
    for note in ["note=%D0%B2+%D0%BF%D1%8F%D1%82%D0%BD%D0%B8%D1%86%D1%83", "note=friday"] {
        assert_eq!(press(&salon, "ask-to-move", note).await, StatusCode::SEE_OTHER);
    }
    let open = tasks(&salon).await;
    assert_eq!(open.len(), 1, "{open:?}");
    assert_eq!(open[0]["kind"], "move_requested");
    assert_eq!(open[0]["note"], "friday", "the latest wish");
    assert_eq!(open[0]["appointment_id"], booked);
    assert_eq!(appointment(&salon, &booked).await["status"], "waiting");

    let done = salon.post(&format!("/tasks/{}/done", id(&open[0])), json!({})).await;
    assert_eq!(done.0, StatusCode::OK, "{}", done.1);
    assert!(tasks(&salon).await.is_empty());
}

#[tokio::test]
async fn a_cancelled_visit_has_no_page_any_more() {
    let (salon, booked) = salon_with_visit().await;
    assert_eq!(press(&salon, "cancel", "").await, StatusCode::OK);
    let cancelled = appointment(&salon, &booked).await;
    assert_eq!(
        (&cancelled["status"], &cancelled["cancelled_by"]),
        (&json!("cancelled"), &json!("client"))
    );
    assert_eq!(page(&salon).await.0, StatusCode::NOT_FOUND);
    assert_eq!(press(&salon, "confirm", "").await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_link_survives_a_move_and_dies_with_the_visit() {
    let (salon, booked) = salon_with_visit().await;
    let edit = json!({ "version": 1, "start": "2026-03-06T11:00" });
    let (status, answer, _) = salon.patch(&format!("/appointments/{booked}"), edit).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert!(page(&salon).await.1.contains("6 марта, пятница, 11:00"));
    salon.server.advance(SignedDuration::from_hours(24 * 10));
    assert_eq!(page(&salon).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_unknown_link_says_so_in_words() {
    let (salon, _) = salon_with_visit().await;
    let (status, body, _) = salon.server.get("/v/nothing", "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(body.as_str().unwrap().contains("Этой записи больше нет"));
}
