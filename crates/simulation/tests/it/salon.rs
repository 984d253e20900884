//! A salon that sends over the simulated carrier, served by as many nodes as a test likes.

use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use vestnik_app::access::{authenticate, sign_up};
use vestnik_app::appointments::WantedFacts;
use vestnik_app::appointments::book::{self, BookAppointment};
use vestnik_app::catalogue::{branches, services, staff};
use vestnik_app::clients::find_or_create::WantedClient;
use vestnik_app::messages::list::{MessageFilter, list_messages};
use vestnik_app::nodes::{self, Sidecar};
use vestnik_app::senders::create::{CreateSender, create_sender};
use vestnik_app::sending::{drive, receipts, route, sweep};
use vestnik_app::settings::{SettingsEdit, edit_settings, get_settings};
use vestnik_app::{App, Caller, Clock, Entropy};
use vestnik_domain::Language;
use vestnik_domain::appointment::{Appointment, Source};
use vestnik_domain::ids::{BranchId, SenderId, ServiceId, StaffId};
use vestnik_domain::planning::Notify;
use vestnik_domain::sender::{Channel, SenderSettings};
use vestnik_simulation::carrier::{CarrierBehaviour, SimulatedCarrier, TakenMessage};
use vestnik_simulation::chance::Chance;
use vestnik_store::{Engine, Store};
use vestnik_store_sqlite::InlineEngine;

/// 12:00 in Moscow on a Monday.
pub(crate) const BEGINNING: &str = "2026-03-02T09:00:00Z";
pub(crate) const LEASE: SignedDuration = SignedDuration::from_secs(15);

/// A clock that stands still until it is set.
pub(crate) struct StandingClock(Mutex<Timestamp>);

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

struct SeededEntropy(Mutex<Chance>);

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let mut chance = self.0.lock().unwrap();
        bytes.iter_mut().for_each(|byte| *byte = chance.draw().to_le_bytes()[0]);
    }
}

pub(crate) struct Salon {
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) clock: Arc<StandingClock>,
    pub(crate) carrier: Arc<SimulatedCarrier>,
    pub(crate) caller: Caller,
    pub(crate) sender: SenderId,
    branch: BranchId,
    staff: StaffId,
    service: ServiceId,
    nodes_made: AtomicU64,
    booked: AtomicU64,
}

impl Salon {
    pub(crate) async fn open(behaviour: CarrierBehaviour) -> Salon {
        let engine: Arc<dyn Engine> = Arc::new(InlineEngine::new().unwrap());
        let clock = Arc::new(StandingClock(Mutex::new(BEGINNING.parse().unwrap())));
        let carrier = Arc::new(SimulatedCarrier::new(1, behaviour, clock.clone()));
        let app = bare_app(engine.clone(), clock.clone(), carrier.clone(), 0);
        let command = sign_up::SignUp {
            organization_name: "Стиль".to_owned(),
            name: "Анна".to_owned(),
            email: "anna@salon.example".to_owned(),
            password: "correct horse battery".to_owned(),
            language: Language::Russian,
            country: "RU".to_owned(),
            user_agent: String::new(),
        };
        let signed_up = sign_up::sign_up(&app, command).await.unwrap();
        let (caller, _) = authenticate::by_session(&app, &signed_up.session.secret).await.unwrap();
        let new = branches::NewBranch {
            name: "Центр".to_owned(),
            commercial_name: None,
            address: "Тверская, 12".to_owned(),
            zone: "Europe/Moscow".to_owned(),
            working_hours: None,
        };
        let branch = branches::create_branch(&app, &caller, new).await.unwrap().id;
        let new = staff::NewStaffMember {
            branch_id: branch,
            name: "Ольга".to_owned(),
            position: String::new(),
            schedule: None,
            service_ids: Vec::new(),
        };
        let staff = staff::create_staff_member(&app, &caller, new).await.unwrap().id;
        let new = services::NewService {
            title: "Стрижка".to_owned(),
            duration_min: 30,
            buffer_min: 0,
            price_kopecks: 0,
        };
        let service = services::create_service(&app, &caller, new).await.unwrap().id;
        let generation = get_settings(&app, &caller).await.unwrap().generation;
        let edit = SettingsEdit {
            generation,
            on: Some(true),
            settle_s: Some(0),
            ..SettingsEdit::default()
        };
        edit_settings(&app, &caller, edit).await.unwrap();
        let sender = new_sender(&app, &caller).await;
        Salon {
            engine,
            clock,
            carrier,
            caller,
            sender,
            branch,
            staff,
            service,
            nodes_made: AtomicU64::new(1),
            booked: AtomicU64::new(0),
        }
    }

    /// An application over the same database and carrier that is no node yet.
    pub(crate) fn app(&self) -> App {
        self.app_over(self.engine.clone())
    }

