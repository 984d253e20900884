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
use frame::measure::{Rounds, now, per_second};
use frame::salons::BenchSalon;
use frame::section;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;
use vestnik_app::App;
use vestnik_app::import::RowKind;
use vestnik_app::import_run::{ImportOptions, home_region, import, read_file};
use vestnik_domain::settings::Lead;

const ROUNDS: usize = 3;
const SALONS: usize = 4;
const LINES: usize = 2_500;
/// New cards; each books several times.
const PEOPLE: usize = 500;
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
    let began = now();
    let mut tasks = tokio::task::JoinSet::new();
    for salon in salons {
        let app = app.clone();
        tasks.spawn(async move { land(&app, &salon).await });
    }
    tasks.join_all().await;
    let took = began.elapsed();
    let visits = database.number("SELECT count(*) FROM appointments").await;
    assert_eq!(usize::try_from(visits).unwrap(), SALONS * LINES);
    let planned = database.number("SELECT count(*) FROM messages WHERE state = 'planned'").await;
    let planned = usize::try_from(planned).unwrap();
    assert!(planned >= SALONS * LINES, "{planned} messages");
    drop(app);
    database.remove().await;
    (took, planned)
}

async fn land(app: &App, salon: &BenchSalon) {
    let caller = salon.owner();
    let region = home_region(app, &caller).await.unwrap();
    let text = file(salon);
    let kind = RowKind::Appointments;
    let rows = read_file(kind, text.as_bytes(), None, &BTreeMap::new(), region).unwrap();
    let options = ImportOptions { reminders: true, ..ImportOptions::default() };
    let report = import(app, &caller, rows, options).await.unwrap();
    assert_eq!(report.landed, LINES, "{:?}", report.problems.first());
}

/// As a journal writes it out.
fn file(salon: &BenchSalon) -> String {
    let mut text = "Дата и время;Клиент;Телефон;Услуги;Мастер;ID\n".to_owned();
    for visit in 0..LINES {
        let person = visit % PEOPLE;
        let start = salon.start(visit).strftime("%d.%m.%Y %H:%M");
        let master = &salon.master(visit).name;
        let service = &salon.salon.service.title;
        let phone = format!("+7911{person:07}");
        writeln!(text, "{start};Анна {person};{phone};{service};{master};v{visit}").unwrap();
    }
    text
}
