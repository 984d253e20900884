//! Passwords: argon2id with the parameters that OWASP recommends for 19 MiB.

use crate::context::App;
use crate::error::{AppError, Fields};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};

/// Fewer characters are guessed too easily (NIST SP 800-63B asks for at least 8; we ask for 10).
pub const SHORTEST: usize = 10;
/// More is refused: hashing would become a way to keep the server busy.
pub const LONGEST: usize = 200;

/// Notes what is wrong with a new password.
pub fn check(fields: &mut Fields, field: &'static str, password: &str) {
    let length = password.chars().count();
    if length < SHORTEST {
        fields.add(
            field,
            "password_too_short",
            format!("Пароль не короче {SHORTEST} знаков"),
            format!("at least {SHORTEST} characters"),
        );
    }
    if length > LONGEST {
        fields.add(
            field,
            "too_long",
            format!("Пароль не длиннее {LONGEST} знаков"),
            format!("at most {LONGEST} characters"),
        );
    }
}

fn hasher() -> Result<Argon2<'static>, AppError> {
    let params = Params::new(19 * 1024, 2, 1, None)
        .map_err(|error| AppError::Internal(format!("argon2: {error}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The PHC string to keep. Takes some 30 ms of processor time: call it off the async threads.
pub fn hash(app: &App, password: &str) -> Result<String, AppError> {
    let salt = app.random::<16>();
    let hashed = hasher()?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|error| AppError::Internal(format!("argon2: {error}")))?;
    Ok(hashed.to_string())
}

/// Is `password` the one that `hashed` was made of? Also `false` for an unreadable hash.
pub fn verify(password: &str, hashed: &str) -> bool {
    let (Ok(hasher), Ok(parsed)) = (hasher(), PasswordHash::new(hashed)) else {
        return false;
    };
    hasher.verify_password(password.as_bytes(), &parsed).is_ok()
}
