//! What the phone posts about its messages and about incoming ones.

use jiff::Timestamp;
use serde_json::json;

use super::stored_message::StoredMessage;
use super::{IncomingSms, WebhookEvent};
use crate::phone::wire::dates;
use crate::phone::wire::reports::ReportedState;

/// SIM cards are not told apart for incoming messages.
const RECEIVING_SIM: u8 = 1;

/// `sms:received`.
pub(super) fn received(sms: &IncomingSms, at: Timestamp) -> WebhookEvent {
    let received_at = dates::write(at);
    let id = java_hash(&format!("{}{received_at}{RECEIVING_SIM}{}", sms.from, sms.text));
    WebhookEvent {
        event: "sms:received",
        payload: json!({
            "messageId": format!("{id:x}"),
            "sender": sms.from,
            "phoneNumber": sms.from,
            "simNumber": RECEIVING_SIM,
            "message": sms.text,
            "receivedAt": received_at,
        }),
    }
}

/// The event that goes with a message's state; states on the way have none.
pub(super) fn of_state(message: &StoredMessage, at: Timestamp) -> Option<WebhookEvent> {
    let (event, at_field) = match message.state() {
        ReportedState::Sent => ("sms:sent", "sentAt"),
        ReportedState::Delivered => ("sms:delivered", "deliveredAt"),
        ReportedState::Failed => ("sms:failed", "failedAt"),
        ReportedState::Cancelled => ("sms:cancelled", "cancelledAt"),
        ReportedState::Pending | ReportedState::Processed => return None,
    };
    let number = message.pulled.numbers.first()?;
    let mut payload = json!({
        "messageId": message.pulled.id,
        "recipient": number,
        "phoneNumber": number,
        at_field: dates::write(at),
    });
    if let Some(sim_number) = message.pulled.sim_number {
        payload["simNumber"] = json!(sim_number);
    }
    match event {
        "sms:sent" => payload["partsCount"] = json!(1),
        "sms:failed" => payload["reason"] = json!(message.error().unwrap_or("unknown")),
        _ => {}
    }
    Some(WebhookEvent { event, payload })
}

/// How the app makes an id for an incoming message: 32 bits, so two may share one.
fn java_hash(text: &str) -> u32 {
    text.encode_utf16()
        .fold(0, |hash: u32, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_java_hash() {
        assert_eq!(java_hash("hello"), 99_162_322);
        // Reckoned apart from it: goes over 32 bits many times.
        assert_eq!(java_hash("Привет, мастер"), 2_371_944_732);
    }

    #[test]
    fn an_incoming_message_carries_its_sender_in_both_fields() {
        let sms = IncomingSms { from: "+15550100123".to_owned(), text: "1".to_owned() };
        let event = received(&sms, "2026-03-04T12:15:02Z".parse().unwrap());
        assert_eq!(event.event, "sms:received");
        assert_eq!(event.payload["sender"], event.payload["phoneNumber"]);
        assert_eq!(event.payload["receivedAt"], "2026-03-04T15:15:02.000+03:00");
    }
}
