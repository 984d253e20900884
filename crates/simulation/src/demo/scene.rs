//! The salon as it stands at one moment, and what could be done with its time: where somebody can be
//! booked, moved, taken over. It decides nothing else and writes nothing.

use super::calendar::{Calendar, asks_for, is_for_children};
use super::salon::DemoError;
use crate::chance::Chance;
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp, ToSpan};
use vestnik_app::appointments::WantedFacts;
use vestnik_app::appointments::edit::EditAppointment;
use vestnik_app::{App, AppError};
use vestnik_domain::appointment::Appointment;
use vestnik_domain::branch::Branch;
use vestnik_domain::ids::OrganizationId;
use vestnik_domain::local_time::local;
use vestnik_domain::service::Service;
use vestnik_domain::staff::StaffMember;

/// So many days ahead people book.
const DAYS_AHEAD: u64 = 18;
/// Nobody books sooner than this.
const SOONEST: SignedDuration = SignedDuration::from_hours(2);
/// So many places are tried before a booking or a move is given up.
const TRIES: usize = 16;
const APPOINTMENTS_MOST: i64 = 5_000;
/// The front desk is there, by the branch's clock.
const DESK_HOURS: std::ops::RangeInclusive<i8> = 9..=19;

/// The salon as it stands, read once a turn.
pub(super) struct Scene {
    pub(super) branches: Vec<Branch>,
    staff: Vec<StaffMember>,
    services: Vec<Service>,
    pub(super) appointments: Vec<Appointment>,
    calendar: Calendar,
    pub(super) now: Timestamp,
}

impl Scene {
    /// # Errors
    /// Those of the database.
    pub(super) async fn read(app: &App, organization: OrganizationId) -> Result<Scene, DemoError> {
        let read = async {
            let mut branches = app.store.branches(organization).await?;
            branches.retain(|branch| branch.archived_at.is_none());
            let mut staff = app.store.staff(organization).await?;
            staff.retain(|member| member.archived_at.is_none());
            let mut services = app.store.services(organization).await?;
            services.retain(|service| service.archived_at.is_none());
            let now = app.now();
            let from = now.saturating_sub(SignedDuration::from_hours(48)).unwrap_or(now);
            let to = now.saturating_add(SignedDuration::from_hours(24 * 40)).unwrap_or(now);
            let mut appointments = Vec::new();
            for branch in &branches {
                let between = app.store.appointments_between(
                    organization,
                    branch.id,
                    from,
                    to,
                    APPOINTMENTS_MOST,
                );
                appointments.extend(between.await?);
            }
            Ok::<_, vestnik_store::ReadError>((branches, staff, services, appointments, now))
        };
        let (branches, staff, services, appointments, now) = read.await.map_err(AppError::from)?;
        let mut calendar =
            Calendar::new(staff.iter().map(|member| member.schedule.clone()).collect());
        for appointment in appointments.iter().filter(|one| one.holds_time()) {
            take_of(&mut calendar, &staff, &services, appointment);
        }
        Ok(Scene { branches, staff, services, appointments, calendar, now })
    }

    pub(super) fn take(&mut self, appointment: &Appointment) {
        take_of(&mut self.calendar, &self.staff, &self.services, appointment);
    }

    pub(super) fn desk_is_open(&self, appointment: &Appointment) -> bool {
        let branch = self.branches.iter().find(|branch| branch.id == appointment.facts.branch_id);
        branch.is_some_and(|branch| DESK_HOURS.contains(&local(self.now, &branch.zone).hour()))
    }

    pub(super) fn give_back(&mut self, appointment: &Appointment) {
        if let Some(master) = place_of(&self.staff, appointment) {
            self.calendar.give_back(master, appointment.id.0);
        }
    }

    /// Early enough to be told in time?
    fn is_ahead(&self, branch: &Branch, start: DateTime) -> bool {
        let soonest = self.now.saturating_add(SOONEST).unwrap_or(self.now);
        start > local(soonest, &branch.zone)
    }

    /// Something that suits the client, at a time that is free.
    pub(super) fn a_free_time(&self, chance: &mut Chance, is_man: bool) -> Option<WantedFacts> {
        (0..TRIES).find_map(|_| {
            let master = usize::try_from(chance.draw()).ok()?.checked_rem(self.staff.len())?;
            let member = self.staff.get(master)?;
            let branch = self.branches.iter().find(|branch| branch.id == member.branch_id)?;
            let with_child = chance.percent(8);
            let offered: Vec<&Service> = self
                .services
                .iter()
                .filter(|service| performs(member, service) && asks_for(is_man, &service.title))
                .filter(|service| with_child || !is_for_children(&service.title))
                .collect();
            let service = *chance.one_of(&offered)?;
            let days = chance.between(&(0..=DAYS_AHEAD)).min(chance.between(&(0..=DAYS_AHEAD)));
            let days = i64::try_from(days).ok()?;
            let date = local(self.now, &branch.zone).date().saturating_add(days.days());
            let length = (service.duration_min, service.buffer_min);
            let mut starts = self.calendar.free_starts(master, 0, date, length);
            starts.retain(|start| self.is_ahead(branch, *start));
            let start = *chance.one_of(&starts)?;
            Some(WantedFacts {
                branch_id: branch.id,
                staff_id: Some(member.id),
                service_ids: vec![service.id],
                start: start.to_string(),
                duration_min: None,
            })
        })
    }

