//! Ending the link of a branch to an external journal.

use super::list_links::get_link;
use crate::appointments::change;
use crate::audit;
use crate::context::{App, Caller};
use crate::error::AppError;
use vestnik_domain::ids::JournalLinkId;
use vestnik_domain::journal::JournalLink;
use vestnik_store::ChangeSet;

/// The journal is asked no more, its webhooks are refused, what was still to be written becomes a task.
/// Appointments stay as they are. Done twice it is as once.
pub async fn unlink_branch(
    app: &App,
    caller: &Caller,
    id: JournalLinkId,
) -> Result<JournalLink, AppError> {
    change::decide_and_commit(app, || decide(app, caller, id)).await
}

async fn decide(
    app: &App,
    caller: &Caller,
    id: JournalLinkId,
) -> Result<(ChangeSet, JournalLink), AppError> {
    let before = get_link(app, caller, id).await?;
    let mut change_set = ChangeSet::new();
    if !before.is_active() {
        return Ok((change_set, before));
    }
    let after = before.unlinked(app.now());
    change_set.update(&after, before.version);
    let words = serde_json::json!({ "branch_id": { "from": before.branch_id, "to": null } });
    audit::note(app, caller, &mut change_set, "journal.unlinked", id, words);
    Ok((change_set, after))
}
