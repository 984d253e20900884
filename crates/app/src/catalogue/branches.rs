//! Branches: places with an address, a time zone and working hours.

use super::working_time::{check_hours, standard_hours};
use super::{Archiving, Shelf};
use crate::audit;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use jiff::Timestamp;
use vestnik_domain::Language;
use vestnik_domain::branch::Branch;
use vestnik_domain::ids::{BranchId, SenderId};
use vestnik_domain::local_time::Zone;
use vestnik_domain::schedule::WeekHours;
use vestnik_store::ChangeSet;

/// A new branch.
#[derive(Debug, Clone)]
pub struct NewBranch {
    pub name: String,
    /// What clients read; `None` means the organization's name.
    pub commercial_name: Option<String>,
    pub address: String,
    /// A name of the IANA database: `Europe/Moscow`.
    pub zone: String,
    /// `None` means 09:00–21:00 on every day.
    pub working_hours: Option<WeekHours>,
}

/// What to change; the outer `None` leaves a field as it is, an inner one clears it.
#[derive(Debug, Clone, Default)]
pub struct BranchEdit {
    /// The version that the caller saw.
    pub version: i64,
    pub name: Option<String>,
    pub commercial_name: Option<Option<String>>,
    pub address: Option<String>,
    pub zone: Option<String>,
    pub working_hours: Option<WeekHours>,
    /// The phone that the branch sends from; the inner `None` means any (T4).
    pub sender_id: Option<Option<SenderId>>,
}

/// What the audit keeps of a branch.
#[derive(serde::Serialize)]
struct Audited<'a> {
    name: &'a str,
    commercial_name: Option<&'a str>,
    address: &'a str,
    zone: &'a str,
    working_hours: &'a WeekHours,
    sender_id: Option<SenderId>,
}

