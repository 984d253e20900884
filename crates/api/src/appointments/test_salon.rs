//! A salon with a branch, a master, a service and a client: what tests of the journal begin with.

use crate::test_server::{Answer, TestServer};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use vestnik_domain::ids::OrganizationId;
use vestnik_domain::message::Message;

pub(crate) struct Salon {
    pub(crate) server: TestServer,
    /// The owner's.
    pub(crate) token: String,
    pub(crate) branch: String,
    pub(crate) staff: String,
    /// An hour long, with a buffer of a quarter.
    pub(crate) service: String,
    pub(crate) client: String,
}

pub(crate) fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap().to_owned()
}

impl Salon {
    pub(crate) async fn open() -> Salon {
        Salon::open_on(TestServer::new().await, "Europe/Moscow").await
    }

    pub(crate) async fn open_on(server: TestServer, zone: &str) -> Salon {
        let token = server.sign_up("Style").await;
        let branch = json!({ "name": "Центр", "address": "Тверская, 1", "zone": zone });
        let branch = id(&server.create("/api/v1/branches", &token, branch).await);
        let staff = json!({ "branch_id": branch, "name": "Ольга" });
        let staff = id(&server.create("/api/v1/staff", &token, staff).await);
        let service = json!({ "title": "Стрижка", "duration_min": 60, "buffer_min": 15 });
        let service = id(&server.create("/api/v1/services", &token, service).await);
        let client = json!({ "name": "Мария", "phone": "+79161234567" });
        let client = id(&server.create("/api/v1/clients", &token, client).await);
        Salon { server, token, branch, staff, service, client }
    }

    /// A booking of the client with the master.
    pub(crate) fn booking(&self, start: &str) -> Value {
        json!({
            "client_id": self.client, "branch_id": self.branch, "staff_id": self.staff,
            "service_ids": [self.service], "start": start,
        })
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.server.get(&format!("/api/v1{path}"), &self.token).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.server.post(&format!("/api/v1{path}"), &self.token, body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.server.patch(&format!("/api/v1{path}"), &self.token, body).await
    }

    pub(crate) async fn book(&self, body: Value) -> Answer {
        self.post("/appointments", body).await
    }

    pub(crate) async fn booked(&self, body: Value) -> Value {
        self.server.create("/api/v1/appointments", &self.token, body).await
    }

    pub(crate) async fn book_with_key(&self, key: &str, body: &Value) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/appointments")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json")
            .header("Idempotency-Key", key)
            .body(Body::from(body.to_string()));
        self.server.send(request.unwrap()).await
    }

    /// Switches the block «Уведомления клиентов» on.
    pub(crate) async fn switch_on(&self) {
        let (_, settings, _) = self.get("/notification-settings").await;
        let edit = json!({ "generation": settings["generation"], "on": true });
        let (status, answer, _) = self.patch("/notification-settings", edit).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }

    /// Every message that waits, as kinds with their due times, soonest first.
    pub(crate) async fn waiting_messages(&self) -> Vec<String> {
        let (_, organization, _) = self.get("/organization").await;
        let organization: OrganizationId = id(&organization).parse().unwrap();
        let store = &self.server.state.app.store;
        let (from, to) = (jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::MAX);
        let messages: Vec<Message> =
            store.planned_messages_between(organization, from, to, 1_000).await.unwrap();
        messages
            .iter()
            .map(|message| format!("{} at {}", message.kind.name(), message.due_at))
            .collect()
    }
}
