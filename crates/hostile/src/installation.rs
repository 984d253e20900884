//! A whole installation in memory that begins every time from the same state: a salon with one of
//! everything, a linked phone, a linked journal. Nothing of it knows the time of this machine.

use crate::journal::{MadeUpJournal, PLACE};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tower::ServiceExt;
use vestnik_api::{ApiState, router};
use vestnik_app::journals::webhook::webhook_secret;
use vestnik_app::{App, Clock, Entropy, journals, messages, sending};
use vestnik_domain::ids::JournalLinkId;
use vestnik_domain::task::VisitLink;
use vestnik_store::{ChangeSet, Store};
use vestnik_store_sqlite::InlineEngine;

/// What the owner looks at after an input.
const READ_BACK: [&str; 22] = [
    "organization",
    "branches?archived=true",
    "staff?archived=true",
    "services?archived=true",
    "clients",
    "appointments?client_id={client}",
    "appointments?branch_id={branch}&from=2026-03-01&to=2026-04-01",
    "appointments/{appointment}",
    "appointments/{appointment}/explain",
    "forecast",
    "messages",
    "messages/totals",
    "messages/daily?from=2026-02-01&to=2026-04-01",
    "messages/{message}",
    "incoming-messages",
    "tasks?all=true",
    "notification-settings",
    "templates",
    "senders",
    "stopped-numbers",
    "journals",
    "audit",
];

/// 12:00 in Moscow on a Monday.
const BEGINNING: &str = "2026-03-02T09:00:00Z";

struct StandingClock(Mutex<Timestamp>);

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// The same bytes in every run.
struct CountedEntropy(AtomicU64);

impl Entropy for CountedEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let count = self.0.fetch_add(1, Ordering::Relaxed);
            let mixed = count.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            *byte = (mixed ^ (mixed >> 29)).to_le_bytes()[3];
        }
    }
}

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(crate) fn is_of(&self, media_type: &str) -> bool {
        let value = self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.starts_with(media_type))
    }
}

pub(crate) struct Installation {
    engine: Arc<InlineEngine>,
    /// As it is before every input.
    beginning: InlineEngine,
    clock: Arc<StandingClock>,
    began_at: Timestamp,
    pub(crate) app: App,
    pub(crate) journal: Arc<MadeUpJournal>,
    router: Router,
    /// Ids and secrets by name: an input writes `{branch}`.
    pub(crate) named: BTreeMap<&'static str, String>,
}

impl Installation {
    pub(crate) fn open() -> Installation {
        let engine = Arc::new(InlineEngine::new().unwrap());
        let clock = Arc::new(StandingClock(Mutex::new(BEGINNING.parse().unwrap())));
        let journal = Arc::new(MadeUpJournal::new(clock.clone()));
        let entropy = Arc::new(CountedEntropy(AtomicU64::new(0)));
        let app = App::new(Store::new(engine.clone()), clock.clone(), entropy)
            .with_public_address("https://sms.salon.example")
            .with_links()
            .with_journals(vec![journal.clone()]);
        let router = router(ApiState::new(app.clone(), false));
        let beginning = InlineEngine::new().unwrap();
        let began_at = clock.now();
        let named = BTreeMap::new();
        let mut installation =
            Installation { engine, beginning, clock, began_at, app, journal, router, named };
        run(async {
            installation.set_up().await;
            installation.read_back(|status| status.is_success()).await;
        });
        installation.beginning.become_copy_of(&installation.engine).unwrap();
        installation.began_at = installation.clock.now();
        installation
    }

    /// Forgets everything that came after the beginning.
    pub(crate) fn begin_again(&self) {
        self.engine.become_copy_of(&self.beginning).unwrap();
        *self.clock.0.lock().unwrap() = self.began_at;
    }

    pub(crate) fn pass(&self, by: SignedDuration) {
        let mut now = self.clock.0.lock().unwrap();
        *now = now.checked_add(by).unwrap();
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let mut answer =
            Answer { status: parts.status, headers: parts.headers, body: Bytes::new() };
        // A phone's stream of events has no end.
        if !answer.is_of("text/event-stream") {
            answer.body = to_bytes(body, usize::MAX).await.unwrap();
        }
        answer
    }

