//! Signing up and in, users, sessions and API tokens.

pub mod api_tokens;
pub mod authenticate;
pub mod operator;
pub mod password;
pub mod secret;
pub mod sessions;
pub mod sign_in;
pub mod sign_up;
pub mod users;
