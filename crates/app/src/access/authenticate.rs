//! From a secret to the caller.

use super::secret;
use crate::context::{App, Caller};
use crate::error::AppError;
use vestnik_domain::access::{Actor, Session};

fn not_signed_in() -> AppError {
    AppError::Unauthorized {
        code: "not_signed_in",
        russian: "Войдите, чтобы продолжить".to_owned(),
        english: "sign in, or send a valid API token".to_owned(),
    }
}

/// Who carries this session secret.
///
/// # Errors
/// `not_signed_in` for unknown, ended and expired sessions and disabled users alike.
pub async fn by_session(app: &App, secret: &str) -> Result<(Caller, Session), AppError> {
    let session = app
        .store
        .session_by_secret(&secret::hash(secret))
        .await?
        .filter(|session| session.ended_at.is_none() && app.now() < session.expires_at)
        .ok_or_else(not_signed_in)?;
    let user = app
        .store
        .user(session.organization_id, session.user_id)
        .await?
        .filter(|user| user.disabled_at.is_none())
        .ok_or_else(not_signed_in)?;
    let actor = Actor::User { user_id: user.id };
    Ok((Caller { organization_id: user.organization_id, role: user.role, actor }, session))
}

/// Who carries this API token.
///
/// # Errors
/// `not_signed_in` for unknown and revoked tokens alike.
pub async fn by_api_token(app: &App, secret: &str) -> Result<Caller, AppError> {
    let token = app
        .store
        .api_token_by_secret(&secret::hash(secret))
        .await?
        .filter(|token| token.revoked_at.is_none())
        .ok_or_else(not_signed_in)?;
    let actor = Actor::ApiToken { api_token_id: token.id };
    Ok(Caller { organization_id: token.organization_id, role: token.role, actor })
}
