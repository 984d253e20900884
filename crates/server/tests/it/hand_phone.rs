//! A phone moved by hand over HTTP: each call at the moment that a test chooses.

use crate::http::Caller;
use serde_json::{Value, json};

/// Phones take webhooks by https alone; the paths are the same on the socket that tests call.
pub(crate) const PUBLIC: [&str; 2] = ["--public-address", "https://salon.example"];

pub(crate) struct HandPhone {
    /// With the device's token.
    device: Caller,
    /// The path of its webhook, with its secret.
    pub(crate) hook: String,
    pub(crate) id: String,
    pub(crate) token: String,
}

impl HandPhone {
    /// Registers by the link token; the service must have an https address ([`PUBLIC`]).
    pub(crate) fn link(address: &str, link_token: &str) -> HandPhone {
        let app = Caller::new(address).with_header("User-Agent", "me.capcom.smsgateway/1.68.0");
        let nobody = app.clone().with_header("Authorization", &format!("Bearer {link_token}"));
        let body = json!({ "name": "Google/Pixel", "simCards": [] });
        let registered = nobody.post("/api/mobile/v1/device", body);
        let token = registered["token"].as_str().unwrap().to_owned();
        let device = app.with_header("Authorization", &format!("Bearer {token}"));
        let webhooks = device.get("/api/mobile/v1/webhooks");
        let hooks = webhooks.as_array().unwrap();
        let received = hooks.iter().find(|hook| hook["event"] == "sms:received").unwrap();
        let url = received["url"].as_str().unwrap();
        let hook = url.strip_prefix("https://salon.example").unwrap().to_owned();
        let id = registered["id"].as_str().unwrap().to_owned();
        HandPhone { device, hook, id, token }
    }

    /// What the phone is given now.
    pub(crate) fn pull(&self) -> Vec<Value> {
        self.device.get("/api/mobile/v1/message").as_array().unwrap().clone()
    }

    pub(crate) fn report(&self, message: &Value, state: &str) {
        let recipient = json!({ "phoneNumber": message["phoneNumbers"][0], "state": state });
        let body = json!([{
            "id": message["id"], "state": state, "recipients": [recipient], "states": {},
        }]);
        let answer = self.device.call("PATCH", "/api/mobile/v1/message", Some(&body)).unwrap();
        assert_eq!(answer.status, 204, "{answer:?}");
    }

    /// Hands over an SMS that came in; returns when the service has it.
    pub(crate) fn receive(&self, from: &str, text: &str) {
        let body = json!({
            "id": format!("event {from} {text}"), "webhookId": "w", "event": "sms:received",
            "deviceId": self.id,
            "payload": {
                "messageId": format!("{from} {text}"), "sender": from, "phoneNumber": from,
                "message": text, "receivedAt": "2026-03-02T12:00:00.000+03:00",
            },
        });
        let answer = self.device.call("POST", &self.hook, Some(&body)).unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}
