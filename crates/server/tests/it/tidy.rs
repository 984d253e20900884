//! What every file of the project keeps to: small files, a word on why a crate exists, nothing left
//! half-done, documents that name what is there.

use std::path::Path;

use crate::project_files::{self, ProjectFile};

const MAX_LINES: usize = 600;
const MAX_KIB: usize = 400;

/// Written by tools, as long as they are long.
fn is_generated(path: &str) -> bool {
    matches!(
        Path::new(path).file_name().and_then(|name| name.to_str()),
        Some("Cargo.lock" | "package-lock.json")
    ) || path.ends_with("openapi.json")
}

/// Real input kept as it came, and what should come of it.
fn is_fixture(path: &str) -> bool {
    path.contains("/fixtures/")
}

fn rust_files() -> Vec<ProjectFile> {
    project_files::all().into_iter().filter(|file| file.path.ends_with(".rs")).collect()
}

#[test]
fn no_file_of_a_crate_is_longer_than_a_subject() {
    let long: Vec<String> = project_files::all()
        .iter()
        .filter(|file| {
            file.path.starts_with("crates/") && !is_fixture(&file.path) && !is_generated(&file.path)
        })
        .map(|file| (file.text().lines().count(), &file.path))
        .filter(|(lines, _)| *lines > MAX_LINES)
        .map(|(lines, path)| format!("{path}: {lines} lines, at most {MAX_LINES}"))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn no_file_is_big() {
    let big: Vec<String> = project_files::all()
        .iter()
        .filter(|file| !is_generated(&file.path) && file.bytes.len() > MAX_KIB * 1024)
        .map(|file| format!("{}: {} KiB, at most {MAX_KIB}", file.path, file.bytes.len() / 1024))
        .collect();
    assert!(big.is_empty(), "{big:#?}");
}

#[test]
fn every_crate_says_why_it_exists() {
    let silent: Vec<String> = rust_files()
        .iter()
        .filter(|file| {
            let parts: Vec<&str> = file.path.split('/').collect();
            matches!(parts.as_slice(), ["crates", _, "src", "lib.rs" | "main.rs"])
        })
        .filter(|file| !file.text().trim_start().starts_with("//! "))
        .map(|file| format!("{} does not begin with a `//!` comment", file.path))
        .collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn nothing_is_left_half_done() {
    // Put together here, so that this file does not find itself.
    let marks = [
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("#[ig", "nore"),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
    ];
    let mut found = Vec::new();
    for file in rust_files() {
        for (number, line) in file.text().lines().enumerate() {
            found.extend(
                marks
                    .iter()
                    .filter(|mark| line.contains(*mark))
                    .map(|mark| format!("{}:{}: {mark}", file.path, number + 1)),
            );
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn no_file_names_a_path_of_one_machine() {
    let roots = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];
    let mut found = Vec::new();
    for file in project_files::all() {
        for (number, line) in file.text().lines().enumerate() {
            let named = roots.iter().any(|root| {
                line.match_indices(root).any(|(at, _)| {
                    // `crates/work/…` is a path of ours, only a path from `/` is one of a machine.
                    !line[..at].ends_with(|before: char| {
                        before.is_alphanumeric() || "._-$}".contains(before)
                    })
                })
            });
            if named {
                found.push(format!("{}:{}: {line}", file.path, number + 1));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn documents_name_only_what_exists() {
    let root = project_files::root();
    let mut missing = Vec::new();
    for file in project_files::all().iter().filter(|file| file.path.ends_with(".md")) {
        let folder = Path::new(&file.path).parent().unwrap_or(Path::new(""));
        let text = file.text();
        let mut named: Vec<_> =
            linked_files(&text).into_iter().map(|link| folder.join(link)).collect();
        named.extend(named_documents(&text).into_iter().map(Into::into));
        missing.extend(
            named
                .into_iter()
                .filter(|path| !root.join(path).exists())
                .map(|path| format!("{} names {}", file.path, path.display())),
        );
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Targets of `[text](target)` that are files here: no addresses, no places within a page.
fn linked_files(text: &str) -> Vec<String> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ', '#']).next())
        .filter(|target| !target.is_empty() && !target.contains(':') && !target.starts_with('/'))
        .map(str::to_owned)
        .collect()
}

/// Every `docs/….md` in running text.
fn named_documents(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "/._-".contains(c)))
        .filter(|word| word.starts_with("docs/") && word.ends_with(".md"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn names_in_documents_are_found() {
    let text = "see [how](docs/api.md#calls), `docs/phone.md`, [site](https://x.ru/docs/no.md), [up](#top)";
    assert_eq!(linked_files(text), ["docs/api.md"]);
    assert_eq!(named_documents(text), ["docs/api.md", "docs/phone.md"]);
}

#[test]
fn the_map_names_every_crate() {
    let map = std::fs::read_to_string(project_files::root().join("ARCHITECTURE.md")).unwrap();
    let crates = std::fs::read_dir(project_files::root().join("crates")).unwrap();
    let missing: Vec<String> = crates
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| {
            !map.contains(&format!("`{name}`")) && !map.contains(&format!("crates/{name}"))
        })
        .collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md does not name {missing:?}");
}
