//! The loops of `vestnik serve`, and waiting until they have dispatched what is due.

use super::measure::now;
use jiff::SignedDuration;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use vestnik_app::{App, AppError, nodes};
use vestnik_worker::Heartbeat;

const LEASE: SignedDuration = SignedDuration::from_secs(15);

struct Beats(App);

#[async_trait::async_trait]
impl Heartbeat for Beats {
    async fn beat(&self) -> Result<(), AppError> {
        nodes::beat(&self.0).await.map(|_| ())
    }

    fn every(&self) -> Duration {
        Duration::from_secs(5)
    }
}

/// The application as the one node of its installation.
pub(crate) async fn as_node(app: App) -> App {
    nodes::arrive(app, None, LEASE, &[]).await.unwrap().app
}

/// The loops at work.
pub(crate) struct Loops {
    stop: watch::Sender<bool>,
    worker: JoinHandle<()>,
}

impl Loops {
    /// Of an application that is a node.
    pub(crate) async fn start(app: &App) -> Loops {
        nodes::beat(app).await.unwrap();
        let (stop, stopping) = watch::channel(false);
        let heartbeat = Arc::new(Beats(app.clone()));
        let worker = tokio::spawn(vestnik_worker::run(app.clone(), heartbeat, stopping));
        Loops { stop, worker }
    }

    /// Ends them; turns under way are finished, what was intended is handed over and written down.
    pub(crate) async fn stop(self) {
        self.stop.send(true).unwrap();
        self.worker.await.unwrap();
    }
}

/// Reads how much was handed over from what the channel `log` wrote.
pub(crate) struct MessageLog {
    path: PathBuf,
    /// The byte behind the last line that was counted.
    read: u64,
}

impl MessageLog {
    pub(crate) fn at(path: &Path) -> MessageLog {
        MessageLog { path: path.to_owned(), read: 0 }
    }

    /// Lines that were added since this was asked last.
    fn new_lines(&mut self) -> usize {
        let Ok(mut file) = std::fs::File::open(&self.path) else { return 0 };
        file.seek(SeekFrom::Start(self.read)).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        self.read += u64::try_from(bytes.len()).unwrap();
        bytes.iter().filter(|byte| **byte == b'\n').count()
    }
}

/// Runs the loops until `count` messages are handed over and written down, or `limit` is over; how many
/// that were, and how long it took.
pub(crate) async fn dispatch(
    app: &App,
    log: &mut MessageLog,
    count: usize,
    limit: Duration,
) -> (usize, Duration) {
    let began = now();
    let loops = Loops::start(app).await;
    let mut handed_over = 0;
    while handed_over < count && began.elapsed() < limit {
        rest(Duration::from_millis(10)).await;
        handed_over += log.new_lines();
    }
    let buckets: Vec<i64> = (0..vestnik_domain::ids::BUCKETS).collect();
    while handed_over == count && !app.store.senders_in_flight(&buckets).await.unwrap().is_empty() {
        rest(Duration::from_millis(5)).await;
    }
    let whole = (handed_over == count).then(|| began.elapsed());
    loops.stop().await;
    // Cut short, the span ends when what was handed over is written down too.
    let took = whole.unwrap_or_else(|| began.elapsed());
    handed_over += log.new_lines();
    assert!(handed_over <= count, "nobody is told twice");
    (handed_over, took)
}

#[expect(clippy::disallowed_methods, reason = "the loops are given time")]
pub(crate) async fn rest(pause: Duration) {
    tokio::time::sleep(pause).await;
}
