//! Plays seeds without the program around them, so that a planted bug is built in seconds: for
//! `scripts/prove-simulation`.
//!
//! `planted SEED…` says of each seed whether it held, and ends with 1 if one did not.
//! `planted --trace SEED` says everything that happens in it.
//! `planted --all FROM N` plays N seeds on all cores, names those that do not hold, and sums up.
//! `planted --find FROM N` prints the first of N seeds that does not hold, and ends with 1 if all do.

use std::num::NonZero;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use vestnik_simulation::steps::{play, simulate};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome =
        match words.as_slice() {
            ["--find", from, most] => number(from).and_then(|from| Ok(find(from, number(most)?))),
            ["--trace", seed] => number(seed).map(trace),
            ["--all", from, most] => number(from).and_then(|from| Ok(all(from, number(most)?))),
            [] => Err("usage: planted SEED… | planted --trace SEED | planted --all|--find FROM N"
                .to_owned()),
            seeds => seeds.iter().map(|seed| number(seed)).collect::<Result<_, _>>().map(all_hold),
        };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(words) => {
            eprintln!("{words}");
            ExitCode::from(2)
        }
    }
}

fn number(word: &str) -> Result<u64, String> {
    word.parse().map_err(|_| format!("«{word}» is no number"))
}

fn trace(seed: u64) -> bool {
    let played = play(seed, true);
    for line in &played.trace {
        println!("{line}");
    }
    played.violation.is_none()
}

fn all(from: u64, seeds: u64) -> bool {
    let summary = simulate(from, seeds, &|failure| println!("{failure}"));
    println!("{summary}");
    summary.failures.is_empty()
}

fn all_hold(seeds: Vec<u64>) -> bool {
    let mut hold = true;
    for seed in seeds {
        match play(seed, false).violation {
            None => println!("seed {seed}: held"),
            Some((step, violation)) => {
                println!("seed {seed}: VIOLATED at step {step}: {violation}");
                hold = false;
            }
        }
    }
    hold
}

/// On all cores, until one is found: no seed before it is left out, and none behind it is begun.
fn find(from: u64, most: u64) -> bool {
    let (next, found) = (AtomicU64::new(from), AtomicU64::new(u64::MAX));
    let end = from.saturating_add(most);
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end.min(found.load(Ordering::Relaxed)) {
                        return;
                    }
                    if play(seed, false).violation.is_some() {
                        found.fetch_min(seed, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let found = found.into_inner();
    if found < u64::MAX {
        println!("{found}");
    }
    found < u64::MAX
}
