//! The message language: texts with variables and optional groups, which people write and clients
//! read. Knows no concrete variable; whoever owns them passes a [`Catalogue`] in.
//!
//! [`parse`] reads a text, [`check`] tells whether it may be saved, [`Template::render`] fills it in,
//! [`Template::print`] writes it back. [`sms`] tells what the result costs over the phone network,
//! [`plural`] chooses the form of a noun after a number.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod catalogue;
mod characters;
mod check;
mod edit_distance;
mod language;
mod parse;
mod parse_error;
mod plural;
mod print;
mod render;
#[cfg(test)]
mod sample_catalogue;
pub mod sms;
mod template;

pub use catalogue::{Catalogue, CatalogueError, VariableSpec};
pub use check::{Limits, Problem, check};
pub use language::Language;
pub use parse::parse;
pub use parse_error::ParseError;
pub use plural::plural;
pub use print::Spelling;
pub use render::{RenderError, Values};
pub use template::{Segment, Template};