    /// Lets the loops of a node turn, and reads back what stands: all of it must go on.
    pub(crate) async fn go_on(&self) {
        for _ in 0..2 {
            journals::poll::run_once(&self.app).await.unwrap();
            sending::sweep::run_once(&self.app).await.unwrap();
            messages::sweep::run_once(&self.app).await.unwrap();
            sending::route::run_once(&self.app).await.unwrap();
            self.pass(SignedDuration::from_hours(25));
        }
        // An input may have made a thing another one, or shut the owner out.
        self.read_back(|status| status.is_success() || status.is_client_error()).await;
    }

    async fn read_back(&self, is_right: impl Fn(StatusCode) -> bool) {
        for path in READ_BACK {
            let answer = self.call(Method::GET, &format!("/api/v1/{path}"), Value::Null).await;
            assert!(is_right(answer.status), "{path}: {} {}", answer.status, answer.json());
        }
    }

    /// As the owner.
    async fn call(&self, method: Method, path: &str, body: Value) -> Answer {
        let authorization = format!("Bearer {}", self.named["token"]);
        self.call_as(&authorization, method, path, body).await
    }

    async fn call_as(
        &self,
        authorization: &str,
        method: Method,
        path: &str,
        body: Value,
    ) -> Answer {
        let path = String::from_utf8(self.fill_in(path.as_bytes())).unwrap();
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = path.parse::<Uri>().unwrap();
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::USER_AGENT, HeaderValue::from_static("me.capcom.smsgateway/1.68.0"));
        headers.insert(header::AUTHORIZATION, authorization.parse().unwrap());
        self.send(request).await
    }

    /// Puts ids and secrets where their names stand in braces.
    pub(crate) fn fill_in(&self, bytes: &[u8]) -> Vec<u8> {
        let mut filled = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while let Some((first, after)) = rest.split_first() {
            let named = self.named.iter().find_map(|(name, value)| {
                let written = after.strip_prefix(name.as_bytes())?.strip_prefix(b"}")?;
                (*first == b'{').then_some((value, written))
            });
            match named {
                Some((value, written)) => {
                    filled.extend_from_slice(value.as_bytes());
                    rest = written;
                }
                None => {
                    filled.push(*first);
                    rest = after;
                }
            }
        }
        filled
    }

    /// Creates something; its id goes by `name` from then on.
    async fn make(&mut self, name: &'static str, path: &str, body: Value) -> Value {
        let answer = self.call(Method::POST, path, body).await;
        let made = answer.json();
        assert!(answer.status.is_success(), "{path}: {made}");
        self.named.insert(name, text(&made, "id"));
        made
    }

    async fn set_up(&mut self) {
        self.sign_up().await;
        let branch = json!({ "name": "Центр", "address": "Тверская, 1", "zone": "Europe/Moscow" });
        self.make("branch", "/api/v1/branches", branch).await;
        let staff = json!({ "branch_id": self.named["branch"], "name": "Ольга" });
        self.make("staff", "/api/v1/staff", staff).await;
        let service = json!({ "title": "Стрижка", "duration_min": 60, "buffer_min": 15 });
        self.make("service", "/api/v1/services", service).await;
        let client = json!({ "name": "Мария", "phone": "+79161234567" });
        self.make("client", "/api/v1/clients", client).await;
        let switches = json!({ "generation": 1, "on": true });
        self.call(Method::PATCH, "/api/v1/notification-settings", switches).await;
        self.link_phone().await;
        let visit = json!({
            "client_id": self.named["client"], "branch_id": self.named["branch"],
            "staff_id": self.named["staff"], "service_ids": [self.named["service"]],
            "start": "2026-03-04T15:00",
        });
        let made = self.make("appointment", "/api/v1/appointments", visit).await;
        self.named.insert("visit", text(&made, "visit_id"));
        self.send_message().await;
        self.link_journal().await;
        self.open_page().await;
        let spare = json!({ "name": "Запасной" });
        let spare = self.make("spare_sender", "/api/v1/senders", spare).await;
        self.named.insert("link", text(&spare, "link_token"));
    }

    /// The page of the visit, as a text that carries its address makes it.
    async fn open_page(&mut self) {
        let link = VisitLink {
            token: "0123456789ab".to_owned(),
            organization_id: self.named["organization"].parse().unwrap(),
            client_id: self.named["client"].parse().unwrap(),
            visit_id: self.named["visit"].parse().unwrap(),
            created_at: self.app.now(),
        };
        let mut change_set = ChangeSet::new();
        change_set.insert(&link);
        self.app.store.commit(change_set).await.unwrap();
        self.named.insert("page", link.token);
    }

    async fn sign_up(&mut self) {
        let body = json!({
            "organization_name": "Стиль", "name": "Анна", "email": "anna@salon.example",
            "password": "correct horse battery",
        });
        let answer = self.call_as("", Method::POST, "/api/v1/sign-up", body).await;
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let mut request =
            Request::new(Body::from(json!({ "name": "site", "role": "owner" }).to_string()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = Uri::from_static("/api/v1/api-tokens");
        let headers = request.headers_mut();
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let made = self.send(request).await.json();
        self.named.insert("cookie", cookie);
        self.named.insert("token", text(&made, "secret"));
        let organization = self.call(Method::GET, "/api/v1/organization", Value::Null).await;
        self.named.insert("organization", text(&organization.json(), "id"));
        self.named.insert("operator", self.app.derived_secret("operator", "token"));
    }

    async fn link_phone(&mut self) {
        let sender = json!({ "name": "Телефон на стойке", "settings": { "pace_s": 0 } });
        let made = self.make("sender", "/api/v1/senders", sender).await;
        let link = format!("Bearer {}", text(&made, "link_token"));
        let body = json!({ "name": "Google/Pixel", "simCards": [] });
        let registered =
            self.call_as(&link, Method::POST, "/api/mobile/v1/device", body).await.json();
        self.named.insert("device", text(&registered, "token"));
        self.named.insert("device_id", text(&registered, "id"));
        let hook = self.app.derived_secret("phone webhook address", &self.named["sender"]);
        self.named.insert("hook", hook.chars().take(32).collect());
    }

    /// The phone fetches what is told of the visit.
    async fn send_message(&mut self) {
        let device = format!("Bearer {}", self.named["device"]);
        for _ in 0..20 {
            self.pass(SignedDuration::from_mins(10));
            messages::sweep::run_once(&self.app).await.unwrap();
            sending::route::run_once(&self.app).await.unwrap();
            let path = "/api/mobile/v1/message";
            let list = self.call_as(&device, Method::GET, path, Value::Null).await.json();
            if list[0].is_object() {
                self.named.insert("delivery", text(&list[0], "id"));
                break;
            }
        }
        assert!(self.named.contains_key("delivery"), "nothing was sent");
        let messages = self.call(Method::GET, "/api/v1/messages", Value::Null).await.json();
        self.named.insert("message", text(&messages["items"][0], "id"));
    }

    async fn link_journal(&mut self) {
        let zone = json!({ "name": "Север", "address": "Лесная, 2", "zone": "Europe/Moscow" });
        self.make("linked_branch", "/api/v1/branches", zone).await;
        let link = json!({
            "branch_id": self.named["linked_branch"], "kind": "made_up", "location_id": PLACE,
        });
        self.make("journal", "/api/v1/journals", link).await;
        let id: JournalLinkId = self.named["journal"].parse().unwrap();
        self.named.insert("journal_hook", webhook_secret(&self.app, id));
    }
}

fn text(value: &Value, field: &str) -> String {
    let found = value[field].as_str();
    found.unwrap_or_else(|| panic!("`{field}` is missing: {value}")).to_owned()
}

/// Runs on this thread alone; tasks that are still there at the end are dropped.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(future)
}
