//! A salon made from a seed: the same seed gives the same ids, names and numbers, and two seeds
//! never share one. Times are given by the test.

mod journals;
mod sending;

use jiff::Timestamp;
use jiff::civil::{Date, time};
use std::collections::{BTreeMap, BTreeSet};
use vestnik_domain::Language;
use vestnik_domain::access::{Actor, ApiToken, Role, Session, User};
use vestnik_domain::appointment::{Appointment, AppointmentEvent, Facts, Source, Status};
use vestnik_domain::audit::AuditEntry;
use vestnik_domain::branch::Branch;
use vestnik_domain::client::{Client, ClientSwitches};
use vestnik_domain::ids::{
    ApiTokenId, AppointmentId, AuditId, BranchId, ClientId, MessageId, OrganizationId, ServiceId,
    SessionId, StaffId, TaskId, UserId, VisitId,
};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::local_time::Zone;
use vestnik_domain::message::{Message, MessageState};
use vestnik_domain::money::Kopecks;
use vestnik_domain::organization::Organization;
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_domain::planning::{Booking, NotificationState, Notify, Subject, Variant};
use vestnik_domain::schedule::{Hours, Schedule, WeekHours};
use vestnik_domain::service::Service;
use vestnik_domain::settings::{NotificationSettings, SettingsVersion};
use vestnik_domain::staff::StaffMember;
use vestnik_domain::task::{Task, TaskKind, VisitLink};
use vestnik_store::ChangeSet;
use vestnik_store::tables::appointments::StaffDay;
use vestnik_store::tables::idempotency::IdempotencyKey;

/// Monday, 2 March 2026, 9:00 in Moscow: a moment for tests that need any.
pub fn a_monday_morning() -> Timestamp {
    "2026-03-02T06:00:00Z".parse().unwrap()
}

/// An organization with one of everything, not yet stored; [`Salon::set_up`] stores it.
#[derive(Debug, Clone)]
pub struct Salon {
    pub organization: Organization,
    pub owner: User,
    /// The block is on since `now`.
    pub settings: SettingsVersion,
    pub branch: Branch,
    pub staff: StaffMember,
    pub service: Service,
    pub client: Client,
    now: Timestamp,
    last_id: i64,
}

impl Salon {
    pub fn new(seed: u32, now: Timestamp) -> Salon {
        // Every salon counts its ids in a range of its own.
        let first = (i64::from(seed) + 1) << 24;
        let organization_id = OrganizationId(first);
        let day = Hours { from: time(9, 0, 0, 0), to: time(21, 0, 0, 0) };
        let settings =
            NotificationSettings { on_since: Some(now), ..NotificationSettings::standard() };
        let branch_id = BranchId(first + 1);
        let service_id = ServiceId(first + 3);
        Salon {
            organization: Organization {
                id: organization_id,
                version: 1,
                name: format!("Салон {seed}"),
                language: Language::Russian,
                country: "RU".to_owned(),
                plan_generation: 1,
                swept_generation: 1,
                created_at: now,
            },
            owner: User {
                organization_id,
                id: UserId(first + 5),
                version: 1,
                email: format!("owner{seed}@salon.example"),
                name: "Ольга Владелица".to_owned(),
                role: Role::Owner,
                password_hash: "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA".to_owned(),
                created_at: now,
                disabled_at: None,
            },
            settings: SettingsVersion {
                organization_id,
                generation: 1,
                at: now,
                settings,
                branches: BTreeMap::new(),
            },
            branch: Branch {
                organization_id,
                id: branch_id,
                version: 1,
                name: "На Тверской".to_owned(),
                commercial_name: None,
                address: "Тверская, 1".to_owned(),
                zone: Zone::parse("Europe/Moscow").unwrap(),
                working_hours: WeekHours::every_day(day),
                sender_id: None,
                created_at: now,
                archived_at: None,
            },
            staff: StaffMember {
                organization_id,
                id: StaffId(first + 2),
                version: 1,
                branch_id,
                name: "Мария".to_owned(),
                position: "стилист".to_owned(),
                schedule: Schedule { shifts: WeekHours::every_day(day), ..Schedule::default() },
                service_ids: vec![service_id],
                created_at: now,
                archived_at: None,
            },
            service: Service {
                organization_id,
                id: service_id,
                version: 1,
                title: "Стрижка".to_owned(),
                duration_min: 60,
                buffer_min: 10,
                price: Kopecks(250_000),
                created_at: now,
                archived_at: None,
            },
            client: Client {
                organization_id,
                id: ClientId(first + 4),
                version: 1,
                name: "Алёна Петрова".to_owned(),
                phone: Some(mobile_number(seed, 0)),
                email: None,
                birthday: None,
                note: String::new(),
                language: None,
                switches: ClientSwitches { all_off: false, kinds_off: BTreeSet::new() },
                consents: BTreeMap::new(),
                external_id: None,
                created_at: now,
                archived_at: None,
            },
            now,
            last_id: first + 9,
        }
    }

