//! Staff members: where they work, when, and what they perform.

use super::working_time::check_schedule;
use super::{Archiving, Shelf};
use crate::audit;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use vestnik_domain::branch::Branch;
use vestnik_domain::ids::{BranchId, ServiceId, StaffId};
use vestnik_domain::schedule::Schedule;
use vestnik_domain::service::Service;
use vestnik_domain::staff::StaffMember;
use vestnik_store::ChangeSet;

/// A new staff member.
#[derive(Debug, Clone)]
pub struct NewStaffMember {
    pub branch_id: BranchId,
    pub name: String,
    pub position: String,
    /// `None` means the working hours of the branch, without breaks.
    pub schedule: Option<Schedule>,
    /// Empty means everything that the branch offers.
    pub service_ids: Vec<ServiceId>,
}

/// What to change; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct StaffMemberEdit {
    /// The version that the caller saw.
    pub version: i64,
    /// Visits that are booked stay in the branch where they were booked.
    pub branch_id: Option<BranchId>,
    pub name: Option<String>,
    pub position: Option<String>,
    pub schedule: Option<Schedule>,
    pub service_ids: Option<Vec<ServiceId>>,
}

/// What the audit keeps of a staff member.
#[derive(serde::Serialize)]
struct Audited<'a> {
    branch_id: BranchId,
    name: &'a str,
    position: &'a str,
    schedule: &'a Schedule,
    service_ids: &'a [ServiceId],
}

