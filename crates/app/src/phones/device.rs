//! What a registered phone tells and asks about itself: update, settings, webhooks, stream.

use super::authenticate::{linked_phone, write};
use super::{PhoneHeaders, PhoneReply};
use crate::context::App;
use crate::error::AppError;
use vestnik_channels::android_phone::app_version::AppVersion;
use vestnik_channels::android_phone::settings::PhoneSettings;
use vestnik_channels::android_phone::signing_key::SigningKey;
use vestnik_channels::android_phone::webhooks::{WebhookUrl, webhook_list};
use vestnik_channels::android_phone::wire::{DeviceReply, DeviceUpdate, LinkedDevice, PhoneDate};
use vestnik_domain::ids::{OrganizationId, SenderId};
use vestnik_domain::sender::PhoneLink;

/// `PATCH /device`: 204; 403 for another device's id; 401 for an unknown token, which makes the app
/// register anew.
pub async fn update(
    app: &App,
    headers: PhoneHeaders<'_>,
    body: &[u8],
) -> Result<PhoneReply, AppError> {
    let phone = match linked_phone(app, headers).await? {
        Ok(phone) => phone,
        Err(reply) => return Ok(reply),
    };
    let update = match DeviceUpdate::decode(body) {
        Ok(update) => update,
        Err(error) => return Ok(PhoneReply::refused(400, &error.to_string())),
    };
    if update.id != phone.sender.id.to_string() {
        return Ok(PhoneReply::refused(403, "id: this token belongs to another device"));
    }
    let sim_count = match &update.sim_cards {
        Some(cards) => i64::try_from(cards.len()).ok(),
        None => phone.link.sim_count,
    };
    if sim_count != phone.link.sim_count || update.has_push_token != phone.link.has_push_token {
        let after = PhoneLink {
            version: phone.link.version + 1,
            sim_count,
            has_push_token: update.has_push_token,
            ..phone.link.clone()
        };
        write(app, &phone.link, after).await?;
    }
    Ok(PhoneReply::empty(204))
}

/// `GET /device`: the public address; the device itself only with a valid token.
pub async fn get(
    app: &App,
    headers: PhoneHeaders<'_>,
    external_ip: &str,
) -> Result<PhoneReply, AppError> {
    let phone = linked_phone(app, headers).await?.ok();
    let device = phone.map(|phone| LinkedDevice {
        id: phone.sender.id.to_string(),
        name: phone.sender.name,
        created_at: PhoneDate(phone.sender.created_at),
        updated_at: PhoneDate(phone.sender.created_at),
        last_seen: PhoneDate(phone.link.last_contact_at.unwrap_or(phone.sender.created_at)),
        sim_cards: Vec::new(),
    });
    PhoneReply::json(200, &DeviceReply { external_ip: external_ip.to_owned(), device })
}

/// `GET /settings`; from then on the phone signs its webhooks with our key.
pub async fn settings(app: &App, headers: PhoneHeaders<'_>) -> Result<PhoneReply, AppError> {
    let phone = match linked_phone(app, headers).await? {
        Ok(phone) => phone,
        Err(reply) => return Ok(reply),
    };
    let key = signing_key(app, phone.sender.id)?;
    let mut settings = PhoneSettings::usual(key);
    // Our own pace decides; the phone's pauses must not be longer than it.
    let pace_s = u32::try_from(phone.sender.settings.pace_s.clamp(0, 3)).unwrap_or(3);
    settings.send_interval_min_s = pace_s;
    settings.send_interval_max_s = pace_s;
    settings.ping_interval_s = 60;
    let reply = settings.reply(phone.version());
    if reply.carries_signing_key() && !phone.link.webhook_key_confirmed {
        let after = PhoneLink {
            version: phone.link.version + 1,
            webhook_key_confirmed: true,
            ..phone.link.clone()
        };
        write(app, &phone.link, after).await?;
    }
    PhoneReply::json(200, &reply)
}

