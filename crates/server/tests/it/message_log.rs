//! The file that senders of the channel `log` write to: what is in it is on the air.

use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Debug, Deserialize)]
pub(crate) struct LogLine {
    pub(crate) delivery_id: String,
    pub(crate) to: String,
    pub(crate) text: String,
}

pub(crate) struct MessageLog(PathBuf);

impl MessageLog {
    pub(crate) fn in_folder(folder: &Path) -> MessageLog {
        MessageLog(folder.join("messages.jsonl"))
    }

    /// For `serve`.
    pub(crate) fn flags(&self) -> [&str; 2] {
        ["--message-log", self.0.to_str().unwrap()]
    }

    /// Every line, whole: lines of several nodes never mix.
    pub(crate) fn lines(&self) -> Vec<LogLine> {
        let text = fs::read_to_string(&self.0).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}
