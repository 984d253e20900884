//! Money in kopecks: whole numbers only, so sums never drift.

use serde::{Deserialize, Serialize};

/// An amount in kopecks (or the hundredth part of another currency's unit).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Kopecks(pub i64);

impl Kopecks {
    /// The dearest price that is believed; above it a slip of the hand is likelier (100 million roubles).
    pub const HIGHEST: Kopecks = Kopecks(10_000_000_000);
}
