//! The salon's life while the demo runs: clients and staff book, staff move, change and cancel, mark
//! who came, and see to their tasks.
//!
//! [`Life::run_once`] takes no input but the time. What it does follows from what stands in the
//! database and from the seed: a visit is changed once, since the change raises its version; a booking
//! has a name and a key that stand for its quarter of an hour. So it may be killed anywhere, run twice,
//! or start again. Where a person was faster, the use case refuses, and the person's word stands.

use super::calendar::{Calendar, asks_for, is_for_children};
use super::fate::{
    Change, SLOT_S, Seen, booking_of, chance_of, change_due, name_of_slot, seen, slot_of,
};
use super::people;
use super::salon::{DemoError, DemoSalon};
use crate::chance::Chance;
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp, ToSpan};
use vestnik_app::appointments::WantedFacts;
use vestnik_app::appointments::book::{BookAppointment, book_appointment};
use vestnik_app::appointments::edit::{EditAppointment, edit_appointment};
use vestnik_app::appointments::idempotency::Idempotency;
use vestnik_app::appointments::status::{SetStatus, set_status};
use vestnik_app::clients::find_or_create::WantedClient;
use vestnik_app::tasks::{finish_task, list_tasks};
use vestnik_app::{App, AppError};
use vestnik_domain::appointment::{Appointment, Source, Status};
use vestnik_domain::branch::Branch;
use vestnik_domain::client::Client;
use vestnik_domain::ids::ClientId;
use vestnik_domain::local_time::local;
use vestnik_domain::planning::Notify;
use vestnik_domain::service::Service;
use vestnik_domain::staff::StaffMember;

/// So far back a start looks for quarters of an hour in which nobody booked yet.
const SLOTS_BEHIND: i64 = 4;
/// So many days ahead people book.
const DAYS_AHEAD: u64 = 18;
/// Nobody books sooner than this.
const SOONEST: SignedDuration = SignedDuration::from_hours(2);
/// So many places are tried before a booking or a move is given up.
const TRIES: usize = 16;
/// So long a task waits for the front desk.
const TASK_WAITS: SignedDuration = SignedDuration::from_hours(3);
const APPOINTMENTS_MOST: i64 = 5_000;
const CLIENTS_MOST: i64 = 1_000;
/// The front desk is there, by the branch's clock.
const DESK_HOURS: std::ops::RangeInclusive<i8> = 9..=19;

/// What one turn did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deeds {
    pub booked: usize,
    pub changed: usize,
    pub cancelled: usize,
    pub marked: usize,
    pub tasks_done: usize,
}

/// The life of one demo.
pub struct Life {
    salon: DemoSalon,
    seed: u64,
    /// The last quarter of an hour whose booking was seen to.
    slot_done: Option<i64>,
    /// On its first start people book at once, so that there is something to see.
    is_eager: bool,
}

/// The salon as it stands, read once a turn.
struct Scene {
    branches: Vec<Branch>,
    staff: Vec<StaffMember>,
    services: Vec<Service>,
    appointments: Vec<Appointment>,
    calendar: Calendar,
    now: Timestamp,
}

impl Life {
    /// `is_eager`: the salon was made just now.
    pub fn new(salon: DemoSalon, seed: u64, is_eager: bool) -> Life {
        Life { salon, seed, slot_done: None, is_eager }
    }

    /// Does what is due by now.
    ///
    /// # Errors
    /// Those of the database; what a use case refuses is left.
    pub async fn run_once(&mut self, app: &App) -> Result<Deeds, DemoError> {
        let mut scene = self.scene(app).await?;
        let mut deeds = Deeds::default();
        for appointment in scene.appointments.clone() {
            if matches!(appointment.status, Status::Waiting | Status::Confirmed) {
                self.see_to(app, &mut scene, &appointment, &mut deeds).await?;
            }
        }
        self.book_what_is_due(app, &mut scene, &mut deeds).await?;
        deeds.tasks_done = self.see_to_tasks(app, scene.now).await?;
        Ok(deeds)
    }

