//! Which phone asks, and that it is alive.

use super::{PhoneHeaders, PhoneReply};
use crate::access::secret;
use crate::context::App;
use crate::error::AppError;
use jiff::SignedDuration;
use vestnik_channels::android_phone::app_version::AppVersion;
use vestnik_channels::android_phone::authorization::Credential;
use vestnik_domain::sender::{PhoneLink, Sender};
use vestnik_store::{ChangeSet, CommitError};

/// A contact is written down at most this often: a phone may ask many times a minute.
const CONTACT_EVERY: SignedDuration = SignedDuration::from_secs(20);

/// A phone with a valid registration.
pub(crate) struct LinkedPhone {
    pub(crate) sender: Sender,
    pub(crate) link: PhoneLink,
}

impl LinkedPhone {
    pub(crate) fn version(&self) -> Option<AppVersion> {
        self.link.app_version.as_deref().and_then(AppVersion::parse)
    }
}

/// Finds the phone by its device token and notes the contact; a reply of 401 for everybody else.
pub(crate) async fn linked_phone(
    app: &App,
    headers: PhoneHeaders<'_>,
) -> Result<Result<LinkedPhone, PhoneReply>, AppError> {
    let unknown = || PhoneReply::refused(401, "unknown device token; register again");
    let Credential::Bearer(token) = Credential::of_header(headers.authorization) else {
        return Ok(Err(unknown()));
    };
    let Some(link) = app.store.phone_link_by_device_token(&secret::hash(&token)).await? else {
        return Ok(Err(unknown()));
    };
    let Some(sender) = app.store.sender(link.organization_id, link.sender_id).await? else {
        return Ok(Err(unknown()));
    };
    if sender.archived_at.is_some() {
        return Ok(Err(unknown()));
    }
    let link = note_contact(app, link, headers.user_agent).await?;
    Ok(Ok(LinkedPhone { sender, link }))
}

/// Writes down that the phone spoke, and which version of the app it runs.
async fn note_contact(
    app: &App,
    link: PhoneLink,
    user_agent: Option<&str>,
) -> Result<PhoneLink, AppError> {
    let now = app.liveness_now();
    let said = user_agent.and_then(AppVersion::of_user_agent).map(|version| version.to_string());
    let version = said.or_else(|| link.app_version.clone());
    let fresh = link.last_contact_at.is_some_and(|last| now.duration_since(last) < CONTACT_EVERY);
    if fresh && version == link.app_version {
        return Ok(link);
    }
    let after = PhoneLink {
        version: link.version + 1,
        last_contact_at: Some(now),
        app_version: version,
        ..link.clone()
    };
    write(app, &link, after).await
}

/// Writes a link; whoever was faster wrote something as fresh.
pub(crate) async fn write(
    app: &App,
    before: &PhoneLink,
    after: PhoneLink,
) -> Result<PhoneLink, AppError> {
    let mut change_set = ChangeSet::new();
    change_set.update(&after, before.version);
    match app.store.commit(change_set).await {
        Ok(()) => Ok(after),
        Err(CommitError::Conflict { .. }) => {
            let fresh = app.store.phone_link(before.organization_id, before.sender_id).await?;
            Ok(fresh.unwrap_or(after))
        }
        Err(error) => Err(error.into()),
    }
}
