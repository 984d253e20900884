//! Peers of the product that are played by a program, for the demo, for trials and for tests: what
//! stands in another's house in real life. A peer is as strict as the real one, since a lenient one
//! would only prove our own mistakes.
//!
//! This crate may open connections, but to this very machine alone.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod carrier;
pub mod chance;
pub mod demo;
pub mod journal;
pub mod phone;
pub mod steps;
