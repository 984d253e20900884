//! Who stands outside of the installation and speaks with it.
//!
//! There is one kind today: phones, which ask. A carrier that is asked (a push sender behind the
//! port `Outbound`) becomes a module beside [`phone`], with its crash points around each call as the
//! engine has them around the store's, and a field of the world beside its phones.

pub(super) mod phone;
