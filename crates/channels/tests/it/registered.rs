//! A channel is whole only with its folder, its line in the registry, fixtures and its row in the
//! documentation.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use vestnik_channels::registry::{CHANNELS, markdown_table};

const TABLE_BEGINS: &str = "<!-- table of channels: begins -->\n";
const TABLE_ENDS: &str = "<!-- table of channels: ends -->";

fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every folder directly under `src/` is a channel.
fn channel_folders() -> Vec<PathBuf> {
    fs::read_dir(crate_folder().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect()
}

#[test]
fn every_folder_is_registered_and_every_registered_channel_has_a_folder() {
    let folders: BTreeSet<String> = channel_folders()
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let registered: BTreeSet<String> =
        CHANNELS.iter().map(|channel| channel.name().to_owned()).collect();
    assert_eq!(registered.len(), CHANNELS.len(), "a name is registered twice");
    assert_eq!(folders, registered, "folders under src/ and lines in registry.rs differ");
}

#[test]
fn every_channel_has_fixtures() {
    let bare: Vec<PathBuf> = channel_folders()
        .into_iter()
        .filter(|folder| {
            let fixtures = fs::read_dir(folder.join("fixtures"));
            !fixtures.is_ok_and(|mut files| files.next().is_some())
        })
        .collect();
    assert!(bare.is_empty(), "no fixtures/ with a file in {bare:?}");
}

#[test]
fn the_documentation_holds_the_table_of_channels() {
    let path = crate_folder().join("../../docs/channels.md");
    let page = fs::read_to_string(&path).unwrap();
    let written = page
        .split_once(TABLE_BEGINS)
        .and_then(|(_, rest)| rest.split_once(TABLE_ENDS))
        .map(|(table, _)| table)
        .expect("docs/channels.md has lost the marks around its table");
    let table = markdown_table();
    assert_eq!(written, table, "put this between the marks of docs/channels.md:\n{table}");
}
