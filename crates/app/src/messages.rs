//! Messages: planning them in the commit of what they speak of, and reading them.

pub mod explain;
pub mod forecast;
pub mod replan;
pub mod sweep;
