//! The files that belong to the project: what git tracks, and what it would track if asked.

use std::path::{Path, PathBuf};
use std::process::Command;

/// One file, by its path from the root of the project, with `/` between folders.
pub(crate) struct ProjectFile {
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
}

impl ProjectFile {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// The folder that holds the workspace's Cargo.toml.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// Every file of the project, new ones not yet added included, ignored ones not.
pub(crate) fn all() -> Vec<ProjectFile> {
    let root = root();
    // A clone made by another user is still the one that we want to look at.
    let listing = Command::new("git")
        .args([
            "-c",
            "safe.directory=*",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(&root)
        .output()
        .expect("git lists the project's files");
    assert!(listing.status.success(), "{}", String::from_utf8_lossy(&listing.stderr));
    let files: Vec<ProjectFile> = String::from_utf8(listing.stdout)
        .unwrap()
        .split_terminator('\0')
        .filter_map(|path| {
            // A file deleted but still tracked is no file of the project any more.
            let bytes = std::fs::read(root.join(path)).ok()?;
            Some(ProjectFile { path: path.to_owned(), bytes })
        })
        .collect();
    assert!(files.iter().any(|file| file.path == "Cargo.toml"), "git lists no Cargo.toml");
    files
}
