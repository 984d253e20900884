//! The operator of the installation: whoever can read its key file.

use super::secret;
use crate::context::{App, InstanceKey};
use crate::error::AppError;

/// The operator's token: derived from the key file, stored nowhere, the same on every node.
pub fn token_of(key: &InstanceKey) -> String {
    key.derived_secret("operator", "token")
}

/// # Errors
/// `Unauthorized` for any other token.
pub fn check_token(app: &App, given: &str) -> Result<(), AppError> {
    // Compared by hash, so that the time taken tells nothing.
    if secret::hash(&token_of(app.key())) == secret::hash(given) {
        return Ok(());
    }
    Err(AppError::Unauthorized {
        code: "not_operator",
        russian: "Нужен ключ оператора: его печатает vestnik operator-token".to_owned(),
        english: "the operator's token is needed: `vestnik operator-token` prints it".to_owned(),
    })
}
