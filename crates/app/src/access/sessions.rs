//! Sessions of browsers: opening, listing, ending.

use super::secret::{self, SecretKind};
use crate::context::{App, Caller};
use crate::error::AppError;
use jiff::{SignedDuration, Timestamp};
use vestnik_domain::access::{Actor, Session, User};
use vestnik_domain::ids::{SessionId, UserId};
use vestnik_store::ChangeSet;

/// A session ends after this time, used or not.
const LIFETIME: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A fresh session with the secret that only its browser will know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    pub session: Session,
    pub secret: String,
}

/// Adds a session of `user` to the change-set.
pub(crate) fn open_session(
    app: &App,
    change_set: &mut ChangeSet,
    user: &User,
    user_agent: &str,
) -> NewSession {
    let secret = secret::new_secret(app, SecretKind::Session);
    let now = app.now();
    let session = Session {
        id: SessionId(app.new_id()),
        version: 1,
        organization_id: user.organization_id,
        user_id: user.id,
        secret_hash: secret::hash(&secret),
        user_agent: user_agent.chars().filter(|letter| !letter.is_control()).take(200).collect(),
        created_at: now,
        expires_at: now.checked_add(LIFETIME).unwrap_or(Timestamp::MAX),
        ended_at: None,
    };
    change_set.insert(&session);
    NewSession { session, secret }
}

fn signed_in_user(caller: &Caller) -> Result<UserId, AppError> {
    match caller.actor {
        Actor::User { user_id } => Ok(user_id),
        _ => Err(AppError::conflict(
            "no_session",
            "Сеансы есть только у людей, вошедших в кабинет",
            "only people who signed in have sessions",
        )),
    }
}

/// The caller's own open sessions.
pub async fn list_sessions(app: &App, caller: &Caller) -> Result<Vec<Session>, AppError> {
    let user = signed_in_user(caller)?;
    Ok(app.store.open_sessions(caller.organization_id, user, app.now()).await?)
}

/// Ends one of the caller's own sessions: signing out, here or elsewhere.
pub async fn end_session(app: &App, caller: &Caller, id: SessionId) -> Result<(), AppError> {
    let sessions = list_sessions(app, caller).await?;
    let session = sessions
        .into_iter()
        .find(|session| session.id == id)
        .ok_or(AppError::NotFound("session"))?;
    let ended =
        Session { version: session.version + 1, ended_at: Some(app.now()), ..session.clone() };
    let mut change_set = ChangeSet::new();
    change_set.update(&ended, session.version);
    Ok(app.store.commit(change_set).await?)
}
