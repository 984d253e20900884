//! Use cases: one file per verb. Each reads a snapshot, decides by the pure rules of `domain`, and
//! commits one change-set.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod access;
pub mod appointments;
pub mod audit;
pub mod catalogue;
pub mod clients;
pub mod context;
pub mod counters;
pub mod effects;
pub mod error;
pub mod import;
pub mod import_run;
pub mod journals;
pub mod messages;
pub mod nodes;
pub mod organizations;
pub mod outbound;
pub mod phones;
mod round;
pub mod senders;
pub mod sending;
pub mod settings;
pub mod stops;
pub mod tasks;
pub mod templates;
pub mod virtual_clock;
pub mod visits;

pub use context::{App, Caller, Clock, Entropy, InstanceKey};
pub use error::{AppError, FieldError};
/// What the gateway writes into a phone's stream of events.
pub use vestnik_channels::android_phone::events as phone_events;
