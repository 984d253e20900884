//! The visit's page behind `%LINK%`: what the client sees there and may do.

pub mod act;
pub mod link;
pub mod page;
