//! The served binary: bookings over HTTP at a steady pace, its memory, and how long it takes to start,
//! empty and with a million messages planned.
//!
//! `scripts/bench service`; the figures stand in `docs/benchmarks.md`.
#![allow(clippy::unwrap_used, reason = "a bench that cannot run must say so loudly")]

#[allow(unused, reason = "parts of the binary")]
#[path = "../src/configuration.rs"]
mod configuration;
#[allow(unused, reason = "parts of the binary")]
#[path = "../src/database_clock.rs"]
mod database_clock;
mod frame;
#[allow(unused, reason = "shared with the tests of the binary")]
#[path = "../tests/it/http.rs"]
mod http;
#[allow(unused, reason = "parts of the binary")]
#[path = "../src/key_file.rs"]
mod key_file;
#[allow(unused, reason = "shared with the tests of the binary")]
#[path = "../tests/it/salon.rs"]
mod salon;
mod served;
#[allow(unused, reason = "parts of the binary")]
#[path = "../src/wiring.rs"]
mod wiring;

use frame::databases::{BenchDatabase, Kind};
use frame::measure::{now, percentile};
use frame::section;
use jiff::SignedDuration;
use serde_json::json;
use served::Served;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use vestnik_app::App;
use vestnik_domain::kind::NotificationKind;
use vestnik_store::{ChangeSet, Urgency};
use vestnik_testkit::Salon as StoredSalon;

const A_SECOND: u32 = 300;
const REQUESTS: usize = 6_000;
const THREADS: usize = 16;
const MASTERS: usize = 20;
const VISITS_A_DAY: usize = 10;

const PLANNED: usize = 1_000_000;
const SALONS: u32 = 100;
/// Rows of one commit.
const CHUNK: usize = 250;

fn main() {
    let runtime = frame::runtime();
    section::begin("service");
    let mut paced = Vec::new();
    for kind in Kind::all() {
        let database = runtime.block_on(BenchDatabase::create(kind));
        let served = Served::start(database.folder(), &database.address());
        let mut times = book_at_pace(&served.address);
        let figures = [0.5, 0.99, 0.999].map(|share| percentile(&mut times, share).as_secs_f64());
        drop(served);
        let count = runtime.block_on(database.number("SELECT count(*) FROM appointments"));
        assert_eq!(usize::try_from(count).unwrap(), REQUESTS);
        let [half, most, nearly_all] = figures.map(|time| format!("{:.1} ms", time * 1e3));
        eprintln!("{kind:?}: p50 {half}, p99 {most}");
        paced.push(vec![kind.title().to_owned(), half, most, nearly_all]);
        runtime.block_on(database.remove());
    }
    let head = ["POST /api/v1/appointments, 300 a second", "p50", "p99", "p99.9"];
    section::table(&head, &paced);

    let mut held = Vec::new();
    for planned in [0, PLANNED] {
        let database = runtime.block_on(BenchDatabase::create(Kind::Sqlite));
        runtime.block_on(plan(&database, planned));
        let served = Served::start(database.folder(), &database.address());
        // The loops have gone round once.
        settle();
        let (memory, start) = (served.memory_mb(), served.start.as_secs_f64());
        eprintln!("{planned} planned: {memory:.0} MB, {start:.2} s");
        let planned = frame::measure::thousands(f64::from(u32::try_from(planned).unwrap()));
        held.push(vec![planned, format!("{memory:.0} MB"), format!("{start:.2} s")]);
    }
    section::table(&["planned messages, SQLite", "memory", "start until ready"], &held);
}

#[expect(clippy::disallowed_methods, reason = "the service works on by itself meanwhile")]
fn settle() {
    std::thread::sleep(Duration::from_secs(5));
}

/// Every request has its moment; its time counts from there, also if it could not leave in time.
fn book_at_pace(address: &str) -> Vec<Duration> {
    let salon = salon::Salon::open(address);
    let masters: Vec<String> = (0..MASTERS)
        .map(|number| {
            let member = json!({ "branch_id": salon.branch, "name": format!("Мария {number}") });
            salon.api.post("/api/v1/staff", member)["id"].as_str().unwrap().to_owned()
        })
        .collect();
    let next = AtomicUsize::new(0);
    let began = now();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    let mut times = Vec::new();
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= REQUESTS {
                            return times;
                        }
                        let at = Duration::from_secs(1) / A_SECOND * u32::try_from(number).unwrap();
                        wait_until(at.saturating_sub(began.elapsed()));
                        book(&salon, &masters, number);
                        times.push(began.elapsed().saturating_sub(at));
                    }
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

#[expect(clippy::disallowed_methods, reason = "requests come at a pace")]
fn wait_until(left: Duration) {
    std::thread::sleep(left);
}

fn book(salon: &salon::Salon, masters: &[String], number: usize) {
    let turn = number / masters.len();
    let (day, hour) = (turn / VISITS_A_DAY + 2, turn % VISITS_A_DAY + 9);
    let phone = format!("+7916{:07}", 1_000_000 + number % 1_000);
    let mut body = salon.booking(&phone, i64::try_from(day).unwrap(), &format!("{hour:02}:00"));
    body["staff_id"] = masters[number % masters.len()].clone().into();
    let answer = salon.api.call("POST", "/api/v1/appointments", Some(&body)).unwrap();
    assert_eq!(answer.status, 201, "{answer:?}");
}

/// Salons with visits ahead, two messages each, that fall due long after the bench.
async fn plan(database: &BenchDatabase, planned: usize) {
    let app: App = frame::app(database).await;
    let now = app.now();
    let ahead = now.checked_add(SignedDuration::from_hours(24 * 30)).unwrap();
    for seed in 0..SALONS {
        let mut salon = StoredSalon::new(seed, now);
        app.store.commit(salon.set_up()).await.unwrap();
        let visits = planned / 2 / usize::try_from(SALONS).unwrap();
        for chunk in 0..visits / CHUNK {
            let mut change_set = ChangeSet::with_urgency(Urgency::Bulk);
            for visit in 0..CHUNK {
                let number = i64::try_from(chunk * CHUNK + visit).unwrap();
                let starts_at = ahead.checked_add(SignedDuration::from_mins(number)).unwrap();
                let appointment = salon.appointment(starts_at);
                change_set.insert(&appointment);
                for kind in [NotificationKind::Reminder, NotificationKind::ConfirmationRequest] {
                    change_set.insert(&salon.message(&appointment, kind, starts_at));
                }
            }
            app.store.commit(change_set).await.unwrap();
        }
    }
    let count = database.number("SELECT count(*) FROM messages WHERE state = 'planned'").await;
    assert_eq!(usize::try_from(count).unwrap(), planned);
}
