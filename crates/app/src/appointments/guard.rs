//! No double booking: overlap is decided here, purely; the guard rows make the decision hold.
//!
//! Every change that takes or frees a staff member's time reads the guard of each day it touches,
//! decides, and raises the guard in its commit. Two bookings for one time both raise the same row,
//! so the database lets only one through, and the other decides again and sees the first.

use crate::context::{App, Caller};
use crate::error::AppError;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use std::collections::BTreeSet;
use vestnik_domain::appointment::{Appointment, Facts};
use vestnik_domain::branch::Branch;
use vestnik_domain::ids::{AppointmentId, StaffId};
use vestnik_domain::local_time::local;
use vestnik_domain::service::Service;
use vestnik_store::tables::appointments::StaffDay;
use vestnik_store::{Answers, Asked, Batch, ChangeSet};

/// No appointment is longer: what starts earlier cannot reach into the time looked at.
pub(crate) const LONGEST: SignedDuration = SignedDuration::from_hours(24);

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
fn in_the_way<'a>(
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

/// The days that `facts` touch with their buffer; one, or two over midnight.
pub(crate) fn days(facts: &Facts, branch: &Branch, services: &[Service]) -> Vec<(StaffId, Date)> {
    let Some(staff) = facts.staff_id else { return Vec::new() };
    let last = local(taken(facts, services).1, &branch.zone).date();
    let mut days = Vec::with_capacity(2);
    let mut date = facts.start_local.date();
    loop {
        days.push((staff, date));
        if date >= last || days.len() >= 3 {
            return days;
        }
        date = date.saturating_add(1.day());
    }
}

/// Reads the guards of the days that `facts` touch.
pub(crate) async fn guards(
    app: &App,
    caller: &Caller,
    facts: &Facts,
    branch: &Branch,
    services: &[Service],
) -> Result<Vec<StaffDay>, AppError> {
    let mut batch = app.store.batch();
    let mut time = TimeAsked::default();
    time.touch(&mut batch, caller, facts, branch, services);
    let mut answers = batch.read().await?;
    time.guards(&mut answers)
}

/// Time of staff members that a change takes or frees, asked for in a batch.
#[derive(Default)]
pub(crate) struct TimeAsked {
    guards: Vec<Asked<StaffDay>>,
    others: Option<Asked<Vec<Appointment>>>,
}

impl TimeAsked {
    /// Asks for the guards of the days that `facts` touch.
    pub(crate) fn touch(
        &mut self,
        batch: &mut Batch<'_>,
        caller: &Caller,
        facts: &Facts,
        branch: &Branch,
        services: &[Service],
    ) {
        for (staff, date) in days(facts, branch, services) {
            self.guards.push(batch.staff_day(caller.organization_id, staff, date));
        }
    }

    /// Asks for what may stand in the way of `facts`. After the guards: what comes between makes the
    /// commit conflict.
    pub(crate) fn want(
        &mut self,
        batch: &mut Batch<'_>,
        caller: &Caller,
        facts: &Facts,
        services: &[Service],
    ) {
        let Some(staff) = facts.staff_id else { return };
        let (from, to) = taken(facts, services);
        let from = from.checked_sub(LONGEST).unwrap_or(Timestamp::MIN);
        let organization = caller.organization_id;
        let others = batch.appointments_of_staff(organization, facts.branch_id, staff, from, to);
        self.others = Some(others);
    }

    fn guards(self, answers: &mut Answers) -> Result<Vec<StaffDay>, AppError> {
        let guards = self.guards.into_iter().map(|guard| answers.take(guard));
        Ok(guards.collect::<Result<_, _>>()?)
    }

    /// The guards, to be raised; refuses a wanted time that the staff member has given to somebody else.
    ///
    /// # Errors
    /// `time_taken` naming the other appointment.
    pub(crate) fn take(
        mut self,
        answers: &mut Answers,
        facts: &Facts,
        own: AppointmentId,
        services: &[Service],
    ) -> Result<Vec<StaffDay>, AppError> {
        match self.other(answers, facts, own, services)? {
            Some(other) => Err(time_taken(&other)),
            None => self.guards(answers),
        }
    }

    fn other(
        &mut self,
        answers: &mut Answers,
        facts: &Facts,
        own: AppointmentId,
        services: &[Service],
    ) -> Result<Option<Appointment>, AppError> {
        let Some(others) = self.others.take() else { return Ok(None) };
        let others = answers.take(others)?;
        Ok(in_the_way(facts, own, &others, services).cloned())
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
            change_set.change(&next, &guard);
        }
    }
}

fn time_taken(other: &Appointment) -> AppError {
    AppError::conflict(
        "time_taken",
        format!(
            "В это время мастер занят: запись на {}. Выберите другое время или запишите поверх",
            other.facts.start_local.strftime("%H:%M")
        ),
        format!(
            "the staff member has appointment {} from {}; choose another time or send \"force\": true",
            other.id, other.facts.start_local
        ),
    )
}