impl<'a> Audited<'a> {
    fn of(branch: &'a Branch) -> Audited<'a> {
        Audited {
            name: &branch.name,
            commercial_name: branch.commercial_name.as_deref(),
            address: &branch.address,
            zone: branch.zone.name(),
            working_hours: &branch.working_hours,
            sender_id: branch.sender_id,
        }
    }
}

fn read_commercial_name(fields: &mut Fields, value: Option<&str>) -> Option<String> {
    let name = fields.optional_text("commercial_name", value.unwrap_or_default(), 100);
    (!name.is_empty()).then_some(name)
}

fn read_zone(fields: &mut Fields, value: &str) -> Option<Zone> {
    Zone::parse(value.trim())
        .map_err(|error| {
            let russian = error.message(Language::Russian);
            fields.add("zone", error.code(), russian, error.message(Language::English));
        })
        .ok()
}

/// Adds a branch.
///
/// # Errors
/// Names every field that is wrong.
pub async fn create_branch(app: &App, caller: &Caller, new: NewBranch) -> Result<Branch, AppError> {
    caller.need_owner()?;
    let mut fields = Fields::new();
    let name = fields.text("name", &new.name, 100);
    let commercial_name = read_commercial_name(&mut fields, new.commercial_name.as_deref());
    let address = fields.optional_text("address", &new.address, 300);
    let zone = read_zone(&mut fields, &new.zone);
    let working_hours = new.working_hours.unwrap_or_else(standard_hours);
    check_hours(&mut fields, "working_hours", &working_hours);
    fields.finish()?;
    let zone = zone.ok_or_else(|| AppError::Internal("a refused zone went on".to_owned()))?;
    let branch = Branch {
        organization_id: caller.organization_id,
        id: BranchId(app.new_id()),
        version: 1,
        name,
        commercial_name,
        address,
        zone,
        working_hours,
        sender_id: None,
        created_at: app.now(),
        archived_at: None,
    };
    let mut change_set = ChangeSet::new();
    change_set.insert(&branch);
    let made = super::first_state(&Audited::of(&branch));
    audit::note(app, caller, &mut change_set, "branch.created", branch.id, made);
    app.store.commit(change_set).await?;
    Ok(branch)
}

/// The branches of the organization, oldest first.
pub async fn list_branches(
    app: &App,
    caller: &Caller,
    shelf: Shelf,
) -> Result<Vec<Branch>, AppError> {
    let mut branches = app.store.branches(caller.organization_id).await?;
    branches.retain(|branch| shelf.holds(branch.archived_at));
    Ok(branches)
}

/// One branch, archived or not.
pub async fn get_branch(app: &App, caller: &Caller, id: BranchId) -> Result<Branch, AppError> {
    app.store.branch(caller.organization_id, id).await?.ok_or(AppError::NotFound("branch"))
}

/// Changes a branch.
///
/// # Errors
/// Names every field that is wrong; `version_conflict` if somebody changed it meanwhile;
/// `branch_has_visits` if the zone is to change while visits lie ahead.
pub async fn edit_branch(
    app: &App,
    caller: &Caller,
    id: BranchId,
    edit: BranchEdit,
) -> Result<Branch, AppError> {
    caller.need_owner()?;
    let before = get_branch(app, caller, id).await?;
    if before.version != edit.version {
        return Err(AppError::version_conflict(before.version));
    }
    let mut after = before.clone();
    let mut fields = Fields::new();
    if let Some(name) = &edit.name {
        after.name = fields.text("name", name, 100);
    }
    if let Some(name) = &edit.commercial_name {
        after.commercial_name = read_commercial_name(&mut fields, name.as_deref());
    }
    if let Some(address) = &edit.address {
        after.address = fields.optional_text("address", address, 300);
    }
    if let Some(zone) = edit.zone.as_deref().and_then(|zone| read_zone(&mut fields, zone)) {
        after.zone = zone;
    }
    if let Some(hours) = edit.working_hours {
        check_hours(&mut fields, "working_hours", &hours);
        after.working_hours = hours;
    }
    if let Some(sender_id) = edit.sender_id {
        check_sender(app, caller, &mut fields, sender_id).await?;
        after.sender_id = sender_id;
    }
    fields.finish()?;
    if after.zone != before.zone {
        refuse_visits_ahead(app, caller, id).await?;
    }
    let moves = after.sender_id != before.sender_id;
    let saved = save(app, caller, &before, after, "branch.updated").await?;
    if moves {
        // What has not left takes the new phone at once.
        for sender in app.store.senders(caller.organization_id).await? {
            crate::sending::route::reroute_lane(app, caller.organization_id, sender.id).await?;
        }
    }
    Ok(saved)
}

/// A branch sends from a phone of its own organization that is in use.
async fn check_sender(
    app: &App,
    caller: &Caller,
    fields: &mut Fields,
    sender_id: Option<SenderId>,
) -> Result<(), AppError> {
    let Some(id) = sender_id else { return Ok(()) };
    let found = app.store.sender(caller.organization_id, id).await?;
    if found.is_none_or(|sender| sender.archived_at.is_some()) {
        fields.add("sender_id", "sender_unknown", "Такого телефона нет", "there is no such sender");
    }
    Ok(())
}

/// A visit's truth is its wall time; in another zone it would be another moment, and its client
/// may have been told the old one.
async fn refuse_visits_ahead(app: &App, caller: &Caller, id: BranchId) -> Result<(), AppError> {
    let organization = caller.organization_id;
    let ahead =
        app.store.appointments_between(organization, id, app.now(), Timestamp::MAX, 1).await?;
    if ahead.is_empty() {
        return Ok(());
    }
    Err(AppError::conflict(
        "branch_has_visits",
        "В филиале есть будущие записи: их время сдвинулось бы. Заведите филиал с нужным часовым поясом",
        "visits lie ahead in this branch and another zone would shift them; create a branch with the right zone",
    ))
}

/// Takes a branch out of use, or back; visits that are booked stay. Done twice it is as once.
pub async fn archive_branch(
    app: &App,
    caller: &Caller,
    id: BranchId,
    archiving: Archiving,
) -> Result<Branch, AppError> {
    caller.need_owner()?;
    let before = get_branch(app, caller, id).await?;
    let Some(archived_at) = archiving.of(before.archived_at, app.now()) else {
        return Ok(before);
    };
    let after = Branch { archived_at, ..before.clone() };
    save(app, caller, &before, after, &format!("branch.{}", archiving.word())).await
}

async fn save(
    app: &App,
    caller: &Caller,
    before: &Branch,
    mut after: Branch,
    action: &str,
) -> Result<Branch, AppError> {
    if after == *before {
        return Ok(after);
    }
    after.version += 1;
    let mut change_set = ChangeSet::new();
    change_set.update(&after, before.version);
    let changes = audit::difference(&Audited::of(before), &Audited::of(&after));
    audit::note(app, caller, &mut change_set, action, after.id, changes);
    app.store.commit(change_set).await?;
    Ok(after)
}
