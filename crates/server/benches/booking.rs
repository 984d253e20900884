//! Bookings, moves and cancellations with their plans, through the use cases, beside the very same
//! row writes given to the raw engine.
//!
//! `scripts/bench booking`; the figures stand in `docs/benchmarks.md`.
#![allow(clippy::unwrap_used, reason = "a bench that cannot run must say so loudly")]

#[allow(unused, reason = "parts of the binary")]
#[path = "../src/configuration.rs"]
mod configuration;
#[allow(unused, reason = "parts of the binary")]
#[path = "../src/database_clock.rs"]
mod database_clock;
mod frame;
#[allow(unused, reason = "parts of the binary")]
#[path = "../src/key_file.rs"]
mod key_file;
mod raw_engine;
#[allow(unused, reason = "parts of the binary")]
#[path = "../src/wiring.rs"]
mod wiring;

use frame::databases::{BenchDatabase, Kind};
use frame::measure::{Rounds, by_callers, per_second};
use frame::recording::Recording;
use frame::salons::{BenchSalon, open_town};
use frame::section;
use raw_engine::Recorded;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use vestnik_app::App;
use vestnik_app::appointments::WantedFacts;
use vestnik_app::appointments::book::{BookAppointment, book_appointment};
use vestnik_app::appointments::edit::{EditAppointment, edit_appointment};
use vestnik_app::appointments::status::{SetStatus, set_status};
use vestnik_app::clients::find_or_create::WantedClient;
use vestnik_domain::appointment::{Appointment, Source, Status};
use vestnik_domain::planning::Notify;
use vestnik_store::Store;

const CALLERS: usize = 64;
const ROUNDS: usize = 3;
/// A third of a minute of work in all, on the machine that it was written on.
const BOOKINGS: usize = 12_800;
/// Booked before: a database at work. `PostgreSQL` then has its statistics, which it gathers by itself
/// within a minute, and does not go on by plans that it made for empty tables.
const BOOKED_BEFORE: usize = 6_400;
/// Moves go this many visits ahead, to days on which nothing stands.
const MOVED_BY: usize = BOOKED_BEFORE + BOOKINGS;

const MEASURED: Range<usize> = BOOKED_BEFORE..BOOKED_BEFORE + BOOKINGS;

const VERBS: [&str; 3] = ["book", "move", "cancel"];

fn main() {
    let runtime = frame::runtime();
    section::begin("booking");
    let mut rows = Vec::new();
    for kind in Kind::all() {
        runtime.block_on(of_engine(kind, &mut rows));
    }
    let head =
        ["a second, 64 callers", "database", "use case", "raw engine, same row writes", "share"];
    section::table(&head, &rows);
}

async fn of_engine(kind: Kind, rows: &mut Vec<Vec<String>>) {
    let recorded = record(kind).await;
    let mut ours = [const { Vec::new() }; 3];
    let mut raw = [const { Vec::new() }; 3];
    for round in 0..ROUNDS {
        // In turn, so that a slower minute of the machine falls on both.
        let took_raw = raw_engine::replay(kind, &recorded).await;
        let took = use_cases(kind).await;
        for verb in 0..VERBS.len() {
            ours[verb].push(per_second(BOOKINGS, took[verb]));
            raw[verb].push(per_second(BOOKINGS, took_raw[verb]));
        }
        eprintln!("{kind:?}, round {round}: {took:?}, raw {took_raw:?}");
    }
    for (verb, (ours, raw)) in VERBS.iter().zip(ours.into_iter().zip(raw)) {
        let (ours, raw) = (Rounds::of(ours), Rounds::of(raw));
        rows.push(vec![
            (*verb).to_owned(),
            kind.title().to_owned(),
            ours.to_string(),
            raw.to_string(),
            format!("{:.2}", ours.median / raw.median),
        ]);
    }
}

async fn record(kind: Kind) -> Recorded {
    let database = BenchDatabase::create(kind).await;
    let mut app = frame::app(&database).await;
    let recording = Recording::around(app.store.clone());
    app.store = Store::new(recording.clone());
    let town = Arc::new(open_town(&app).await);
    book(&app, &town, 0..BOOKED_BEFORE).await;
    let set_up = recording.take();
    let (_, booked) = book(&app, &town, MEASURED).await;
    let bookings = recording.take();
    let (_, moved) = move_all(&app, &town, booked).await;
    let moves = recording.take();
    cancel(&app, &town, moved).await;
    let recorded = Recorded { set_up, verbs: [bookings, moves, recording.take()] };
    drop((app, recording));
    database.remove().await;
    recorded
}

