//! Reading links to external journals.

use crate::context::{App, Caller};
use crate::error::AppError;
use vestnik_domain::ids::JournalLinkId;
use vestnik_domain::journal::JournalLink;

/// Every link of the organization, also those that were unlinked, oldest first. For owners: the
/// address of the webhook is a secret.
pub async fn list_links(app: &App, caller: &Caller) -> Result<Vec<JournalLink>, AppError> {
    caller.need_owner()?;
    Ok(app.store.journal_links(caller.organization_id).await?)
}

/// One link.
pub async fn get_link(
    app: &App,
    caller: &Caller,
    id: JournalLinkId,
) -> Result<JournalLink, AppError> {
    caller.need_owner()?;
    let found = app.store.journal_link(caller.organization_id, id).await?;
    found.ok_or(AppError::NotFound("journal"))
}
