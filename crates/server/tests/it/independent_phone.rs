//! The independent phone of `tests/independent_phone` as a child process: what it put on the air, and
//! its judgement of the server.

use crate::process::send_term;
use crate::project_files;
use crate::waiting::wait_for;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const END_LIMIT_S: u64 = 30;
/// It ends by itself when whoever started it is gone.
const RUN_S: &str = "300";

pub(crate) struct Phone {
    child: Child,
    folder: PathBuf,
}

/// One SMS that left the phone.
#[derive(Debug, Clone)]
pub(crate) struct AirLine {
    pub(crate) phone_number: String,
    pub(crate) text: String,
    /// By the phone's clock, RFC 3339.
    pub(crate) at: String,
}

impl Phone {
    /// Switches the phone on, linked by `link_token` to the service at `address`.
    pub(crate) fn switch_on(
        folder: &Path,
        address: &str,
        link_token: &str,
        more: &[&str],
    ) -> Phone {
        let child = Command::new("python3")
            .arg(project_files::root().join("tests/independent_phone/phone.py"))
            .args(["--server", &format!("http://{address}/api/mobile/v1")])
            .args(["--private-token", link_token, "--run-s", RUN_S])
            .arg("--air")
            .arg(folder.join("air.jsonl"))
            .arg("--state")
            .arg(folder.join("phone.json"))
            .args(more)
            .stdin(Stdio::null())
            .stdout(File::create(folder.join("phone.out")).unwrap())
            .stderr(File::create(folder.join("phone.log")).unwrap())
            .spawn()
            .unwrap();
        Phone { child, folder: folder.to_owned() }
    }

    /// What went on the air so far, in its order.
    pub(crate) fn air(&self) -> Vec<AirLine> {
        let text = fs::read_to_string(self.folder.join("air.jsonl")).unwrap_or_default();
        // The line that is being written has no end yet.
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        whole
            .lines()
            .map(|line| {
                let line: Value = serde_json::from_str(line).unwrap();
                let field = |name: &str| line[name].as_str().unwrap().to_owned();
                AirLine {
                    phone_number: field("phone_number"),
                    text: field("text"),
                    at: field("at"),
                }
            })
            .collect()
    }

    /// Whether `count` messages are known to the phone, all delivered, and every report about them
    /// was accepted by the server, but for those that the profile lost.
    pub(crate) fn has_reported(&self, count: usize) -> bool {
        let Some(state) = self.state() else { return false };
        let messages = state["messages"].as_array().unwrap();
        let delivered =
            |message| says_delivered(message, "acked") || says_delivered(message, "lost");
        messages.len() == count
            && messages.iter().all(delivered)
            && state["reports"].as_object().unwrap().is_empty()
    }

    /// The numbers whose «delivered» the server has accepted.
    pub(crate) fn delivered_to(&self) -> BTreeSet<String> {
        let state = self.state().unwrap();
        let messages = state["messages"].as_array().unwrap().iter();
        let proven = messages.filter(|message| says_delivered(message, "acked"));
        proven.map(|message| message["numbers"][0].as_str().unwrap().to_owned()).collect()
    }

    /// Whether the server has registered the phone.
    pub(crate) fn is_linked(&self) -> bool {
        self.state().is_some_and(|state| state["token"].is_string())
    }

    /// What it keeps over a restart.
    fn state(&self) -> Option<Value> {
        let text = fs::read(self.folder.join("phone.json")).ok()?;
        Some(serde_json::from_slice(&text).unwrap())
    }

    /// Switches the phone off.
    ///
    /// # Panics
    /// If the phone saw the server break the app's protocol.
    pub(crate) fn switch_off(mut self) {
        send_term(&self.child);
        let ended =
            wait_for("the end of the phone", END_LIMIT_S, || self.child.try_wait().unwrap());
        let ended = ended.unwrap();
        assert!(ended.success(), "{ended}\n{}", self.findings());
    }

    /// What the phone said of itself and of the server.
    pub(crate) fn findings(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        format!("{}{}", read("phone.log"), read("phone.out"))
    }
}

fn says_delivered(message: &Value, list: &str) -> bool {
    message[list].as_array().unwrap().iter().any(|state| state == "Delivered")
}

impl Drop for Phone {
    fn drop(&mut self) {
        // Has ended already where the test went well. Asked to end, it says what it found.
        if std::thread::panicking() && self.child.try_wait().unwrap().is_none() {
            send_term(&self.child);
            let _ = wait_for("", END_LIMIT_S, || self.child.try_wait().ok().flatten());
            println!("air: {:#?}\n{}", self.air(), self.findings());
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