    pub(super) fn another_time(
        &self,
        chance: &mut Chance,
        appointment: &Appointment,
    ) -> Option<EditAppointment> {
        let master = place_of(&self.staff, appointment)?;
        let branch =
            self.branches.iter().find(|branch| branch.id == appointment.facts.branch_id)?;
        let length = self.length(appointment);
        let was = appointment.facts.start_local;
        (0..TRIES).find_map(|_| {
            let days = i64::try_from(chance.between(&(0..=6))).ok()? - 2;
            let date = was.date().saturating_add(days.days());
            let mut starts = self.calendar.free_starts(master, appointment.id.0, date, length);
            starts.retain(|start| *start != was && self.is_ahead(branch, *start));
            let start = chance.one_of(&starts)?;
            Some(EditAppointment {
                version: appointment.edit_version,
                start: Some(start.to_string()),
                ..EditAppointment::default()
            })
        })
    }

    /// Somebody of the same branch who can take over at the same time.
    pub(super) fn another_master(&self, appointment: &Appointment) -> Option<EditAppointment> {
        let facts = &appointment.facts;
        let length = self.length(appointment);
        let takes_over = |(place, member): &(usize, &StaffMember)| {
            member.branch_id == facts.branch_id
                && Some(member.id) != facts.staff_id
                && facts.service_ids.iter().all(|id| {
                    self.services.iter().any(|one| one.id == *id && performs(member, one))
                })
                && self.calendar.is_free(*place, appointment.id.0, facts.start_local, length)
        };
        let (_, member) = self.staff.iter().enumerate().find(takes_over)?;
        Some(EditAppointment {
            version: appointment.edit_version,
            staff_id: Some(Some(member.id)),
            ..EditAppointment::default()
        })
    }

    /// Something more in the same go, for which there is time.
    pub(super) fn another_service(
        &self,
        chance: &mut Chance,
        appointment: &Appointment,
    ) -> Option<EditAppointment> {
        let facts = &appointment.facts;
        let master = place_of(&self.staff, appointment)?;
        let member = self.staff.get(master)?;
        let for_men =
            |id| self.services.iter().any(|one| one.id == id && !asks_for(false, &one.title));
        let is_man = facts.service_ids.iter().any(|id| for_men(*id));
        let fits = |service: &&Service| {
            let length = (facts.duration_min + service.duration_min, service.buffer_min);
            performs(member, service)
                && !facts.service_ids.contains(&service.id)
                && asks_for(is_man, &service.title)
                && self.calendar.is_free(master, appointment.id.0, facts.start_local, length)
        };
        let more: Vec<&Service> = self.services.iter().filter(fits).collect();
        let more = *chance.one_of(&more)?;
        let mut service_ids = facts.service_ids.clone();
        service_ids.push(more.id);
        Some(EditAppointment {
            version: appointment.edit_version,
            service_ids: Some(service_ids),
            ..EditAppointment::default()
        })
    }

    fn length(&self, appointment: &Appointment) -> (i64, i64) {
        (appointment.facts.duration_min, buffer_min(&self.services, appointment))
    }
}

fn performs(member: &StaffMember, service: &Service) -> bool {
    member.service_ids.is_empty() || member.service_ids.contains(&service.id)
}

fn place_of(staff: &[StaffMember], appointment: &Appointment) -> Option<usize> {
    staff.iter().position(|member| Some(member.id) == appointment.facts.staff_id)
}

fn buffer_min(services: &[Service], appointment: &Appointment) -> i64 {
    let last = appointment.facts.service_ids.last();
    let found = last.and_then(|id| services.iter().find(|service| service.id == *id));
    found.map_or(0, |service| service.buffer_min)
}

fn take_of(
    calendar: &mut Calendar,
    staff: &[StaffMember],
    services: &[Service],
    appointment: &Appointment,
) {
    let Some(master) = place_of(staff, appointment) else { return };
    let minutes = appointment.facts.duration_min + buffer_min(services, appointment);
    calendar.take(master, appointment.id.0, appointment.facts.start_local, minutes);
}