impl<'a> Audited<'a> {
    fn of(member: &'a StaffMember) -> Audited<'a> {
        Audited {
            branch_id: member.branch_id,
            name: &member.name,
            position: &member.position,
            schedule: &member.schedule,
            service_ids: &member.service_ids,
        }
    }
}

/// The branch that a member is put into.
async fn read_branch(
    app: &App,
    caller: &Caller,
    fields: &mut Fields,
    id: BranchId,
) -> Result<Option<Branch>, AppError> {
    let branch = app.store.branch(caller.organization_id, id).await?;
    match &branch {
        None => fields.add(
            "branch_id",
            "branch_unknown",
            "Такого филиала нет. Укажите id одного из ваших филиалов",
            "there is no such branch; give the id of one of yours",
        ),
        Some(branch) if branch.archived_at.is_some() => fields.add(
            "branch_id",
            "branch_archived",
            "Этот филиал в архиве. Верните его из архива или выберите другой",
            "this branch is archived; restore it or choose another",
        ),
        Some(_) => {}
    }
    Ok(branch)
}

/// Each service once, in the given order; unknown ones are named by their place.
fn read_services(fields: &mut Fields, known: &[Service], ids: &[ServiceId]) -> Vec<ServiceId> {
    let mut read = Vec::with_capacity(ids.len().min(known.len()));
    for (place, id) in ids.iter().enumerate() {
        if !known.iter().any(|service| service.id == *id) {
            fields.add(
                format!("service_ids[{place}]"),
                "service_unknown",
                "Такой услуги нет. Укажите id одной из ваших услуг",
                "there is no such service; give the id of one of yours",
            );
        } else if !read.contains(id) {
            read.push(*id);
        }
    }
    read
}

/// Adds a staff member.
///
/// # Errors
/// Names every field that is wrong.
pub async fn create_staff_member(
    app: &App,
    caller: &Caller,
    new: NewStaffMember,
) -> Result<StaffMember, AppError> {
    caller.need_owner()?;
    let mut fields = Fields::new();
    let branch = read_branch(app, caller, &mut fields, new.branch_id).await?;
    let name = fields.text("name", &new.name, 100);
    let position = fields.optional_text("position", &new.position, 100);
    let services = app.store.services(caller.organization_id).await?;
    let service_ids = read_services(&mut fields, &services, &new.service_ids);
    if let Some(schedule) = &new.schedule {
        check_schedule(&mut fields, schedule);
    }
    fields.finish()?;
    let branch = branch.ok_or(AppError::NotFound("branch"))?;
    let as_branch = || Schedule { shifts: branch.working_hours.clone(), ..Schedule::default() };
    let member = StaffMember {
        organization_id: caller.organization_id,
        id: StaffId(app.new_id()),
        version: 1,
        branch_id: branch.id,
        name,
        position,
        schedule: new.schedule.unwrap_or_else(as_branch),
        service_ids,
        created_at: app.now(),
        archived_at: None,
    };
    let mut change_set = ChangeSet::new();
    // Nobody begins in a branch that is archived in the same moment.
    change_set.insert(&member).expect(&branch, branch.version);
    let made = super::first_state(&Audited::of(&member));
    audit::note(app, caller, &mut change_set, "staff.created", member.id, made);
    app.store.commit(change_set).await?;
    Ok(member)
}

/// The staff of one branch, or of all; oldest first.
pub async fn list_staff(
    app: &App,
    caller: &Caller,
    branch: Option<BranchId>,
    shelf: Shelf,
) -> Result<Vec<StaffMember>, AppError> {
    let mut staff = app.store.staff(caller.organization_id).await?;
    staff.retain(|member| {
        shelf.holds(member.archived_at) && branch.is_none_or(|branch| branch == member.branch_id)
    });
    Ok(staff)
}

/// One staff member, archived or not.
pub async fn get_staff_member(
    app: &App,
    caller: &Caller,
    id: StaffId,
) -> Result<StaffMember, AppError> {
    let found = app.store.staff_member(caller.organization_id, id).await?;
    found.ok_or(AppError::NotFound("staff member"))
}

/// Changes a staff member.
///
/// # Errors
/// Names every field that is wrong; `version_conflict` if somebody changed it meanwhile.
pub async fn edit_staff_member(
    app: &App,
    caller: &Caller,
    id: StaffId,
    edit: StaffMemberEdit,
) -> Result<StaffMember, AppError> {
    caller.need_owner()?;
    let before = get_staff_member(app, caller, id).await?;
    if before.version != edit.version {
        return Err(AppError::version_conflict(before.version));
    }
    let mut after = before.clone();
    let mut fields = Fields::new();
    let mut change_set = ChangeSet::new();
    if let Some(branch_id) = edit.branch_id.filter(|id| *id != before.branch_id)
        && let Some(branch) = read_branch(app, caller, &mut fields, branch_id).await?
    {
        change_set.expect(&branch, branch.version);
        after.branch_id = branch.id;
    }
    if let Some(name) = &edit.name {
        after.name = fields.text("name", name, 100);
    }
    if let Some(position) = &edit.position {
        after.position = fields.optional_text("position", position, 100);
    }
    if let Some(ids) = &edit.service_ids {
        let services = app.store.services(caller.organization_id).await?;
        after.service_ids = read_services(&mut fields, &services, ids);
    }
    if let Some(schedule) = edit.schedule {
        check_schedule(&mut fields, &schedule);
        after.schedule = schedule;
    }
    fields.finish()?;
    save(app, caller, change_set, &before, after, "staff.updated").await
}

/// Takes a staff member out of use, or back; visits that are booked stay. Done twice it is as once.
pub async fn archive_staff_member(
    app: &App,
    caller: &Caller,
    id: StaffId,
    archiving: Archiving,
) -> Result<StaffMember, AppError> {
    caller.need_owner()?;
    let before = get_staff_member(app, caller, id).await?;
    let Some(archived_at) = archiving.of(before.archived_at, app.now()) else {
        return Ok(before);
    };
    let after = StaffMember { archived_at, ..before.clone() };
    let action = format!("staff.{}", archiving.word());
    save(app, caller, ChangeSet::new(), &before, after, &action).await
}

async fn save(
    app: &App,
    caller: &Caller,
    mut change_set: ChangeSet,
    before: &StaffMember,
    mut after: StaffMember,
    action: &str,
) -> Result<StaffMember, AppError> {
    if after == *before {
        return Ok(after);
    }
    after.version += 1;
    change_set.update(&after, before.version);
    let changes = audit::difference(&Audited::of(before), &Audited::of(&after));
    audit::note(app, caller, &mut change_set, action, after.id, changes);
    app.store.commit(change_set).await?;
    Ok(after)
}
