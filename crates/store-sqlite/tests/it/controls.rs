//! Tests of the tests: an engine that forgets what it was told to expect must be caught.

use crate::open;
use std::path::Path;
use std::sync::Arc;
use vestnik_store::{
    ChangeSet, CommitError, Engine, Operation, ReadError, Row, Statement, Store, Value,
};
use vestnik_testkit::{conformance, tempdir};

/// Commits without looking at rows that were only read.
struct Forgetful(Arc<dyn Engine>);

#[async_trait::async_trait]
impl Engine for Forgetful {
    async fn read(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Result<Vec<Row>, ReadError> {
        self.0.read(statement, parameters).await
    }

    async fn commit(&self, mut change_set: ChangeSet) -> Result<(), CommitError> {
        change_set.operations.retain(|operation| !matches!(operation, Operation::Expect { .. }));
        self.0.commit(change_set).await
    }

    async fn clock(&self) -> Result<jiff::Timestamp, ReadError> {
        self.0.clock().await
    }

    async fn describe(&self) -> Result<String, ReadError> {
        self.0.describe().await
    }

    async fn back_up(&self, path: &Path) -> Result<(), ReadError> {
        self.0.back_up(path).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[should_panic(expected = "landed [true, true]")]
async fn write_skew_is_noticed() {
    let folder = tempdir().unwrap();
    let engine = Forgetful(open(&folder.path().join("vestnik.db")));
    conformance::serial_order(&Store::new(Arc::new(engine)), 1, 10).await;
}

#[tokio::test]
#[should_panic(expected = "seed 1, step")]
async fn a_difference_from_the_model_is_noticed() {
    let folder = tempdir().unwrap();
    let engine = Forgetful(open(&folder.path().join("vestnik.db")));
    conformance::random_sequence(&Store::new(Arc::new(engine)), 1).await;
}
