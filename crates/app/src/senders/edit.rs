//! Changing, re-linking and putting away a sender.

use super::create::{check_settings, new_link_token, read_zone};
use crate::access::secret;
use crate::audit;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use jiff::{SignedDuration, Timestamp};
use vestnik_domain::delivery::DeliveryEvent;
use vestnik_domain::ids::{OrganizationId, SenderId};
use vestnik_domain::sender::{PhoneLink, Sender, SenderSettings};
use vestnik_store::ChangeSet;
use vestnik_store::tables::senders::LinkCode;

/// How long a one-time code may be typed in.
const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// What to change; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct EditSender {
    /// The version that the caller saw.
    pub version: i64,
    pub name: Option<String>,
    pub zone: Option<String>,
    pub settings: Option<SenderSettings>,
}

pub(crate) async fn find(app: &App, caller: &Caller, id: SenderId) -> Result<Sender, AppError> {
    app.store.sender(caller.organization_id, id).await?.ok_or(AppError::NotFound("sender"))
}

async fn find_link(app: &App, caller: &Caller, id: SenderId) -> Result<PhoneLink, AppError> {
    app.store.phone_link(caller.organization_id, id).await?.ok_or(AppError::NotFound("phone"))
}

/// Edits a sender.
pub async fn edit_sender(
    app: &App,
    caller: &Caller,
    id: SenderId,
    command: EditSender,
) -> Result<Sender, AppError> {
    caller.need_owner()?;
    let before = find(app, caller, id).await?;
    if before.version != command.version {
        return Err(AppError::version_conflict(before.version));
    }
    let mut fields = Fields::new();
    let name = fields.text("name", command.name.as_deref().unwrap_or(&before.name), 100);
    let settings = command.settings.unwrap_or_else(|| before.settings.clone());
    check_settings(&mut fields, &settings);
    let zone = command.zone.as_deref().and_then(|zone| read_zone(&mut fields, zone));
    fields.finish()?;
    let after = Sender {
        version: before.version + 1,
        name,
        zone: zone.unwrap_or_else(|| before.zone.clone()),
        settings,
        ..before.clone()
    };
    let mut change_set = ChangeSet::new();
    change_set.update(&after, before.version);
    let view = |sender: &Sender| {
        serde_json::json!({
            "name": sender.name,
            "zone": sender.zone.name(),
            "settings": sender.settings,
        })
    };
    let changes = audit::difference(&view(&before), &view(&after));
    audit::note(app, caller, &mut change_set, "sender.updated", id, changes);
    app.store.commit(change_set).await?;
    Ok(after)
}

/// A new link token: the old one and the phone's registration end at once.
pub async fn relink_phone(app: &App, caller: &Caller, id: SenderId) -> Result<String, AppError> {
    caller.need_owner()?;
    let sender = find(app, caller, id).await?;
    let link = find_link(app, caller, id).await?;
    let token = new_link_token(app);
    let relinking = PhoneLink {
        version: link.version + 1,
        link_token_hash: secret::hash(&token),
        device_token_hash: None,
        relinking_since: Some(app.liveness_now()),
        webhook_key_confirmed: false,
        password_hash: None,
        ..link.clone()
    };
    let mut change_set = ChangeSet::new();
    change_set.update(&relinking, link.version);
    let named = serde_json::json!({ "name": sender.name });
    audit::note(app, caller, &mut change_set, "sender.relinked", id, named);
    app.store.commit(change_set).await?;
    Ok(token)
}

/// A code that links a phone once within 15 minutes.
pub async fn create_link_code(
    app: &App,
    caller: &Caller,
    id: SenderId,
) -> Result<String, AppError> {
    caller.need_owner()?;
    find_link(app, caller, id).await?;
    let (code, _) = issue_code(app, caller.organization_id, id).await?;
    Ok(code)
}

/// A fresh code for a slot, and until when it may be typed in.
pub(crate) async fn issue_code(
    app: &App,
    organization: OrganizationId,
    id: SenderId,
) -> Result<(String, Timestamp), AppError> {
    // The app's own servers use these letters; people know how to type them.
    const LETTERS: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
    let code: String = app
        .random::<8>()
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
        .collect();
    let expires_at = app.liveness_now().checked_add(CODE_LIFETIME).unwrap_or(Timestamp::MAX);
    let mut change_set = ChangeSet::new();
    change_set.insert(&LinkCode {
        code_hash: secret::hash(&code),
        version: 1,
        organization_id: organization,
        sender_id: id,
        expires_at,
        used_at: None,
    });
    app.store.commit(change_set).await?;
    Ok((code, expires_at))
}

/// Puts a sender away: its phone is refused from now on, what waits in its lane goes elsewhere.
pub async fn archive_sender(app: &App, caller: &Caller, id: SenderId) -> Result<Sender, AppError> {
    caller.need_owner()?;
    let before = find(app, caller, id).await?;
    if before.archived_at.is_some() {
        return Ok(before);
    }
    let after =
        Sender { version: before.version + 1, archived_at: Some(app.now()), ..before.clone() };
    let mut change_set = ChangeSet::new();
    change_set.update(&after, before.version);
    if let Some(link) = app.store.phone_link(caller.organization_id, id).await? {
        let ended = PhoneLink {
            version: link.version + 1,
            device_token_hash: None,
            registration: link.registration + 1,
            ..link.clone()
        };
        change_set.update(&ended, link.version);
    }
    let named = serde_json::json!({ "name": before.name });
    audit::note(app, caller, &mut change_set, "sender.archived", id, named);
    app.store.commit(change_set).await?;
    let in_flight = app.store.deliveries_in_flight(caller.organization_id, id, 1_000).await?;
    for delivery in in_flight {
        crate::sending::report::apply(app, &delivery, &DeliveryEvent::RegistrationLost).await?;
    }
    crate::sending::route::reroute_lane(app, caller.organization_id, id).await?;
    Ok(after)
}
