//! Vestnik's side of `scripts/bench-peers`: as many messages as the peers had jobs are planned, a third
//! is cancelled by appointment, the rest is dispatched over the channel `log`; all through the use cases.
//!
//! The peers' figures come from the file that `VESTNIK_BENCH_PEERS` names; without it ours stand alone.
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
mod peer_figures;
#[allow(unused, reason = "parts of the binary")]
#[path = "../src/wiring.rs"]
mod wiring;

use frame::clocks::{self, StandingClock};
use frame::databases::{BenchDatabase, Kind};
use frame::loops::{MessageLog, as_node, dispatch};
use frame::measure::by_callers;
use frame::salons::{BenchSalon, SALONS, log_sender, only_kind, without_pace};
use frame::section;
use jiff::{SignedDuration, Timestamp};
use peer_figures::{Course, Phase};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use vestnik_app::App;
use vestnik_app::appointments::WantedFacts;
use vestnik_app::appointments::book::{BookAppointment, book_appointment};
use vestnik_app::appointments::list::list_appointments;
use vestnik_app::appointments::status::{SetStatus, set_status};
use vestnik_app::clients::find_or_create::WantedClient;
use vestnik_app::import::RowKind;
use vestnik_app::import_run::{ImportOptions, home_region, import, read_file};
use vestnik_domain::appointment::{Appointment, Source, Status};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::planning::Notify;
use vestnik_store::{ChangeSet, Urgency};

const CALLERS: usize = 64;
/// Files that are imported at once.
const IMPORTS: usize = 4;
/// What is slow is measured for so long, as with the peers.
const PHASE_LIMIT: Duration = Duration::from_secs(12);

fn main() {
    let runtime = frame::runtime();
    section::begin_by("scripts/bench-peers");
    let mut courses = peer_figures::of_peers();
    for kind in Kind::all() {
        for way in [Way::OneByOne, Way::InBulk] {
            let course = runtime.block_on(course(kind, way));
            eprintln!("{course:?}");
            courses.push(course);
        }
    }
    peer_figures::print(&courses);
}

/// How the messages come to be planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Every appointment is booked by a request of its own, and «created» is planned with it.
    OneByOne,
    /// Every salon imports a file, with a reminder for each line.
    InBulk,
}

