//! Messages: planning them in the commit of what they speak of, and reading them.

pub mod daily;
pub mod explain;
pub mod forecast;
pub mod incoming;
pub mod list;
pub(crate) mod looks;
pub mod reason;
pub mod replan;
pub mod sweep;
pub mod timeline;
pub mod totals;
pub(crate) mod words;

mod scan;
