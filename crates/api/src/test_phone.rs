//! A phone as the gateway sees it: one that is linked, fetches, reports, and hands over what it
//! received; each call by hand, so that a test decides the order.

use crate::appointments::test_salon::{Salon, id};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Value, json};
use vestnik_domain::ids::OrganizationId;

/// An app that can call messages back.
pub(crate) const NEW_APP: &str = "1.68.0";

pub(crate) struct TestPhone<'a> {
    pub(crate) salon: &'a Salon,
    pub(crate) sender: String,
    pub(crate) device: String,
    /// As the app got them at its registration.
    pub(crate) login: String,
    pub(crate) password: String,
    pub(crate) app: &'static str,
}

impl<'a> TestPhone<'a> {
    /// A new sender without pauses, and a phone registered by its link token.
    pub(crate) async fn link(salon: &'a Salon, app: &'static str) -> TestPhone<'a> {
        let wanted = json!({ "name": "Телефон на стойке", "settings": { "pace_s": 0 } });
        let sender = salon.server.create("/api/v1/senders", &salon.token, wanted).await;
        let link_token = sender["link_token"].as_str().unwrap().to_owned();
        let empty = String::new;
        let mut phone = TestPhone {
            salon,
            sender: id(&sender),
            device: link_token,
            login: empty(),
            password: empty(),
            app,
        };
        let body = json!({ "name": "Google/Pixel", "simCards": [] });
        let (status, registered) = phone.call(Method::POST, "/device", Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{registered}");
        let text = |name: &str| registered[name].as_str().unwrap().to_owned();
        (phone.device, phone.login, phone.password) =
            (text("token"), text("login"), text("password"));
        phone
    }

    /// One call of the mobile API with the device's token.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let authorization = format!("Bearer {}", self.device);
        self.call_as(&authorization, method, path, body).await
    }

    pub(crate) async fn call_as(
        &self,
        authorization: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/mobile/v1{path}"))
            .header(header::AUTHORIZATION, authorization)
            .header(header::USER_AGENT, format!("me.capcom.smsgateway/{}", self.app))
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))
            .unwrap();
        let (status, answer, _) = self.salon.server.send(request).await;
        (status, answer)
    }

    /// Lets the loops of a node turn.
    pub(crate) async fn node_turns(&self) {
        let app = &self.salon.server.state.app;
        vestnik_app::sending::sweep::run_once(app).await.unwrap();
        vestnik_app::messages::sweep::run_once(app).await.unwrap();
        vestnik_app::sending::route::run_once(app).await.unwrap();
    }

    /// What a pull brings now.
    pub(crate) async fn pull(&self) -> Vec<Value> {
        self.node_turns().await;
        let (status, list) = self.call(Method::GET, "/message", None).await;
        assert_eq!(status, StatusCode::OK, "{list}");
        list.as_array().unwrap().clone()
    }

    /// The texts of a pull, those to be dropped marked with a cross.
    pub(crate) async fn pull_texts(&self) -> Vec<String> {
        self.pull().await.iter().map(marked_text).collect()
    }

    pub(crate) async fn report(&self, message: &Value, state: &str) {
        let recipient = json!({ "phoneNumber": message["phoneNumbers"][0], "state": state });
        let body = json!([{
            "id": message["id"], "state": state, "recipients": [recipient], "states": {},
        }]);
        let (status, answer) = self.call(Method::PATCH, "/message", Some(body)).await;
        assert_eq!(status, StatusCode::NO_CONTENT, "{answer}");
    }

    /// Hands over an SMS; `number` tells equal texts apart.
    pub(crate) async fn receive(&self, from: &str, text: &str, number: u32) {
        self.receive_at(from, text, number, self.salon.server.state.app.now()).await;
    }

    /// The same, with the time at which the phone got it.
    pub(crate) async fn receive_at(&self, from: &str, text: &str, number: u32, at: Timestamp) {
        let (_, organization, _) = self.salon.get("/organization").await;
        let organization: OrganizationId = id(&organization).parse().unwrap();
        let app = &self.salon.server.state.app;
        let secret: String =
            app.derived_secret("phone webhook address", &self.sender).chars().take(32).collect();
        let body = json!({
            "id": format!("event-{number}"), "webhookId": "w", "event": "sms:received",
            "deviceId": self.sender,
            "payload": {
                "messageId": format!("{number:08x}"), "sender": from, "phoneNumber": from,
                "message": text, "receivedAt": at.to_string(),
            },
        });
        let request =
            Request::post(format!("/hooks/phone/{organization}/{}/{secret}", self.sender))
                .body(Body::from(body.to_string()))
                .unwrap();
        let (status, answer, _) = self.salon.server.send(request).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }
}

pub(crate) fn marked_text(message: &Value) -> String {
    let text = message["textMessage"]["text"].as_str().unwrap();
    let cross = if message["state"] == "Cancelling" { "✗ " } else { "" };
    format!("{cross}{text}")
}
