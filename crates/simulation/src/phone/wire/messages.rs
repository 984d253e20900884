//! A pulled list, `GET /message`.

use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeSet;

use super::Flaw;
use super::fields::{self, Fields};

const MAX_LIST: usize = 100;
const MAX_ID_CHARACTERS: usize = 36;
const MAX_TEXT_UNITS: usize = 65_535;

/// One message as the app understood it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PulledMessage {
    pub id: String,
    pub content: Content,
    /// As the server wrote them; at least one, each once.
    pub numbers: Vec<String>,
    pub sim_number: Option<u8>,
    pub wants_delivery_report: bool,
    pub is_encrypted: bool,
    pub valid_until: Option<Timestamp>,
    pub schedule_at: Option<Timestamp>,
    pub priority: i8,
    pub created_at: Option<Timestamp>,
    pub state: OfferedState,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    Text(String),
    Data { base64: String, port: u16 },
}

/// What the server says of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferedState {
    /// Send it. A name that the app does not know is read as this one.
    Pending,
    /// Do not send it any more.
    Cancelling,
    /// A name that the app knows and does nothing upon.
    WithoutEffect,
}

/// The whole list or nothing: the app cannot read past one bad element.
pub fn read_list(body: &[u8]) -> Result<Vec<PulledMessage>, Flaw> {
    let elements = fields::list(body)?;
    if elements.len() > MAX_LIST {
        return Err(Flaw {
            field: "body".to_owned(), expected: "ждали не больше 100 сообщений"
        });
    }
    elements
        .iter()
        .enumerate()
        .map(|(index, value)| read(&Fields::of(value, format!("[{index}]"))?))
        .collect()
}

fn read(fields: &Fields<'_>) -> Result<PulledMessage, Flaw> {
    let id = fields.required_text("id")?;
    if id.is_empty() || id.chars().count() > MAX_ID_CHARACTERS || id.contains('|') {
        return Err(fields.flaw("id", "ждали от 1 до 36 знаков без «|»"));
    }
    let numbers = fields.texts("phoneNumbers")?;
    if numbers.is_empty() || numbers.iter().collect::<BTreeSet<_>>().len() < numbers.len() {
        return Err(fields.flaw("phoneNumbers", "ждали хотя бы один номер, каждый один раз"));
    }
    Ok(PulledMessage {
        id: id.to_owned(),
        content: read_content(fields)?,
        numbers,
        sim_number: read_sim_number(fields)?,
        wants_delivery_report: fields.flag("withDeliveryReport")?.unwrap_or(true),
        is_encrypted: fields.flag("isEncrypted")?.unwrap_or(false),
        valid_until: fields.date("validUntil")?,
        schedule_at: fields.date("scheduleAt")?,
        priority: read_priority(fields)?,
        created_at: fields.date("createdAt")?,
        state: match fields.value("state").and_then(Value::as_str) {
            Some("Cancelling") => OfferedState::Cancelling,
            Some("Cancelled" | "Processed" | "Sent" | "Delivered" | "Failed") => {
                OfferedState::WithoutEffect
            }
            _ => OfferedState::Pending,
        },
    })
}

fn read_content(fields: &Fields<'_>) -> Result<Content, Flaw> {
    if let Some(data) = fields.object("dataMessage")? {
        let port = data.whole("port")?.and_then(|port| u16::try_from(port).ok());
        return match port.filter(|port| *port > 0) {
            Some(port) => {
                Ok(Content::Data { base64: data.required_text("data")?.to_owned(), port })
            }
            None => Err(data.flaw("port", "ждали число от 1 до 65535")),
        };
    }
    let text = match fields.object("textMessage")? {
        Some(message) => message.required_text("text")?,
        // What servers sent before there were two kinds.
        None => fields
            .text("message")?
            .ok_or_else(|| fields.flaw("textMessage", "ждали textMessage или dataMessage"))?,
    };
    if text.encode_utf16().count() > MAX_TEXT_UNITS {
        return Err(fields.flaw("textMessage.text", "ждали не больше 65535 знаков"));
    }
    Ok(Content::Text(text.to_owned()))
}