/// All three verbs through the use cases; what was written is read back and counted.
async fn use_cases(kind: Kind) -> [Duration; 3] {
    let database = BenchDatabase::create(kind).await;
    let app = frame::app(&database).await;
    let town = Arc::new(open_town(&app).await);
    book(&app, &town, 0..BOOKED_BEFORE).await;
    database.gather_statistics().await;
    let before = database.write_transactions().await;
    let (booking, booked) = book(&app, &town, MEASURED).await;
    let count = i64::try_from(BOOKINGS).unwrap();
    let old = i64::try_from(BOOKED_BEFORE).unwrap();
    let waiting = "SELECT count(*) FROM appointments WHERE status = 'waiting'";
    let planned = "SELECT count(*) FROM messages WHERE state = 'planned'";
    assert_eq!(database.number(waiting).await, old + count);
    let both = 2 * (old + count);
    assert_eq!(database.number(planned).await, both, "created and a reminder each");
    let (moving, moved) = move_all(&app, &town, booked).await;
    let events = "SELECT count(*) FROM appointment_events";
    assert_eq!(database.number(events).await, count);
    assert_eq!(database.number(planned).await, both);
    let (cancelling, _) = cancel(&app, &town, moved).await;
    assert_eq!(database.number(waiting).await, old);
    assert_eq!(database.number(planned).await, 2 * old);
    assert_eq!(database.number(events).await, 2 * count);
    drop(app);
    if let (Some(before), Some(after)) = (before, database.write_transactions().await) {
        assert!(after - before >= 3 * count, "one transaction each: {before} to {after}");
    }
    database.remove().await;
    [booking, moving, cancelling]
}

async fn book(
    app: &App,
    town: &Arc<Vec<BenchSalon>>,
    numbers: Range<usize>,
) -> (Duration, Vec<Appointment>) {
    let (app, town) = (app.clone(), Arc::clone(town));
    by_callers(CALLERS, numbers.collect(), move |number: usize| {
        let (app, town) = (app.clone(), Arc::clone(&town));
        async move {
            let salon = &town[number % town.len()];
            let command = booking(salon, number / town.len());
            book_appointment(&app, &salon.owner(), command, None).await.unwrap()
        }
    })
    .await
}

fn booking(salon: &BenchSalon, visit: usize) -> BookAppointment {
    BookAppointment {
        client: WantedClient::Existing(salon.client(visit).id),
        recipient_phone: None,
        visit_id: None,
        facts: WantedFacts {
            branch_id: salon.salon.branch.id,
            staff_id: Some(salon.master(visit).id),
            service_ids: vec![salon.salon.service.id],
            start: salon.start(visit).to_string(),
            duration_min: None,
        },
        source: Source::Staff,
        note: String::new(),
        external_id: None,
        force: false,
        notify: Notify::ByRule,
    }
}

async fn move_all(
    app: &App,
    town: &Arc<Vec<BenchSalon>>,
    booked: Vec<Appointment>,
) -> (Duration, Vec<Appointment>) {
    let (app, town) = (app.clone(), Arc::clone(town));
    let jobs = booked.into_iter().enumerate().collect();
    by_callers(CALLERS, jobs, move |(number, booked): (usize, Appointment)| {
        let (app, town) = (app.clone(), Arc::clone(&town));
        async move {
            let salon = &town[number % town.len()];
            let start = salon.start((number + MOVED_BY) / town.len());
            let command = EditAppointment {
                version: booked.edit_version,
                start: Some(start.to_string()),
                ..EditAppointment::default()
            };
            edit_appointment(&app, &salon.owner(), booked.id, command).await.unwrap()
        }
    })
    .await
}

async fn cancel(
    app: &App,
    town: &Arc<Vec<BenchSalon>>,
    moved: Vec<Appointment>,
) -> (Duration, Vec<Appointment>) {
    let (app, town) = (app.clone(), Arc::clone(town));
    let jobs = moved.into_iter().enumerate().collect();
    by_callers(CALLERS, jobs, move |(number, moved): (usize, Appointment)| {
        let (app, town) = (app.clone(), Arc::clone(&town));
        async move {
            let salon = &town[number % town.len()];
            let command = SetStatus {
                version: Some(moved.edit_version),
                status: Status::Cancelled,
                force: false,
                notify: Notify::ByRule,
            };
            set_status(&app, &salon.owner(), moved.id, command).await.unwrap()
        }
    })
    .await
}
