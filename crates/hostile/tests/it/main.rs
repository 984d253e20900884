//! Replays what is kept: every seed through its target, in every run of the tests.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs::read_dir;
use std::path::{Path, PathBuf};
use vestnik_hostile::{TARGETS, Target};

/// A seed is written by hand: what a fuzzer finds is cut down before it is kept.
const SEED_BYTES_MOST: u64 = 4 * 1024;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn names_in(folder: &Path) -> BTreeSet<String> {
    let entries = read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

fn replay(name: &str) {
    let target = vestnik_hostile::target(name).unwrap();
    let folder = folder("seeds").join(name);
    let seeds = names_in(&folder);
    assert!(!seeds.is_empty(), "{name} has no seeds");
    for seed in seeds {
        let path = folder.join(&seed);
        assert!(path.metadata().unwrap().len() <= SEED_BYTES_MOST, "{name}/{seed} is too big");
        println!("{name}/{seed}");
        (target.check)(&std::fs::read(path).unwrap());
    }
    // What every decoder must survive without anybody writing it down.
    for bytes in [&b""[..], b"\n", b"\n\n", b"\0", b"\xff\xfe", &[0xd1; 300], &[b'{'; 4096]] {
        (target.check)(bytes);
    }
}

#[test]
fn answers() {
    replay("answer");
}

#[test]
fn http() {
    replay("http");
}

#[test]
fn journals() {
    replay("journal");
}

#[test]
fn the_message_language() {
    replay("message_language");
}

#[test]
fn the_app_on_a_phone() {
    replay("phone_app");
}

#[test]
fn phone_numbers() {
    replay("phone_number");
}

#[test]
fn short_texts() {
    replay("short_texts");
}

#[test]
fn sms() {
    replay("sms");
}

#[test]
fn tables() {
    replay("table");
}

#[test]
fn workbooks() {
    replay("workbook");
}

#[test]
fn every_target_has_its_test_its_seeds_and_its_dictionary() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(names_in(&folder("seeds")), targets);
    assert_eq!(names_in(&folder("dictionaries")), targets);
    let own = include_str!("main.rs");
    let untested = |target: &&Target| !own.contains(&format!("replay(\"{}\")", target.name));
    assert_eq!(TARGETS.iter().filter(untested).map(|target| target.name).next(), None);
}
