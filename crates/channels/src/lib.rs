//! The ways of sending: what every channel owes ([`contract`]), which channels there are
//! ([`registry`]), and one folder per channel that speaks its carrier's language.
//!
//! Everything here is a pure function of its arguments: bytes in, values out, and back. Sockets,
//! clocks and randomness belong to whoever calls.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod android_phone;
pub mod contract;
pub mod log;
pub mod registry;
