//! A salon whose branch is linked to a simulated journal, over either database.

use crate::journal::{JournalBehaviour, NewRecord, SimulatedJournal};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use vestnik_app::journals::link_branch::{LinkBranch, link_branch};
use vestnik_app::journals::webhook::{WebhookReply, WebhookRequest, receive, webhook_secret};
use vestnik_app::journals::{connector::JournalConnector, poll};
use vestnik_app::{App, Caller, Clock, Entropy, InstanceKey, effects};
use vestnik_domain::access::{Actor, Role};
use vestnik_domain::appointment::Appointment;
use vestnik_domain::ids::{ClientId, TaskId};
use vestnik_domain::journal::{JournalClient, JournalLink, JournalService, JournalStaff};
use vestnik_domain::message::Message;
use vestnik_domain::task::{Task, VisitLink};
use vestnik_store::{ChangeSet, Engine, Store};
use vestnik_store_postgres::PostgresEngine;
use vestnik_store_sqlite::InlineEngine;
use vestnik_testkit::{Database, PausingEngine, PostgresDatabase, Salon, a_monday_morning};

pub(super) const PLACE: &str = "4564";

pub(super) struct StandingClock(Mutex<Timestamp>);

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

struct SeededEntropy(AtomicU64);

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let mut chance = crate::chance::Chance::new(self.0.fetch_add(1, Ordering::Relaxed));
        for byte in bytes {
            *byte = chance.draw().to_le_bytes()[0];
        }
    }
}

pub(super) struct Rig {
    pub(super) salon: Salon,
    pub(super) store: Store,
    pub(super) journal: Arc<SimulatedJournal>,
    pub(super) app: App,
    clock: Arc<StandingClock>,
    engine: Arc<PausingEngine>,
    /// Dropped with the rig.
    _own: Option<PostgresDatabase>,
}

impl Rig {
    /// Not linked yet; the block is on.
    pub(super) async fn unlinked(database: Database, behaviour: JournalBehaviour) -> Rig {
        Rig::by_chance(database, behaviour, 7).await
    }

    async fn by_chance(database: Database, behaviour: JournalBehaviour, seed: u64) -> Rig {
        let clock = Arc::new(StandingClock(Mutex::new(a_monday_morning())));
        let salon = Salon::new(1, a_monday_morning());
        let (engine, own) = open(database).await;
        let engine = Arc::new(PausingEngine::around(engine));
        let store = Store::new(engine.clone());
        store.commit(salon.set_up()).await.unwrap();
        let journal = SimulatedJournal::new(clock.clone(), seed, behaviour);
        journal.open(PLACE, "Стиль де Виль", "Europe/Moscow");
        let journal = Arc::new(journal);
        let app = node(&store, &clock, &journal, 1);
        Rig { salon, store, journal, app, clock, engine, _own: own }
    }

    /// Linked, and everything taken in that stood there.
    pub(super) async fn with(database: Database, behaviour: JournalBehaviour) -> Rig {
        Rig::unlinked(database, behaviour).await.linked().await
    }

    /// The same with chances of its own.
    pub(super) async fn of_seed(database: Database, behaviour: JournalBehaviour, seed: u64) -> Rig {
        Rig::by_chance(database, behaviour, seed).await.linked().await
    }

    async fn linked(self) -> Rig {
        self.link().await;
        self.poll().await;
        self
    }

    pub(super) async fn new(database: Database) -> Rig {
        Rig::with(database, JournalBehaviour::well()).await
    }

    /// Lets it run until the journal keeps it waiting once more; what it gives, if it ends before.
    /// Not gone on with, it is paused there; dropped, it was killed there.
    pub(super) async fn until_the_journal_waits<F: Future>(
        &self,
        running: Pin<&mut F>,
    ) -> Option<F::Output> {
        run_until_more(running, || self.journal.waits()).await
    }

    /// Likewise until the database keeps it waiting once more, before or after a call.
    pub(super) async fn until_the_store_waits<F: Future>(
        &self,
        running: Pin<&mut F>,
    ) -> Option<F::Output> {
        run_until_more(running, || self.engine.waits()).await
    }

    pub(super) async fn link(&self) -> JournalLink {
        let command = LinkBranch {
            branch_id: self.salon.branch.id,
            kind: "simulated".to_owned(),
            location_id: PLACE.to_owned(),
        };
        link_branch(&self.app, &self.owner(), command).await.unwrap()
    }

    /// Another node of the same installation.
    pub(super) fn another_node(&self) -> App {
        node(&self.store, &self.clock, &self.journal, 1_000_000)
    }

