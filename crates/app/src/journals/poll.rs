//! Asking journals for what changed: the truth behind every webhook.
//!
//! A poll claims its link by version, so that two nodes do not ask at once; should they do so yet,
//! nothing is taken in twice, since every record is compared with what stands. Each record is a
//! commit of its own, and the cursor moves after them: killed in between, the page is asked for again.

use super::connector::{JournalConnector, Page};
use super::take_in::{self, Taken};
use super::webhook::hint;
use crate::context::App;
use crate::error::AppError;
use crate::sending::all_buckets;
use vestnik_domain::ids::JournalLinkId;
use vestnik_domain::journal::{JournalFault, JournalLink};
use vestnik_store::{ChangeSet, CommitError, Urgency};

/// Links that one look finds.
const ROUND_MOST: i64 = 100;
/// Pages of one link in one turn: a big salon's first poll must not keep others waiting.
const PAGES_MOST: usize = 5;

/// The links whose journals are to be asked, longest due first.
pub async fn due(app: &App) -> Result<Vec<(JournalLinkId, JournalLink)>, AppError> {
    if !app.may_send() {
        return Ok(Vec::new());
    }
    let now = app.liveness_now();
    let due = app.store.journal_links_to_poll(&all_buckets(), now, ROUND_MOST).await?;
    Ok(due.into_iter().map(|link| (link.id, link)).collect())
}

/// Asks one journal that was due; nobody is asked twice if somebody else has been faster.
pub async fn ask(app: &App, due: &JournalLink) -> Result<(), AppError> {
    match poll(app, due).await {
        Err(error @ (AppError::Unavailable(_) | AppError::OutcomeUnknown(_))) => Err(error),
        Err(error) => {
            tracing::error!(journal = %due.id, %error, "a journal's changes cannot be taken in");
            fail(app, due, JournalFault::NotTakenIn).await
        }
        Ok(()) => Ok(()),
    }
}

/// Asks every journal that is due, one after another; says how many it asked.
pub async fn run_once(app: &App) -> Result<usize, AppError> {
    let due = due(app).await?;
    let count = due.len();
    for (_, link) in due {
        ask(app, &link).await?;
    }
    Ok(count)
}

async fn poll(app: &App, due: &JournalLink) -> Result<(), AppError> {
    let Some(connector) = app.journal(&due.kind) else {
        return fail(app, due, JournalFault::KindUnknown).await;
    };
    let mut link = due.claimed(app.liveness_now());
    if !write(app, due, &link).await? {
        return Ok(());
    }
    for _ in 0..PAGES_MOST {
        let page = match connector.poll(&link.location_id, link.cursor.as_deref()).await {
            Ok(page) => page,
            Err(fault) => return fail(app, &link, fault).await,
        };
        let more = page.more;
        match take_in_page(app, &link, &*connector, page).await? {
            Some(next) if more => link = next,
            _ => return Ok(()),
        }
    }
    hint(app, &link).await
}

/// Takes everything of the page in and moves the cursor; `None` if another poll has come further.
async fn take_in_page(
    app: &App,
    link: &JournalLink,
    connector: &dyn JournalConnector,
    page: Page,
) -> Result<Option<JournalLink>, AppError> {
    if !take_in::things(app, link, &page).await? {
        return overtaken(app, link).await;
    }
    for record in &page.records {
        match take_in::polled(app, link, record).await? {
            Taken::Changed | Taken::Unchanged => {}
            Taken::Unclear => {
                if let Err(fault) = take_in::fetch(app, link, connector, &record.id).await? {
                    fail(app, link, fault).await?;
                    return Ok(None);
                }
            }
            Taken::Outdated => return overtaken(app, link).await,
        }
    }
    advance(app, link, connector, page).await
}

/// Another poll has come further: what was hinted for it may have been meant for this one.
async fn overtaken(app: &App, link: &JournalLink) -> Result<Option<JournalLink>, AppError> {
    if let Some(fresh) = app.store.journal_link(link.organization_id, link.id).await? {
        hint(app, &fresh).await?;
    }
    Ok(None)
}

async fn advance(
    app: &App,
    claim: &JournalLink,
    connector: &dyn JournalConnector,
    page: Page,
) -> Result<Option<JournalLink>, AppError> {
    loop {
        let fresh = app.store.journal_link(claim.organization_id, claim.id).await?;
        let Some(fresh) = fresh.filter(|fresh| fresh.is_active() && fresh.cursor == claim.cursor)
        else {
            return Ok(None);
        };
        let now = app.liveness_now();
        let next = if page.more {
            // Still claimed.
            claim.next_poll_at.unwrap_or(now)
        } else {
            now.checked_add(connector.poll_every()).unwrap_or(now)
        };
        let after = fresh.advanced(claim, page.next_cursor.clone(), next, now);
        if write(app, &fresh, &after).await? {
            return Ok(Some(after));
        }
    }
}

async fn fail(app: &App, link: &JournalLink, fault: JournalFault) -> Result<(), AppError> {
    tracing::warn!(journal = %link.id, fault = fault.code(), "a journal could not be asked");
    let fresh = app.store.journal_link(link.organization_id, link.id).await?;
    let Some(fresh) = fresh.filter(JournalLink::is_active) else { return Ok(()) };
    // A lost race is somebody who asks it again.
    write(app, &fresh, &fresh.failed(fault, app.liveness_now())).await?;
    Ok(())
}

/// False if somebody was faster.
async fn write(app: &App, before: &JournalLink, after: &JournalLink) -> Result<bool, AppError> {
    let mut change_set = ChangeSet::with_urgency(Urgency::Dispatch);
    change_set.update(after, before.version);
    match app.store.commit(change_set).await {
        Ok(()) => Ok(true),
        Err(CommitError::Conflict { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
