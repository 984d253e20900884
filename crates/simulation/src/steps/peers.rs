//! Who stands outside of the installation and speaks with it: phones, which ask, and a carrier, which
//! is asked. Each crash point around a call of the carrier is the engine's, as those around the
//! store's are.

pub(super) mod carrier;
pub(super) mod phone;
