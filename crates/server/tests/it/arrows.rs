//! Who may know whom. Crates stand on floors and know only what is below them; each thing that
//! touches the outside world has one home. Both tables are read against Cargo's own metadata.

use std::collections::BTreeSet;
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

use crate::project_files;

/// What a crate of the workspace may depend on, from the lowest floor up. The words and rules
/// (`template`, `domain`) are open to every floor above them.
const KNOWS: &[(&str, &[&str])] = &[
    ("template", &[]),
    ("domain", &["template"]),
    ("channels", &["domain", "template"]),
    ("store", &["domain", "template"]),
    ("store-sqlite", &["store", "domain", "template"]),
    ("store-postgres", &["store", "domain", "template"]),
    ("app", &["domain", "template", "store", "channels"]),
    ("api", &["app", "domain", "template"]),
    ("transport", &["app", "channels", "domain", "template"]),
    ("worker", &["app", "domain", "template"]),
    // Ships inside the binary for demo, trials and the step simulator, so it may name a store.
    ("simulation", &["app", "worker", "store", "store-sqlite", "channels", "domain", "template"]),
    (
        "server",
        &[
            "api",
            "app",
            "channels",
            "domain",
            "simulation",
            "store",
            "store-postgres",
            "store-sqlite",
            "template",
            "transport",
            "worker",
        ],
    ),
    ("testkit", &["app", "channels", "domain", "store", "template"]),
    // Gives every decoder what a stranger might send: a crate of tests alone.
    (
        "hostile",
        &["api", "app", "channels", "domain", "simulation", "store", "store-sqlite", "template"],
    ),
];

/// What tests alone may add to the table above.
const TESTS_MAY_ALSO_KNOW: &[&str] =
    &["testkit", "store", "store-sqlite", "store-postgres", "simulation"];

/// Crates from elsewhere that only some of ours may name, and why.
const HOMES: &[(&str, &[&str], &str)] = &[
    (
        "rusqlite",
        &["store-sqlite", "testkit"],
        "SQL stands in the two stores; the testkit looks at schemas",
    ),
    (
        "tokio-postgres",
        &["store-postgres", "testkit"],
        "SQL stands in the two stores; the testkit makes databases for tests",
    ),
    ("deadpool-postgres", &["store-postgres"], "SQL stands in the two stores"),
    ("refinery", &["store-sqlite", "store-postgres"], "migrations are SQL"),
    ("sqlx", &[], "costs four times the CPU of a statement, and clashes with rusqlite"),
    ("reqwest", &["transport", "simulation"], "one crate opens outgoing connections"),
    ("lettre", &["transport"], "one crate opens outgoing connections"),
    (
        "axum",
        &["api", "simulation", "hostile"],
        "HTTP is served by one crate; a simulated peer serves loopback",
    ),
    ("tower-http", &["api"], "HTTP is served by one crate"),
    ("utoipa", &["api"], "the shape of the API is the API's own, not the domain's"),
    ("utoipa-axum", &["api"], "HTTP is served by one crate"),
    ("askama", &["api"], "pages are served by one crate"),
    ("clap", &["server"], "the command line belongs to the binary"),
    ("tracing-subscriber", &["server", "hostile"], "where logs go is the binary's decision"),
    ("getrandom", &["server", "simulation"], "randomness is an argument everywhere below"),
    ("rand", &[], "randomness is an argument"),
    ("libfuzzer-sys", &["hostile"], "wants a C++ compiler, so only `scripts/fuzz` builds it"),
    ("chrono", &[], "there is one library of time: jiff"),
    (
        "tokio",
        &[
            "store-sqlite",
            "store-postgres",
            "api",
            "transport",
            "worker",
            "simulation",
            "server",
            "testkit",
            "hostile",
        ],
        "rules and use cases own no runtime, no socket and no timer",
    ),
];

