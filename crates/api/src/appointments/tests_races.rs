//! Many at once, on the engine of real use: a file, a writing thread, several readers.

use super::test_salon::Salon;
use crate::ApiState;
use crate::test_server::TestServer;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use vestnik_app::{App, Entropy};
use vestnik_store::Store;
use vestnik_store_sqlite::SqliteEngine;

const CALLERS: u64 = 200;

/// Different in every call, the same in every run of one thread.
struct CountingEntropy(AtomicU64);

impl Entropy for CountingEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let count = self.0.fetch_add(1, Ordering::Relaxed);
            let mixed = (count ^ (count >> 3)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let length = chunk.len();
            chunk.copy_from_slice(&mixed.to_be_bytes()[..length]);
        }
    }
}

/// A folder that goes away with the test.
pub(crate) struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) async fn salon_in_a_file(name: &str) -> (Arc<Salon>, Folder) {
    let folder =
        Folder(std::env::temp_dir().join(format!("vestnik-{name}-{}", std::process::id())));
    let engine = SqliteEngine::open(&folder.0.join("vestnik.db"), 4).unwrap();
    let mut server = TestServer::new().await;
    let clock = server.state.app.clock.clone();
    let entropy = Arc::new(CountingEntropy(AtomicU64::new(1)));
    let app = App::new(Store::new(Arc::new(engine)), clock, entropy);
    server.state = ApiState::new(app, false);
    (Arc::new(Salon::open_on(server, "Europe/Moscow").await), folder)
}

/// How often each answer came: `201`, `409 time_taken`.
fn tally(answers: impl IntoIterator<Item = (u16, Value)>) -> BTreeMap<String, u64> {
    let mut tally = BTreeMap::new();
    for (status, body) in answers {
        let code = body["code"].as_str().unwrap_or_default();
        *tally.entry(format!("{status} {code}").trim().to_owned()).or_default() += 1;
    }
    tally
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_200_bookings_of_one_time_exactly_one_lands() {
    let (salon, _folder) = salon_in_a_file("one-time").await;
    salon.switch_on().await;
    let callers: Vec<_> = (0..CALLERS)
        .map(|number| {
            let salon = Arc::clone(&salon);
            tokio::spawn(async move {
                // All of them overlap at 15:00, whichever comes first.
                let minute = number % 30;
                let mut body = salon.booking(&format!("2026-03-05T15:{minute:02}"));
                if number % 2 == 0 {
                    body["client_id"] = Value::Null;
                    let phone = format!("+7926{number:07}");
                    body["client"] = serde_json::json!({ "name": "Вера", "phone": phone });
                }
                let (status, answer, _) = salon.book(body).await;
                (status.as_u16(), answer)
            })
        })
        .collect();
    let mut answers = Vec::new();
    for caller in callers {
        answers.push(caller.await.unwrap());
    }
    let expected =
        BTreeMap::from([("201".to_owned(), 1), ("409 time_taken".to_owned(), CALLERS - 1)]);
    assert_eq!(tally(answers), expected);
    let query = format!("branch_id={}&from=2026-03-05&to=2026-03-06", salon.branch);
    let (_, day, _) = salon.get(&format!("/appointments?{query}")).await;
    assert_eq!(day["items"].as_array().unwrap().len(), 1);
    assert_eq!(salon.waiting_messages().await.len(), 2, "one «created», one reminder");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_key_sent_many_times_at_once_books_once() {
    let (salon, _folder) = salon_in_a_file("one-key").await;
    let callers: Vec<_> = (0..50)
        .map(|_| {
            let salon = Arc::clone(&salon);
            tokio::spawn(async move {
                let mut body = salon.booking("2026-03-05T15:00");
                body["staff_id"] = Value::Null;
                let (status, answer, _) = salon.book_with_key("the-one", &body).await;
                assert_eq!(status.as_u16(), 201, "{answer}");
                answer["id"].as_str().unwrap().to_owned()
            })
        })
        .collect();
    let mut ids = std::collections::BTreeSet::new();
    for caller in callers {
        ids.insert(caller.await.unwrap());
    }
    assert_eq!(ids.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn bookings_of_different_times_of_one_day_all_land() {
    let (salon, _folder) = salon_in_a_file("one-day").await;
    let callers: Vec<_> = (0..15)
        .map(|number| {
            let salon = Arc::clone(&salon);
            tokio::spawn(async move {
                let (hour, minute) = (number * 75 / 60, number * 75 % 60);
                let start = format!("2026-03-05T{hour:02}:{minute:02}");
                let (status, answer, _) = salon.book(salon.booking(&start)).await;
                (status.as_u16(), answer)
            })
        })
        .collect();
    let mut answers = Vec::new();
    for caller in callers {
        answers.push(caller.await.unwrap());
    }
    assert_eq!(tally(answers), BTreeMap::from([("201".to_owned(), 15)]));
}
