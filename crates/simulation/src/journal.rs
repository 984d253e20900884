//! An external journal, played by a program: what YClients and its like do, with what goes wrong
//! there. Dates of change are whole seconds; webhooks are unsigned, get lost, come twice, late and
//! out of order; a write may land and its answer be lost; staff work in it at the same time.
//!
//! [`model`] is the journal itself, pure; [`connector`] is the way that the product speaks to it,
//! within this process.

pub mod behaviour;
pub mod connector;
pub mod model;
mod wire;

#[cfg(test)]
mod tests;

pub use behaviour::{JournalBehaviour, WriteFault};
pub use connector::SimulatedJournal;
pub use model::{JournalModel, NewRecord, StaffEdit};
