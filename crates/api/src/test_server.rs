//! The whole service without sockets, over a database in memory or in PostgreSQL: its tests call it as
//! clients do.

use crate::{ApiState, router};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tower::ServiceExt;
use vestnik_app::{App, Clock, Entropy};
use vestnik_store::{Engine, Store};
use vestnik_store_postgres::PostgresEngine;
use vestnik_store_sqlite::InlineEngine;
use vestnik_testkit::{Database, PostgresDatabase};

/// When every test begins: 12:00 in Moscow on a Monday.
pub(crate) const BEGINNING: &str = "2026-03-02T09:00:00Z";
/// The password of everybody who signs up here.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A clock that stands still until it is set.
struct StandingClock(Mutex<Timestamp>);

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// The same bytes in every run: splitmix64 over a counter.
struct SeededEntropy(AtomicU64);

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let count = self.0.fetch_add(1, Ordering::Relaxed);
            let mut mixed = count.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (mixed ^ (mixed >> 31)).to_le_bytes()[0];
        }
    }
}

/// What was answered: status, body (null if there is none, a string if it is no JSON), headers.
pub(crate) type Answer = (StatusCode, Value, HeaderMap);

/// The service under test.
pub(crate) struct TestServer {
    pub(crate) state: ApiState,
    clock: Arc<StandingClock>,
    /// Dropped with the server.
    _own: Option<PostgresDatabase>,
}

impl TestServer {
    /// Over a database in memory.
    pub(crate) async fn new() -> TestServer {
        TestServer::on(Database::Sqlite).await
    }

    pub(crate) async fn on(database: Database) -> TestServer {
        let (engine, own) = open(database).await;
        let store = Store::new(engine);
        let clock = Arc::new(StandingClock(Mutex::new(BEGINNING.parse().unwrap())));
        let entropy = Arc::new(SeededEntropy(AtomicU64::new(1)));
        let state = ApiState::new(App::new(store, clock.clone(), entropy), false);
        TestServer { state, clock, _own: own }
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, by: SignedDuration) {
        let mut now = self.clock.0.lock().unwrap();
        *now = now.checked_add(by).unwrap();
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = router(self.state.clone()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let value = match text.as_str() {
            "" => Value::Null,
            _ => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        };
        (parts.status, value, parts.headers)
    }

    /// `token` is empty for nobody.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = match body {
            None => request.body(Body::empty()),
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string())),
        };
        self.send(request.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        self.call(Method::GET, path, token, None).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: Value) -> Answer {
        self.call(Method::POST, path, token, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, token: &str, body: Value) -> Answer {
        self.call(Method::PATCH, path, token, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, token: &str, body: Value) -> Answer {
        self.call(Method::PUT, path, token, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str, token: &str) -> Answer {
        self.call(Method::DELETE, path, token, None).await
    }

    /// As the browser does: the cookie of the new session, `name=value`.
    pub(crate) async fn sign_up_browser(&self, name: &str) -> String {
        let body = json!({
            "organization_name": name, "name": "Анна", "email": email_of(name), "password": PASSWORD,
        });
        let (status, answer, headers) = self.post("/api/v1/sign-up", "", body).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        cookie_of(&headers)
    }

    /// A new organization; the secret of its owner's API token. `name` is of Latin letters.
    pub(crate) async fn sign_up(&self, name: &str) -> String {
        let cookie = self.sign_up_browser(name).await;
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/api-tokens")
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(json!({ "name": "test", "role": "owner" }).to_string()));
        let (status, answer, _) = self.send(request.unwrap()).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        answer["secret"].as_str().unwrap().to_owned()
    }

    /// The secret of another token of the same organization, for the front desk.
    pub(crate) async fn administrator(&self, owner: &str) -> String {
        let body = json!({ "name": "front desk", "role": "administrator" });
        let (status, answer, _) = self.post("/api/v1/api-tokens", owner, body).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        answer["secret"].as_str().unwrap().to_owned()
    }

    /// Creates something and gives it back.
    pub(crate) async fn create(&self, path: &str, token: &str, body: Value) -> Value {
        let (status, answer, _) = self.post(path, token, body).await;
        assert_eq!(status, StatusCode::CREATED, "{path}: {answer}");
        answer
    }
}

/// An empty database.
async fn open(database: Database) -> (Arc<dyn Engine>, Option<PostgresDatabase>) {
    match database {
        Database::Sqlite => (Arc::new(InlineEngine::new().unwrap()), None),
        Database::Postgres => {
            let own = PostgresDatabase::create("the HTTP API").unwrap();
            let engine = PostgresEngine::open(&own.address, 4).await.unwrap();
            (Arc::new(engine), Some(own))
        }
    }
}

/// The address with which `sign_up(name)` signs up.
pub(crate) fn email_of(name: &str) -> String {
    format!("{}@salon.example", name.to_lowercase())
}

/// The pair `name=value` of `Set-Cookie`.
pub(crate) fn cookie_of(headers: &HeaderMap) -> String {
    let cookie = headers[header::SET_COOKIE].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

/// The wrong fields of a refusal with their codes, as `field: code`, in their order.
pub(crate) fn wrong_fields(answer: &Answer) -> Vec<String> {
    let (status, body, headers) = answer;
    assert_eq!(*status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
    let errors = body["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|error| {
            // People get a sentence in Russian, developers one in English.
            assert!(!error["title"].as_str().unwrap().is_empty());
            assert!(!error["detail"].as_str().unwrap().is_empty());
            let part = |name: &str| error[name].as_str().unwrap().to_owned();
            format!("{}: {}", part("field"), part("code"))
        })
        .collect()
}
