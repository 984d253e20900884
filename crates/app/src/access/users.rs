//! The people of the organization who sign in.

use super::password;
use super::sign_up::{email, email_taken};
use crate::audit;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use vestnik_domain::access::{Role, User};
use vestnik_domain::ids::UserId;
use vestnik_store::{ChangeSet, CommitError};

/// A new colleague.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub name: String,
    pub email: String,
    pub password: String,
    pub role: Role,
}

/// Adds a user.
///
/// # Errors
/// Names every field that is wrong; `email_taken` if the address has an account.
pub async fn create_user(app: &App, caller: &Caller, command: NewUser) -> Result<User, AppError> {
    caller.need_owner()?;
    let mut fields = Fields::new();
    let name = fields.text("name", &command.name, 100);
    let email = email(&mut fields, &command.email);
    password::check(&mut fields, "password", &command.password);
    fields.finish()?;
    if app.store.user_by_email(&email).await?.is_some() {
        return Err(email_taken());
    }
    let user = User {
        organization_id: caller.organization_id,
        id: UserId(app.new_id()),
        version: 1,
        email,
        name,
        role: command.role,
        password_hash: password::hash(app, &command.password)?,
        created_at: app.now(),
        disabled_at: None,
    };
    let mut change_set = ChangeSet::new();
    change_set.insert(&user);
    let made = serde_json::json!({ "email": user.email, "role": user.role });
    audit::note(app, caller, &mut change_set, "user.created", user.id, made);
    match app.store.commit(change_set).await {
        Err(CommitError::Conflict { table: "users", .. }) => Err(email_taken()),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(user),
    }
}

/// All users, disabled ones too.
pub async fn list_users(app: &App, caller: &Caller) -> Result<Vec<User>, AppError> {
    caller.need_owner()?;
    Ok(app.store.users(caller.organization_id).await?)
}

/// Closes the door to a user: every session ends at once, since each is checked against the user.
///
/// # Errors
/// `last_owner` if nobody would be left who may open doors.
pub async fn disable_user(app: &App, caller: &Caller, id: UserId) -> Result<User, AppError> {
    caller.need_owner()?;
    let users = app.store.users(caller.organization_id).await?;
    let user = users.iter().find(|user| user.id == id).ok_or(AppError::NotFound("user"))?;
    if user.disabled_at.is_some() {
        return Ok(user.clone());
    }
    let mut other_owners = users
        .iter()
        .filter(|other| other.id != id && other.role == Role::Owner && other.disabled_at.is_none());
    let keeper = other_owners.next();
    if user.role == Role::Owner && keeper.is_none() {
        return Err(AppError::conflict(
            "last_owner",
            "Это единственный владелец: сначала назначьте другого",
            "this is the only owner; make another one first",
        ));
    }
    let disabled = User { version: user.version + 1, disabled_at: Some(app.now()), ..user.clone() };
    let mut change_set = ChangeSet::new();
    change_set.update(&disabled, user.version);
    if let Some(keeper) = keeper {
        // Two owners who disable each other at once must not both succeed.
        change_set.expect(keeper, keeper.version);
    }
    let named = serde_json::json!({ "email": user.email });
    audit::note(app, caller, &mut change_set, "user.disabled", user.id, named);
    app.store.commit(change_set).await?;
    Ok(disabled)
}
