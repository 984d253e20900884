//! What a node remembers outside the database, in a small file beside it: by this a database that was
//! restored, copied or rewound is known for what it is.

use anyhow::{Context, bail};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use vestnik_app::nodes::Sidecar;

/// The file, held by this process alone as long as it lives.
pub(crate) struct SidecarFile {
    path: PathBuf,
    _lock: File,
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

impl SidecarFile {
    /// # Errors
    /// If another process holds it, or the folder cannot be written to.
    pub(crate) fn hold(path: &Path) -> anyhow::Result<SidecarFile> {
        let lock = beside(path, ".lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&lock);
        let file = file.with_context(|| format!("{} cannot be written", lock.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(SidecarFile { path: path.to_owned(), _lock: file }),
            Err(TryLockError::WouldBlock) => bail!(
                "{} is in use by another process: give each node its own file (--sidecar)",
                path.display()
            ),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("{} cannot be locked", lock.display()))
            }
        }
    }

    /// What was written last; nothing on the first start.
    pub(crate) fn read(&self) -> anyhow::Result<Option<Sidecar>> {
        read(&self.path)
    }

    /// Replaces the file whole: a crash leaves the old one or the new one.
    pub(crate) fn write(&self, sidecar: &Sidecar) -> anyhow::Result<()> {
        let fresh = beside(&self.path, ".new");
        let text = serde_json::to_string(sidecar)?;
        let written = File::create(&fresh).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written
            .and_then(|()| std::fs::rename(&fresh, &self.path))
            .with_context(|| format!("{} cannot be written", self.path.display()))
    }
}

/// A file that cannot be understood is as good as none: the database then wakes held.
fn read(path: &Path) -> anyhow::Result<Option<Sidecar>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(error).with_context(|| format!("{} cannot be read", path.display()));
        }
    };
    match serde_json::from_str(&text) {
        Ok(sidecar) => Ok(Some(sidecar)),
        Err(error) => {
            tracing::warn!(file = %path.display(), %error, "the sidecar is not understood");
            Ok(None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sidecar(beat: i64) -> Sidecar {
        let text = format!(
            r#"{{"instance": "a", "epoch": 1, "node_id": "nod_0000000000007", "beat": {beat}}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn it_reads_back_and_belongs_to_one_process() {
        let folder = vestnik_testkit::tempdir().unwrap();
        let path = folder.path().join("vestnik.db.sidecar");
        let file = SidecarFile::hold(&path).unwrap();
        assert_eq!(file.read().unwrap(), None);
        for beat in [1, 2] {
            file.write(&sidecar(beat)).unwrap();
            assert_eq!(file.read().unwrap(), Some(sidecar(beat)));
        }
        let second = SidecarFile::hold(&path).err().unwrap().to_string();
        assert!(second.contains("--sidecar"), "{second}");
        drop(file);
        SidecarFile::hold(&path).unwrap();
    }

    #[test]
    fn half_a_file_is_as_good_as_none() {
        let folder = vestnik_testkit::tempdir().unwrap();
        let path = folder.path().join("sidecar");
        std::fs::write(&path, r#"{"instance": "a""#).unwrap();
        assert_eq!(read(&path).unwrap(), None);
    }
}
