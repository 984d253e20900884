//! The step simulator itself: one seed is one history, the first thousand hold, and its model is naive.

use std::path::Path;
use vestnik_simulation::steps::{play, simulate};

#[test]
fn one_seed_run_twice_gives_one_trace() {
    for seed in [1, 2] {
        let (one, other) = (play(seed, true), play(seed, true));
        assert!(one.trace.len() > 100, "{:#?}", one.trace);
        assert_eq!(one.trace, other.trace);
        assert_eq!(one.totals, other.totals);
    }
}

/// As many as about two minutes hold on two cores beside other tests.
const SEEDS: u64 = 1_000;

#[test]
fn histories_hold_and_leave_nothing_out() {
    let summary = simulate(1, SEEDS, &|failure| eprintln!("{failure}"));
    println!("{summary}");
    assert!(summary.failures.is_empty(), "{:#?}", summary.failures);
    assert!(summary.totals.events >= 100 * SEEDS, "{summary}");
    for (words, count) in summary.totals.named() {
        assert!(count > 0, "no {words} in {SEEDS} seeds");
    }
}

const RULINGS: [&str; 6] = [
    "domain::planning",
    "domain::delivery",
    "domain::effect",
    "domain::journal",
    "domain::pace",
    "domain::routing",
];

/// What the model decided by the product's own rules would prove nothing.
#[test]
fn the_model_is_naive() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/steps/model");
    let mut files = vec![folder.with_extension("rs")];
    files.extend(std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    assert!(files.len() > 5);
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for ruling in RULINGS {
            assert!(!text.contains(ruling), "{} names {ruling}", file.display());
        }
    }
}
