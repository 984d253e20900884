//! API tokens: made once, shown once, revoked for good.

use super::secret::{self, SecretKind};
use crate::audit;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use vestnik_domain::access::{Actor, ApiToken, Role};
use vestnik_domain::ids::{ApiTokenId, UserId};
use vestnik_store::ChangeSet;

/// Makes a token; the secret is in the answer and nowhere else.
pub async fn create_api_token(
    app: &App,
    caller: &Caller,
    name: &str,
    role: Role,
) -> Result<(ApiToken, String), AppError> {
    caller.need_owner()?;
    let mut fields = Fields::new();
    let name = fields.text("name", name, 100);
    fields.finish()?;
    let secret = secret::new_secret(app, SecretKind::ApiToken);
    let hint = secret.chars().skip(secret.chars().count() - 4).collect();
    let token = ApiToken {
        id: ApiTokenId(app.new_id()),
        version: 1,
        organization_id: caller.organization_id,
        name,
        role,
        secret_hash: secret::hash(&secret),
        hint,
        created_by: match caller.actor {
            Actor::User { user_id } => user_id,
            // A token may make tokens; then no person stands behind it.
            _ => UserId(0),
        },
        created_at: app.now(),
        revoked_at: None,
    };
    let mut change_set = ChangeSet::new();
    change_set.insert(&token);
    let made = serde_json::json!({ "name": token.name, "role": role });
    audit::note(app, caller, &mut change_set, "api_token.created", token.id, made);
    app.store.commit(change_set).await?;
    Ok((token, secret))
}

/// All tokens, revoked ones too.
pub async fn list_api_tokens(app: &App, caller: &Caller) -> Result<Vec<ApiToken>, AppError> {
    caller.need_owner()?;
    Ok(app.store.api_tokens(caller.organization_id).await?)
}

/// Ends a token; ending it twice is the same as once.
pub async fn revoke_api_token(app: &App, caller: &Caller, id: ApiTokenId) -> Result<(), AppError> {
    caller.need_owner()?;
    let token = app
        .store
        .api_token(caller.organization_id, id)
        .await?
        .ok_or(AppError::NotFound("api_token"))?;
    if token.revoked_at.is_some() {
        return Ok(());
    }
    let revoked =
        ApiToken { version: token.version + 1, revoked_at: Some(app.now()), ..token.clone() };
    let mut change_set = ChangeSet::new();
    change_set.update(&revoked, token.version);
    let named = serde_json::json!({ "name": token.name });
    audit::note(app, caller, &mut change_set, "api_token.revoked", token.id, named);
    Ok(app.store.commit(change_set).await?)
}
