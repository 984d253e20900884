//! The step simulator: whole histories of salons, their clients and their phones, played from a seed
//! in one thread, with nodes that die in the middle of calls, and watched by a naive model.
//!
//! One seed is one history, the same on every machine. No socket, no thread and no timer take part:
//! calls of the use cases run until they end or their node is killed at a call of the store, and time
//! jumps from one instant to the next at which anything happens. docs/simulation.md says what is
//! checked and how a seed is replayed.

mod carriers;
mod clocks;
mod commands;
mod deeds;
mod engine;
mod executor;
mod gateway;
mod history;
mod invariant;
mod journals;
mod life;
mod many;
mod model;
mod node;
mod nodes;
mod peers;
mod setup;
mod surroundings;
mod temper;
mod totals;
mod world;

use std::sync::Arc;
use vestnik_store_sqlite::InlineEngine;

pub use invariant::{Invariant, Violation};
pub use many::{Failure, Summary, simulate};
pub use totals::Totals;

/// What one seed played.
#[derive(Debug, Clone)]
pub struct Played {
    pub seed: u64,
    pub totals: Totals,
    /// At which step what was expected and was not so.
    pub violation: Option<(u64, Violation)>,
    /// Line by line what happened, if that was asked for.
    pub trace: Vec<String>,
}

/// Plays the history of one seed.
pub fn play(seed: u64, with_trace: bool) -> Played {
    match ground() {
        Ok(database) => play_on(&database, seed, with_trace),
        Err(violation) => nothing_played(seed, violation),
    }
}

/// A database for histories, one after another.
fn ground() -> Result<Arc<InlineEngine>, Violation> {
    let database = InlineEngine::new()
        .map_err(|error| Violation::new(Invariant::Rest, format!("no database: {error}")))?;
    Ok(Arc::new(database))
}

/// Plays the history of one seed on a database of which nothing is left.
fn play_on(database: &Arc<InlineEngine>, seed: u64, with_trace: bool) -> Played {
    let mut world = match world::World::new(seed, database, with_trace) {
        Ok(world) => world,
        Err(violation) => return nothing_played(seed, violation),
    };
    let violation = history::play(&mut world).err().map(|violation| (world.step, violation));
    if let Some((_, violation)) = &violation {
        let words = format!("VIOLATED {violation}");
        world.note(|| words);
    }
    Played { seed, totals: world.totals, violation, trace: world.trace() }
}

fn nothing_played(seed: u64, violation: Violation) -> Played {
    let violation = Some((0, violation));
    Played { seed, totals: Totals::default(), violation, trace: Vec::new() }
}
