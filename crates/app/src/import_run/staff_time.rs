//! Staff members' time as the run knows it: each day is read once, and from then on kept as the run's
//! own commits change it. Whoever else changes a day raises its guard, so a chunk that was judged by less
//! than what stands does not land, and everything is read anew.

use crate::appointments::change::Offer;
use crate::appointments::guard::{self, LONGEST};
use crate::error::AppError;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use vestnik_domain::appointment::{Appointment, Facts};
use vestnik_domain::branch::Branch;
use vestnik_domain::ids::{AppointmentId, BranchId, OrganizationId, StaffId};
use vestnik_domain::local_time::day_bounds;
use vestnik_domain::service::Service;
use vestnik_store::tables::appointments::StaffDay;
use vestnik_store::{Answers, Asked, Batch, ChangeSet};

/// A staff member's day, by the wall of their branch.
pub(super) type Day = (StaffId, Date);

/// A line whose visit takes somebody's time.
pub(super) struct Taking {
    pub(super) line: u32,
    /// As the file names them.
    pub(super) master: String,
    pub(super) id: AppointmentId,
    pub(super) facts: Facts,
    /// The days whose guards it raises. None where it is over: nobody books in the past, so nothing there
    /// needs a guard.
    pub(super) days: Vec<Day>,
}

impl Taking {
    pub(super) fn new(
        line: u32,
        master: Option<&String>,
        appointment: &Appointment,
        offer: &Offer,
        now: Timestamp,
    ) -> Taking {
        let facts = appointment.facts.clone();
        let is_over = guard::taken(&facts, &offer.services).1 <= now;
        let branch = offer.branch(facts.branch_id).filter(|_| !is_over);
        let days =
            branch.map_or_else(Vec::new, |branch| guard::days(&facts, branch, &offer.services));
        let master = master.cloned().unwrap_or_default();
        Taking { line, master, id: appointment.id, facts, days }
    }
}

/// Time that an appointment takes, buffers included, from the start in its key.
#[derive(Debug)]
struct Taken {
    to: Timestamp,
    start_local: DateTime,
}

#[derive(Debug, Default)]
pub(super) struct StaffTime {
    /// The guards of the days that were read.
    guards: HashMap<Day, StaffDay>,
    /// In the order in which they are asked for what stands in the way.
    taken: BTreeMap<(StaffId, Timestamp, AppointmentId), Taken>,
}

/// Days that were not read yet, asked for in a batch.
pub(super) struct DaysAsked {
    days: BTreeSet<Day>,
    guards: Asked<Vec<StaffDay>>,
    appointments: Vec<Asked<Vec<Appointment>>>,
}

impl StaffTime {
    /// Asks for the days of `lines` that were not read yet: one read for their guards, and one for the
    /// appointments of a branch's days on end.
    pub(super) fn ask(
        &self,
        batch: &mut Batch<'_>,
        organization: OrganizationId,
        offer: &Offer,
        lines: &[Taking],
    ) -> DaysAsked {
        let mut days = BTreeSet::new();
        let mut by_branch: BTreeMap<BranchId, BTreeMap<Date, BTreeSet<StaffId>>> = BTreeMap::new();
        for line in lines {
            for day in line.days.iter().filter(|day| !self.guards.contains_key(day)) {
                days.insert(*day);
                let of_branch = by_branch.entry(line.facts.branch_id).or_default();
                of_branch.entry(day.1).or_default().insert(day.0);
            }
        }
        // The guards first: what comes between makes the commit conflict.
        let staff: BTreeSet<StaffId> = days.iter().map(|(staff, _)| *staff).collect();
        let dates: BTreeSet<Date> = days.iter().map(|(_, date)| *date).collect();
        let guards = batch.staff_days(organization, &Vec::from_iter(staff), &Vec::from_iter(dates));
        let mut appointments = Vec::new();
        for (branch, by_date) in by_branch {
            let Some(branch) = offer.branch(branch) else { continue };
            for (from, to, staff) in on_end(branch, by_date) {
                let staff = Vec::from_iter(staff);
                let of_days =
                    batch.appointments_of_staff_members(organization, branch.id, &staff, from, to);
                appointments.push(of_days);
            }
        }
        DaysAsked { days, guards, appointments }
    }

    pub(super) fn keep(
        &mut self,
        asked: DaysAsked,
        answers: &mut Answers,
        organization_id: OrganizationId,
        services: &[Service],
    ) -> Result<(), AppError> {
        for (staff_id, date) in asked.days {
            let missing = StaffDay { organization_id, staff_id, date, version: 0 };
            self.guards.insert((staff_id, date), missing);
        }
        for guard in answers.take(asked.guards)? {
            // More is answered than was asked: every staff member with every date.
            if let Some(known) = self.guards.get_mut(&(guard.staff_id, guard.date)) {
                *known = guard;
            }
        }
        for of_days in asked.appointments {
            for appointment in answers.take(of_days)? {
                if appointment.holds_time() {
                    self.put(appointment.id, &appointment.facts, services);
                }
            }
        }
        Ok(())
    }

    /// What stands in the way of `facts`: when it starts, by the wall.
    pub(super) fn in_the_way(&self, facts: &Facts, services: &[Service]) -> Option<DateTime> {
        let staff = facts.staff_id?;
        let (from, to) = guard::taken(facts, services);
        let reaches_back = from.checked_sub(LONGEST).unwrap_or(Timestamp::MIN);
        let key = |at| (staff, at, AppointmentId(i64::MIN));
        let mut near = self.taken.range(key(reaches_back)..key(to));
        near.find(|(_, other)| from < other.to).map(|(_, other)| other.start_local)
    }

    /// The time of `facts` is taken from now on.
    pub(super) fn put(&mut self, id: AppointmentId, facts: &Facts, services: &[Service]) {
        let Some(staff) = facts.staff_id else { return };
        let (from, to) = guard::taken(facts, services);
        self.taken.insert((staff, from, id), Taken { to, start_local: facts.start_local });
    }

    /// Adds the raising of the days' guards.
    pub(super) fn raise(&self, days: &BTreeSet<Day>, change_set: &mut ChangeSet) {
        let guards = days.iter().filter_map(|day| self.guards.get(day)).cloned().collect();
        guard::raise(change_set, guards);
    }

    /// Their guards were raised by a commit.
    pub(super) fn raised(&mut self, days: &BTreeSet<Day>) {
        for day in days {
            if let Some(guard) = self.guards.get_mut(day) {
                guard.version += 1;
            }
        }
    }
}

/// Dates on end as one stretch of time each, with what may reach into it from the day before, and whoever
/// works on any of them.
fn on_end(
    branch: &Branch,
    by_date: BTreeMap<Date, BTreeSet<StaffId>>,
) -> Vec<(Timestamp, Timestamp, BTreeSet<StaffId>)> {
    let mut stretches: Vec<(Timestamp, Timestamp, BTreeSet<StaffId>)> = Vec::new();
    for (date, staff) in by_date {
        let (begins, ends) = day_bounds(date, &branch.zone);
        let from = begins.checked_sub(LONGEST).unwrap_or(Timestamp::MIN);
        match stretches.last_mut() {
            Some((_, to, together)) if from <= *to => {
                *to = ends;
                together.extend(staff);
            }
            _ => stretches.push((from, ends, staff)),
        }
    }
    stretches
}
