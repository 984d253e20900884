//! What passes between app and server, read and written exactly as strictly as the app does it: one bad
//! element fails a whole list, and a date with a long fraction is another hour.

pub mod dates;
mod fields;
pub mod messages;
pub mod reports;
pub mod settings;
pub mod webhooks;

/// Why the app cannot read an answer; it asks again later, and nothing of the answer counts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {expected}")]
pub struct Flaw {
    /// Where, as in `[3].phoneNumbers`; empty for the whole body.
    pub field: String,
    /// What would be right.
    pub expected: &'static str,
}
