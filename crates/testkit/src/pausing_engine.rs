//! A database, around any engine, that makes its callers wait before and after each call: there a
//! test lets others go first, or leaves a caller for ever, as a killed process would be.

use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use vestnik_store::{ChangeSet, CommitError, Engine, ReadError, Row, Statement, Value};

/// Passes every call on to another engine. A batch of reads is torn into single ones on purpose: as on
/// PostgreSQL, where each read of a batch has a moment of its own, others come in between.
pub struct PausingEngine {
    inner: Arc<dyn Engine>,
    waits: AtomicU32,
}

impl PausingEngine {
    pub fn around(inner: Arc<dyn Engine>) -> PausingEngine {
        PausingEngine { inner, waits: AtomicU32::new(0) }
    }

    /// How often callers were made to wait so far: once before a call has reached the database, and
    /// once when its effect stands there but the caller does not know.
    pub fn waits(&self) -> u32 {
        self.waits.load(Ordering::Relaxed)
    }

    async fn wait(&self) {
        self.waits.fetch_add(1, Ordering::Relaxed);
        tokio::task::yield_now().await;
    }
}

#[async_trait::async_trait]
impl Engine for PausingEngine {
    async fn read(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Result<Vec<Row>, ReadError> {
        self.wait().await;
        let rows = self.inner.read(statement, parameters).await;
        self.wait().await;
        rows
    }

    async fn commit(&self, change_set: ChangeSet) -> Result<(), CommitError> {
        self.wait().await;
        let outcome = self.inner.commit(change_set).await;
        self.wait().await;
        outcome
    }

    async fn clock(&self) -> Result<Timestamp, ReadError> {
        self.inner.clock().await
    }

    async fn describe(&self) -> Result<String, ReadError> {
        self.inner.describe().await
    }

    async fn back_up(&self, path: &Path) -> Result<(), ReadError> {
        self.inner.back_up(path).await
    }
}
