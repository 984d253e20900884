//! Signing in with address and password.

use super::password;
use super::sessions::{NewSession, open_session};
use crate::context::App;
use crate::error::AppError;
use vestnik_domain::access::User;
use vestnik_store::ChangeSet;

/// A hash of no password at all: verified when the address is unknown, so that the answer takes as
/// long as for a known one and says nothing about who has an account.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$8bXsUGWYzVbd3ZwDCwjYzOAyQnb0hgZkHnTB1JHMrYs";

/// Opens a session.
///
/// # Errors
/// `wrong_credentials`, whichever of the two was wrong.
pub async fn sign_in(
    app: &App,
    email: &str,
    password: &str,
    user_agent: &str,
) -> Result<(User, NewSession), AppError> {
    let email = email.trim().to_lowercase();
    let user = app.store.user_by_email(&email).await?.filter(|user| user.disabled_at.is_none());
    let hashed = user.as_ref().map_or(NOBODY, |user| &user.password_hash);
    let right = password.len() <= password::LONGEST * 4 && password::verify(password, hashed);
    let Some(user) = user.filter(|_| right) else {
        return Err(AppError::Unauthorized {
            code: "wrong_credentials",
            russian: "Почта или пароль не подходят".to_owned(),
            english: "the address or the password is wrong".to_owned(),
        });
    };
    let mut change_set = ChangeSet::new();
    let session = open_session(app, &mut change_set, &user, user_agent);
    app.store.commit(change_set).await?;
    Ok((user, session))
}
