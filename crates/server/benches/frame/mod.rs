//! What the benches share: databases of their own, measuring, and a section for `docs/benchmarks.md`.
//!
//! A bench is one subject: `benches/SUBJECT.rs` with `harness = false` in Cargo.toml, run by
//! `scripts/bench SUBJECT`, which puts what it prints on standard output between the markers of its
//! section in `docs/benchmarks.md`. What a reader needs to see on the way goes to standard error.
//! Every bench names the parts of the binary that it wires itself from, so that what is measured is
//! what `vestnik serve` runs.
#![allow(dead_code, reason = "not every bench needs every part")]

pub(crate) mod clocks;
pub(crate) mod databases;
pub(crate) mod loops;
pub(crate) mod measure;
pub(crate) mod planned;
pub(crate) mod recording;
pub(crate) mod salons;
pub(crate) mod section;

use crate::configuration::Settings;
use crate::wiring;
use databases::BenchDatabase;
use vestnik_app::App;

/// The runtime of the binary's `#[tokio::main]`.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap()
}

/// The application over a database, wired as `vestnik serve` wires it; its loops do not run.
pub(crate) async fn app(database: &BenchDatabase) -> App {
    let settings = Settings {
        database: Some(database.address()),
        key_file: Some(database.folder().join("vestnik.key")),
        ..Settings::default()
    };
    let configuration = settings.resolve().unwrap();
    let store = wiring::open(&configuration.database).await.unwrap();
    wiring::app(store, &configuration, configuration.listen).await.unwrap().app
}

/// A number that an environment variable may set otherwise.
#[expect(clippy::disallowed_methods, reason = "whoever runs a bench chooses its size")]
pub(crate) fn number_from(variable: &str, usual: usize) -> usize {
    let wanted = std::env::var(variable).ok();
    wanted.map_or(usual, |text| text.parse().unwrap())
}
