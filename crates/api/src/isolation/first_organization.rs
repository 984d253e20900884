//! The organization that strangers must not feel: one of everything that has an id.

use super::{Credentials, Ids};
use crate::test_server::TestServer;
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};
use vestnik_domain::kind::NotificationKind;
use vestnik_store::ChangeSet;
use vestnik_testkit::Salon;

/// Makes one of everything.
pub(super) async fn set_up(server: &TestServer, owner: &Credentials) -> Ids {
    let mut ids = Ids::new();
    let make = async |path: &str, body: Value| {
        let made = server.create(path, &owner.token, body).await;
        made["id"].as_str().unwrap().to_owned()
    };
    let branch = json!({ "name": "На Тверской", "zone": "Europe/Moscow" });
    ids.insert("branch", make("/api/v1/branches", branch.clone()).await);
    ids.insert("archived_branch", make("/api/v1/branches", branch).await);
    let member = json!({ "branch_id": ids["branch"], "name": "Мария" });
    ids.insert("staff", make("/api/v1/staff", member.clone()).await);
    ids.insert("archived_staff", make("/api/v1/staff", member).await);
    let service = json!({ "title": "Стрижка", "duration_min": 60 });
    ids.insert("service", make("/api/v1/services", service.clone()).await);
    ids.insert("archived_service", make("/api/v1/services", service).await);
    let client = json!({ "name": "Ольга", "phone": "+79161234567" });
    ids.insert("client", make("/api/v1/clients", client).await);
    for (list, name) in [
        ("branches", "archived_branch"),
        ("staff", "archived_staff"),
        ("services", "archived_service"),
    ] {
        let path = format!("/api/v1/{list}/{}/archive", ids[name]);
        let (status, answer, _) = server.post(&path, &owner.token, json!({})).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }

    let read = async |path: &str| server.get(path, &owner.token).await.1;
    let id = |thing: &Value| thing["id"].as_str().unwrap().to_owned();
    ids.insert("organization", id(&read("/api/v1/organization").await));
    ids.insert("user", id(&read("/api/v1/users").await[0]));
    ids.insert("token", id(&read("/api/v1/api-tokens").await[0]));
    ids.insert("audit", id(&read("/api/v1/audit").await["items"][0]));
    ids.insert("session", own_session(server, owner).await);
    let sender = json!({ "name": "Телефон на стойке" });
    ids.insert("sender", make("/api/v1/senders", sender).await);
    for phone in ["+79035550101", "+79035550102"] {
        server.create("/api/v1/stopped-numbers", &owner.token, json!({ "phone": phone })).await;
    }
    book(server, &mut ids).await;
    send(server, &mut ids).await;
    ids
}

/// A message with a try, and an SMS from the client, put where the phone's gateway puts them.
async fn send(server: &TestServer, ids: &mut Ids) {
    let app = &server.state.app;
    let mut salon = Salon::new(2, app.now());
    salon.organization.id = ids["organization"].parse().unwrap();
    salon.client.id = ids["client"].parse().unwrap();
    let organization = salon.id();
    let sender = app.store.sender(organization, ids["sender"].parse().unwrap()).await.unwrap();
    let appointment = app.store.appointment(organization, ids["appointment"].parse().unwrap());
    let (sender, appointment) = (sender.unwrap(), appointment.await.unwrap().unwrap());
    let message = salon.message(&appointment, NotificationKind::Created, app.now());
    let incoming = salon.incoming_message(&sender);
    salon.branch.id = ids["branch"].parse().unwrap();
    let journal = salon.journal_link();
    let mut change_set = ChangeSet::new();
    change_set.insert(&journal);
    ids.insert("journal", journal.id.to_string());
    change_set.insert(&message).insert(&salon.delivery(&message, &sender)).insert(&incoming);
    app.store.commit(change_set).await.unwrap();
    ids.insert("message", message.id.to_string());
    ids.insert("incoming", incoming.id.to_string());
}

/// A visit of tomorrow and a task about it, put where the API puts them.
pub(crate) async fn book(server: &TestServer, ids: &mut Ids) {
    let app = &server.state.app;
    let mut salon = Salon::new(1, app.now());
    salon.organization.id = ids["organization"].parse().unwrap();
    salon.branch.id = ids["branch"].parse().unwrap();
    salon.client.id = ids["client"].parse().unwrap();
    salon.staff.id = ids["staff"].parse().unwrap();
    salon.service.id = ids["service"].parse().unwrap();
    let tomorrow = app.now().checked_add(SignedDuration::from_hours(24)).unwrap();
    let appointment = salon.appointment(tomorrow);
    let task = salon.task(&appointment);
    let mut change_set = ChangeSet::new();
    change_set.insert(&appointment).insert(&task);
    app.store.commit(change_set).await.unwrap();
    ids.insert("appointment", appointment.id.to_string());
    ids.insert("visit", appointment.visit_id.to_string());
    ids.insert("task", task.id.to_string());
}

async fn own_session(server: &TestServer, owner: &Credentials) -> String {
    let request = axum::http::Request::builder()
        .uri("/api/v1/sessions")
        .header(axum::http::header::COOKIE, &owner.cookie)
        .body(axum::body::Body::empty());
    let (status, sessions, _) = server.send(request.unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{sessions}");
    sessions[0]["id"].as_str().unwrap().to_owned()
}
