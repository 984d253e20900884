//! Clients: cards of the people who visit, shared by the branches.
//!
//! Both roles write them. Their fields are no settings, so the audit stays out of it; consents are
//! proof and are audited.

pub mod archive_client;
pub mod create_client;
pub mod edit_client;
pub mod find_clients;
pub mod find_or_create;
pub(crate) mod number_guard;
pub mod phone;
pub mod record_consent;

mod card;

pub use card::home_region;
pub(crate) use card::{NAME_LETTERS_MOST, NOTE_LETTERS_MOST};
pub use find_clients::get_client as get;
