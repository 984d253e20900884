//! Signing up and in, sessions, users, API tokens.

pub(crate) mod api_tokens;
pub(crate) mod sessions;
pub(crate) mod sign_up;
pub(crate) mod users;

#[cfg(test)]
mod tests;
