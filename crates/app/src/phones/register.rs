//! A phone registers: by its private link token, by login and password, or by a one-time code. The
//! same slot gets the same device id each time, with a fresh token; what it had fetched under the
//! registration before it has forgotten, so those tries become unknown.

use super::{PhoneHeaders, PhoneReply, user};
use crate::access::secret;
use crate::context::App;
use crate::counters;
use crate::error::AppError;
use crate::sending::report;
use vestnik_channels::android_phone::app_version::AppVersion;
use vestnik_channels::android_phone::authorization::Credential;
use vestnik_channels::android_phone::wire::{Register, RegisterReply};
use vestnik_domain::delivery::DeliveryEvent;
use vestnik_domain::sender::PhoneLink;
use vestnik_store::tables::senders::LinkCode;
use vestnik_store::{ChangeSet, CommitError};

/// Registers; 401 for a wrong credential, 400 for a body that is not understood.
pub async fn register(
    app: &App,
    headers: PhoneHeaders<'_>,
    body: &[u8],
) -> Result<PhoneReply, AppError> {
    let register = match Register::decode(body) {
        Ok(register) => register,
        Err(error) => return Ok(PhoneReply::refused(400, &error.to_string())),
    };
    let Some((link, code)) = vouched_for(app, headers).await? else {
        return Ok(PhoneReply::refused(401, "the private token, login or code does not fit"));
    };
    let active = app
        .store
        .sender(link.organization_id, link.sender_id)
        .await?
        .is_some_and(|sender| sender.archived_at.is_none());
    if !active {
        return Ok(PhoneReply::refused(401, "this phone was unlinked"));
    }
    let token = hex::encode(app.random::<20>());
    let version = headers.user_agent.and_then(AppVersion::of_user_agent);
    let after = PhoneLink {
        version: link.version + 1,
        registration: link.registration + 1,
        device_token_hash: Some(secret::hash(&token)),
        app_version: version.map(|version| version.to_string()).or(link.app_version.clone()),
        relinking_since: None,
        last_contact_at: Some(app.liveness_now()),
        has_push_token: register.has_push_token,
        sim_count: i64::try_from(register.sim_cards.len()).ok(),
        webhook_key_confirmed: false,
        ..link.clone()
    };
    let mut change_set = ChangeSet::new();
    change_set.update(&after, link.version);
    if let Some(code) = code {
        let used = LinkCode {
            version: code.version + 1,
            used_at: Some(app.liveness_now()),
            ..code.clone()
        };
        change_set.update(&used, code.version);
    }
    match app.store.commit(change_set).await {
        Ok(()) => {}
        // Registered twice at once: the other one's token holds, this one asks again.
        Err(CommitError::Conflict { .. }) => {
            return Ok(PhoneReply::refused(503, "registered twice at once; try again"));
        }
        Err(error) => return Err(error.into()),
    }
    let in_flight =
        app.store.deliveries_in_flight(link.organization_id, link.sender_id, 1_000).await?;
    for delivery in in_flight.iter().filter(|one| one.sender_registration < after.registration) {
        report::apply(app, delivery, &DeliveryEvent::RegistrationLost).await?;
    }
    // What was held while no phone had ever been linked can go now.
    crate::sending::route::reroute_held(app, link.organization_id).await?;
    counters::count(counters::REGISTRATIONS);
    tracing::info!(sender = %link.sender_id, registration = after.registration, "a phone registered");
    let login = user::login(link.sender_id);
    let reply = RegisterReply {
        id: link.sender_id.to_string(),
        token,
        login,
        password: user::given_password(app, &link),
    };
    PhoneReply::json(201, &reply)
}

/// The slot that the credential stands for.
async fn vouched_for(
    app: &App,
    headers: PhoneHeaders<'_>,
) -> Result<Option<(PhoneLink, Option<LinkCode>)>, AppError> {
    match Credential::of_header(headers.authorization) {
        Credential::Bearer(token) => {
            let found = app.store.phone_link_by_link_token(&secret::hash(token.trim())).await?;
            Ok(found.map(|link| (link, None)))
        }
        Credential::Code(code) => {
            let now = app.liveness_now();
            let found = app.store.link_code(&secret::hash(&code)).await?;
            let Some(code) = found.filter(|code| code.used_at.is_none() && now < code.expires_at)
            else {
                return Ok(None);
            };
            let link = app.store.phone_link(code.organization_id, code.sender_id).await?;
            Ok(link.map(|link| (link, Some(code))))
        }
        Credential::Basic { login, password } => {
            let link = user::by_login(app, &login, &password).await?;
            Ok(link.map(|link| (link, None)))
        }
        Credential::None | Credential::Unreadable => Ok(None),
    }
}
