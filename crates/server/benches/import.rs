//! A journal's file of visits, landed with its plans through the use case.
//!
//! `scripts/bench import`; the figures stand in `docs/benchmarks.md`.
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
#[allow(unused, reason = "parts of the binary")]
#[path = "../src/wiring.rs"]
mod wiring;

use frame::databases::{BenchDatabase, Kind};
use frame::measure::{Rounds, by_callers, per_second};
use frame::salons::BenchSalon;
use frame::section;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use vestnik_app::App;
use vestnik_app::import::RowKind;
use vestnik_app::import_run::{ImportOptions, home_region, import, read_file};
use vestnik_domain::settings::Lead;

const ROUNDS: usize = 3;
const SALONS: usize = 4;
const LINES: usize = 2_500;
/// Lines for each new card: people come several times.
const VISITS_EACH: usize = 5;
/// Landed before: a database at work. `PostgreSQL` then has its statistics, which it gathers by itself
/// within a minute, and does not go on by plans that it made for empty tables.
const LANDED_BEFORE: usize = 1_000;
const LEADS: [Lead; 3] = [Lead::Days(2), Lead::Days(1), Lead::Minutes(120)];

fn main() {
    let runtime = frame::runtime();
    section::begin("import");
    let mut rows = Vec::new();
    for kind in Kind::all() {
        let mut visits = Vec::new();
        let mut messages = Vec::new();
        for round in 0..ROUNDS {
            let (took, planned) = runtime.block_on(of_engine(kind));
            eprintln!("{kind:?}, round {round}: {took:?}, {planned} messages");
            visits.push(per_second(SALONS * LINES, took));
            messages.push(per_second(planned, took));
        }
        let [visits, messages] = [visits, messages].map(|rounds| Rounds::of(rounds).to_string());
        rows.push(vec![kind.title().to_owned(), visits, messages]);
    }
    section::table(&["a second", "visits", "messages planned"], &rows);
}

/// All salons at once, each its own file.
async fn of_engine(kind: Kind) -> (Duration, usize) {
    let database = BenchDatabase::create(kind).await;
    let app = frame::app(&database).await;
    let moment = app.now();
    let mut salons = Vec::new();
    for seed in 0..SALONS {
        let mut salon = BenchSalon::new(seed, moment);
        salon.salon.settings.settings.reminder_leads = LEADS.to_vec();
        app.store.commit(salon.set_up()).await.unwrap();
        salons.push(salon);
    }
    let salons = Arc::new(salons);
    land_all(&app, &salons, 0..LANDED_BEFORE).await;
    database.gather_statistics().await;
    let [visits_before, planned_before] = counted(&database).await;
    let took = land_all(&app, &salons, LANDED_BEFORE..LANDED_BEFORE + LINES).await;
    let [visits, planned] = counted(&database).await;
    assert_eq!(visits - visits_before, SALONS * LINES);
    let planned = planned - planned_before;
    assert!(planned >= SALONS * LINES, "{planned} messages");
    drop(app);
    database.remove().await;
    (took, planned)
}

/// Visits and planned messages, past the store.
async fn counted(database: &BenchDatabase) -> [usize; 2] {
    let visits = database.number("SELECT count(*) FROM appointments").await;
    let planned = database.number("SELECT count(*) FROM messages WHERE state = 'planned'").await;
    [visits, planned].map(|count| usize::try_from(count).unwrap())
}

/// Those lines of every salon's file, each salon beside the others.
async fn land_all(app: &App, salons: &Arc<Vec<BenchSalon>>, lines: Range<usize>) -> Duration {
    let (app, salons) = (app.clone(), Arc::clone(salons));
    let jobs = (0..salons.len()).collect();
    let (took, _) = by_callers(SALONS, jobs, move |salon: usize| {
        let (app, salons, lines) = (app.clone(), Arc::clone(&salons), lines.clone());
        async move { land(&app, &salons[salon], lines).await }
    })
    .await;
    took
}

async fn land(app: &App, salon: &BenchSalon, lines: Range<usize>) {
    let caller = salon.owner();
    let region = home_region(app, &caller).await.unwrap();
    let count = lines.len();
    let text = file(salon, lines);
    let kind = RowKind::Appointments;
    let rows = read_file(kind, text.as_bytes(), None, &BTreeMap::new(), region).unwrap();
    let options = ImportOptions { reminders: true, ..ImportOptions::default() };
    let report = import(app, &caller, rows, options).await.unwrap();
    assert_eq!(report.landed, count, "{:?}", report.problems.first());
}

/// As a journal writes it out.
fn file(salon: &BenchSalon, lines: Range<usize>) -> String {
    let mut text = "Дата и время;Клиент;Телефон;Услуги;Мастер;ID\n".to_owned();
    let (first, people) = (lines.start, lines.len() / VISITS_EACH);
    for visit in lines {
        let person = first + visit % people;
        let start = salon.start(visit).strftime("%d.%m.%Y %H:%M");
        let master = &salon.master(visit).name;
        let service = &salon.salon.service.title;
        let phone = format!("+7911{person:07}");
        writeln!(text, "{start};Анна {person};{phone};{service};{master};v{visit}").unwrap();
    }
    text
}
