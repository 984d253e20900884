//! Services.

use super::{archive_and_restore, id, service, stale_edit_is_refused};
use crate::test_server::{TestServer, wrong_fields};
use axum::http::StatusCode;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/services";

#[tokio::test]
async fn a_service_is_made_read_and_changed() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let made = service(&server, &owner, "Стрижка").await;
    assert_eq!((&made["buffer_min"], &made["price_kopecks"]), (&json!(0), &json!(0)));
    let path = format!("{PATH}/{}", id(&made));
    let edit =
        json!({ "version": 1, "duration_min": 90, "buffer_min": 15, "price_kopecks": 250_000 });
    let (status, after, _) = server.patch(&path, &owner, edit).await;
    assert_eq!(status, StatusCode::OK);
    for (field, value) in [
        ("title", json!("Стрижка")),
        ("duration_min", json!(90)),
        ("buffer_min", json!(15)),
        ("price_kopecks", json!(250_000)),
    ] {
        assert_eq!(after[field], value);
    }
    stale_edit_is_refused(&server, &owner, &path, "title").await;
    archive_and_restore(&server, &owner, PATH, id(&made)).await;
    let desk = server.administrator(&owner).await;
    let body = json!({ "title": "Укладка", "duration_min": 30 });
    assert_eq!(server.post(PATH, &desk, body).await.0, StatusCode::FORBIDDEN);
    assert_eq!(server.get(&path, &desk).await.0, StatusCode::OK);
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let table: [(Value, &[&str]); 5] = [
        (
            json!({ "title": "", "duration_min": 4, "buffer_min": -1, "price_kopecks": 10_000_000_001_i64 }),
            &[
                "title: required",
                "duration_min: out_of_range",
                "buffer_min: out_of_range",
                "price_kopecks: out_of_range",
            ],
        ),
        (
            json!({ "title": "я".repeat(201), "duration_min": 1441, "buffer_min": 241, "price_kopecks": -1 }),
            &[
                "title: too_long",
                "duration_min: out_of_range",
                "buffer_min: out_of_range",
                "price_kopecks: out_of_range",
            ],
        ),
        (json!({ "title": "Стрижка", "duration_min": "час" }), &["duration_min: malformed"]),
        (json!({ "title": "Стрижка", "duration_min": 60.5 }), &["duration_min: malformed"]),
        (json!({ "title": "Стрижка", "duration_min": 60, "price": 100 }), &["price: malformed"]),
    ];
    for (body, expected) in table {
        let answer = server.post(PATH, &owner, body.clone()).await;
        assert_eq!(wrong_fields(&answer), expected, "{body}");
    }
    for edge in [
        json!({ "title": "a", "duration_min": 5, "buffer_min": 240, "price_kopecks": 10_000_000_000_i64 }),
        json!({ "title": "b", "duration_min": 1440 }),
    ] {
        server.create(PATH, &owner, edge).await;
    }
}
