//! Senders: the phones that an organization sends from, their settings and how they stand.

pub mod create;
pub mod edit;
pub mod examine;
pub mod list;
