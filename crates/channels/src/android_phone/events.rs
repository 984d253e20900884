//! The event stream on which a phone waits: what we can tell it at once, as frames of server-sent
//! events. A frame is a hint; the phone then pulls, and the pull is the truth.

use super::app_version::{AppVersion, Feature};

/// A comment that keeps the stream alive. At most 30 s may pass in silence.
pub const KEEPALIVE: &str = ":keepalive\n\n";
/// How often it is sent.
pub const KEEPALIVE_INTERVAL_S: u64 = 15;

/// What a phone can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhoneEvent {
    /// Something may be pulled.
    MessageEnqueued,
    WebhooksUpdated,
    SettingsUpdated,
    /// This message is being called back.
    MessageCancelled {
        message_id: String,
    },
}

impl PhoneEvent {
    /// What every freshly opened stream begins with: after its first registration the app reads neither
    /// webhooks nor settings for a day unless told to.
    pub const AT_OPENING: [PhoneEvent; 2] =
        [PhoneEvent::SettingsUpdated, PhoneEvent::WebhooksUpdated];

    fn name(&self) -> &'static str {
        match self {
            PhoneEvent::MessageEnqueued => "MessageEnqueued",
            PhoneEvent::WebhooksUpdated => "WebhooksUpdated",
            PhoneEvent::SettingsUpdated => "SettingsUpdated",
            PhoneEvent::MessageCancelled { .. } => "MessageCancelled",
        }
    }

    /// The frame for a phone that runs `version`; `None` if it does not know the event. The stream is
    /// opened under another User-Agent, so the version is the one last seen on another call.
    pub fn frame(&self, version: Option<AppVersion>) -> Option<String> {
        let data = match self {
            // Without data this event would crash the app.
            PhoneEvent::MessageCancelled { message_id } => {
                if !Feature::Cancelling.known_to(version) {
                    return None;
                }
                serde_json::json!({ "messageId": message_id }).to_string()
            }
            // A frame without a data line never reaches the app.
            _ => "null".to_owned(),
        };
        Some(format!("event: {}\ndata: {data}\n\n", self.name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: Option<AppVersion> = Some(AppVersion::RECOMMENDED);

    #[test]
    fn every_frame_has_an_event_and_data() {
        let cancelled = PhoneEvent::MessageCancelled { message_id: "dlv_1".to_owned() };
        let all = [
            PhoneEvent::MessageEnqueued,
            PhoneEvent::WebhooksUpdated,
            PhoneEvent::SettingsUpdated,
            cancelled,
        ];
        let frames: String = all.iter().filter_map(|event| event.frame(NEW)).collect();
        assert_eq!(frames, include_str!("fixtures/events.txt"));
    }

    #[test]
    fn an_old_app_is_not_told_of_cancelling() {
        let cancelled = PhoneEvent::MessageCancelled { message_id: "dlv_1".to_owned() };
        assert_eq!(cancelled.frame(Some(AppVersion::new(1, 66, 9))), None);
        assert_eq!(cancelled.frame(None), None);
        assert!(PhoneEvent::MessageEnqueued.frame(None).is_some());
    }

    #[test]
    fn an_id_cannot_break_out_of_its_line() {
        let event = PhoneEvent::MessageCancelled { message_id: "a\n\nevent: x".to_owned() };
        let frame = event.frame(NEW).unwrap();
        assert_eq!(frame.lines().filter(|line| !line.is_empty()).count(), 2);
    }

    #[test]
    fn a_comment_is_no_frame() {
        assert!(KEEPALIVE.starts_with(':') && KEEPALIVE.ends_with("\n\n"));
    }
}
