//! What every engine of the store must do alike. [`exercise`] is the part for any engine
//! ([`random_sequence`] is a piece of it);
//! [`concurrent_bookings`], [`serial_order`] and [`durable_after_reopen`] want one that really runs
//! several callers at a time.

mod batches;
mod concurrency;
mod due_walk;
mod faults;
mod model;
mod random_sequences;
mod round_trip_journals;
mod round_trip_sending;
mod round_trip_variants;
mod round_trips;
mod rows;
mod serial_order;
mod tenant_scope;
mod unique_keys;
mod verbs;

pub use concurrency::{concurrent_bookings, durable_after_reopen};
pub use random_sequences::exercise as random_sequence;
pub use serial_order::serial_order;

use std::sync::Arc;
use vestnik_store::{Engine, Store};

/// Runs the whole suite; `make` gives an empty, migrated database each time.
pub async fn exercise<F, Made>(make: F)
where
    F: Fn() -> Made,
    Made: Future<Output = Arc<dyn Engine>>,
{
    round_trips::exercise(&Store::new(make().await)).await;
    verbs::exercise(&Store::new(make().await)).await;
    unique_keys::exercise(&Store::new(make().await)).await;
    batches::exercise(&Store::new(make().await)).await;
    due_walk::exercise(&Store::new(make().await)).await;
    tenant_scope::exercise(&Store::new(make().await)).await;
    faults::exercise(make().await).await;
    for seed in 1..=3 {
        random_sequences::exercise(&Store::new(make().await), seed).await;
    }
}
