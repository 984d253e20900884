//! What the phone says about a message, an element of `PATCH /message`.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::dates;

/// How far a message, or its way to one number, has come on the phone. The order is that of progress;
/// `Failed` and `Cancelled` are ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportedState {
    /// The phone has it, the radio not yet.
    Pending,
    Processed,
    Sent,
    Delivered,
    Failed,
    Cancelled,
}

impl ReportedState {
    pub fn name(self) -> &'static str {
        match self {
            ReportedState::Pending => "Pending",
            ReportedState::Processed => "Processed",
            ReportedState::Sent => "Sent",
            ReportedState::Delivered => "Delivered",
            ReportedState::Failed => "Failed",
            ReportedState::Cancelled => "Cancelled",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageReport {
    pub id: String,
    pub state: ReportedState,
    /// At least one.
    pub recipients: Vec<RecipientReport>,
    /// When each state of the message was first reached, by the phone's clock.
    pub reached: Vec<(ReportedState, Timestamp)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientReport {
    /// Exactly what the server wrote.
    pub phone_number: String,
    pub state: ReportedState,
    pub error: Option<String>,
}

impl MessageReport {
    pub fn to_json(&self) -> Value {
        let recipients = self.recipients.iter().map(|recipient| {
            let mut fields = json!({
                "phoneNumber": recipient.phone_number,
                "state": recipient.state.name(),
            });
            if let Some(error) = &recipient.error {
                fields["error"] = json!(error);
            }
            fields
        });
        let reached = self.reached.iter();
        let states: Map<String, Value> = reached
            .map(|(state, at)| (state.name().to_owned(), json!(dates::write(*at))))
            .collect();
        json!({
            "id": self.id,
            "state": self.state.name(),
            "recipients": recipients.collect::<Vec<_>>(),
            "states": states,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_written_as_the_app_writes_it() {
        let at = |text: &str| text.parse().unwrap();
        let report = MessageReport {
            id: "8f0c2b1e6a3d4c57".to_owned(),
            state: ReportedState::Failed,
            recipients: vec![RecipientReport {
                phone_number: "+15550100123".to_owned(),
                state: ReportedState::Failed,
                error: Some("TTL expired".to_owned()),
            }],
            reached: vec![
                (ReportedState::Pending, at("2026-03-04T12:15:02.114Z")),
                (ReportedState::Failed, at("2026-03-04T12:15:05.001Z")),
            ],
        };
        let expected = json!({
            "id": "8f0c2b1e6a3d4c57", "state": "Failed",
            "recipients": [
                {"phoneNumber": "+15550100123", "state": "Failed", "error": "TTL expired"},
            ],
            "states": {
                "Pending": "2026-03-04T15:15:02.114+03:00",
                "Failed": "2026-03-04T15:15:05.001+03:00",
            },
        });
        assert_eq!(report.to_json(), expected);
    }
}
