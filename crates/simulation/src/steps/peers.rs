//! Who stands outside of the installation and speaks with it: phones, which ask, a carrier and an
//! external journal, which are asked. Each crash point around a call of these is the engine's, as
//! those around the store's are.

pub(super) mod carrier;
pub(super) mod journal;
pub(super) mod phone;
