//! Dispatch through the loops of `vestnik serve`: a million messages planned, half of them behind a
//! sender that may not send at this hour; beside it the same row writes given to the raw engine.
//!
//! `scripts/bench dispatch`; the figures stand in `docs/benchmarks.md`.
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

use frame::clocks::{StandingClock, noon};
use frame::databases::{BenchDatabase, Kind};
use frame::loops::{Loops, MessageLog, as_node, dispatch, rest};
use frame::measure::{now, per_second, thousands};
use frame::planned::{PlannedSalon, fill};
use frame::recording::Recording;
use frame::salons::{SALONS, without_pace};
use frame::section;
use jiff::civil::time;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use vestnik_app::App;
use vestnik_domain::sender::SenderSettings;
use vestnik_domain::settings::SendingWindow;
use vestnik_store::{ChangeSet, Store};

/// Planned in all, unless `VESTNIK_BENCH_MESSAGES` says otherwise.
const MESSAGES: usize = 1_000_000;
/// Of those that may leave, so many go first: they warm up, and their writes are what the raw engine gets.
const RECORDED: usize = 20_000;
/// A course is cut after so much steady work; its rate is that of what was really finished.
const LIMIT: Duration = Duration::from_secs(60);
/// The blocked half goes into its lane by the loops for so long; the rest of it is put there.
const ROUTING_LIMIT: Duration = Duration::from_secs(20);

/// When each part falls due, after noon: the blocked half first, and none before the last is over.
const BLOCKED_MIN: i64 = 60;
const RECORDED_MIN: i64 = 80;
const MEASURED_MIN: i64 = 100;
/// Each part falls due within so many minutes, at whole ones, as visits begin.
const WITHIN_MIN: i64 = 10;

fn main() {
    let runtime = frame::runtime();
    section::begin("dispatch");
    let messages = frame::number_from("VESTNIK_BENCH_MESSAGES", MESSAGES) / SALONS * SALONS;
    let mut rows = Vec::new();
    for kind in Kind::all() {
        let figures = runtime.block_on(of_engine(kind, messages));
        eprintln!("{kind:?}: {figures:?}");
        rows.push(figures.row(kind));
    }
    let planned = thousands(f64::from(u32::try_from(messages).unwrap()));
    let planned = format!("{planned} planned, half of them blocked");
    let head = [
        planned.as_str(),
        "due to outcome written, a second",
        "raw engine, same row writes",
        "share",
        "finished",
        "into the blocked lane, a second",
    ];
    section::table(&head, &rows);
}

#[derive(Debug)]
struct Figures {
    routed: (usize, Duration),
    finished: (usize, Duration),
    /// How many there were to finish.
    open: usize,
    raw: (usize, Duration),
}

impl Figures {
    fn row(&self, kind: Kind) -> Vec<String> {
        let rate = |(count, took): (usize, Duration)| per_second(count, took);
        let count = |count: usize| thousands(f64::from(u32::try_from(count).unwrap()));
        let (finished, took) = self.finished;
        vec![
            kind.title().to_owned(),
            thousands(rate(self.finished)),
            thousands(rate(self.raw)),
            format!("{:.2}", rate(self.finished) / rate(self.raw)),
            format!("{} of {} in {:.0} s", count(finished), count(self.open), took.as_secs_f64()),
            thousands(rate(self.routed)),
        ]
    }
}

async fn of_engine(kind: Kind, messages: usize) -> Figures {
    let database = BenchDatabase::create(kind).await;
    let open = messages / 2;
    let recorded = RECORDED.min(open / 2);
    let measured = open - recorded;
    let salons = plan(&database, open, recorded).await;
    database.gather_statistics().await;
    let copy = database.copy().await;

    let clock = Arc::new(StandingClock::at(noon()));
    let log = database.folder().join("messages.jsonl");
    let mut app = frame::app(&database).await.with_business_clock(clock.clone());
    app = app.with_outbound(Arc::new(vestnik_transport::Carriers::new(log.clone())));
    let recording = Recording::around(app.store.clone());
    app.store = Store::new(recording.clone());
    recording.switch(false);
    let app = as_node(app).await;
    let mut log = MessageLog::at(&log);

    clock.go_to(after_noon(BLOCKED_MIN + WITHIN_MIN));
    let routed = block(&database, &app, &salons[0], open).await;
    eprintln!("{kind:?}: the blocked half is in its lane");

    clock.go_to(after_noon(RECORDED_MIN + WITHIN_MIN));
    recording.switch(true);
    let (finished, _) = dispatch(&app, &mut log, recorded, LIMIT * 10).await;
    recording.switch(false);
    assert_eq!(finished, recorded, "all that is recorded is finished");
    let writes: Vec<ChangeSet> = recording.take();
    database.gather_statistics().await;

    clock.go_to(after_noon(MEASURED_MIN + WITHIN_MIN));
    let finished = dispatch(&app, &mut log, measured, LIMIT).await;
    drop(app);
    look(&database, &salons[0], open, recorded, finished.0).await;
    database.remove().await;

    let raw = raw_engine::in_big_transactions(kind, &copy, &writes).await;
    let delivered = "SELECT count(*) FROM deliveries WHERE state = 'delivered'";
    assert_eq!(copy.number(delivered).await, whole(recorded), "the raw engine wrote the same");
    copy.remove().await;
    Figures { routed, finished, open: measured, raw: (recorded, raw) }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap()
}

