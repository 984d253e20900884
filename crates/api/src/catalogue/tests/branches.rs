//! Branches.

use super::{archive_and_restore, branch, id, service, stale_edit_is_refused};
use crate::isolation::first_organization;
use crate::test_server::{TestServer, wrong_fields};
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/branches";

fn week(hours: &Value) -> Value {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    days.iter().map(|day| ((*day).to_owned(), hours.clone())).collect()
}

#[tokio::test]
async fn a_branch_is_made_read_and_changed() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let short = json!({ "name": "Новый", "zone": "asia/yekaterinburg" });
    let made = server.create(PATH, &owner, short).await;
    assert_eq!(made["zone"], "Asia/Yekaterinburg");
    assert_eq!(made["working_hours"], week(&json!([{ "from": "09:00", "to": "21:00" }])));
    assert_eq!(made["commercial_name"], Value::Null);

    let path = format!("{PATH}/{}", id(&made));
    let edit = json!({
        "version": 1, "commercial_name": "Стиль де Виль", "address": "Тверская, 12",
        "zone": "Europe/Moscow", "working_hours": { "friday": [{ "from": "9:00", "to": "00:00" }] },
    });
    let (status, after, _) = server.patch(&path, &owner, edit).await;
    assert_eq!(status, StatusCode::OK, "{after}");
    assert_eq!(after["working_hours"]["friday"], json!([{ "from": "09:00", "to": "00:00" }]));
    assert_eq!(after["working_hours"]["monday"], json!([]), "a day that is not named is closed");
    let (_, cleared, _) =
        server.patch(&path, &owner, json!({ "version": 2, "commercial_name": null })).await;
    assert_eq!(cleared["commercial_name"], Value::Null);
    assert_eq!(cleared["address"], "Тверская, 12", "what is absent stays");
    assert_eq!(server.get(&path, &owner).await.1, cleared);
    stale_edit_is_refused(&server, &owner, &path, "name").await;
    archive_and_restore(&server, &owner, PATH, id(&made)).await;
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let named = |more: Value| {
        let mut body = json!({ "name": "На Тверской", "zone": "Europe/Moscow" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let hours = |hours: Value| named(json!({ "working_hours": { "friday": hours } }));
    let table: [(Value, &[&str]); 10] = [
        (
            json!({ "name": " ", "zone": "MSK", "commercial_name": "я".repeat(101), "address": "\u{7}" }),
            &[
                "name: required",
                "commercial_name: too_long",
                "address: control_characters",
                "zone: zone_unknown",
            ],
        ),
        (json!({ "zone": "Europe/Moscow" }), &[": malformed"]),
        (named(json!({ "zone": 3 })), &["zone: malformed"]),
        (named(json!({ "adress": "Тверская" })), &["adress: malformed"]),
        (
            hours(json!([{ "from": "18:00", "to": "09:00" }])),
            &["working_hours.friday: ends_before_it_begins"],
        ),
        (
            hours(json!([{ "from": "09:00", "to": "13:00" }, { "from": "12:00", "to": "18:00" }])),
            &["working_hours.friday: hours_overlap"],
        ),
        (
            hours(json!([{ "from": "09:00", "to": "24:00" }])),
            &["working_hours.friday[0].to: malformed"],
        ),
        (
            hours(json!([{ "from": "09:00", "till": "18:00" }])),
            &["working_hours.friday[0].till: malformed"],
        ),
        (
            hours(json!(vec![json!({ "from": "09:00", "to": "10:00" }); 13])),
            &["working_hours.friday: too_many"],
        ),
        (named(json!({ "working_hours": { "fryday": [] } })), &["working_hours.fryday: malformed"]),
    ];
    for (body, expected) in table {
        let answer = server.post(PATH, &owner, body.clone()).await;
        assert_eq!(wrong_fields(&answer), expected, "{body}");
    }
    let (_, list, _) = server.get(PATH, &owner).await;
    assert_eq!(list, json!({ "items": [], "next": null }), "nothing was half-done");

    let (_, problem, _) = server.post(PATH, &owner, json!({ "name": "x", "zone": "MSK" })).await;
    for words in [&problem["errors"][0]["title"], &problem["errors"][0]["detail"]] {
        assert!(words.as_str().unwrap().contains("Europe/Moscow"), "an example is given");
    }
    let made = branch(&server, &owner).await;
    let edit = json!({ "version": 1, "name": null });
    let answer = server.patch(&format!("{PATH}/{}", id(&made)), &owner, edit).await;
    assert_eq!(wrong_fields(&answer), ["name: malformed"]);
    assert_eq!(
        wrong_fields(&server.get(&format!("{PATH}?archived=yes"), &owner).await),
        ["query: malformed"]
    );
}

#[tokio::test]
async fn the_front_desk_reads_branches_but_does_not_write_them() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let made = branch(&server, &owner).await;
    let desk = server.administrator(&owner).await;
    let path = format!("{PATH}/{}", id(&made));
    assert_eq!(server.get(&path, &desk).await.1, made);
    assert_eq!(server.get(PATH, &desk).await.1["items"], json!([made]));
    let body = json!({ "name": "Ещё", "zone": "Europe/Moscow" });
    let writes = [
        server.post(PATH, &desk, body).await.0,
        server.patch(&path, &desk, json!({ "version": 1, "name": "Ещё" })).await.0,
        server.post(&format!("{path}/archive"), &desk, json!({})).await.0,
        server.post(&format!("{path}/restore"), &desk, json!({})).await.0,
    ];
    assert_eq!(writes, [StatusCode::FORBIDDEN; 4]);
}

#[tokio::test]
async fn the_zone_stays_while_visits_lie_ahead() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let made = branch(&server, &owner).await;
    let path = format!("{PATH}/{}", id(&made));
    let member = json!({ "branch_id": id(&made), "name": "Мария" });
    let member = server.create("/api/v1/staff", &owner, member).await;
    let client = server.create("/api/v1/clients", &owner, json!({ "name": "Ольга" })).await;
    let cut = service(&server, &owner, "Стрижка").await;
    let (_, organization, _) = server.get("/api/v1/organization", &owner).await;
    let mut ids = [
        ("organization", &organization),
        ("branch", &made),
        ("staff", &member),
        ("service", &cut),
        ("client", &client),
    ]
    .map(|(name, thing)| (name, id(thing).to_owned()))
    .into_iter()
    .collect();
    first_organization::book(&server, &mut ids).await;

    let edit = json!({ "version": 1, "zone": "Asia/Yekaterinburg", "name": "Другая" });
    let (status, problem, _) = server.patch(&path, &owner, edit.clone()).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("branch_has_visits")));
    assert_eq!(server.get(&path, &owner).await.1, made, "nothing was half-done");
    let same_zone = json!({ "version": 1, "zone": "europe/moscow" });
    assert_eq!(server.patch(&path, &owner, same_zone).await.1, made);

    server.advance(SignedDuration::from_hours(25));
    let (status, after, _) = server.patch(&path, &owner, edit).await;
    assert_eq!((status, &after["zone"]), (StatusCode::OK, &json!("Asia/Yekaterinburg")));
}
