//! One file per command.

pub(crate) mod backup;
pub(crate) mod doctor;
pub(crate) mod migrate;
pub(crate) mod openapi;
pub(crate) mod phone;
pub(crate) mod serve;
pub(crate) mod simulate;
