//! Linking a branch to an external journal.

use crate::audit;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use vestnik_domain::Language;
use vestnik_domain::ids::{BranchId, JournalLinkId};
use vestnik_domain::journal::{JournalFault, JournalLink};
use vestnik_store::{ChangeSet, CommitError};

const LOCATION_LETTERS_MOST: usize = 64;
const TITLE_LETTERS_MOST: usize = 200;

/// Which branch, and which place in which journal.
#[derive(Debug, Clone)]
pub struct LinkBranch {
    pub branch_id: BranchId,
    pub kind: String,
    pub location_id: String,
}

/// Links the branch; its records are taken in from the next turn of the polling loop on.
///
/// # Errors
/// Names every field that is wrong; a kind that this installation does not know is answered with
/// those that it does. `branch_linked`, `location_linked`; the journal's own refusal by its code.
pub async fn link_branch(
    app: &App,
    caller: &Caller,
    command: LinkBranch,
) -> Result<JournalLink, AppError> {
    caller.need_owner()?;
    let organization = caller.organization_id;
    let mut fields = Fields::new();
    let branch = app
        .store
        .branch(organization, command.branch_id)
        .await?
        .filter(|branch| branch.archived_at.is_none());
    if branch.is_none() {
        fields.add("branch_id", "branch_unknown", "Такого филиала нет", "there is no such branch");
    }
    let connector = app.journal(&command.kind);
    if connector.is_none() {
        refuse_kind(app, &mut fields);
    }
    let location_id = fields.text("location_id", &command.location_id, LOCATION_LETTERS_MOST);
    if !location_id.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
        fields.add(
            "location_id",
            "malformed",
            "Номер филиала в журнале: латинские буквы, цифры, «-», «_» и «.»",
            "must be Latin letters, digits, \"-\", \"_\" and \".\"",
        );
    }
    fields.finish()?;
    let (Some(branch), Some(connector)) = (branch, connector) else {
        return Err(AppError::Internal("checked fields are missing".to_owned()));
    };
    let links = app.store.journal_links(organization).await?;
    if let Some(refusal) = taken(&links, branch.id, &command.kind, &location_id) {
        return Err(refusal);
    }
    let location = connector.location(&location_id).await.map_err(refused)?;
    if let Some(zone) = location.zone.as_deref().filter(|zone| *zone != branch.zone.name()) {
        return Err(AppError::field(
            "branch_id",
            "zone_differs",
            format!(
                "Часовой пояс филиала — {}, а в журнале — {zone}: исправьте, иначе время визитов сдвинется",
                branch.zone.name()
            ),
            format!("the branch is in {}, the journal's location in {zone}", branch.zone.name()),
        ));
    }
    let now = app.now();
    let link = JournalLink {
        organization_id: organization,
        id: JournalLinkId(app.new_id()),
        version: 1,
        branch_id: branch.id,
        kind: command.kind,
        location_id,
        location_title: location.title.chars().take(TITLE_LETTERS_MOST).collect(),
        cursor: None,
        next_poll_at: Some(app.liveness_now()),
        failures: 0,
        last_contact_at: None,
        fault: None,
        created_at: now,
        unlinked_at: None,
    };
    let mut change_set = ChangeSet::new();
    change_set.expect(&branch, branch.version).insert(&link);
    let words = serde_json::json!({
        "branch_id": { "from": null, "to": link.branch_id },
        "kind": { "from": null, "to": link.kind },
        "location_id": { "from": null, "to": link.location_id },
    });
    audit::note(app, caller, &mut change_set, "journal.linked", link.id, words);
    match app.store.commit(change_set).await {
        Ok(()) => Ok(link),
        // Somebody was faster with the branch or with the place.
        Err(error @ CommitError::Conflict { table: "journal_links", .. }) => {
            let links = app.store.journal_links(organization).await?;
            Err(taken(&links, link.branch_id, &link.kind, &link.location_id)
                .unwrap_or_else(|| error.into()))
        }
        Err(error) => Err(error.into()),
    }
}

/// What stands in the way among the links that there are.
fn taken(
    links: &[JournalLink],
    branch: BranchId,
    kind: &str,
    location_id: &str,
) -> Option<AppError> {
    let mut active = links.iter().filter(|link| link.is_active());
    active.find_map(|link| {
        if link.branch_id == branch {
            return Some(branch_linked());
        }
        (link.kind == kind && link.location_id == location_id).then(location_linked)
    })
}

fn refuse_kind(app: &App, fields: &mut Fields) {
    let kinds = app.journal_kinds().join(", ");
    let (russian, english) = if kinds.is_empty() {
        (
            "Подключать внешние журналы этот Вестник пока не умеет".to_owned(),
            "this installation knows no external journals yet".to_owned(),
        )
    } else {
        (format!("Такого журнала нет. Подключаются: {kinds}"), format!("must be one of: {kinds}"))
    };
    fields.add("kind", JournalFault::KindUnknown.code(), russian, english);
}

fn refused(fault: JournalFault) -> AppError {
    let (russian, english) = (fault.message(Language::Russian), fault.message(Language::English));
    match fault {
        JournalFault::LocationUnknown | JournalFault::AccessDenied => {
            AppError::field("location_id", fault.code(), russian, english)
        }
        _ => AppError::conflict(fault.code(), russian, english),
    }
}

fn branch_linked() -> AppError {
    AppError::conflict(
        "branch_linked",
        "Этот филиал уже подключён к журналу: сначала отключите его",
        "this branch is linked to a journal; unlink it first",
    )
}

fn location_linked() -> AppError {
    AppError::conflict(
        "location_linked",
        "Это место журнала уже подключено к другому вашему филиалу",
        "this location is linked to another of your branches",
    )
}
