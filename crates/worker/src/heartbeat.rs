//! The heartbeat of this node, on a rhythm of its own: nothing else may hold it up.

use crate::{rest, turn};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use vestnik_app::AppError;

/// What a heartbeat does: asks the clock, tells the database, and writes down how far it came.
#[async_trait::async_trait]
pub trait Heartbeat: Send + Sync {
    async fn beat(&self) -> Result<(), AppError>;

    /// How often; a small part of the time for which one counts.
    fn every(&self) -> Duration;
}

pub(crate) async fn beats(heartbeat: Arc<dyn Heartbeat>, mut stopping: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            biased;
            _ = stopping.changed() => return,
            () = rest(heartbeat.every()) => {}
        }
        let beating = Arc::clone(&heartbeat);
        if let Err(error) = turn::take(async move { beating.beat().await }).await {
            tracing::error!(%error, "no heartbeat: this node sends nothing until the next one");
        }
    }
}