    async fn scene(&self, app: &App) -> Result<Scene, DemoError> {
        let organization = self.salon.caller.organization_id;
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
            take(&mut calendar, &staff, &services, appointment);
        }
        Ok(Scene { branches, staff, services, appointments, calendar, now })
    }

    /// Marks who came, or changes what staff would change.
    async fn see_to(
        &self,
        app: &App,
        scene: &mut Scene,
        appointment: &Appointment,
        deeds: &mut Deeds,
    ) -> Result<(), DemoError> {
        let status = match seen(self.seed, appointment, scene.now) {
            Some(Seen::Arrived) => Some(Status::Arrived),
            Some(Seen::NoShow) => Some(Status::NoShow),
            None => None,
        };
        if let Some(status) = status {
            deeds.marked += usize::from(self.set_status(app, appointment, status).await?);
            return Ok(());
        }
        let Some(change) = change_due(self.seed, appointment, scene.now) else { return Ok(()) };
        if !scene.desk_is_open(appointment) {
            return Ok(());
        }
        if change == Change::Cancel {
            if self.set_status(app, appointment, Status::Cancelled).await? {
                deeds.cancelled += 1;
                scene.give_back(appointment);
            }
            return Ok(());
        }
        let Some(mut chance) = chance_of(self.seed, 4, appointment) else { return Ok(()) };
        let wanted = match change {
            Change::Move => scene.another_time(&mut chance, appointment),
            Change::OtherMaster => scene.another_master(appointment),
            Change::OtherServices => scene.another_service(&mut chance, appointment),
            Change::Cancel => None,
        };
        let Some(edit) = wanted else { return Ok(()) };
        let edited = edit_appointment(app, &self.salon.caller, appointment.id, edit).await;
        if let Some(edited) = unless_refused(edited)? {
            deeds.changed += 1;
            scene.give_back(appointment);
            take(&mut scene.calendar, &scene.staff, &scene.services, &edited);
        }
        Ok(())
    }

    /// `false` if a person was faster.
    async fn set_status(
        &self,
        app: &App,
        appointment: &Appointment,
        status: Status,
    ) -> Result<bool, DemoError> {
        let command = SetStatus {
            version: Some(appointment.edit_version),
            status,
            force: false,
            notify: Notify::ByRule,
        };
        let set = set_status(app, &self.salon.caller, appointment.id, command).await;
        Ok(unless_refused(set)?.is_some())
    }

    async fn book_what_is_due(
        &mut self,
        app: &App,
        scene: &mut Scene,
        deeds: &mut Deeds,
    ) -> Result<(), DemoError> {
        let current = slot_of(scene.now);
        let first = match self.slot_done {
            Some(done) => (done + 1).max(current - SLOTS_BEHIND),
            None => current - SLOTS_BEHIND,
        };
        for slot in first..=current {
            let at = Timestamp::from_second(slot.saturating_mul(SLOT_S)).unwrap_or(scene.now);
            let hour = scene.branches.first().map_or(0, |branch| local(at, &branch.zone).hour());
            if let Some((source, chance)) = booking_of(self.seed, slot, hour, self.is_eager)
                && let Some(booked) = self.book(app, scene, slot, source, chance).await?
            {
                deeds.booked += 1;
                take(&mut scene.calendar, &scene.staff, &scene.services, &booked);
            }
            self.slot_done = Some(slot);
        }
        self.is_eager = false;
        Ok(())
    }

    async fn book(
        &self,
        app: &App,
        scene: &Scene,
        slot: i64,
        source: Source,
        mut chance: Chance,
    ) -> Result<Option<Appointment>, DemoError> {
        let name = name_of_slot(slot);
        let caller = &self.salon.caller;
        let known = app.store.appointment_by_external_id(caller.organization_id, &name);
        if known.await.map_err(AppError::from)?.is_some() {
            return Ok(None);
        }
        let (client, is_man) = self.client(app, &mut chance, slot).await?;
        let Some(facts) = scene.a_free_time(&mut chance, is_man) else { return Ok(None) };
        let command = BookAppointment {
            client,
            recipient_phone: None,
            visit_id: None,
            facts,
            source,
            note: String::new(),
            external_id: Some(name.clone()),
            force: false,
            notify: Notify::ByRule,
        };
        // One booking for a quarter of an hour, whatever time was free at the second look.
        let key = Idempotency::new(&name, "demo", &[])?;
        unless_refused(book_appointment(app, caller, command, Some(key)).await)
    }

    /// One of the salon's clients, or now and then somebody new; is it a man?
    async fn client(
        &self,
        app: &App,
        chance: &mut Chance,
        slot: i64,
    ) -> Result<(WantedClient, bool), DemoError> {
        let organization = self.salon.caller.organization_id;
        let is_new = chance.percent(15);
        let new = people::somebody(chance, &format!("{:04}", slot.rem_euclid(1_000)));
        let known = app.store.clients(organization, ClientId(i64::MAX), CLIENTS_MOST).await;
        let mut known: Vec<Client> = known.map_err(AppError::from)?;
        known.reverse();
        Ok(match chance.one_of(&known) {
            Some(client) if !is_new => {
                // Surnames of women end in «а» here.
                let is_man = !client.name.ends_with('а');
                (WantedClient::Existing(client.id), is_man)
            }
            _ => {
                let is_man = new.is_man;
                (WantedClient::Described { name: new.name, phone: Some(new.phone) }, is_man)
            }
        })
    }

    async fn see_to_tasks(&self, app: &App, now: Timestamp) -> Result<usize, DemoError> {
        let tasks = list_tasks(app, &self.salon.caller, None, 200, false).await?;
        let mut done = 0;
        for task in tasks {
            if now.duration_since(task.created_at) > TASK_WAITS {
                let finished = finish_task(app, &self.salon.caller, task.id).await;
                done += usize::from(unless_refused(finished)?.is_some());
            }
        }
        Ok(done)
    }
}

impl Scene {
    fn desk_is_open(&self, appointment: &Appointment) -> bool {
        let branch = self.branches.iter().find(|branch| branch.id == appointment.facts.branch_id);
        branch.is_some_and(|branch| DESK_HOURS.contains(&local(self.now, &branch.zone).hour()))
    }

    fn give_back(&mut self, appointment: &Appointment) {
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
    fn a_free_time(&self, chance: &mut Chance, is_man: bool) -> Option<WantedFacts> {
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

    fn another_time(
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
    fn another_master(&self, appointment: &Appointment) -> Option<EditAppointment> {
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
    fn another_service(
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

fn take(
    calendar: &mut Calendar,
    staff: &[StaffMember],
    services: &[Service],
    appointment: &Appointment,
) {
    let Some(master) = place_of(staff, appointment) else { return };
    let minutes = appointment.facts.duration_min + buffer_min(services, appointment);
    calendar.take(master, appointment.id.0, appointment.facts.start_local, minutes);
}

/// `None` if somebody was faster, or the salon is no longer such that it could be done.
fn unless_refused<T>(outcome: Result<T, AppError>) -> Result<Option<T>, DemoError> {
    match outcome {
        Ok(done) => Ok(Some(done)),
        Err(AppError::Conflict { .. } | AppError::Invalid(_) | AppError::NotFound(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