/// Crates that decide and do nothing else: nothing that can reach the outside may come in, by
/// whatever way.
const PURE: &[&str] = &["template", "domain", "channels"];
const NEVER_BELOW_PURE: &[&str] = &[
    "tokio",
    "mio",
    "socket2",
    "hyper",
    "reqwest",
    "rusqlite",
    "tokio-postgres",
    "getrandom",
    "rand",
    "fastrand",
];
const STD_NEVER_IN_PURE: &[&str] =
    &["std::fs", "std::net", "std::process", "std::env", "std::thread", "std::io"];

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(project_files::root().join("Cargo.toml"))
        .no_deps()
        .other_options(["--offline".to_owned()])
        .exec()
        .unwrap()
}

fn short_name(package: &str) -> Option<&str> {
    package.strip_prefix("vestnik-")
}

fn members(metadata: &Metadata) -> Vec<(&str, &Package)> {
    metadata
        .workspace_packages()
        .into_iter()
        .map(|package| {
            let name = short_name(package.name.as_str()).expect("every crate is called vestnik-…");
            (name, package)
        })
        .collect()
}

fn knows(name: &str) -> &'static [&'static str] {
    KNOWS
        .iter()
        .find(|(row, _)| *row == name)
        .unwrap_or_else(|| panic!("crate {name} stands on no floor: give it a row in KNOWS"))
        .1
}

#[test]
fn crates_know_only_what_their_floor_allows() {
    let metadata = metadata();
    let mut wrong = Vec::new();
    for (name, package) in members(&metadata) {
        for dependency in &package.dependencies {
            let Some(known) = short_name(&dependency.name) else {
                continue;
            };
            let for_tests = dependency.kind == DependencyKind::Development;
            let allowed =
                knows(name).contains(&known) || (for_tests && TESTS_MAY_ALSO_KNOW.contains(&known));
            if !allowed {
                wrong.push(format!("{name} may not know {known} ({})", dependency.kind));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_table_has_no_circle_and_names_only_rows_above() {
    let mut below = BTreeSet::new();
    for (name, known) in KNOWS {
        for crate_below in *known {
            assert!(
                below.contains(crate_below),
                "{name} knows {crate_below}, which does not stand below it"
            );
        }
        assert!(below.insert(*name), "{name} has two rows");
    }
}

#[test]
fn outside_crates_are_named_only_at_home() {
    let metadata = metadata();
    let mut wrong = Vec::new();
    for (name, package) in members(&metadata) {
        for dependency in &package.dependencies {
            let home = HOMES.iter().find(|(outside, _, _)| *outside == dependency.name);
            if let Some((outside, homes, why)) = home
                && dependency.kind != DependencyKind::Development
                && !homes.contains(&name)
            {
                wrong.push(format!("{name} may not name {outside}: {why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_that_reaches_outside_comes_below_the_pure_crates() {
    let metadata = metadata();
    let mut wrong = Vec::new();
    for (name, package) in members(&metadata).into_iter().filter(|(name, _)| PURE.contains(name)) {
        let tree = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--offline",
                "--edges",
                "normal",
                "--prefix",
                "none",
                "--format",
                "{p}",
                "--package",
            ])
            .arg(package.name.as_str())
            .current_dir(project_files::root())
            .output()
            .unwrap();
        assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
        let tree = String::from_utf8(tree.stdout).unwrap();
        let below: BTreeSet<&str> =
            tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
        assert!(below.contains(package.name.as_str()), "cargo tree does not speak of {name}");
        wrong.extend(
            NEVER_BELOW_PURE
                .iter()
                .filter(|outside| below.contains(*outside))
                .map(|outside| format!("{outside} came in below {name}")),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pure_crates_name_nothing_of_std_that_reaches_outside() {
    let mut wrong = Vec::new();
    for file in project_files::all() {
        let pure = PURE.iter().any(|name| file.path.starts_with(&format!("crates/{name}/src/")));
        if !pure || !file.path.ends_with(".rs") {
            continue;
        }
        let text = file.text();
        wrong.extend(
            STD_NEVER_IN_PURE
                .iter()
                .filter(|name| text.contains(*name))
                .map(|name| format!("{} names {name}", file.path)),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sql_stands_only_in_the_stores() {
    let elsewhere: Vec<String> = project_files::all()
        .into_iter()
        .map(|file| file.path)
        .filter(|path| path.ends_with(".sql") && !path.starts_with("crates/store"))
        .collect();
    assert!(elsewhere.is_empty(), "{elsewhere:#?}");
}
