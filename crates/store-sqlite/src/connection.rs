//! Opening and migrating a database file.

use crate::planner;
use rusqlite::backup::Backup;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use vestnik_store::all_tables;

/// Before a copy that found the file busy is tried again.
const BUSY_PAUSE: Duration = Duration::from_millis(20);

/// The writer keeps the pages that it changes again and again, where the standard 2 MB would not hold
/// the heads of a few hundred salons' trees. Negative: in KiB.
const WRITER_CACHE_KIB: i64 = -32_768;
/// The log is carried over into the file after this many pages, 32 MB: what was changed often in the
/// meantime is carried once.
const CHECKPOINT_PAGES: i64 = 8_192;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// Why a database file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Two processes on one file would each believe to be the only writer.
    #[error("{0} is in use by another process; stop it, or use another file")]
    InUse(PathBuf),
    #[error("the database file cannot be opened: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the database cannot be brought to this version: {0}")]
    Migration(#[from] Box<refinery::Error>),
    #[error("the database file cannot be opened: {0}")]
    Io(#[from] std::io::Error),
}

/// Opens the connection that writes and brings the schema to this version.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, OpenError> {
    let mut connection = Connection::open(path)?;
    tune(&connection)?;
    tune_writer(&connection)?;
    migrate(&mut connection)?;
    Ok(connection)
}

/// How the connection that writes is set; a bench sets its raw one the same way.
///
/// # Errors
/// What the database answered.
pub fn tune_writer(connection: &Connection) -> rusqlite::Result<()> {
    // WAL lets readers go on while the writer commits; FULL makes every commit durable.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", WRITER_CACHE_KIB)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)
}

/// Opens a connection that only reads.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    tune(&connection)?;
    Ok(connection)
}

/// An empty database of this version in memory, migrated once for the whole process: simulations
/// take thousands of copies of it.
static EMPTY: Mutex<Option<Connection>> = Mutex::new(None);

/// A fresh database in memory, for simulations and tests.
pub(crate) fn open_in_memory() -> Result<Connection, OpenError> {
    let mut connection = Connection::open_in_memory()?;
    let mut empty = EMPTY.lock().unwrap_or_else(PoisonError::into_inner);
    let from = match &mut *empty {
        Some(made) => made,
        none => {
            let mut made = Connection::open_in_memory()?;
            tune(&made)?;
            migrate(&mut made)?;
            none.insert(made)
        }
    };
    Backup::new(from, &mut connection)?.run_to_completion(i32::MAX, BUSY_PAUSE, None)?;
    tune(&connection)?;
    Ok(connection)
}

/// Takes every row out of a database in memory. Another one takes longer: what was prepared on this
/// connection stays prepared.
pub(crate) fn empty(connection: &Connection) -> rusqlite::Result<()> {
    let all = all_tables().iter().map(|table| format!("DELETE FROM {};", table.name));
    connection.execute_batch(&format!("BEGIN; {} COMMIT", all.collect::<String>()))
}

fn tune(connection: &Connection) -> Result<(), OpenError> {
    // A backup or a checkpoint may hold the file for a moment.
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // A plan must not hang on the values bound to it: otherwise every statement with a bound LIMIT is
    // parsed and planned anew each time it runs, which costs ten times as much as running it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(())
}

fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    // In one transaction with the record of it: otherwise a crash in between leaves tables that the
    // next start would make again, and the file could never be opened.
    embedded::migrations::runner().set_grouped(true).run(connection).map_err(Box::new)?;
    planner::teach(connection)?;
    Ok(())
}

/// The number of the newest migration that was applied.
pub(crate) fn schema_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row(
        "SELECT coalesce(max(version), 0) FROM refinery_schema_history",
        [],
        |row| row.get(0),
    )
}

/// Takes what still stands in the write-ahead log into the file, so that it is whole by itself.
///
/// # Errors
/// [`OpenError::InUse`] if another process holds the file.
pub fn close_database(path: &Path) -> Result<(), OpenError> {
    let _lock = crate::threaded::lock_file(path)?;
    let connection = Connection::open(path)?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// Copies a database file to `to`, consistently, also while another process writes to it.
pub fn copy_database(from: &Path, to: &Path) -> Result<(), OpenError> {
    let connection = open_reader(from)?;
    copy_to(&connection, to)?;
    Ok(())
}

/// Copies in one step: between steps another connection's commit would start the copy anew, and
/// under steady writing it would never end. Readers and, in WAL mode, a writer go on meanwhile.
pub(crate) fn copy_to(connection: &Connection, to: &Path) -> rusqlite::Result<()> {
    copy_into(connection, &mut Connection::open(to)?)
}

/// Replaces what `copy` holds.
pub(crate) fn copy_into(connection: &Connection, copy: &mut Connection) -> rusqlite::Result<()> {
    Backup::new(connection, copy)?.run_to_completion(i32::MAX, BUSY_PAUSE, None)
}
