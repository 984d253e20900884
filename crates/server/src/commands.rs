//! One file per command.

pub(crate) mod backup;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod let_go;
pub(crate) mod migrate;
pub(crate) mod openapi;
pub(crate) mod operator_token;
pub(crate) mod phone;
pub(crate) mod restore;
pub(crate) mod serve;
pub(crate) mod simulate;
