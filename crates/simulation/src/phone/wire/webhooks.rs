//! Where the phone posts what happens on it, `GET /webhooks`, and how it signs a post.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::Flaw;
use super::fields::{self, Fields};

/// Events of version 1.68; one that the app does not know fails the whole list.
const KNOWN_EVENTS: &[&str] = &[
    "sms:received",
    "sms:data-received",
    "mms:received",
    "mms:downloaded",
    "sms:sent",
    "sms:delivered",
    "sms:failed",
    "sms:cancelled",
    "system:ping",
    "app:started",
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub id: String,
    pub url: String,
    pub event: String,
}

/// The whole list or nothing.
pub fn read_list(body: &[u8]) -> Result<Vec<Webhook>, Flaw> {
    let read = |fields: &Fields<'_>| {
        let event = fields.required_text("event")?;
        if !KNOWN_EVENTS.contains(&event) {
            return Err(fields.flaw("event", "событие неизвестно приложению версии 1.68"));
        }
        Ok(Webhook {
            id: fields.required_text("id")?.to_owned(),
            url: fields.required_text("url")?.to_owned(),
            event: event.to_owned(),
        })
    };
    let elements = fields::list(body)?;
    let elements = elements.iter().enumerate();
    elements.map(|(index, value)| read(&Fields::of(value, format!("[{index}]"))?)).collect()
}

/// The header `X-Signature`: HMAC-SHA256 over the raw body and, right after it, `X-Timestamp`.
pub fn signature(key: &str, body: &[u8], timestamp: &str) -> String {
    // A key of any length is taken: longer ones are hashed first.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
        return String::new();
    };
    mac.update(body);
    mac.update(timestamp.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_with_an_unknown_event_is_refused() {
        let list =
            br#"[{"id":"w1","url":"http://127.0.0.1:1/x","event":"sms:received","deviceId":null}]"#;
        assert_eq!(read_list(list).unwrap()[0].event, "sms:received");
        for (body, field) in [
            (r#"[{"id":"w1","url":"u","event":"sms:batch:received"}]"#, "[0].event"),
            (r#"[{"url":"u","event":"sms:sent"}]"#, "[0].id"),
            (r#"[{"id":"w1","event":"sms:sent"}]"#, "[0].url"),
            (r#"{"webhooks":[]}"#, "body"),
        ] {
            assert_eq!(read_list(body.as_bytes()).unwrap_err().field, field, "{body}");
        }
    }

    #[test]
    fn a_signature_covers_body_and_timestamp() {
        // RFC 4231, test case 2, its data cut in two.
        assert_eq!(
            signature("Jefe", b"what do ya want ", "for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
