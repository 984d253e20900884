//! Login and password of a phone's slot: for «Sign in», for a login code, and to be changed on the
//! phone. The password that a phone is given is derived from the installation's key and the link
//! token, so nothing of it is stored and a new link token ends it; one chosen on the phone is kept
//! as a hash under the same key.

use super::authenticate::linked_phone;
use super::{PhoneHeaders, PhoneReply};
use crate::access::secret;
use crate::context::App;
use crate::error::AppError;
use crate::senders::edit::issue_code;
use vestnik_channels::android_phone::authorization::Credential;
use vestnik_channels::android_phone::wire::{LoginCodeReply, PasswordChange, PhoneDate};
use vestnik_domain::ids::SenderId;
use vestnik_domain::sender::PhoneLink;
use vestnik_store::{ChangeSet, CommitError};

/// As many as the app's own servers give.
const GIVEN_PASSWORD_LETTERS: usize = 14;

/// `GET /user/code` with login and password: a code that links another phone to the same slot once.
pub async fn login_code(app: &App, headers: PhoneHeaders<'_>) -> Result<PhoneReply, AppError> {
    let refused = || PhoneReply::refused(401, "the login or the password does not fit");
    let Credential::Basic { login, password } = Credential::of_header(headers.authorization) else {
        return Ok(refused());
    };
    let Some(link) = by_login(app, &login, &password).await? else { return Ok(refused()) };
    let sender = app.store.sender(link.organization_id, link.sender_id).await?;
    if sender.is_none_or(|sender| sender.archived_at.is_some()) {
        return Ok(refused());
    }
    let (code, valid_until) = issue_code(app, link.organization_id, link.sender_id).await?;
    PhoneReply::json(200, &LoginCodeReply { code, valid_until: PhoneDate(valid_until) })
}

/// `PATCH /user/password`: 204; 400 for one that is too short; 401 if the current one does not fit.
pub async fn change_password(
    app: &App,
    headers: PhoneHeaders<'_>,
    body: &[u8],
) -> Result<PhoneReply, AppError> {
    let phone = match linked_phone(app, headers).await? {
        Ok(phone) => phone,
        Err(reply) => return Ok(reply),
    };
    let change = match PasswordChange::decode(body) {
        Ok(change) => change,
        Err(error) => return Ok(PhoneReply::refused(400, &error.to_string())),
    };
    if !fits(app, &phone.link, &change.current) {
        return Ok(PhoneReply::refused(401, "currentPassword does not fit"));
    }
    let after = PhoneLink {
        version: phone.link.version + 1,
        password_hash: Some(hash(app, phone.link.sender_id, &change.new)),
        ..phone.link.clone()
    };
    let mut change_set = ChangeSet::new();
    change_set.update(&after, phone.link.version);
    match app.store.commit(change_set).await {
        Ok(()) => Ok(PhoneReply::empty(204)),
        // Another request of the phone was noted in between; the person tries again.
        Err(CommitError::Conflict { .. }) => {
            Ok(PhoneReply::refused(503, "changed meanwhile; try again"))
        }
        Err(error) => Err(error.into()),
    }
}

/// The login of a slot.
pub(crate) fn login(sender: SenderId) -> String {
    vestnik_domain::ids::encode(sender.0).to_uppercase()
}

/// The password that the phone is given; `None` once another one was chosen.
pub(crate) fn given_password(app: &App, link: &PhoneLink) -> Option<String> {
    if link.password_hash.is_some() {
        return None;
    }
    let subject = format!("{} {}", link.sender_id, hex::encode(&link.link_token_hash));
    let secret = app.derived_secret("phone login", &subject);
    Some(secret.chars().take(GIVEN_PASSWORD_LETTERS).collect())
}

/// The slot whose login and password these are.
pub(crate) async fn by_login(
    app: &App,
    login: &str,
    password: &str,
) -> Result<Option<PhoneLink>, AppError> {
    let Some(id) = vestnik_domain::ids::decode(&login.to_lowercase()) else { return Ok(None) };
    let link = app.store.phone_link_by_sender(SenderId(id)).await?;
    Ok(link.filter(|link| fits(app, link, password)))
}

fn fits(app: &App, link: &PhoneLink, password: &str) -> bool {
    // Compared by hash, so that the time taken tells nothing.
    match (&link.password_hash, given_password(app, link)) {
        (Some(chosen), _) => *chosen == hash(app, link.sender_id, password),
        (None, Some(given)) => secret::hash(&given) == secret::hash(password),
        (None, None) => false,
    }
}

fn hash(app: &App, sender: SenderId, password: &str) -> Vec<u8> {
    secret::hash(&app.derived_secret("phone password", &format!("{sender} {password}")))
}