    pub fn id(&self) -> OrganizationId {
        self.organization.id
    }

    /// A number that no other row of any salon has as its id.
    pub fn next_id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }

    /// Everything that [`Salon::new`] made, to be inserted.
    pub fn set_up(&self) -> ChangeSet {
        let mut change_set = ChangeSet::new();
        change_set
            .insert(&self.organization)
            .insert(&self.owner)
            .insert(&self.settings)
            .insert(&self.branch)
            .insert(&self.staff)
            .insert(&self.service)
            .insert(&self.client);
        change_set
    }

    /// One more client, with a number that nobody else has.
    pub fn another_client(&mut self, name: &str) -> Client {
        let id = self.next_id();
        let seed = u32::try_from((self.id().0 >> 24) - 1).unwrap();
        let nth = u32::try_from(id & 0xff_ffff).unwrap();
        Client {
            id: ClientId(id),
            name: name.to_owned(),
            phone: Some(mobile_number(seed, nth)),
            ..self.client.clone()
        }
    }

    /// The client's visit at `starts_at`, entered by the owner; a visit of its own.
    pub fn appointment(&mut self, starts_at: Timestamp) -> Appointment {
        let source = Source::Staff;
        let booking = Booking { source, notify: Notify::ByRule, import_with_reminders: false };
        Appointment {
            organization_id: self.id(),
            id: AppointmentId(self.next_id()),
            version: 1,
            edit_version: 1,
            visit_id: VisitId(self.next_id()),
            client_id: self.client.id,
            recipient_phone: None,
            facts: Facts {
                branch_id: self.branch.id,
                staff_id: Some(self.staff.id),
                service_ids: vec![self.service.id],
                start_local: starts_at.to_zoned(self.branch.zone.time_zone().clone()).datetime(),
                starts_at,
                duration_min: self.service.duration_min,
            },
            status: Status::Waiting,
            cancelled_by: None,
            source,
            note: String::new(),
            external_id: None,
            external_version: None,
            created_at: self.now,
            created_by: Actor::User { user_id: self.owner.id },
            journal_created_at: self.now,
            notification: NotificationState::booked(booking, self.now),
        }
    }

    /// A planned message about `appointment`; it must leave before the visit.
    pub fn message(
        &mut self,
        appointment: &Appointment,
        kind: NotificationKind,
        due_at: Timestamp,
    ) -> Message {
        Message {
            organization_id: self.id(),
            id: MessageId(self.next_id()),
            version: 1,
            client_id: appointment.client_id,
            subject: Subject::Visit(appointment.visit_id),
            kind,
            occasion: "0".to_owned(),
            variant: Variant::Plain,
            recipient: self.client.phone.clone().unwrap(),
            covers: vec![appointment.id],
            due_at,
            send_before: appointment.facts.starts_at,
            state: MessageState::Planned,
            sender_id: None,
            retry_at: None,
            plan_generation: self.organization.plan_generation,
            planned_at: self.now,
            why: Vec::new(),
        }
    }

    /// A booking with its plan, as one change-set: the appointment, the guard of a day on which
    /// nothing stands yet, and two messages.
    pub fn booking(&mut self, starts_at: Timestamp, staff: StaffId) -> ChangeSet {
        let mut appointment = self.appointment(starts_at);
        appointment.facts.staff_id = Some(staff);
        let date = appointment.facts.start_local.date();
        let created = self.message(&appointment, NotificationKind::Created, self.now);
        let reminder = self.message(&appointment, NotificationKind::Reminder, starts_at);
        let mut change_set = ChangeSet::new();
        change_set
            .insert(&appointment)
            .insert(&StaffDay { staff_id: staff, ..self.staff_day(date, 1) })
            .insert(&created)
            .insert(&reminder);
        change_set
    }

    /// The guard of the staff member's day.
    pub fn staff_day(&self, date: Date, version: i64) -> StaffDay {
        StaffDay { organization_id: self.id(), staff_id: self.staff.id, date, version }
    }

    pub fn session(&mut self, expires_at: Timestamp) -> Session {
        let id = self.next_id();
        Session {
            id: SessionId(id),
            version: 1,
            organization_id: self.id(),
            user_id: self.owner.id,
            secret_hash: secret_hash(id),
            user_agent: "Firefox".to_owned(),
            created_at: self.now,
            expires_at,
            ended_at: None,
        }
    }

    pub fn api_token(&mut self) -> ApiToken {
        let id = self.next_id();
        ApiToken {
            id: ApiTokenId(id),
            version: 1,
            organization_id: self.id(),
            name: "Касса".to_owned(),
            role: Role::Administrator,
            secret_hash: secret_hash(id),
            hint: "7xk2".to_owned(),
            created_by: self.owner.id,
            created_at: self.now,
            revoked_at: None,
        }
    }

    pub fn audit_entry(&mut self) -> AuditEntry {
        AuditEntry {
            organization_id: self.id(),
            id: AuditId(self.next_id()),
            at: self.now,
            actor: Actor::User { user_id: self.owner.id },
            action: "branch.updated".to_owned(),
            subject: self.branch.id.to_string(),
            changes: serde_json::json!({ "name": { "from": "Центр", "to": self.branch.name } }),
        }
    }

    pub fn appointment_event(&self, appointment: &Appointment) -> AppointmentEvent {
        AppointmentEvent {
            organization_id: self.id(),
            appointment_id: appointment.id,
            version: appointment.version,
            at: self.now,
            actor: Actor::User { user_id: self.owner.id },
            changes: serde_json::json!({ "status": ["waiting", appointment.status.name()] }),
        }
    }

    /// The client asks, on the visit's page, for another time.
    pub fn task(&mut self, appointment: &Appointment) -> Task {
        Task {
            organization_id: self.id(),
            id: TaskId(self.next_id()),
            version: 1,
            kind: TaskKind::MoveRequested,
            client_id: Some(appointment.client_id),
            visit_id: Some(appointment.visit_id),
            appointment_id: Some(appointment.id),
            note: "Можно на вечер?".to_owned(),
            incoming_message_id: None,
            created_at: self.now,
            done_at: None,
            done_by: None,
        }
    }

    pub fn visit_link(&self, appointment: &Appointment) -> VisitLink {
        VisitLink {
            token: format!("{:012x}", appointment.visit_id.0),
            organization_id: self.id(),
            client_id: appointment.client_id,
            visit_id: appointment.visit_id,
            created_at: self.now,
        }
    }

    pub fn idempotency_key(&self, key: &str, result: &str) -> IdempotencyKey {
        IdempotencyKey {
            organization_id: self.id(),
            key: key.to_owned(),
            request_hash: vec![7; 32],
            result: result.to_owned(),
            created_at: self.now,
        }
    }
}

fn mobile_number(seed: u32, nth: u32) -> PhoneNumber {
    let number = 9_000_000_000_u64 + u64::from(seed) * 10_000 + u64::from(nth);
    PhoneNumber::from_e164(&format!("+7{number}")).unwrap()
}

/// Stands for a hash: 32 bytes that differ from those of every other id.
fn secret_hash(id: i64) -> Vec<u8> {
    id.to_be_bytes().repeat(4)
}