/// `GET /webhooks`: where the phone sends what it receives.
pub async fn webhooks(app: &App, headers: PhoneHeaders<'_>) -> Result<PhoneReply, AppError> {
    let phone = match linked_phone(app, headers).await? {
        Ok(phone) => phone,
        Err(reply) => return Ok(reply),
    };
    let address = webhook_address(app, phone.link.organization_id, phone.sender.id);
    match WebhookUrl::parse(&address) {
        Ok(url) => PhoneReply::json(200, &webhook_list(phone.version(), &url)),
        Err(error) => {
            // Over plain http the app takes no webhooks; sending works all the same.
            tracing::warn!(%error, "incoming SMS need an https address (--public-address)");
            Ok(PhoneReply { status: 200, body: Some(serde_json::json!([])) })
        }
    }
}

/// A phone's stream of events may begin: its version, as last seen on another call.
pub async fn stream(
    app: &App,
    headers: PhoneHeaders<'_>,
) -> Result<Result<PhoneStream, PhoneReply>, AppError> {
    // The stream comes under another User-Agent, which says nothing of the app.
    let headers = PhoneHeaders { user_agent: None, ..headers };
    let phone = match linked_phone(app, headers).await? {
        Ok(phone) => phone,
        Err(reply) => return Ok(Err(reply)),
    };
    Ok(Ok(PhoneStream {
        organization_id: phone.link.organization_id,
        sender_id: phone.sender.id,
        registration: phone.link.registration,
        version: phone.version(),
    }))
}

/// An open stream of events to a phone.
#[derive(Debug, Clone, Copy)]
pub struct PhoneStream {
    organization_id: OrganizationId,
    sender_id: SenderId,
    registration: i64,
    pub version: Option<AppVersion>,
}

/// What the stream should do at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamTurn {
    /// The registration ended: close.
    Close,
    /// Something may be pulled.
    Enqueued,
    Nothing,
}

impl PhoneStream {
    /// Looks at the lane, and keeps the contact fresh: an open stream is a sign of life.
    pub async fn turn(&self, app: &App) -> Result<StreamTurn, AppError> {
        let Some(link) = app.store.phone_link(self.organization_id, self.sender_id).await? else {
            return Ok(StreamTurn::Close);
        };
        if link.registration != self.registration || link.device_token_hash.is_none() {
            return Ok(StreamTurn::Close);
        }
        let pull =
            super::pull::something_to_pull(app, self.organization_id, self.sender_id).await?;
        Ok(if pull { StreamTurn::Enqueued } else { StreamTurn::Nothing })
    }

    /// The ids of what the phone is asked to drop at the moment: `MessageCancelled` names each once.
    pub async fn asked_to_drop(&self, app: &App) -> Result<Vec<String>, AppError> {
        let (organization, sender) = (self.organization_id, self.sender_id);
        super::pull::asked_to_drop(app, organization, sender, self.registration).await
    }

    /// A keepalive was written: the phone is there.
    pub async fn alive(&self, app: &App) -> Result<(), AppError> {
        if let Some(link) = app.store.phone_link(self.organization_id, self.sender_id).await? {
            let after = PhoneLink {
                version: link.version + 1,
                last_contact_at: Some(app.liveness_now()),
                ..link.clone()
            };
            write(app, &link, after).await?;
        }
        Ok(())
    }
}

/// The key that a phone signs its webhooks with.
pub(crate) fn signing_key(app: &App, sender: SenderId) -> Result<SigningKey, AppError> {
    let key = app.derived_secret("phone webhook signature", &sender.to_string());
    SigningKey::new(&key).map_err(|error| AppError::Internal(error.to_string()))
}

/// The address that only this phone is told.
pub(crate) fn webhook_address(app: &App, organization: OrganizationId, sender: SenderId) -> String {
    let secret = webhook_secret(app, sender);
    format!("{}/hooks/phone/{organization}/{sender}/{secret}", app.public_address())
}

pub(crate) fn webhook_secret(app: &App, sender: SenderId) -> String {
    app.derived_secret("phone webhook address", &sender.to_string()).chars().take(32).collect()
}
