//! `vestnik simulate`: plays histories from seeds and says whether everything held.

use anyhow::bail;
use clap::Args;
use vestnik_simulation::steps::{Failure, Summary, play, simulate};

#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// How many seeds to play, on all cores.
    #[arg(long, default_value_t = 50, value_name = "N", conflicts_with = "seed")]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1, value_name = "K", conflicts_with = "seed")]
    from: u64,
    /// Plays this seed alone.
    #[arg(long, value_name = "K")]
    seed: Option<u64>,
    /// Prints everything that happens in that seed.
    #[arg(long, requires = "seed")]
    trace: bool,
}

/// The last line on standard output is the summary; an error if any seed failed.
pub(crate) fn run(command: &Simulate) -> anyhow::Result<()> {
    let summary = match command.seed {
        Some(seed) => one(seed, command.trace),
        None => simulate(command.from, command.seeds, &|failure| eprintln!("{failure}")),
    };
    println!("{summary}");
    if let Some(first) = summary.failures.first() {
        bail!("replay it with: vestnik simulate --seed {} --trace", first.seed);
    }
    Ok(())
}

fn one(seed: u64, trace: bool) -> Summary {
    let played = play(seed, trace);
    for line in &played.trace {
        println!("{line}");
    }
    let failure = played.violation.map(|(step, violation)| Failure { seed, step, violation });
    if let Some(failure) = &failure {
        eprintln!("{failure}");
    }
    Summary { from: seed, seeds: 1, totals: played.totals, failures: failure.into_iter().collect() }
}
