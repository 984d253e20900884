//! The salon's life while the demo runs: clients and staff book, staff move, change and cancel, mark
//! who came, and see to their tasks.
//!
//! [`Life::run_once`] takes no input but the time. What it does follows from what stands in the
//! database and from the seed: a visit is changed once, since the change raises its version; a booking
//! has a name and a key that stand for its quarter of an hour. So it may be killed anywhere, run twice,
//! or start again. Where a person was faster, the use case refuses, and the person's word stands.

use super::fate::{
    Change, SLOT_S, Seen, booking_of, chance_of, change_due, name_of_slot, seen, slot_of,
};
use super::people;
use super::salon::{DemoError, DemoSalon};
use super::scene::Scene;
use crate::chance::Chance;
use jiff::{SignedDuration, Timestamp};
use vestnik_app::appointments::book::{BookAppointment, book_appointment};
use vestnik_app::appointments::edit::edit_appointment;
use vestnik_app::appointments::idempotency::Idempotency;
use vestnik_app::appointments::status::{SetStatus, set_status};
use vestnik_app::clients::find_or_create::WantedClient;
use vestnik_app::tasks::{finish_task, list_tasks};
use vestnik_app::{App, AppError};
use vestnik_domain::appointment::{Appointment, Source, Status};
use vestnik_domain::client::Client;
use vestnik_domain::ids::ClientId;
use vestnik_domain::local_time::local;
use vestnik_domain::planning::Notify;

/// So far back a start looks for quarters of an hour in which nobody booked yet.
const SLOTS_BEHIND: i64 = 4;
/// So long a task waits for the front desk.
const TASK_WAITS: SignedDuration = SignedDuration::from_hours(3);
const CLIENTS_MOST: i64 = 1_000;

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
        let mut scene = Scene::read(app, self.salon.caller.organization_id).await?;
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
            scene.take(&edited);
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
                scene.take(&booked);
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

/// `None` if somebody was faster, or the salon is no longer such that it could be done.
fn unless_refused<T>(outcome: Result<T, AppError>) -> Result<Option<T>, DemoError> {
    match outcome {
        Ok(done) => Ok(Some(done)),
        Err(AppError::Conflict { .. } | AppError::Invalid(_) | AppError::NotFound(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
