//! This process as a node of its installation: how it arrives, and its heartbeat.

use crate::configuration::Configuration;
use crate::database_clock::DatabaseClock;
use crate::sidecar_file::SidecarFile;
use jiff::SignedDuration;
use std::sync::Arc;
use std::time::Duration;
use vestnik_app::nodes;
use vestnik_app::{App, AppError};
use vestnik_domain::Language;
use vestnik_worker::Heartbeat;

/// A heartbeat may fail twice before it no longer counts.
const BEATS_A_LEASE: u32 = 3;

/// The application as a node, and what keeps it one.
pub(crate) struct JoinedNode {
    pub(crate) app: App,
    pub(crate) heartbeat: Arc<NodeHeartbeat>,
}

/// Arrives at the database; says on standard output if nothing may be sent.
pub(crate) async fn join(
    app: App,
    clock: Arc<DatabaseClock>,
    configuration: &Configuration,
) -> anyhow::Result<JoinedNode> {
    let file = SidecarFile::hold(&configuration.sidecar)?;
    let lease = SignedDuration::from_secs(configuration.lease_s);
    let remembered = file.read()?;
    let seen_before = match &remembered {
        Some(_) => Vec::new(),
        None => others_beating(&app, configuration).await?,
    };
    let arrived = nodes::arrive(app, remembered, lease, &seen_before).await?;
    file.write(&arrived.sidecar)?;
    if let Some(held) = arrived.held {
        let why = held.because.message(Language::English);
        tracing::error!(since = %held.since, why, "held: nothing is sent until it is let go");
        println!("HELD: {why}. Nothing is sent until `vestnik let-go` (docs/operations.md)");
    }
    let heartbeat =
        NodeHeartbeat { app: arrived.app.clone(), clock, file, lease_s: configuration.lease_s };
    Ok(JoinedNode { app: arrived.app, heartbeat: Arc::new(heartbeat) })
}

/// Who is new here watches the others for a heartbeat or two: in a fresh copy of the database they
/// are only written down.
async fn others_beating(
    app: &App,
    configuration: &Configuration,
) -> anyhow::Result<Vec<nodes::Node>> {
    let seen = nodes::beating(app).await?;
    if !seen.is_empty() {
        tracing::info!("new here: watching whether other nodes are running");
        rest(beat_every(configuration.lease_s) * 2).await;
    }
    Ok(seen)
}

#[expect(clippy::disallowed_methods, reason = "another process is given time to show that it runs")]
async fn rest(pause: Duration) {
    tokio::time::sleep(pause).await;
}

fn beat_every(lease_s: i64) -> Duration {
    Duration::from_secs(u64::try_from(lease_s).unwrap_or(1)) / BEATS_A_LEASE
}

pub(crate) struct NodeHeartbeat {
    app: App,
    clock: Arc<DatabaseClock>,
    file: SidecarFile,
    lease_s: i64,
}

#[async_trait::async_trait]
impl Heartbeat for NodeHeartbeat {
    async fn beat(&self) -> Result<(), AppError> {
        let asked = DatabaseClock::mark();
        let believed = self.clock.measure(asked, self.app.store.engine().clock().await?);
        if let Some(standing) = self.app.standing() {
            standing.doubt_clock(!believed);
        }
        let sidecar = nodes::beat(&self.app).await?;
        self.file.write(&sidecar).map_err(|error| {
            // What was sent from now on, no sidecar would know of.
            if let Some(standing) = self.app.standing() {
                standing.stop_sending();
            }
            AppError::Unavailable(format!("{error:#}"))
        })
    }

    fn every(&self) -> Duration {
        beat_every(self.lease_s)
    }
}
