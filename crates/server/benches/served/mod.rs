//! `vestnik serve` as a child process.

use crate::frame::measure::now;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running service; it ends with this value.
pub(crate) struct Served {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub(crate) address: String,
    /// From the start of the process until it was ready.
    pub(crate) start: Duration,
}

impl Served {
    /// Starts it over `database` and waits until it says that it is ready.
    pub(crate) fn start(folder: &Path, database: &str) -> Served {
        let began = now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_vestnik"))
            .args(["serve", "--listen", "127.0.0.1:0", "--database", database, "--key-file"])
            .arg(folder.join("vestnik.key"))
            .env("RUST_LOG", "warn")
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().expect("vestnik serve ended at once").unwrap();
            if let Some(address) = line.strip_prefix("listening on http://") {
                break address.to_owned();
            }
        };
        let caller = crate::http::Caller::new(&address);
        let ready = || caller.call("GET", "/health/ready", None).is_ok_and(|it| it.status == 200);
        while !ready() {
            std::thread::yield_now();
        }
        Served { child, address, start: began.elapsed() }
    }

    /// The memory that the process holds in RAM, in MB.
    pub(crate) fn memory_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        let kib: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kib * 1_024.0 / 1_000_000.0
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
