//! A database that fails on demand, around any engine: the two moments at which a commit can be
//! lost from the caller's view, and reads that do not answer.

use jiff::Timestamp;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex};
use vestnik_store::{ChangeSet, CommitError, Engine, ReadError, Row, Statement, Value};

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The call goes through.
    Nothing,
    /// A commit fails before anything lands; a read does not answer.
    Unavailable,
    /// A commit fails before anything lands, but the caller cannot know that.
    LostBeforeCommit,
    /// A commit lands, but its answer is lost.
    LostAfterCommit,
}

/// Passes calls on to another engine unless a fault was asked for.
pub struct FaultyEngine {
    inner: Arc<dyn Engine>,
    commits: Mutex<VecDeque<Fault>>,
    reads: Mutex<VecDeque<Fault>>,
}

impl FaultyEngine {
    pub fn around(inner: Arc<dyn Engine>) -> FaultyEngine {
        FaultyEngine { inner, commits: Mutex::default(), reads: Mutex::default() }
    }

    /// What the next commits meet, one fault for each; after them all go through.
    pub fn plan_commits(&self, faults: impl IntoIterator<Item = Fault>) {
        self.commits.lock().unwrap().extend(faults);
    }

    /// How many of the commits that were planned have not come yet.
    pub fn commits_left(&self) -> usize {
        self.commits.lock().unwrap().len()
    }

    /// What the next reads meet, one fault for each, or for each batch of them; a read is lost by any fault but `Nothing`.
    pub fn plan_reads(&self, faults: impl IntoIterator<Item = Fault>) {
        self.reads.lock().unwrap().extend(faults);
    }
}

impl FaultyEngine {
    /// All calls go through from now on.
    pub fn forget_plans(&self) {
        self.commits.lock().unwrap().clear();
        self.reads.lock().unwrap().clear();
    }
}

fn next(faults: &Mutex<VecDeque<Fault>>) -> Fault {
    faults.lock().unwrap().pop_front().unwrap_or(Fault::Nothing)
}

#[async_trait::async_trait]
impl Engine for FaultyEngine {
    async fn read(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Result<Vec<Row>, ReadError> {
        match next(&self.reads) {
            Fault::Nothing => self.inner.read(statement, parameters).await,
            _ => Err(ReadError::Unavailable("a fault of the test".to_owned())),
        }
    }

    /// One call, whatever it asks for: one fault for all of it.
    async fn read_all(
        &self,
        reads: Vec<(&'static Statement, Vec<Value>)>,
    ) -> Result<Vec<Vec<Row>>, ReadError> {
        match next(&self.reads) {
            Fault::Nothing => self.inner.read_all(reads).await,
            _ => Err(ReadError::Unavailable("a fault of the test".to_owned())),
        }
    }

    async fn commit(&self, change_set: ChangeSet) -> Result<(), CommitError> {
        let lost = || Err(CommitError::OutcomeUnknown("a fault of the test".to_owned()));
        match next(&self.commits) {
            Fault::Nothing => self.inner.commit(change_set).await,
            Fault::Unavailable => Err(CommitError::Unavailable("a fault of the test".to_owned())),
            Fault::LostBeforeCommit => lost(),
            // A refusal is an answer that arrives; only a success can be lost on its way.
            Fault::LostAfterCommit => match self.inner.commit(change_set).await {
                Ok(()) => lost(),
                refusal => refusal,
            },
        }
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
