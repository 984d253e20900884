//! The organization and the audit.

use super::{branch, id, stale_edit_is_refused};
use crate::test_server::{TestServer, wrong_fields};
use axum::http::StatusCode;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/organization";

#[tokio::test]
async fn the_owner_changes_the_organization() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let (_, before, _) = server.get(PATH, &owner).await;
    assert_eq!((&before["name"], &before["language"]), (&json!("Veronika"), &json!("ru")));
    let edit =
        json!({ "version": 1, "name": "  Стиль де Виль ", "language": "en", "country": "kz" });
    let (status, after, _) = server.patch(PATH, &owner, edit).await;
    assert_eq!(status, StatusCode::OK);
    for (field, value) in [
        ("name", json!("Стиль де Виль")),
        ("language", json!("en")),
        ("country", json!("KZ")),
        ("version", json!(2)),
    ] {
        assert_eq!(after[field], value);
    }
    assert_eq!(server.get(PATH, &owner).await.1, after);

    let (_, same, _) = server.patch(PATH, &owner, json!({ "version": 2, "country": "KZ" })).await;
    assert_eq!(same["version"], 2, "an edit that changes nothing makes no version");
    stale_edit_is_refused(&server, &owner, PATH, "name").await;

    let desk = server.administrator(&owner).await;
    assert_eq!(server.get(PATH, &desk).await.0, StatusCode::OK);
    let refused = server.patch(PATH, &desk, json!({ "version": 2, "name": "x" })).await;
    assert_eq!(refused.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let table: [(Value, &[&str]); 5] = [
        (
            json!({ "version": 1, "name": "", "country": "Россия" }),
            &["name: required", "country: country_unknown"],
        ),
        (json!({ "name": "Имя" }), &[": malformed"]),
        (json!({ "version": 1, "name": null }), &["name: malformed"]),
        (json!({ "version": 1, "language": "de" }), &["language: malformed"]),
        (json!({ "version": 1, "nmae": "Имя" }), &["nmae: malformed"]),
    ];
    for (body, expected) in table {
        let answer = server.patch(PATH, &owner, body.clone()).await;
        assert_eq!(wrong_fields(&answer), expected, "{body}");
    }
}

#[tokio::test]
async fn the_audit_says_who_changed_what_page_by_page() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let made = branch(&server, &owner).await;
    let path = format!("/api/v1/branches/{}", id(&made));
    for version in 1..=3 {
        let edit = json!({ "version": version, "address": format!("Дом {version}") });
        assert_eq!(server.patch(&path, &owner, edit).await.0, StatusCode::OK);
    }
    let (_, page, _) = server.get("/api/v1/audit?limit=2", &owner).await;
    let newest = &page["items"][0];
    assert_eq!(newest["action"], "branch.updated");
    assert_eq!(newest["subject"], made["id"]);
    assert_eq!(newest["actor"]["by"], "api_token");
    assert_eq!(newest["changes"], json!({ "address": { "from": "Дом 2", "to": "Дом 3" } }));

    let mut actions = Vec::new();
    let mut next = String::new();
    loop {
        let (status, page, _) = server.get(&format!("/api/v1/audit?limit=2{next}"), &owner).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        for entry in page["items"].as_array().unwrap() {
            actions.push(entry["action"].as_str().unwrap().to_owned());
        }
        match page["next"].as_str() {
            Some(before) => next = format!("&before={before}"),
            None => break,
        }
    }
    assert_eq!(
        actions,
        [
            "branch.updated",
            "branch.updated",
            "branch.updated",
            "branch.created",
            "api_token.created"
        ]
    );
    let answer = server.get("/api/v1/audit?before=brn_0000000000001", &owner).await;
    assert_eq!(wrong_fields(&answer), ["query: malformed"]);
}
