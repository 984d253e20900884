//! The real binary as a child process: started, killed, asked to stop, started again on the same
//! database. Whatever becomes of a test, its children end with it.

use crate::waiting::{now, wait_for};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Until a started process listens.
const START_LIMIT_S: u64 = 30;
/// Until an asked one ends: as docs/operations.md says.
const END_LIMIT_S: u64 = 30;

/// How to start `vestnik serve`, as often as a test likes.
pub(crate) struct Installation {
    /// `serve`, or another command that serves.
    command: &'static str,
    pub(crate) folder: PathBuf,
    pub(crate) database: String,
    /// `127.0.0.1:0`, or a fixed port for a process that is started again.
    pub(crate) listen: String,
    /// Further flags of `serve`.
    flags: Vec<String>,
    /// `RUST_LOG`, where a test asks for more than usual.
    said: Option<&'static str>,
    starts: AtomicU32,
}

impl Installation {
    pub(crate) fn new(folder: &Path, database: String, listen: String) -> Installation {
        let flags = Vec::new();
        Installation {
            command: "serve",
            folder: folder.to_owned(),
            database,
            listen,
            flags,
            said: None,
            starts: AtomicU32::new(0),
        }
    }

    pub(crate) fn of_command(mut self, command: &'static str) -> Installation {
        self.command = command;
        self
    }

    pub(crate) fn with_flags(mut self, flags: &[&str]) -> Installation {
        self.flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
        self
    }

    /// Another process on the same database, in the same folder.
    pub(crate) fn beside(&self, listen: String, sidecar: &str) -> Installation {
        let mut flags = self.flags.clone();
        let sidecar = self.folder.join(sidecar).display().to_string();
        flags.extend(["--sidecar".to_owned(), sidecar]);
        Installation { listen, flags, ..self.again() }
    }

    /// The same installation, its log lines as `filter` asks for them.
    pub(crate) fn saying(&self, filter: &'static str) -> Installation {
        Installation { said: Some(filter), ..self.again() }
    }

    /// The same installation on a business clock that stands a while ahead: what its tries still waited
    /// for is over.
    #[expect(clippy::disallowed_methods, reason = "ahead of the clock by which the service ran")]
    pub(crate) fn a_while_later(&self) -> Installation {
        let later = jiff::Timestamp::now() + jiff::SignedDuration::from_mins(10);
        let clock = ["--dev-clock", "--dev-clock-from", &later.to_string()].map(str::to_owned);
        Installation { flags: [self.flags.as_slice(), &clock].concat(), ..self.again() }
    }

    fn again(&self) -> Installation {
        Installation {
            command: self.command,
            folder: self.folder.clone(),
            database: self.database.clone(),
            listen: self.listen.clone(),
            flags: self.flags.clone(),
            said: self.said,
            starts: AtomicU32::new(0),
        }
    }

    /// Its files in the folder are numbered from here on.
    pub(crate) fn number_from(&self, number: usize) {
        self.starts.store(u32::try_from(number).unwrap(), Ordering::Relaxed);
    }

    /// Runs another command of the binary over the same database.
    pub(crate) fn command(&self, words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_vestnik"))
            .args(words)
            .args(["--database", &self.database, "--key-file"])
            .arg(self.folder.join("vestnik.key"))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Starts the service and waits until it listens.
    ///
    /// # Panics
    /// If it ends at once or does not listen in time; with the last lines of its log.
    pub(crate) fn start(&self) -> Server {
        let number = self.starts.fetch_add(1, Ordering::Relaxed);
        let said = self.folder.join(format!("serve-{number}.out"));
        let log = self.folder.join(format!("serve-{number}.log"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_vestnik"))
            .args([
                self.command,
                "--listen",
                &self.listen,
                "--database",
                &self.database,
                "--key-file",
            ])
            .arg(self.folder.join("vestnik.key"))
            .args(&self.flags)
            .envs(self.said.map(|filter| ("RUST_LOG", filter)))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(File::create(&said).unwrap())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let listening = wait_for("the line `listening on`", START_LIMIT_S, || {
            if let Some(ended) = child.try_wait().unwrap() {
                return Some(Err(format!("vestnik serve ended at once: {ended}")));
            }
            let text = fs::read_to_string(&said).unwrap();
            let (_, address) = text.split_once("listening on http://")?;
            // Only a whole line is sure to hold the whole address.
            address.split_once('\n').map(|(address, _)| Ok(address.to_owned()))
        });
        let server = |address| Server { child, address, log };
        match listening {
            Ok(Ok(address)) => server(address),
            Ok(Err(trouble)) | Err(trouble) => {
                let server = server(String::new());
                panic!("{trouble}\n{}", server.last_lines());
            }
        }
    }
}

/// A running service.
pub(crate) struct Server {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub(crate) address: String,
    pub(crate) log: PathBuf,
}

impl Server {
    /// The end without a warning: no code of the process runs any more.
    pub(crate) fn kill_nine(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Stops or wakes the process without its knowing.
    pub(crate) fn signal(&self, name: &str) {
        let script = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &script]).status().unwrap().success());
    }

    /// What it said on standard output.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(self.log.with_extension("out")).unwrap()
    }

    /// Asks for the end and waits for it; how it ended and how long that took.
    pub(crate) fn terminate(mut self) -> (ExitStatus, Duration) {
        let began = now();
        send_term(&self.child);
        let ended =
            wait_for("the end of vestnik serve", END_LIMIT_S, || self.child.try_wait().unwrap());
        let took = began.elapsed();
        (ended.unwrap_or_else(|late| panic!("{late}\n{}", self.last_lines())), took)
    }

    pub(crate) fn whole_log(&self) -> String {
        let mut text = String::new();
        File::open(&self.log).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    pub(crate) fn last_lines(&self) -> String {
        let text = self.whole_log();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Has ended already where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            println!("last lines of the server's log:\n{}", self.last_lines());
        }
    }
}

/// Std knows only the signal that cannot be handled.
pub(crate) fn send_term(child: &Child) {
    let script = format!("kill -TERM {}", child.id());
    assert!(Command::new("sh").args(["-c", &script]).status().unwrap().success());
}

/// A port for processes that are started again at the same address. It lies below the range from
/// which the kernel takes ports for outgoing connections: while the service is down, nobody else
/// gets it by chance.
pub(crate) fn fixed_address() -> String {
    loop {
        let given =
            std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{}", 12_000 + given % 18_000);
        if std::net::TcpListener::bind(&address).is_ok() {
            return address;
        }
    }
}
