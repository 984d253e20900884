//! PostgreSQL's own programs, as the server's package installs them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Where each version of the package has a folder of its own, named after its number.
const VERSIONS: &str = "/usr/lib/postgresql";

/// The folder of the newest version that is installed.
///
/// # Panics
/// Where none is.
pub(crate) fn folder() -> PathBuf {
    let versions = std::fs::read_dir(VERSIONS).expect("PostgreSQL is installed: run scripts/setup");
    let newest = versions
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.parse::<u32>().ok())
        .max()
        .unwrap();
    Path::new(VERSIONS).join(newest.to_string()).join("bin")
}

/// Runs one of them to its end.
///
/// # Panics
/// If it fails, with its words.
pub(crate) fn run(program: &str, words: &[&str]) {
    let output = Command::new(folder().join(program)).args(words).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}