    pub(super) fn owner(&self) -> Caller {
        let actor = Actor::User { user_id: self.salon.owner.id };
        Caller { organization_id: self.salon.id(), role: Role::Owner, actor }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn pass(&self, seconds: i64) {
        let mut now = self.clock.0.lock().unwrap();
        *now = now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
    }

    /// One turn of the polling loop.
    pub(super) async fn poll(&self) -> usize {
        poll::run_once(&self.app).await.unwrap()
    }

    /// Lets the poll come due, and takes everything in.
    pub(super) async fn catch_up(&self) {
        self.pass(301);
        while self.poll().await > 0 {}
    }

    /// One turn of the loop of effects.
    pub(super) async fn write(&self) -> usize {
        effects::run_once(&self.app).await.unwrap()
    }

    /// Hands over the webhooks that have arrived, and polls where they say so.
    pub(super) async fn deliver(&self) {
        for (_, body) in self.journal.arriving() {
            assert_eq!(self.post(&body).await, WebhookReply::Taken);
        }
        self.pass(2);
        while self.poll().await > 0 {}
    }

    /// Posts to the right address.
    pub(super) async fn post(&self, body: &[u8]) -> WebhookReply {
        let link = self.the_link().await;
        let secret = webhook_secret(&self.app, link.id);
        self.post_to(&link, &secret, body).await
    }

    pub(super) async fn post_to(
        &self,
        link: &JournalLink,
        secret: &str,
        body: &[u8],
    ) -> WebhookReply {
        let request = WebhookRequest {
            organization: &link.organization_id.to_string(),
            link: &link.id.to_string(),
            secret,
            headers: &[],
            body,
        };
        receive(&self.app, request).await.unwrap()
    }

    pub(super) async fn the_link(&self) -> JournalLink {
        self.store.journal_links(self.salon.id()).await.unwrap().pop().unwrap()
    }

    /// What a record became here.
    pub(super) async fn find(&self, record: &str) -> Option<Appointment> {
        let external_id = format!("simulated:{PLACE}:{record}");
        self.store.appointment_by_external_id(self.salon.id(), &external_id).await.unwrap()
    }

    pub(super) async fn appointment(&self, record: &str) -> Appointment {
        self.find(record).await.unwrap()
    }

    /// As many lines of history as an appointment has.
    pub(super) async fn history(&self, appointment: &Appointment) -> usize {
        let events = self.store.appointment_events(self.salon.id(), appointment.id).await.unwrap();
        events.len()
    }

    /// The live messages of a client, in order of time.
    pub(super) async fn live(&self, client: ClientId) -> Vec<Message> {
        let mut all =
            self.store.messages_of_client(self.salon.id(), client, Timestamp::MIN).await.unwrap();
        all.retain(|message| message.state.is_live());
        all.sort_by_key(|message| message.due_at);
        all
    }

    /// Their kinds.
    pub(super) async fn kinds(&self, client: ClientId) -> Vec<&'static str> {
        self.live(client).await.iter().map(|message| message.kind.name()).collect()
    }

    pub(super) async fn tasks(&self) -> Vec<Task> {
        self.store.tasks(self.salon.id(), TaskId(i64::MAX), 100, false).await.unwrap()
    }

    /// The link of the visit's page, as a text would carry it.
    pub(super) async fn visit_page(&self, appointment: &Appointment) -> String {
        let token = format!("page{}", appointment.visit_id.0);
        let link = VisitLink {
            token: token.clone(),
            organization_id: appointment.organization_id,
            client_id: appointment.client_id,
            visit_id: appointment.visit_id,
            created_at: self.now(),
        };
        let mut change_set = ChangeSet::new();
        change_set.insert(&link);
        self.store.commit(change_set).await.unwrap();
        token
    }
}

/// An empty database.
async fn open(database: Database) -> (Arc<dyn Engine>, Option<PostgresDatabase>) {
    match database {
        Database::Sqlite => (Arc::new(InlineEngine::new().unwrap()), None),
        Database::Postgres => {
            let own = PostgresDatabase::create("an external journal").unwrap();
            let engine = PostgresEngine::open(&own.address, 4).await.unwrap();
            (Arc::new(engine), Some(own))
        }
    }
}

async fn run_until_more<F: Future>(
    mut running: Pin<&mut F>,
    waits: impl Fn() -> u32,
) -> Option<F::Output> {
    let before = waits();
    poll_fn(|context| match running.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if waits() > before => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    })
    .await
}

fn node(
    store: &Store,
    clock: &Arc<StandingClock>,
    journal: &Arc<SimulatedJournal>,
    seed: u64,
) -> App {
    let journal: Arc<dyn JournalConnector> = Arc::clone(journal) as Arc<dyn JournalConnector>;
    let entropy = Arc::new(SeededEntropy(AtomicU64::new(seed)));
    App::new(store.clone(), clock.clone(), entropy)
        .with_key(InstanceKey([7; 32]))
        .with_journals(vec![journal])
}

pub(super) fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

pub(super) fn olga() -> JournalClient {
    JournalClient {
        id: Some("901".to_owned()),
        name: "Ольга Иванова".to_owned(),
        phone: Some("79161234567".to_owned()),
    }
}

pub(super) fn maria() -> JournalStaff {
    JournalStaff {
        id: "1".to_owned(), name: "Мария".to_owned(), position: "стилист".to_owned()
    }
}

pub(super) fn irina() -> JournalStaff {
    JournalStaff { id: "2".to_owned(), name: "Ирина".to_owned(), position: String::new() }
}

pub(super) fn haircut() -> JournalService {
    JournalService {
        id: "11".to_owned(),
        title: "Стрижка".to_owned(),
        duration_min: Some(60),
        price_kopecks: Some(250_000),
    }
}

/// A haircut of Olga's with Maria.
pub(super) fn record(start: &str) -> NewRecord {
    NewRecord {
        client: Some(olga()),
        staff: Some(maria()),
        services: vec![haircut()],
        start_local: at(start),
        duration_min: 60,
        visit_id: None,
        online: false,
    }
}
