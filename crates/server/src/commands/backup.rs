//! `vestnik backup`: a consistent copy of an SQLite database, also while it is being served.

use anyhow::{Context, bail};
use clap::Args;
use std::path::PathBuf;

use crate::configuration::{Database, Settings};

#[derive(Debug, Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    settings: Settings,
    /// The file to write; it must not exist yet.
    #[arg(long)]
    to: PathBuf,
}

pub(crate) async fn run(backup: Backup) -> anyhow::Result<()> {
    let configuration = backup.settings.resolve()?;
    let Database::Sqlite(path) = configuration.database else {
        bail!("PostgreSQL has its own tools for backups: use pg_dump or pg_basebackup");
    };
    if !path.exists() {
        bail!("there is no database at {}", path.display());
    }
    if backup.to.exists() {
        bail!("{} exists already; name a new file", backup.to.display());
    }
    vestnik_store_sqlite::copy_database(&path, &backup.to)
        .with_context(|| format!("the copy {} could not be written", backup.to.display()))?;
    println!("{} copied to {}", path.display(), backup.to.display());
    Ok(())
}
