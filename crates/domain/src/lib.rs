//! The words and the rules of Vestnik.
//!
//! Everything here is a value or a pure function of its arguments: no I/O, no clock, no randomness.
//! Time, ids and chance come in as arguments, so every decision can be replayed and tested.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod access;
pub mod appointment;
pub mod audit;
pub mod branch;
pub mod client;
pub mod composition;
pub mod daily_total;
pub mod delivery;
pub mod effect;
pub mod ids;
pub mod incoming;
pub mod journal;
pub mod kind;
pub mod local_time;
pub mod message;
pub mod message_status;
pub mod money;
pub mod node;
pub mod organization;
pub mod pace;
pub mod phone_number;
pub mod planning;
pub mod receipt;
pub mod routing;
pub mod schedule;
pub mod sender;
pub mod service;
pub mod settings;
pub mod staff;
pub mod standard_templates;
pub mod stopped_number;
pub mod task;
pub mod template_choice;
pub mod variables;

pub use vestnik_template::Language;