async fn course(kind: Kind, way: Way) -> Course {
    let database = BenchDatabase::create(kind).await;
    let noon = clocks::noon();
    let clock = Arc::new(StandingClock::at(noon));
    let log = database.folder().join("messages.jsonl");
    let app = frame::app(&database).await.with_business_clock(clock.clone());
    let app = app.with_outbound(Arc::new(vestnik_transport::Carriers::new(log.clone())));
    let app = as_node(app).await;
    // As many as the peers have.
    let jobs = frame::number_from("PEERS_JOBS", 50_000) / SALONS * SALONS;
    let town = Arc::new(open(&app, way, jobs / SALONS).await);

    let (scheduling, appointments) = match way {
        Way::OneByOne => book(&app, &town, jobs).await,
        Way::InBulk => import_files(&app, &town, jobs).await,
    };
    let planned = "SELECT count(*) FROM messages WHERE state = 'planned'";
    assert_eq!(database.number(planned).await, whole(jobs), "one message a job");

    let unwanted: Vec<_> = appointments.into_iter().step_by(3).collect();
    let (cancelled, left) = (unwanted.len(), jobs - unwanted.len());
    let cancelling = cancel(&app, &town, unwanted).await;
    assert_eq!(database.number(planned).await, whole(left));

    clock.go_to(match way {
        Way::OneByOne => noon + SignedDuration::from_hours(1),
        // The reminders of the day are due a day before, and no visit of it has begun.
        Way::InBulk => visits_begin(&town[0]) - SignedDuration::from_hours(12),
    });
    let mut log = MessageLog::at(&log);
    let (finished, finishing) = dispatch(&app, &mut log, left, PHASE_LIMIT).await;
    let delivered = "SELECT count(*) FROM deliveries WHERE state = 'delivered'";
    assert!(
        database.number(delivered).await >= whole(finished),
        "what was handed over is written down"
    );
    let told_twice = "SELECT count(*) - count(DISTINCT message_id) FROM deliveries";
    assert_eq!(database.number(told_twice).await, 0);
    if finished == left {
        assert_eq!(database.number(delivered).await, whole(left));
        assert_eq!(database.number(planned).await, 0);
    }
    drop(app);
    database.remove().await;
    Course {
        who: format!("**Vestnik on {}**", kind.title().split(',').next().unwrap()),
        way: match way {
            Way::OneByOne => "booked one by one",
            Way::InBulk => "imported in bulk",
        }
        .to_owned(),
        jobs,
        schedule: Phase::of(jobs, scheduling),
        cancel: Phase::of(cancelled, cancelling),
        finish: Phase::of(finished, finishing),
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap()
}

/// Salons that send over the channel `log` without a pace, and one kind of message a visit.
async fn open(app: &App, way: Way, clients_of_import: usize) -> Vec<BenchSalon> {
    let mut town = Vec::new();
    for seed in 0..SALONS {
        let mut bench = BenchSalon::new(seed, app.now());
        let kept = match way {
            Way::OneByOne => NotificationKind::Created,
            Way::InBulk => NotificationKind::Reminder,
        };
        only_kind(&mut bench.salon, kept);
        if way == Way::InBulk {
            bench.clients = (0..clients_of_import)
                .map(|_| bench.salon.another_client("Алёна Петрова"))
                .collect();
        }
        let sender = log_sender(&mut bench.salon, without_pace());
        let clients = std::mem::take(&mut bench.clients);
        let mut change_set = bench.set_up();
        change_set.insert(&sender).insert(&bench.salon.pace_state(&sender));
        app.store.commit(change_set).await.unwrap();
        for chunk in clients.chunks(500) {
            let mut change_set = ChangeSet::with_urgency(Urgency::Bulk);
            for client in chunk {
                change_set.insert(client);
            }
            app.store.commit(change_set).await.unwrap();
        }
        bench.clients = clients;
        town.push(bench);
    }
    town
}

async fn book(app: &App, town: &Arc<Vec<BenchSalon>>, jobs: usize) -> (Duration, Vec<Appointment>) {
    let (app, town) = (app.clone(), Arc::clone(town));
    by_callers(CALLERS, (0..jobs).collect(), move |number: usize| {
        let (app, town) = (app.clone(), Arc::clone(&town));
        async move {
            let salon = &town[number % town.len()];
            let visit = number / town.len();
            let command = BookAppointment {
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
            };
            book_appointment(&app, &salon.owner(), command, None).await.unwrap()
        }
    })
    .await
}

/// The instant before which no imported visit begins.
fn visits_begin(salon: &BenchSalon) -> Timestamp {
    let zone = salon.salon.branch.zone.time_zone().clone();
    salon.start(0).to_zoned(zone).unwrap().timestamp()
}

/// Every visit of a file lies in the same hours of one day, so that all fall due before the first begins.
async fn import_files(
    app: &App,
    town: &Arc<Vec<BenchSalon>>,
    jobs: usize,
) -> (Duration, Vec<Appointment>) {
    let day = town[0].start(0).date();
    let files: Vec<(usize, String)> = (0..town.len())
        .map(|number| (number, file(&town[number], day, jobs / town.len())))
        .collect();
    let (of_import, of_town) = (app.clone(), Arc::clone(town));
    let (took, landed) = by_callers(IMPORTS, files, move |(number, file): (usize, String)| {
        let (app, town) = (of_import.clone(), Arc::clone(&of_town));
        async move {
            let salon = &town[number];
            let region = home_region(&app, &salon.owner()).await.unwrap();
            let rows =
                read_file(RowKind::Appointments, file.as_bytes(), None, &BTreeMap::new(), region);
            let options = ImportOptions { reminders: true, ..ImportOptions::default() };
            import(&app, &salon.owner(), rows.unwrap(), options).await.unwrap().landed
        }
    })
    .await;
    assert_eq!(landed.iter().sum::<usize>(), jobs);
    let mut appointments = Vec::with_capacity(jobs);
    for salon in town.iter() {
        let branch = salon.salon.branch.id;
        let (from, to) = (day.to_string(), day.tomorrow().unwrap().to_string());
        appointments
            .push(list_appointments(app, &salon.owner(), branch, &from, &to).await.unwrap());
    }
    // Salon after salon in turn, as the bookings are.
    let turns = 0..jobs / town.len();
    let in_turn = turns.flat_map(|turn| appointments.iter().map(move |all| all[turn].clone()));
    (took, in_turn.collect())
}

fn file(salon: &BenchSalon, day: jiff::civil::Date, lines: usize) -> String {
    let mut text = "Телефон;Имя;Дата;Время;Услуга\n".to_owned();
    for (line, client) in salon.clients.iter().take(lines).enumerate() {
        let (hour, minute) = (10 + line / 60 % 10, line % 60);
        let phone = client.phone.as_ref().unwrap().as_str();
        text += &format!(
            "{phone};{};{};{hour:02}:{minute:02};{}\n",
            client.name,
            day.strftime("%d.%m.%Y"),
            salon.salon.service.title
        );
    }
    text
}

async fn cancel(app: &App, town: &Arc<Vec<BenchSalon>>, unwanted: Vec<Appointment>) -> Duration {
    let (app, town) = (app.clone(), Arc::clone(town));
    let (took, _) = by_callers(CALLERS, unwanted, move |appointment: Appointment| {
        let (app, town) = (app.clone(), Arc::clone(&town));
        async move {
            let whose = |salon: &&BenchSalon| salon.salon.id() == appointment.organization_id;
            let salon = town.iter().find(whose).unwrap();
            let command = SetStatus {
                version: Some(appointment.edit_version),
                status: Status::Cancelled,
                force: false,
                notify: Notify::ByRule,
            };
            set_status(&app, &salon.owner(), appointment.id, command).await.unwrap();
        }
    })
    .await;
    took
}
