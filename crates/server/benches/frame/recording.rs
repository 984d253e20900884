//! What use cases commit, kept, so that the very same row writes can be given to the raw engine.

use jiff::Timestamp;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use vestnik_store::{ChangeSet, CommitError, Engine, ReadError, Row, Statement, Store, Value};

/// Passes everything on and keeps the change-sets that landed, in the order of their answers.
pub(crate) struct Recording {
    inner: Store,
    is_on: AtomicBool,
    landed: Mutex<Vec<ChangeSet>>,
}

impl Recording {
    /// It keeps what lands from now on.
    pub(crate) fn around(inner: Store) -> Arc<Recording> {
        Arc::new(Recording { inner, is_on: AtomicBool::new(true), landed: Mutex::default() })
    }

    /// Keeps what lands, or only passes it on.
    pub(crate) fn switch(&self, is_on: bool) {
        self.is_on.store(is_on, Ordering::SeqCst);
    }

    /// What landed since this was asked last.
    pub(crate) fn take(&self) -> Vec<ChangeSet> {
        std::mem::take(&mut *self.landed.lock().unwrap())
    }
}

#[async_trait::async_trait]
impl Engine for Recording {
    async fn read(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Result<Vec<Row>, ReadError> {
        self.inner.engine().read(statement, parameters).await
    }

    async fn read_all(
        &self,
        reads: Vec<(&'static Statement, Vec<Value>)>,
    ) -> Result<Vec<Vec<Row>>, ReadError> {
        self.inner.engine().read_all(reads).await
    }

    async fn commit(&self, change_set: ChangeSet) -> Result<(), CommitError> {
        if !self.is_on.load(Ordering::Relaxed) {
            return self.inner.engine().commit(change_set).await;
        }
        self.inner.engine().commit(change_set.clone()).await?;
        self.landed.lock().unwrap().push(change_set);
        Ok(())
    }

    async fn clock(&self) -> Result<Timestamp, ReadError> {
        self.inner.engine().clock().await
    }

    async fn describe(&self) -> Result<String, ReadError> {
        self.inner.engine().describe().await
    }

    async fn back_up(&self, path: &Path) -> Result<(), ReadError> {
        self.inner.engine().back_up(path).await
    }
}
