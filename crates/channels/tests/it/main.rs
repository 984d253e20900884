//! What ties the folders of this crate, its registry and its documentation together.
#![allow(clippy::unwrap_used)]

mod registered;
