//! Webhooks, in the shape in which YClients posts them.

use serde::Deserialize;
use vestnik_app::journals::connector::{WebhookHint, WebhookRefusal};

#[derive(Deserialize)]
struct Webhook {
    /// A number, or a number in quotes: both have been seen.
    company_id: serde_json::Value,
    resource: String,
}

/// A webhook without the record's data: nobody believes it anyway.
pub(super) fn webhook(place: &str, record: u64, status: &str) -> Vec<u8> {
    let body = serde_json::json!({
        "company_id": place, "resource": "record", "resource_id": record, "status": status,
        "data": {},
    });
    body.to_string().into_bytes()
}

pub(super) fn read_webhook(body: &[u8]) -> Result<WebhookHint, WebhookRefusal> {
    let webhook: Webhook = serde_json::from_slice(body).map_err(|_| WebhookRefusal::Malformed)?;
    if webhook.resource.is_empty() {
        return Err(WebhookRefusal::Malformed);
    }
    let location_id = match webhook.company_id {
        serde_json::Value::String(id) => id,
        serde_json::Value::Number(id) => id.to_string(),
        _ => return Err(WebhookRefusal::Malformed),
    };
    Ok(WebhookHint { location_id })
}
