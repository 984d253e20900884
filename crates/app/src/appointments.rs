//! The journal: booking, editing, cancelling, restoring, statuses, reading.

pub mod book;
pub(crate) mod change;
pub mod edit;
pub(crate) mod guard;
pub mod idempotency;
pub mod let_in;
pub mod list;
pub(crate) mod offer;
pub mod status;

pub use change::WantedFacts;
