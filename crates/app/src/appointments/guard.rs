//! No double booking: overlap is decided here, purely; the guard rows make the decision hold.
//!
//! Every change that takes or frees a staff member's time reads the guard of each day it touches,
//! decides, and raises the guard in its commit. Two bookings for one time both raise the same row,
//! so the database lets only one through, and the other decides again and sees the first.

use crate::context::{App, Caller};
use crate::error::AppError;
use jiff::{SignedDuration, Timestamp, ToSpan};
use std::collections::BTreeSet;
use vestnik_domain::appointment::{Appointment, Facts};
use vestnik_domain::branch::Branch;
use vestnik_domain::ids::{AppointmentId, StaffId};
use vestnik_domain::local_time::local;
use vestnik_domain::service::Service;
use vestnik_store::ChangeSet;
use vestnik_store::tables::appointments::StaffDay;

/// No appointment is longer: what starts earlier cannot reach into the time looked at.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// A branch has fewer appointments in two days.
const APPOINTMENTS_MOST: i64 = 5_000;

/// The time that an appointment takes from its staff member, buffers included.
pub(crate) fn taken(facts: &Facts, services: &[Service]) -> (Timestamp, Timestamp) {
    let buffer_min = facts
        .service_ids
        .last()
        .and_then(|id| services.iter().find(|service| service.id == *id))
        .map_or(0, |service| service.buffer_min);
    let buffer = SignedDuration::from_mins(buffer_min);
    (facts.starts_at, facts.ends_at().checked_add(buffer).unwrap_or(Timestamp::MAX))
}

/// The appointment among `others` that stands in the way of `wanted`, if any.
pub(crate) fn in_the_way<'a>(
    wanted: &Facts,
    own: AppointmentId,
    others: &'a [Appointment],
    services: &[Service],
) -> Option<&'a Appointment> {
    let staff = wanted.staff_id?;
    let (from, to) = taken(wanted, services);
    others.iter().find(|other| {
        let (other_from, other_to) = taken(&other.facts, services);
        other.id != own
            && other.facts.staff_id == Some(staff)
            && other.holds_time()
            && from < other_to
            && other_from < to
    })
}

/// Reads the guards of the days that `facts` touch with their buffer; one day, or two over midnight.
pub(crate) async fn guards(
    app: &App,
    caller: &Caller,
    facts: &Facts,
    branch: &Branch,
    services: &[Service],
) -> Result<Vec<StaffDay>, AppError> {
    let Some(staff) = facts.staff_id else { return Ok(Vec::new()) };
    let first = facts.start_local.date();
    let last = local(taken(facts, services).1, &branch.zone).date();
    let mut guards = Vec::with_capacity(2);
    let mut date = first;
    loop {
        guards.push(app.store.staff_day(caller.organization_id, staff, date).await?);
        if date >= last || guards.len() >= 3 {
            return Ok(guards);
        }
        date = date.saturating_add(1.day());
    }
}

/// Adds the raising of every guard, each once.
pub(crate) fn raise(change_set: &mut ChangeSet, guards: Vec<StaffDay>) {
    let mut raised: BTreeSet<(StaffId, jiff::civil::Date)> = BTreeSet::new();
    for guard in guards {
        if !raised.insert((guard.staff_id, guard.date)) {
            continue;
        }
        let next = StaffDay { version: guard.version + 1, ..guard.clone() };
        if guard.version == 0 {
            change_set.insert(&next);
        } else {
            change_set.update(&next, guard.version);
        }
    }
}

/// Refuses a time that the staff member has given to somebody else.
///
/// # Errors
/// `time_taken` naming the other appointment.
pub(crate) async fn refuse_overlap(
    app: &App,
    caller: &Caller,
    facts: &Facts,
    own: AppointmentId,
    services: &[Service],
) -> Result<(), AppError> {
    if facts.staff_id.is_none() {
        return Ok(());
    }
    let (from, to) = taken(facts, services);
    let earliest = from.checked_sub(LONGEST).unwrap_or(Timestamp::MIN);
    let others = app
        .store
        .appointments_between(
            caller.organization_id,
            facts.branch_id,
            earliest,
            to,
            APPOINTMENTS_MOST,
        )
        .await?;
    match in_the_way(facts, own, &others, services) {
        None => Ok(()),
        Some(other) => Err(AppError::conflict(
            "time_taken",
            format!(
                "В это время мастер занят: запись на {}. Выберите другое время или запишите поверх",
                other.facts.start_local.strftime("%H:%M")
            ),
            format!(
                "the staff member has appointment {} from {}; choose another time or send \"force\": true",
                other.id, other.facts.start_local
            ),
        )),
    }
}
