//! What the phone reports on its own: incoming messages, its health, its start. It posts to the
//! addresses that we list, signs with the key that we pushed, and tries for about 45 hours; it waits for
//! each answer before the next report, so an answer must come at once.

mod health;
mod listing;
mod payload;
mod signature;

pub use health::{HealthStatus, PhoneHealth};
pub use listing::{WebhookEntry, WebhookUrl, WebhookUrlError, webhook_list};
pub use payload::{PhoneNotice, ReceivedSms, WebhookCall, dedupe_key};
pub use signature::{ExpectedSignature, SignatureError, SignatureHeaders, check_signature};
