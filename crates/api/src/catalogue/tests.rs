//! What the salon sets up and its clients, through HTTP as programs call it.

mod branches;
mod clients;
mod organization;
mod services;
mod staff;

use crate::test_server::TestServer;
use axum::http::StatusCode;
use serde_json::{Value, json};

fn id(thing: &Value) -> &str {
    thing["id"].as_str().unwrap()
}

/// A branch in Moscow with nothing special.
async fn branch(server: &TestServer, owner: &str) -> Value {
    let body = json!({ "name": "На Тверской", "zone": "Europe/Moscow" });
    server.create("/api/v1/branches", owner, body).await
}

async fn service(server: &TestServer, owner: &str, title: &str) -> Value {
    let body = json!({ "title": title, "duration_min": 60 });
    server.create("/api/v1/services", owner, body).await
}

/// Archives twice and restores twice: each pair is as one, and the lists follow.
async fn archive_and_restore(server: &TestServer, owner: &str, list: &str, id: &str) {
    let path = format!("{list}/{id}");
    for (verb, is_archived) in [("archive", true), ("restore", false)] {
        let verb_path = format!("{path}/{verb}");
        let (status, once, _) = server.post(&verb_path, owner, json!({})).await;
        assert_eq!(status, StatusCode::OK, "{once}");
        assert_eq!(once["archived_at"].is_string(), is_archived);
        let (_, twice, _) = server.post(&verb_path, owner, json!({})).await;
        assert_eq!(once, twice);
        let (status, by_id, _) = server.get(&path, owner).await;
        assert_eq!((status, by_id), (StatusCode::OK, once));
        for (query, shown) in [("", !is_archived), ("?archived=true", is_archived)] {
            let (_, found, _) = server.get(&format!("{list}{query}"), owner).await;
            let items = found["items"].as_array().unwrap();
            assert_eq!(items.iter().any(|item| item["id"] == id), shown, "{list}{query}");
        }
    }
}

/// An edit with a version that is no longer current is refused and changes nothing.
async fn stale_edit_is_refused(server: &TestServer, owner: &str, path: &str, field: &str) {
    let (_, before, _) = server.get(path, owner).await;
    let stale = before["version"].as_i64().unwrap() - 1;
    let body = json!({ "version": stale, field: "Другое" });
    let (status, problem, _) = server.patch(path, owner, body).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("version_conflict")));
    assert_eq!(server.get(path, owner).await.1, before);
}
