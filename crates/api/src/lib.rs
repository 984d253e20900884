//! HTTP: one file per group of verbs, its tests beside it. Nothing is decided here; a handler reads
//! the request, calls one use case, and words the answer.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod access;
mod appointments;
mod body;
mod caller;
mod catalogue;
mod dev_clock;
mod document;
mod health;
mod import;
mod journals;
mod messages;
mod operator;
mod phone_gateway;
mod problem;
mod rate_limit;
mod router;
mod senders;
mod serve;
mod settings;
mod start_page;
mod state;
mod stopped_numbers;
mod tasks;
mod templates;
mod trusted_proxies;
mod visit_page;
mod wire;

#[cfg(test)]
mod isolation;
#[cfg(test)]
mod test_phone;
#[cfg(test)]
mod test_server;

pub use router::{openapi, router};
pub use serve::serve;
pub use state::{ApiState, Metrics};
pub use trusted_proxies::AddressRange;
