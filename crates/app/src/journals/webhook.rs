//! What a journal posts to us by itself.
//!
//! Webhooks of journals are mostly unsigned, sent once or three times, late, and out of order. So a
//! webhook is only a hint: it makes the next poll come at once, and the poll asks the journal itself
//! under our own credentials. A forged, doubled, lost, replayed or outdated one can change nothing.

use crate::access::secret;
use crate::context::App;
use crate::error::AppError;
use crate::journals::connector::{WebhookCall, WebhookRefusal};
use vestnik_domain::ids::{JournalLinkId, OrganizationId};
use vestnik_domain::journal::JournalLink;
use vestnik_store::{ChangeSet, CommitError};

/// The last part of the address that the journal posts to: made again from the installation's key,
/// stored nowhere.
pub fn webhook_secret(app: &App, link: JournalLinkId) -> String {
    app.derived_secret("journal-webhook", &link.to_string())
}

/// The address that the journal posts to.
pub fn webhook_address(app: &App, link: &JournalLink) -> String {
    let secret = webhook_secret(app, link.id);
    format!("{}/hooks/journal/{}/{}/{secret}", app.public_address(), link.organization_id, link.id)
}

/// One call.
pub struct WebhookRequest<'a> {
    pub organization: &'a str,
    pub link: &'a str,
    pub secret: &'a str,
    /// Names in lower case.
    pub headers: &'a [(String, String)],
    pub body: &'a [u8],
}

/// What the journal is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookReply {
    Taken,
    /// There is nothing at this address.
    Unknown,
    Forged,
    Malformed,
}

impl WebhookReply {
    pub fn status(self) -> u16 {
        match self {
            WebhookReply::Taken => 200,
            WebhookReply::Unknown => 404,
            WebhookReply::Forged => 401,
            WebhookReply::Malformed => 400,
        }
    }
}

/// Takes a hint in. A hint that comes twice, or while a poll is due anyway, writes nothing.
pub async fn receive(app: &App, request: WebhookRequest<'_>) -> Result<WebhookReply, AppError> {
    let (Ok(organization), Ok(link)) =
        (request.organization.parse::<OrganizationId>(), request.link.parse::<JournalLinkId>())
    else {
        return Ok(WebhookReply::Unknown);
    };
    // Compared by their hashes, so that the time it takes tells nothing.
    if secret::hash(request.secret) != secret::hash(&webhook_secret(app, link)) {
        return Ok(WebhookReply::Unknown);
    }
    let found = app.store.journal_link(organization, link).await?;
    let Some(link) = found.filter(JournalLink::is_active) else {
        return Ok(WebhookReply::Unknown);
    };
    let Some(connector) = app.journal(&link.kind) else { return Ok(WebhookReply::Unknown) };
    let call = WebhookCall { body: request.body, headers: request.headers };
    match connector.decode_webhook(&call) {
        Err(WebhookRefusal::Forged) => Ok(WebhookReply::Forged),
        Err(WebhookRefusal::Malformed) => Ok(WebhookReply::Malformed),
        // The right address with another place's news: somebody has mixed them up.
        Ok(hint) if hint.location_id != link.location_id => Ok(WebhookReply::Forged),
        Ok(_) => {
            hint(app, &link).await?;
            Ok(WebhookReply::Taken)
        }
    }
}

/// Makes the next poll come soon.
pub(super) async fn hint(app: &App, link: &JournalLink) -> Result<(), AppError> {
    let mut link = link.clone();
    // A poll that ends, or another hint, may come in between; each is as good or is seen.
    for _ in 0..5 {
        let Some(hinted) = link.hinted(app.liveness_now()) else { return Ok(()) };
        let mut change_set = ChangeSet::new();
        change_set.update(&hinted, link.version);
        match app.store.commit(change_set).await {
            Ok(()) => return Ok(()),
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        match app.store.journal_link(link.organization_id, link.id).await? {
            Some(fresh) => link = fresh,
            None => return Ok(()),
        }
    }
    Ok(())
}
