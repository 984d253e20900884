//! What really left the phone. Tests count it and compare it with what should have been sent: this is
//! the truth of the whole product, so it is written before anything is reported.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

/// One SMS to one number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AirRecord {
    /// The message's id, as the server gave it.
    pub id: String,
    /// As dialled: digits, `+`, `*` and `#`.
    pub phone_number: String,
    /// The text; of a data SMS the data in base64.
    pub text: String,
    /// By the phone's clock.
    pub at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sim_number: Option<u8>,
    /// Only of a data SMS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_port: Option<u16>,
}

impl AirRecord {
    /// The number for eyes that need not know it: its first two characters and its last four.
    pub fn masked_number(&self) -> String {
        let characters: Vec<char> = self.phone_number.chars().collect();
        let hidden = 2..characters.len().saturating_sub(4);
        characters
            .iter()
            .enumerate()
            .map(|(index, character)| if hidden.contains(&index) { '•' } else { *character })
            .collect()
    }
}

/// Everything on the air so far, in memory and, if asked for, in a file with one JSON object a line.
/// Copies share one log.
#[derive(Clone, Default)]
pub struct AirLog {
    records: Arc<Mutex<Vec<AirRecord>>>,
    file: Option<Arc<Mutex<File>>>,
}

impl AirLog {
    pub fn in_memory() -> AirLog {
        AirLog::default()
    }

    /// Also appends to the file at `path`, which is made when it does not exist.
    pub fn with_file(path: &Path) -> io::Result<AirLog> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(AirLog { file: Some(Arc::new(Mutex::new(file))), ..AirLog::default() })
    }

    /// One whole line at a time: a phone that is killed leaves no half of one.
    pub fn write(&self, record: &AirRecord) -> io::Result<()> {
        if let Some(file) = &self.file {
            let mut line = serde_json::to_string(record)?;
            line.push('\n');
            file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes())?;
        }
        self.records.lock().unwrap_or_else(PoisonError::into_inner).push(record.clone());
        Ok(())
    }

    /// In the order in which they left.
    pub fn records(&self) -> Vec<AirRecord> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(phone_number: &str) -> AirRecord {
        AirRecord {
            id: "m1".to_owned(),
            phone_number: phone_number.to_owned(),
            text: "Ждём вас".to_owned(),
            at: "2026-03-04T12:15:00Z".parse().unwrap(),
            valid_until: None,
            sim_number: Some(1),
            data_port: None,
        }
    }

    #[test]
    fn a_number_is_masked() {
        for (number, masked) in
            [("+15550100123", "+1••••••0123"), ("12345", "12345"), ("112", "112"), ("", "")]
        {
            assert_eq!(record(number).masked_number(), masked);
        }
    }

    #[test]
    fn a_line_is_one_json_object() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("air.jsonl");
        for number in ["+15550100123", "+15550100124"] {
            AirLog::with_file(&path).unwrap().write(&record(number)).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap();
        assert_eq!(
            written.lines().next().unwrap(),
            r#"{"id":"m1","phone_number":"+15550100123","text":"Ждём вас","at":"2026-03-04T12:15:00Z","sim_number":1}"#
        );
        assert_eq!(written.lines().count(), 2);
        assert!(AirLog::with_file(folder.path()).is_err(), "a folder is no file");
    }
}
