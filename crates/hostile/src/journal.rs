//! What an external journal says: a page of changes taken in by the poll, and its webhook.

use crate::installation::{Installation, run};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use std::str::FromStr;
use std::sync::{Arc, Mutex};
use vestnik_app::Clock;
use vestnik_app::journals::connector::{
    JournalConnector, JournalLocation, Page, RecordWrite, WebhookCall, WebhookHint, WebhookRefusal,
    WriteOutcome,
};
use vestnik_app::journals::poll;
use vestnik_domain::ids::{JournalLinkId, OrganizationId};
use vestnik_domain::journal::{
    JournalClient, JournalFault, JournalRecord, JournalService, JournalStaff, RecordState,
    RecordVersion,
};
use vestnik_simulation::journal::{JournalBehaviour, SimulatedJournal};

/// The place that a branch is linked to.
pub(crate) const PLACE: &str = "4564";

/// Lines, each a record, or a `client`, `staff` or `service` by itself: `kind|name=value|…`. Every
/// value may be anything that the journal's answer can hold. All of it is taken in twice.
pub(crate) fn check(bytes: &[u8]) {
    thread_local! {
        static INSTALLATION: Installation = Installation::open();
    }
    INSTALLATION.with(|installation| {
        let call = WebhookCall { body: bytes, headers: &[] };
        if let Ok(hint) = installation.journal.decode_webhook(&call) {
            assert!(serde_json::from_slice::<serde_json::Value>(bytes).is_ok(), "{hint:?}");
        }
        let page = page_of(&String::from_utf8_lossy(bytes));
        installation.begin_again();
        run(async {
            for turn in ["once", "twice"] {
                let cursor = format!("{} {turn}", page.next_cursor);
                installation.journal.say(Page { next_cursor: cursor.clone(), ..page.clone() });
                installation.pass(SignedDuration::from_mins(6));
                assert_eq!(poll::run_once(&installation.app).await.unwrap(), 1);
                check_link(installation, &cursor).await;
            }
            installation.journal.say(Page::default());
            installation.go_on().await;
        });
    });
}

/// The page was taken in whole, or it is said that the journal cannot be read; nothing else.
async fn check_link(installation: &Installation, cursor: &str) {
    let organization: OrganizationId = installation.named["organization"].parse().unwrap();
    let link: JournalLinkId = installation.named["journal"].parse().unwrap();
    let link = installation.app.store.journal_link(organization, link).await.unwrap().unwrap();
    match link.fault {
        None => assert_eq!(link.cursor.as_deref(), Some(cursor)),
        Some(fault) => assert_eq!(fault, JournalFault::Unreadable),
    }
}

fn page_of(text: &str) -> Page {
    let mut page = Page::default();
    for line in text.lines().take(50) {
        let mut parts = line.split('|');
        let kind = parts.next().unwrap_or_default();
        let fields: Vec<(&str, &str)> = parts.filter_map(|part| part.split_once('=')).collect();
        let fields = Fields(&fields);
        match kind {
            "client" => page.clients.push(fields.client()),
            "staff" => page.staff.push(fields.staff()),
            "service" => page.services.push(fields.service()),
            _ => page.records.push(fields.record()),
        }
    }
    page
}

/// A line taken apart; of two values with one name the first counts.
struct Fields<'a>(&'a [(&'a str, &'a str)]);

impl Fields<'_> {
    fn maybe(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    fn text(&self, name: &str) -> String {
        self.maybe(name).unwrap_or_default()
    }

    fn value<T: FromStr>(&self, name: &str) -> Option<T> {
        self.maybe(name)?.parse().ok()
    }

    fn client(&self) -> JournalClient {
        JournalClient {
            id: self.maybe("client"),
            name: self.text("name"),
            phone: self.maybe("phone"),
        }
    }

    fn staff(&self) -> JournalStaff {
        let (id, name, position) = (self.text("staff"), self.text("master"), self.text("position"));
        JournalStaff { id, name, position }
    }

    fn service(&self) -> JournalService {
        JournalService {
            id: self.text("service"),
            title: self.text("title"),
            duration_min: self.value("service_min"),
            price_kopecks: self.value("price"),
        }
    }

    fn record(&self) -> JournalRecord {
        let any = |names: &[&str]| names.iter().any(|name| self.maybe(name).is_some());
        JournalRecord {
            id: self.text("id"),
            version: RecordVersion {
                order: self.value("order").unwrap_or(1),
                mark: self.text("mark"),
            },
            visit_id: self.maybe("visit"),
            client: any(&["client", "name", "phone"]).then(|| self.client()),
            staff: any(&["staff", "master"]).then(|| self.staff()),
            services: any(&["service", "title"]).then(|| self.service()).into_iter().collect(),
            start_local: self.value("start").unwrap_or(DateTime::constant(2026, 3, 5, 12, 0, 0, 0)),
            offset_s: self.value("offset"),
            duration_min: self.value("min").unwrap_or(60),
            state: match self.text("state").as_str() {
                "confirmed" => RecordState::Confirmed,
                "arrived" => RecordState::Arrived,
                "no_show" => RecordState::NoShow,
                "deleted" => RecordState::Deleted,
                _ => RecordState::Waiting,
            },
            note: self.text("note"),
            created_at: self.value("created").unwrap_or(Timestamp::UNIX_EPOCH),
            booked_by_client: self.maybe("by_client").is_some(),
        }
    }
}

/// A journal that says what it is told to.
pub(crate) struct MadeUpJournal {
    page: Mutex<Page>,
    /// Reads the webhooks.
    simulated: SimulatedJournal,
}

impl MadeUpJournal {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> MadeUpJournal {
        let simulated = SimulatedJournal::new(clock, 1, JournalBehaviour::well());
        MadeUpJournal { page: Mutex::new(Page::default()), simulated }
    }

    /// The next pages are this one.
    fn say(&self, page: Page) {
        *self.page.lock().unwrap() = page;
    }
}

#[async_trait::async_trait]
impl JournalConnector for MadeUpJournal {
    fn kind(&self) -> &'static str {
        "made_up"
    }

    fn title(&self) -> &'static str {
        "Made up"
    }

    fn decode_webhook(&self, call: &WebhookCall<'_>) -> Result<WebhookHint, WebhookRefusal> {
        self.simulated.decode_webhook(call)
    }

    async fn location(&self, _location_id: &str) -> Result<JournalLocation, JournalFault> {
        Ok(JournalLocation { title: "Стиль".to_owned(), zone: None })
    }

    async fn poll(&self, _location_id: &str, _cursor: Option<&str>) -> Result<Page, JournalFault> {
        Ok(self.page.lock().unwrap().clone())
    }

    async fn fetch(
        &self,
        _location_id: &str,
        record_id: &str,
    ) -> Result<Option<JournalRecord>, JournalFault> {
        let page = self.page.lock().unwrap();
        Ok(page.records.iter().rev().find(|record| record.id == record_id).cloned())
    }

    async fn write(&self, _location_id: &str, _write: &RecordWrite) -> WriteOutcome {
        WriteOutcome::Conflict
    }
}
