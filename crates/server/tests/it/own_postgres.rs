//! A PostgreSQL server of one test's own, which the test may stop and start as it likes. It is the one
//! of `scripts/with-postgres`, which also sees to it that nothing is left behind.

use crate::databases::PostgresDatabase;
use crate::postgres_programs;
use crate::project_files;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

/// Says where the server is, and waits until nobody wants it any more.
const COMMAND: &str =
    r#"printf '%s\n' "$VESTNIK_TEST_POSTGRES" "$VESTNIK_TEST_POSTGRES_DATA"; exec cat"#;
/// PostgreSQL's programs refuse to run as root.
const AS_OWNER: &str =
    r#"[ "$(id -u)" -ne 0 ] || set -- runuser -u postgres -- "$@"; exec "$@" </dev/null"#;

pub(crate) struct OwnPostgres {
    /// Dropped before its server is.
    pub(crate) database: PostgresDatabase,
    data: PathBuf,
    _running: Running,
}

struct Running {
    script: Child,
    /// Closed, it lets the server go.
    wanted: Option<ChildStdin>,
}

impl OwnPostgres {
    /// `None` where tests have no PostgreSQL.
    pub(crate) fn start(what: &str) -> Option<OwnPostgres> {
        vestnik_testkit::postgres_address(what)?;
        let mut script = Command::new(project_files::root().join("scripts/with-postgres"))
            .args(["sh", "-c", COMMAND])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let wanted = script.stdin.take();
        let mut lines = BufReader::new(script.stdout.take().unwrap()).lines();
        let running = Running { script, wanted };
        let mut line = || lines.next().expect("the server started").unwrap();
        let (address, data) = (line(), line().into());
        Some(OwnPostgres {
            database: PostgresDatabase::create_on(address),
            data,
            _running: running,
        })
    }

    /// As a crash would: nobody is waited for, nothing is put in order.
    pub(crate) fn crash(&self) {
        self.control(&["stop", "--mode=immediate"]);
    }

    /// Puts in order what a crash left, and serves again at the same address.
    pub(crate) fn recover(&self) {
        // It takes the settings of its last start.
        let log = self.folder().join("server.log");
        self.control(&["restart", "--log", log.to_str().unwrap()]);
    }

    fn folder(&self) -> &Path {
        self.data.parent().unwrap()
    }

    fn control(&self, words: &[&str]) {
        let program = postgres_programs::folder().join("pg_ctl");
        let status = Command::new("sh")
            .args(["-c", AS_OWNER, "sh"])
            .arg(program)
            .args(words)
            .args(["--wait", "--silent", "--pgdata"])
            .arg(&self.data)
            .current_dir(self.folder())
            // A pipe would stay open as long as the server that it starts.
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "pg_ctl {words:?}: {status}");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.wanted.take());
        let _ = self.script.wait();
    }
}
