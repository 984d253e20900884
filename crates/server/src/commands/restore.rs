//! `vestnik restore`: a copy takes the place of an SQLite database. It wakes held: what went out
//! since the copy was made, it does not know.

use anyhow::{Context, bail};
use clap::Args;
use std::path::{Path, PathBuf};

use crate::configuration::{Database, Settings};
use crate::wiring;
use vestnik_app::Clock;
use vestnik_app::nodes::{self, HeldReason};

#[derive(Debug, Args)]
pub(crate) struct Restore {
    #[command(flatten)]
    settings: Settings,
    /// The copy that `vestnik backup` wrote.
    #[arg(long)]
    from: PathBuf,
}

pub(crate) async fn run(restore: Restore) -> anyhow::Result<()> {
    let configuration = restore.settings.resolve()?;
    let Database::Sqlite(path) = &configuration.database else {
        bail!(
            "PostgreSQL has its own tools: restore with pg_restore or a base backup; \
             Vestnik notices that the database is older, and sends nothing until `vestnik let-go`"
        );
    };
    if !restore.from.exists() {
        bail!("there is no copy at {}", restore.from.display());
    }
    // Beside the database first, whole and readable, before anything is moved.
    let fresh = ending(path, ".restoring");
    remove(&fresh)?;
    vestnik_store_sqlite::copy_database(&restore.from, &fresh)
        .with_context(|| format!("the copy {} cannot be read", restore.from.display()))?;
    hold(&fresh).await?;
    let aside = put_aside(path).await?;
    std::fs::rename(&fresh, path)
        .with_context(|| format!("{} cannot be put in place", path.display()))?;
    println!("{} restored from {}", path.display(), restore.from.display());
    if let Some(aside) = aside {
        println!("what was there before is kept as {}", aside.display());
    }
    println!("it is held: nothing is sent until `vestnik let-go`; look at it with `vestnik serve`");
    Ok(())
}

fn ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// A file and what SQLite keeps beside it.
fn remove(path: &Path) -> anyhow::Result<()> {
    for part in ["", "-wal", "-shm", ".lock"] {
        match std::fs::remove_file(ending(path, part)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("{} is in the way", path.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Marks the copy as held, brings it to this version, and leaves it as one closed file.
async fn hold(path: &Path) -> anyhow::Result<()> {
    let store = wiring::open(&Database::Sqlite(path.to_owned())).await?;
    let app = wiring::app_of_an_onlooker(store);
    nodes::mark_restored(&app, HeldReason::Restored).await?;
    drop(app);
    // Takes the last writes into the file itself.
    vestnik_store_sqlite::close_database(path)
        .with_context(|| format!("{} cannot be closed", path.display()))?;
    for part in ["-wal", "-shm", ".lock"] {
        let _ = std::fs::remove_file(ending(path, part));
    }
    Ok(())
}

/// The database that is replaced, under another name; refused while it is in use.
async fn put_aside(path: &Path) -> anyhow::Result<Option<PathBuf>> {
    if !path.exists() {
        return Ok(None);
    }
    vestnik_store_sqlite::close_database(path)
        .with_context(|| format!("{} cannot be replaced", path.display()))?;
    let now = wiring::SystemClock.now().strftime("%Y%m%d-%H%M%S").to_string();
    let aside = ending(path, &format!(".before-restore-{now}"));
    std::fs::rename(path, &aside).with_context(|| format!("{} cannot be moved", path.display()))?;
    for part in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(ending(path, part));
    }
    Ok(Some(aside))
}