fn after_noon(minutes: i64) -> Timestamp {
    noon() + SignedDuration::from_mins(minutes)
}

/// The first salon's sender may send in the evening only, and has as many messages as all others
/// together.
async fn plan(database: &BenchDatabase, open: usize, recorded: usize) -> Arc<Vec<PlannedSalon>> {
    let clock = Arc::new(StandingClock::at(noon()));
    let app = frame::app(database).await.with_business_clock(clock);
    let evening = SendingWindow { from: time(20, 0, 0, 0), to: time(21, 0, 0, 0) };
    let blocked = SenderSettings { hours: Some(evening), ..without_pace() };
    let mut salons = Vec::new();
    for number in 0..SALONS {
        let settings = if number == 0 { blocked.clone() } else { without_pace() };
        salons.push(PlannedSalon::open(&app, number, settings).await);
    }
    let salons = Arc::new(salons);
    let mut dues = vec![Vec::new(); SALONS];
    dues[0] = (0..open).map(|number| due(BLOCKED_MIN, number)).collect();
    for number in 0..open {
        let part = if number < recorded { RECORDED_MIN } else { MEASURED_MIN };
        let turn = number / (SALONS - 1);
        dues[1 + number % (SALONS - 1)].push(due(part, turn));
    }
    fill(&app, &salons, &dues).await;
    salons
}

fn due(part: i64, number: usize) -> Timestamp {
    after_noon(part + whole(number) % WITHIN_MIN)
}

/// By the loops, and what they do not reach in time by the statement that writes the same; how many the
/// loops routed, and how long they took.
async fn block(
    database: &BenchDatabase,
    app: &App,
    blocked: &PlannedSalon,
    count: usize,
) -> (usize, Duration) {
    let (bucket, sender) = (blocked.organization_id.bucket(), blocked.sender_id.0);
    let of_salon = format!("bucket = {bucket} AND organization_id = {}", blocked.organization_id.0);
    let in_lane = format!(
        "SELECT count(*) FROM messages WHERE {of_salon} AND sender_id = {sender} AND in_lane = 1"
    );
    let began = now();
    let loops = Loops::start(app).await;
    let mut routed = 0;
    while routed < count && began.elapsed() < ROUTING_LIMIT {
        rest(Duration::from_millis(500)).await;
        routed = usize::try_from(database.number(&in_lane).await).unwrap();
    }
    loops.stop().await;
    let took = began.elapsed();
    let routed = usize::try_from(database.number(&in_lane).await).unwrap();
    let due = after_noon(BLOCKED_MIN + WITHIN_MIN).as_microsecond();
    let rest = format!(
        "UPDATE messages SET state = 'routed', in_lane = 1, sender_id = {sender}, \
             version = version + 1 \
         WHERE {of_salon} AND state = 'planned' AND due_at <= {due}"
    );
    let put = usize::try_from(database.execute(&rest).await).unwrap();
    assert_eq!(routed + put, count, "the blocked half waits in its lane");
    database.gather_statistics().await;
    (routed, took)
}

/// Reads the rows back past the store.
async fn look(
    database: &BenchDatabase,
    blocked: &PlannedSalon,
    open: usize,
    recorded: usize,
    finished: usize,
) {
    let blocked = blocked.organization_id.0;
    let count = async |what: &str| database.number(&format!("SELECT count(*) FROM {what}")).await;
    let done = whole(recorded + finished);
    assert_eq!(count("deliveries").await, done, "each one try");
    assert_eq!(count("deliveries WHERE state = 'delivered'").await, done, "written down");
    let once = "SELECT count(DISTINCT message_id) FROM deliveries";
    assert_eq!(database.number(once).await, done, "nobody is told twice");
    // Planned, routed, submitted: planning has changed none of them on its way.
    let submitted = "messages WHERE state = 'submitted' AND version = 3";
    assert_eq!(count(submitted).await, done, "submitted");
    let untouched =
        format!("messages WHERE organization_id = {blocked} AND state = 'routed' AND version = 2");
    assert_eq!(count(&untouched).await, whole(open), "the blocked half waits");
    let strayed = "messages WHERE state NOT IN ('planned', 'routed', 'submitted')";
    assert_eq!(count(strayed).await, 0, "none was ended");
}