    pub(crate) fn app_over(&self, engine: Arc<dyn Engine>) -> App {
        let seed = self.nodes_made.fetch_add(1, Ordering::Relaxed);
        bare_app(engine, self.clock.clone(), self.carrier.clone(), seed)
    }

    /// A node that starts with what it remembers.
    pub(crate) async fn node(&self, remembered: Option<Sidecar>) -> (App, Sidecar) {
        let app = self.app();
        let seen = self.beat_since_seen().await;
        let arrived = nodes::arrive(app, remembered, LEASE, &seen).await.unwrap();
        (arrived.app, arrived.sidecar)
    }

    /// The nodes as they were a heartbeat ago.
    pub(crate) async fn beat_since_seen(&self) -> Vec<nodes::Node> {
        let beating = nodes::beating(&self.app()).await.unwrap();
        let earlier = |node: nodes::Node| nodes::Node { version: node.version - 1, ..node };
        beating.into_iter().map(earlier).collect()
    }

    pub(crate) fn advance_s(&self, seconds: i64) {
        let mut now = self.clock.0.lock().unwrap();
        *now = now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
    }

    /// Books for a new client, each half an hour after the one before, from the next day's noon on.
    pub(crate) async fn book(&self, app: &App) -> Appointment {
        self.book_for(app, "Анна").await
    }

    /// The same for a client of this name.
    pub(crate) async fn book_for(&self, app: &App, name: &str) -> Appointment {
        let number = self.booked.fetch_add(1, Ordering::Relaxed);
        self.book_slot(app, name, number, number).await
    }

    /// Another visit of the client of the booking `number`.
    pub(crate) async fn book_again(&self, app: &App, number: u64) -> Appointment {
        let slot = self.booked.fetch_add(1, Ordering::Relaxed);
        self.book_slot(app, "Анна", number, slot).await
    }

    async fn book_slot(&self, app: &App, name: &str, client: u64, slot: u64) -> Appointment {
        let (hour, minute) = (10 + slot / 2, slot % 2 * 30);
        let command = BookAppointment {
            client: WantedClient::Described {
                name: name.to_owned(),
                phone: Some(format!("+7916123{client:04}")),
            },
            recipient_phone: None,
            visit_id: None,
            facts: WantedFacts {
                branch_id: self.branch,
                staff_id: Some(self.staff),
                service_ids: vec![self.service],
                start: format!("2026-03-04T{hour:02}:{minute:02}"),
                duration_min: None,
            },
            source: Source::Staff,
            note: String::new(),
            external_id: None,
            force: false,
            notify: Notify::ByRule,
        };
        book::book_appointment(app, &self.caller, command, None).await.unwrap()
    }

    /// Everything that the loops of a node do at this moment.
    pub(crate) async fn turn(&self, app: &App) {
        route::run_once(app).await.unwrap();
        drive::run_once(app).await.unwrap();
        for one in self.carrier.receipts_due() {
            let organization = self.caller.organization_id;
            receipts::take_in(app, organization, one.sender_id, &one.carrier_id, one.receipt)
                .await
                .unwrap();
        }
        sweep::run_once(app).await.unwrap();
    }

    /// What left for the client of the booking `number`.
    pub(crate) fn taken_for(&self, number: usize) -> Vec<TakenMessage> {
        let phone = format!("+7916123{number:04}");
        self.carrier.taken().into_iter().filter(|one| one.phone_number == phone).collect()
    }

    /// The statuses of the messages that are not reminders, oldest first.
    pub(crate) async fn statuses(&self) -> Vec<String> {
        let app = self.app();
        let filter = MessageFilter::default();
        let page = list_messages(&app, &self.caller, &filter, None, 200).await.unwrap();
        let mut found: Vec<String> = page
            .items
            .iter()
            .filter(|view| view.message.kind.name() != "reminder")
            .map(|view| view.outcome.status.name().to_owned())
            .collect();
        found.reverse();
        found
    }

    pub(crate) async fn another_sender(&self, app: &App) -> SenderId {
        new_sender(app, &self.caller).await
    }

    pub(crate) fn store(&self) -> Store {
        Store::new(self.engine.clone())
    }
}

async fn new_sender(app: &App, caller: &Caller) -> SenderId {
    let command = CreateSender {
        name: "Оператор".to_owned(),
        channel: Channel::Simulated,
        number: None,
        zone: None,
        settings: SenderSettings { pace_s: 0, ..SenderSettings::default() },
    };
    create_sender(app, caller, command).await.unwrap().sender.id
}

fn bare_app(
    engine: Arc<dyn Engine>,
    clock: Arc<StandingClock>,
    carrier: Arc<SimulatedCarrier>,
    seed: u64,
) -> App {
    let entropy = Arc::new(SeededEntropy(Mutex::new(Chance::new(seed))));
    App::new(Store::new(engine), clock, entropy).with_outbound(carrier)
}
