//! The carrier of the channel `log`: a file that every node appends to, one line a message.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use vestnik_app::outbound::LookUp;
use vestnik_channels::contract::{Outcome, OutgoingText};
use vestnik_channels::log::{self, Written};
use vestnik_domain::delivery::Delivery;

pub(crate) struct MessageLog {
    path: PathBuf,
}

impl MessageLog {
    pub(crate) fn new(path: PathBuf) -> MessageLog {
        MessageLog { path }
    }

    pub(crate) async fn submit(&self, text: &OutgoingText) -> Outcome {
        let (path, line) = (self.path.clone(), log::encode(text));
        let written = tokio::task::spawn_blocking(move || append(&path, line.as_bytes())).await;
        // A thread that died may have written before it did.
        log::outcome(text, written.unwrap_or(Written::Partly))
    }

    /// Whether the file holds the whole line of a try. A line that is not there by now was never
    /// written: its process is gone, or had no answer to wait for.
    pub(crate) async fn look_up(&self, delivery: &Delivery) -> LookUp {
        let (path, id) = (self.path.clone(), delivery.id.to_string());
        let found = tokio::task::spawn_blocking(move || holds(&path, &id)).await;
        match found {
            Ok(Some(true)) => LookUp::Known { carrier_id: delivery.id.to_string() },
            // A node that was paused between its last look and the file may still write.
            Ok(Some(false) | None) | Err(_) => LookUp::CannotTell,
        }
    }
}

/// Appends in one call, so that lines of several nodes never mix.
fn append(path: &Path, line: &[u8]) -> Written {
    let opened = OpenOptions::new().create(true).append(true).open(path);
    let mut file = match opened {
        Ok(file) => file,
        Err(error) => {
            tracing::warn!(%error, "the message log cannot be opened");
            return Written::Nothing;
        }
    };
    match file.write(line) {
        Ok(written) if written == line.len() => Written::Whole,
        Ok(0) => Written::Nothing,
        Ok(_) => Written::Partly,
        Err(error) => {
            tracing::warn!(%error, "the message log cannot be written");
            Written::Nothing
        }
    }
}

/// `None` where the file cannot be read.
fn holds(path: &Path, delivery_id: &str) -> Option<bool> {
    let text = std::fs::read_to_string(path).ok()?;
    Some(text.lines().any(|line| line.ends_with('}') && line.contains(delivery_id)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vestnik_domain::phone_number::PhoneNumber;

    fn text(id: &str) -> OutgoingText {
        OutgoingText {
            delivery_id: id.to_owned(),
            recipient: PhoneNumber::from_e164("+79161234567").unwrap(),
            text: "Ждём вас".to_owned(),
        }
    }

    #[tokio::test]
    async fn every_message_is_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let log = MessageLog::new(folder.path().join("messages.jsonl"));
        for id in ["dlv_1", "dlv_2"] {
            let carrier_id = id.to_owned();
            assert_eq!(log.submit(&text(id)).await, Outcome::Accepted { carrier_id });
        }
        let lines = std::fs::read_to_string(&log.path).unwrap();
        assert_eq!(lines.lines().count(), 2, "{lines}");
        assert_eq!(holds(&log.path, "dlv_2"), Some(true));
        assert_eq!(holds(&log.path, "dlv_3"), Some(false));
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_written_has_sent_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let log = MessageLog::new(folder.path().join("no/such/folder"));
        let outcome = log.submit(&text("dlv_1")).await;
        assert!(!outcome.may_have_been_told(), "{outcome:?}");
        assert_eq!(holds(&log.path, "dlv_1"), None);
    }
}
