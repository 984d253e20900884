//! The engine for real use: one writer, a few readers, one file.

use crate::clock::{CLOCK, read_clock};
use crate::connection::{OpenError, open_writer, schema_version};
use crate::execute;
use crate::readers::Readers;
use crate::writer::{Request, Wanted, Writer};
use jiff::Timestamp;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use tokio::sync::oneshot;
use vestnik_store::{ChangeSet, CommitError, Engine, ReadError, Row, Statement, Value};

/// SQLite in a file.
pub struct SqliteEngine {
    path: PathBuf,
    schema_version: i64,
    readers: Readers,
    writer: Writer,
    /// Held as long as the engine lives; released by the system when the process dies.
    _lock: File,
}

impl SqliteEngine {
    /// Opens `path` with `readers` reading connections; a missing file is made, an old one migrated.
    ///
    /// # Errors
    /// [`OpenError::InUse`] if another process holds the file.
    pub fn open(path: &Path, readers: usize) -> Result<SqliteEngine, OpenError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)?;
        }
        // By its true name: a link to the file must not lead past the lock.
        let path = &match path.canonicalize() {
            Ok(true_path) => true_path,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => path.to_owned(),
            Err(error) => return Err(OpenError::Io(error)),
        };
        let lock = lock_file(path)?;
        let connection = open_writer(path)?;
        let schema_version = schema_version(&connection)?;
        Ok(SqliteEngine {
            path: path.to_owned(),
            schema_version,
            readers: Readers::start(path, readers.max(1))?,
            writer: Writer::start(connection)?,
            _lock: lock,
        })
    }
}

/// Refuses a second process on one file: `PATH.lock` is held while the database is in use.
pub(crate) fn lock_file(path: &Path) -> Result<File, OpenError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(name)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(OpenError::Io(error)),
    }
}

#[async_trait::async_trait]
impl Engine for SqliteEngine {
    async fn read(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Result<Vec<Row>, ReadError> {
        let answers = self.readers.read(vec![(statement, parameters)]).await?;
        Ok(answers.into_iter().next().unwrap_or_default())
    }

    async fn read_all(
        &self,
        reads: Vec<(&'static Statement, Vec<Value>)>,
    ) -> Result<Vec<Vec<Row>>, ReadError> {
        self.readers.read(reads).await
    }

    async fn commit(&self, change_set: ChangeSet) -> Result<(), CommitError> {
        let (answer, outcome) = oneshot::channel();
        let urgency = change_set.urgency;
        let wanted = Wanted { urgency, writes: execute::writes(change_set), answer };
        if !self.writer.send(Request::Commit(wanted)) {
            return Err(CommitError::Unavailable("the writer has stopped".to_owned()));
        }
        // The writer took it but went away before it answered: it may have landed.
        outcome
            .await
            .unwrap_or_else(|_| Err(CommitError::OutcomeUnknown("the writer went away".to_owned())))
    }

    async fn clock(&self) -> Result<Timestamp, ReadError> {
        read_clock(self.read(&CLOCK, Vec::new()).await?)
    }

    async fn describe(&self) -> Result<String, ReadError> {
        Ok(format!("SQLite file {}, schema {}", self.path.display(), self.schema_version))
    }

    async fn back_up(&self, path: &Path) -> Result<(), ReadError> {
        let stopped = || ReadError::Unavailable("the writer has stopped".to_owned());
        let (answer, outcome) = oneshot::channel();
        if !self.writer.send(Request::BackUp(path.to_owned(), answer)) {
            return Err(stopped());
        }
        outcome
            .await
            .map_err(|_| stopped())?
            .map_err(|error| ReadError::Unavailable(error.to_string()))
    }
}