fn read_sim_number(fields: &Fields<'_>) -> Result<Option<u8>, Flaw> {
    match fields.whole("simNumber")? {
        None => Ok(None),
        Some(number @ 1..=3) => Ok(u8::try_from(number).ok()),
        Some(_) => Err(fields.flaw("simNumber", "ждали 1, 2 или 3")),
    }
}

/// A byte: 128 to 255 fold into a negative one, what is further out fails the list.
fn read_priority(fields: &Fields<'_>) -> Result<i8, Flaw> {
    let priority = fields.whole("priority")?.unwrap_or(0);
    i8::try_from(priority)
        .or_else(|_| u8::try_from(priority).map(|byte| i8::from_ne_bytes([byte])))
        .map_err(|_| fields.flaw("priority", "ждали число от −128 до 127"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn element(changes: Value) -> Value {
        let mut element = json!({
            "id": "m1", "textMessage": {"text": "Ждём вас"}, "phoneNumbers": ["+15550100123"],
        });
        for (name, value) in changes.as_object().unwrap() {
            element[name] = value.clone();
        }
        element
    }

    fn read_one(changes: Value) -> Result<PulledMessage, Flaw> {
        let body = json!([element(json!({"id": "m0"})), element(changes)]).to_string();
        read_list(body.as_bytes()).map(|mut list| list.pop().unwrap())
    }

    #[test]
    fn what_is_absent_has_the_meaning_of_the_app() {
        let message = read_one(json!({"unknown": {"a": 1}, "validUntil": null})).unwrap();
        assert_eq!(message.content, Content::Text("Ждём вас".to_owned()));
        assert_eq!((message.priority, message.sim_number, message.valid_until), (0, None, None));
        assert!(message.wants_delivery_report && !message.is_encrypted);
        assert_eq!(message.state, OfferedState::Pending);
    }

    #[test]
    fn a_state_that_the_app_does_not_know_means_send() {
        for (state, meant) in [
            (json!("Pending"), OfferedState::Pending),
            (json!("Cancelling"), OfferedState::Cancelling),
            (json!("Sent"), OfferedState::WithoutEffect),
            (json!("Held"), OfferedState::Pending),
            (json!("cancelling"), OfferedState::Pending),
            (json!(null), OfferedState::Pending),
        ] {
            assert_eq!(read_one(json!({"state": state.clone()})).unwrap().state, meant, "{state}");
        }
    }

    #[test]
    fn a_priority_folds_or_fails_the_list() {
        for (priority, read_as) in
            [(127, Some(127)), (128, Some(-128)), (255, Some(-1)), (256, None), (-129, None)]
        {
            let read = read_one(json!({"priority": priority})).ok();
            assert_eq!(read.map(|message| message.priority), read_as, "{priority}");
        }
    }

    #[test]
    fn one_bad_element_fails_the_list_and_is_named() {
        for (changes, field) in [
            (json!({"id": "a|b"}), "[1].id"),
            (json!({"id": "i".repeat(37)}), "[1].id"),
            (json!({"id": 7}), "[1].id"),
            (json!({"phoneNumbers": []}), "[1].phoneNumbers"),
            (json!({"phoneNumbers": ["+1", "+1"]}), "[1].phoneNumbers"),
            (json!({"phoneNumbers": null}), "[1].phoneNumbers"),
            (json!({"textMessage": null}), "[1].textMessage"),
            (json!({"textMessage": {}}), "[1].textMessage.text"),
            (json!({"textMessage": {"text": "я".repeat(65_536)}}), "[1].textMessage.text"),
            (json!({"dataMessage": {"data": "AA==", "port": 0}}), "[1].dataMessage.port"),
            (json!({"simNumber": 4}), "[1].simNumber"),
            (json!({"validUntil": "скоро"}), "[1].validUntil"),
            (json!({"withDeliveryReport": "yes"}), "[1].withDeliveryReport"),
        ] {
            assert_eq!(read_one(changes.clone()).unwrap_err().field, field, "{changes}");
        }
        assert_eq!(read_list(b"{}").unwrap_err().field, "body");
        assert_eq!(read_list(b"[1]").unwrap_err().field, "[0]");
        let many = json!(vec![element(json!({})); 101]).to_string();
        assert_eq!(read_list(many.as_bytes()).unwrap_err().field, "body");
    }
}
