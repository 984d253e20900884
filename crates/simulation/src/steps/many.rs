//! Many seeds on all cores, each in one thread.

use super::{Played, Totals, Violation, ground, nothing_played, play_on};
use std::fmt;
use std::num::NonZero;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// A seed that failed.
#[derive(Debug, Clone)]
pub struct Failure {
    pub seed: u64,
    pub step: u64,
    pub violation: Violation,
}

/// What many seeds played.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    pub from: u64,
    pub seeds: u64,
    pub totals: Totals,
    /// By seed.
    pub failures: Vec<Failure>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary { from, seeds, totals, failures } = self;
        write!(f, "simulate: {seeds} seeds from {from}, {} failed; {totals}", failures.len())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed {}, step {}: {}", self.seed, self.step, self.violation)
    }
}

/// Plays `seeds` seeds from `from` on, on as many threads as the machine has cores.
pub fn simulate(from: u64, seeds: u64, on_failure: &(dyn Fn(&Failure) + Sync)) -> Summary {
    let next = AtomicU64::new(0);
    let summary = Mutex::new(Summary { from, seeds, ..Summary::default() });
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let ground = ground();
                let play = |seed| -> Played {
                    match &ground {
                        Ok(database) => play_on(database, seed, false),
                        Err(violation) => nothing_played(seed, violation.clone()),
                    }
                };
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= seeds {
                        return;
                    }
                    let played = play(from.wrapping_add(number));
                    let mut summary = summary.lock().unwrap_or_else(PoisonError::into_inner);
                    summary.totals += played.totals;
                    if let Some((step, violation)) = played.violation {
                        let failure = Failure { seed: played.seed, step, violation };
                        on_failure(&failure);
                        summary.failures.push(failure);
                    }
                }
            });
        }
    });
    let mut summary = summary.into_inner().unwrap_or_else(PoisonError::into_inner);
    summary.failures.sort_by_key(|failure| failure.seed);
    summary
}
