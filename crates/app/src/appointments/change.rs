//! What every change of an appointment shares: what it looks at, and deciding again after a conflict.

pub(crate) use super::offer::Offer;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use jiff::Timestamp;
use std::future::Future;
use vestnik_domain::appointment::{Appointment, AppointmentEvent, Facts};
use vestnik_domain::branch::Branch;
use vestnik_domain::ids::{AppointmentId, BranchId, ServiceId, StaffId};
use vestnik_domain::local_time::LocalStart;
use vestnik_domain::service::DURATION_MIN;
use vestnik_store::{ChangeSet, CommitError};

/// So many callers may race for one staff member's day before the last of them is told to try again.
const TRIES_MOST: u32 = 250;

/// Decides and commits; after a conflict decides again from a fresh read.
///
/// `decide` reads, refuses with an error, or returns what to commit and what to answer.
pub(crate) async fn decide_and_commit<T, F>(
    app: &App,
    mut decide: impl FnMut() -> F,
) -> Result<T, AppError>
where
    F: Future<Output = Result<(ChangeSet, T), AppError>>,
{
    let mut tries = 0;
    loop {
        let (change_set, answer) = decide().await?;
        match app.store.commit(change_set).await {
            Ok(()) => return Ok(answer),
            Err(CommitError::Conflict { .. }) if tries < TRIES_MOST => tries += 1,
            Err(error) => return Err(error.into()),
        }
    }
}

/// The facts as a caller words them.
#[derive(Debug, Clone, PartialEq)]
pub struct WantedFacts {
    pub branch_id: BranchId,
    pub staff_id: Option<StaffId>,
    pub service_ids: Vec<ServiceId>,
    /// RFC 3339 with an offset, or a local time of the branch without one.
    pub start: String,
    /// `None`: the services' durations together.
    pub duration_min: Option<i64>,
}

/// Checks wanted facts against what the salon offers. `known` are the facts that stand already:
/// what they name may be archived meanwhile.
pub(crate) fn facts(
    fields: &mut Fields,
    wanted: &WantedFacts,
    offer: &Offer,
    known: Option<&Facts>,
) -> Option<Facts> {
    let branch = branch(fields, wanted, offer, known)?;
    staff_member(fields, wanted, offer, known);
    let services_min = services(fields, wanted, offer, known);
    let duration_min =
        wanted.duration_min.unwrap_or(if services_min == 0 { 60 } else { services_min });
    fields.number("duration_min", duration_min, DURATION_MIN);
    match LocalStart::parse(wanted.start.trim(), &branch.zone) {
        Ok(start) => Some(Facts {
            branch_id: wanted.branch_id,
            staff_id: wanted.staff_id,
            service_ids: wanted.service_ids.clone(),
            start_local: start.local,
            starts_at: start.instant,
            duration_min,
        }),
        Err(error) => {
            fields.add(
                "start",
                error.code(),
                error.message(vestnik_domain::Language::Russian),
                error.message(vestnik_domain::Language::English),
            );
            None
        }
    }
}

fn branch<'a>(
    fields: &mut Fields,
    wanted: &WantedFacts,
    offer: &'a Offer,
    known: Option<&Facts>,
) -> Option<&'a Branch> {
    let found = offer.branch(wanted.branch_id).filter(|branch| {
        branch.archived_at.is_none() || known.is_some_and(|known| known.branch_id == branch.id)
    });
    if found.is_none() {
        fields.add("branch_id", "branch_unknown", "Такого филиала нет", "there is no such branch");
    }
    found
}

fn staff_member(fields: &mut Fields, wanted: &WantedFacts, offer: &Offer, known: Option<&Facts>) {
    let Some(id) = wanted.staff_id else { return };
    if known.is_some_and(|known| known.staff_id == Some(id) && known.branch_id == wanted.branch_id)
    {
        return;
    }
    let Some(member) =
        offer.staff.iter().find(|member| member.id == id && member.archived_at.is_none())
    else {
        fields.add(
            "staff_id",
            "staff_unknown",
            "Такого мастера нет",
            "there is no such staff member",
        );
        return;
    };
    if member.branch_id != wanted.branch_id {
        fields.add(
            "staff_id",
            "staff_of_another_branch",
            "Этот мастер работает в другом филиале",
            "this staff member works at another branch",
        );
    }
    let missing = wanted
        .service_ids
        .iter()
        .any(|service| !member.service_ids.is_empty() && !member.service_ids.contains(service));
    if missing {
        fields.add(
            "staff_id",
            "service_not_performed",
            "Этот мастер не оказывает выбранную услугу",
            "this staff member does not perform one of the services",
        );
    }
}

/// The durations together.
fn services(
    fields: &mut Fields,
    wanted: &WantedFacts,
    offer: &Offer,
    known: Option<&Facts>,
) -> i64 {
    let mut duration_min = 0;
    if wanted.service_ids.len() > 20 {
        fields.add("service_ids", "too_many", "Не больше 20 услуг", "at most 20 services");
    }
    for (position, id) in wanted.service_ids.iter().enumerate() {
        let stood = known.is_some_and(|known| known.service_ids.contains(id));
        let found = offer
            .services
            .iter()
            .find(|service| service.id == *id && (service.archived_at.is_none() || stood));
        match found {
            Some(service) => duration_min += service.duration_min,
            None => fields.add(
                format!("service_ids[{position}]"),
                "service_unknown",
                "Такой услуги нет",
                "there is no such service",
            ),
        }
    }
    duration_min
}

/// Reads the appointment that a caller wants to change.
///
/// # Errors
/// 404, or `version_conflict` if the caller saw an older version.
pub(crate) async fn current(
    app: &App,
    caller: &Caller,
    id: AppointmentId,
    seen_version: Option<i64>,
) -> Result<Appointment, AppError> {
    as_seen(app.store.appointment(caller.organization_id, id).await?, seen_version)
}

/// The same, with what the salon offers.
pub(crate) async fn current_and_offer(
    app: &App,
    caller: &Caller,
    id: AppointmentId,
    seen_version: Option<i64>,
) -> Result<(Appointment, Offer), AppError> {
    let mut batch = app.store.batch();
    let stamp = batch.offer_stamp(caller.organization_id);
    let found = batch.appointment(caller.organization_id, id);
    let mut answers = batch.read().await?;
    let current = as_seen(answers.take(found)?, seen_version)?;
    Ok((current, Offer::by_stamp(app, caller, answers.take(stamp)?).await?))
}

fn as_seen(found: Option<Appointment>, seen_version: Option<i64>) -> Result<Appointment, AppError> {
    let found = found.ok_or(AppError::NotFound("appointment"))?;
    match seen_version {
        Some(seen) if seen != found.edit_version => {
            Err(AppError::version_conflict(found.edit_version))
        }
        _ => Ok(found),
    }
}

/// Adds the appointment's new state with its line of history.
pub(crate) fn write(
    caller: &Caller,
    change_set: &mut ChangeSet,
    before: &Appointment,
    after: &mut Appointment,
    changes: serde_json::Value,
    at: Timestamp,
) {
    after.version = before.version + 1;
    after.edit_version = before.edit_version + 1;
    change_set.change(after, before);
    change_set.insert(&AppointmentEvent {
        organization_id: caller.organization_id,
        appointment_id: after.id,
        version: after.edit_version,
        at,
        actor: caller.actor,
        changes,
    });
}
