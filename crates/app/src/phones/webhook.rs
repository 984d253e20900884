//! What a phone posts to us by itself: SMS that came in, its health, that it started.

use super::authenticate::write;
use super::device::{signing_key, webhook_secret};
use super::{PhoneReply, incoming};
use crate::access::secret;
use crate::context::App;
use crate::error::AppError;
use vestnik_channels::android_phone::webhooks::{
    ExpectedSignature, PhoneHealth, PhoneNotice, SignatureHeaders, WebhookCall, check_signature,
};
use vestnik_domain::ids::{OrganizationId, SenderId};
use vestnik_domain::sender::PhoneLink;

/// A report may be this old: the phone signs each retry anew.
const SIGNATURE_AGE_MOST_S: i64 = 300;

/// One call of a webhook.
pub struct WebhookRequest<'a> {
    pub organization: &'a str,
    pub sender: &'a str,
    pub secret: &'a str,
    pub timestamp: Option<&'a str>,
    pub signature: Option<&'a str>,
    pub body: &'a [u8],
}

/// Takes a report in: 200 also when it is known already; 404 for a wrong address, 401 for a wrong
/// signature.
pub async fn receive(app: &App, request: WebhookRequest<'_>) -> Result<PhoneReply, AppError> {
    let unknown = || PhoneReply::refused(404, "there is nothing here");
    let (Ok(organization), Ok(sender)) =
        (request.organization.parse::<OrganizationId>(), request.sender.parse::<SenderId>())
    else {
        return Ok(unknown());
    };
    if secret::hash(request.secret) != secret::hash(&webhook_secret(app, sender)) {
        return Ok(unknown());
    }
    let Some(link) = app.store.phone_link(organization, sender).await? else {
        return Ok(unknown());
    };
    let keys = [signing_key(app, sender)?];
    let expected = if link.webhook_key_confirmed {
        ExpectedSignature::OneOf(&keys)
    } else {
        ExpectedSignature::NotYetPossible
    };
    let headers = SignatureHeaders { timestamp: request.timestamp, signature: request.signature };
    let check = |now: jiff::Timestamp| {
        check_signature(expected, headers, request.body, now.as_second(), SIGNATURE_AGE_MOST_S)
    };
    // A simulated phone follows the virtual clock; outside of trials both clocks are one.
    if let Err(error) = check(app.liveness_now()).or_else(|_| check(app.now())) {
        return Ok(PhoneReply::refused(401, &error.to_string()));
    }
    let call = match WebhookCall::decode(request.body) {
        Ok(call) => call,
        Err(error) => return Ok(PhoneReply::refused(400, &error.to_string())),
    };
    match call.notice {
        PhoneNotice::SmsReceived(sms) => incoming::take_in(app, &link, &sms).await?,
        PhoneNotice::Ping(health) => note_health(app, link, &health).await?,
        PhoneNotice::AppStarted { sim_cards } => {
            let sim_count = i64::try_from(sim_cards.len()).ok();
            let after = PhoneLink { sim_count, ..alive(app, &link) };
            write(app, &link, after).await?;
        }
        PhoneNotice::Other { .. } => {}
    }
    Ok(PhoneReply::empty(200))
}

fn alive(app: &App, link: &PhoneLink) -> PhoneLink {
    PhoneLink {
        version: link.version + 1,
        last_contact_at: Some(app.liveness_now()),
        ..link.clone()
    }
}

async fn note_health(app: &App, link: PhoneLink, health: &PhoneHealth) -> Result<(), AppError> {
    let after = PhoneLink {
        battery_percent: health.battery_percent.map(i64::from).or(link.battery_percent),
        charging: health.is_charging.or(link.charging),
        ..alive(app, &link)
    };
    write(app, &link, after).await?;
    Ok(())
}
