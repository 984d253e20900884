//! From due to handed over, over a growing number of planned messages: how late a message is handed over
//! while a thousand fall due a minute, and what one costs while many are due at once.
//!
//! `scripts/bench due`; the figures stand in `docs/benchmarks.md`, the curve in `docs/benchmarks/due.svg`.
#![allow(clippy::unwrap_used, reason = "a bench that cannot run must say so loudly")]

#[allow(unused, reason = "parts of the binary")]
#[path = "../src/configuration.rs"]
mod configuration;
mod curve;
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

use curve::Curve;
use frame::clocks::{ShiftedClock, noon};
use frame::databases::{BenchDatabase, Kind};
use frame::loops::{Loops, as_node, rest};
use frame::measure::{now, percentile, thousands};
use frame::planned::{PlannedSalon, fill, phone_of};
use frame::salons::{SALONS, without_pace};
use frame::section;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use vestnik_app::Clock;
use vestnik_app::outbound::{LookUp, Outbound};
use vestnik_channels::contract::{Outcome, OutgoingText};
use vestnik_domain::delivery::Delivery;
use vestnik_domain::sender::{Channel, Sender};

/// Planned; `VESTNIK_BENCH_MESSAGES` may leave the larger ones out.
const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
/// Handed over before anything is measured: every sender has its lease, every statement is prepared.
const WARM_UP: usize = 200;
const WARM_UP_EVERY: SignedDuration = SignedDuration::from_millis(30);
/// A minute of a thousand, evenly.
const PACED: usize = 1_000;
const PACED_EVERY: SignedDuration = SignedDuration::from_millis(60);
/// Due in the same moment.
const AT_ONCE: usize = 5_000;
/// The times of the parts, after the beginning; the last part is never due.
const PACED_FROM: SignedDuration = SignedDuration::from_secs(30);
const AT_ONCE_FROM: SignedDuration = SignedDuration::from_mins(20);
const LATER_FROM: SignedDuration = SignedDuration::from_mins(60);
/// The last part falls due within so many hours after that.
const LATER_WITHIN_MIN: usize = 360;
/// The service has been up for a moment when the first message falls due.
const START: SignedDuration = SignedDuration::from_secs(15);

fn main() {
    let runtime = frame::runtime();
    section::begin("due");
    let most = frame::number_from("VESTNIK_BENCH_MESSAGES", usize::MAX);
    let mut rows = Vec::new();
    let mut curves = Vec::new();
    for kind in Kind::all() {
        let mut points = Vec::new();
        for planned in SIZES.into_iter().filter(|planned| *planned <= most) {
            let mut figures = runtime.block_on(of_engine(kind, planned));
            eprintln!("{kind:?}, {planned}: {figures:?}");
            let size = f64::from(u32::try_from(planned).unwrap());
            points.push((size, figures.cost().as_secs_f64() * 1e6));
            rows.push(figures.row(kind, size));
        }
        let name = kind.title().split(',').next().unwrap().to_owned();
        curves.push(Curve { name, points });
    }
    let head = [
        "planned",
        "database",
        "p50",
        "p99",
        "the latest",
        "one of 5 000 due at once, handed over",
    ];
    section::table(&head, &rows);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/benchmarks");
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(format!("{folder}/due.svg"), curve::picture(&curves)).unwrap();
    println!("![What a due message costs, by how many are planned](benchmarks/due.svg)\n");
}

struct Figures {
    /// From due to handed over, a thousand a minute.
    late: Vec<Duration>,
    /// How long all that were due at once took.
    at_once: Duration,
}

impl Figures {
    fn cost(&self) -> Duration {
        self.at_once / u32::try_from(AT_ONCE).unwrap()
    }

    fn row(&mut self, kind: Kind, size: f64) -> Vec<String> {
        let ms = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1e3);
        let mut late = |share| ms(percentile(&mut self.late, share));
        let [half, most, latest] = [late(0.5), late(0.99), late(1.0)];
        let cost = format!("{:.0} µs", self.cost().as_secs_f64() * 1e6);
        vec![thousands(size), kind.title().to_owned(), half, most, latest, cost]
    }
}

impl std::fmt::Debug for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut late = self.late.clone();
        let [half, most, latest] = [0.5, 0.99, 1.0].map(|share| percentile(&mut late, share));
        write!(f, "p50 {half:?}, p99 {most:?}, latest {latest:?}, at once {:?}", self.at_once)
    }
}

async fn of_engine(kind: Kind, planned: usize) -> Figures {
    let database = BenchDatabase::create(kind).await;
    let begins = noon();
    let plan = Plan::of(planned, begins);
    let salons = open(&database, begins).await;
    {
        let clock = Arc::new(ShiftedClock::at(begins));
        let app = frame::app(&database).await.with_business_clock(clock);
        fill(&app, &salons, &plan.by_salon()).await;
    }
    database.gather_statistics().await;
    let clock = Arc::new(ShiftedClock::at(begins - START));
    let notes = Arc::new(Notes { clock: clock.clone(), handed_over: Mutex::default() });
    let app = frame::app(&database).await.with_business_clock(clock.clone());
    let app = as_node(app.with_outbound(notes.clone())).await;

    let loops = Loops::start(&app).await;
    notes.wait_for(WARM_UP + PACED).await;
    // What is to be due at once is planned for later: the clock jumps there.
    clock.go_to(begins + AT_ONCE_FROM);
    let began = now();
    notes.wait_for(WARM_UP + PACED + AT_ONCE).await;
    let at_once = began.elapsed();
    loops.stop().await;
    drop(app);

    let handed_over = notes.handed_over.lock().unwrap().clone();
    let late = plan.paced().map(|(phone, due)| {
        let at = handed_over[&phone];
        assert!(at >= due, "nothing leaves before its time");
        Duration::try_from(at.duration_since(due)).unwrap()
    });
    let late = late.collect();
    look(&database, planned).await;
    database.remove().await;
    Figures { late, at_once }
}

/// When each message falls due; number after number, the salons in turn.
struct Plan(Vec<Timestamp>);

impl Plan {
    fn of(planned: usize, begins: Timestamp) -> Plan {
        let parts = WARM_UP + PACED + AT_ONCE;
        let every = |from: Timestamp, step: SignedDuration, number: usize| {
            from + step * i32::try_from(number).unwrap()
        };
        let mut dues = Vec::with_capacity(planned);
        dues.extend((0..WARM_UP).map(|number| every(begins, WARM_UP_EVERY, number)));
        dues.extend((0..PACED).map(|number| every(begins + PACED_FROM, PACED_EVERY, number)));
        dues.extend(std::iter::repeat_n(begins + AT_ONCE_FROM, AT_ONCE));
        let minute = SignedDuration::from_mins(1);
        let later = (parts..planned)
            .map(|number| every(begins + LATER_FROM, minute, number % LATER_WITHIN_MIN));
        dues.extend(later);
        Plan(dues)
    }

    fn by_salon(&self) -> Vec<Vec<Timestamp>> {
        let mut dues = vec![Vec::new(); SALONS];
        for (number, due) in self.0.iter().enumerate() {
            dues[number % SALONS].push(*due);
        }
        dues
    }

    /// Those that are measured one by one, by the number that they go to.
    fn paced(&self) -> impl Iterator<Item = (String, Timestamp)> {
        let measured = WARM_UP..WARM_UP + PACED;
        measured.map(|number| {
            let (salon, visit) = (number % SALONS, 1 + number / SALONS);
            let phone = phone_of(i64::try_from(salon).unwrap(), i64::try_from(visit).unwrap());
            (phone.as_str().to_owned(), self.0[number])
        })
    }
}

async fn open(database: &BenchDatabase, begins: Timestamp) -> Arc<Vec<PlannedSalon>> {
    let clock = Arc::new(ShiftedClock::at(begins - START));
    let app = frame::app(database).await.with_business_clock(clock);
    let mut salons = Vec::new();
    for number in 0..SALONS {
        salons.push(PlannedSalon::open(&app, number, without_pace()).await);
    }
    Arc::new(salons)
}

/// In place of the channel `log`: notes when each text was handed over.
struct Notes {
    clock: Arc<ShiftedClock>,
    handed_over: Mutex<HashMap<String, Timestamp>>,
}

impl Notes {
    async fn wait_for(&self, count: usize) {
        while self.handed_over.lock().unwrap().len() < count {
            rest(Duration::from_millis(2)).await;
        }
    }
}

#[async_trait::async_trait]
impl Outbound for Notes {
    fn serves(&self, channel: Channel) -> bool {
        channel == Channel::Log
    }

    async fn submit(&self, _: &Sender, text: &OutgoingText) -> Outcome {
        let at = self.clock.now();
        let recipient = text.recipient.as_str().to_owned();
        let before = self.handed_over.lock().unwrap().insert(recipient, at);
        assert!(before.is_none(), "nobody is told twice");
        Outcome::Accepted { carrier_id: text.delivery_id.clone() }
    }

    async fn look_up(&self, _: &Sender, _: &Delivery) -> LookUp {
        LookUp::CannotTell
    }
}

/// Reads the rows back past the store.
async fn look(database: &BenchDatabase, planned: usize) {
    let count = async |what: &str| database.number(&format!("SELECT count(*) FROM {what}")).await;
    let whole = |count: usize| i64::try_from(count).unwrap();
    let due = WARM_UP + PACED + AT_ONCE;
    assert_eq!(count("deliveries WHERE state = 'delivered'").await, whole(due));
    assert_eq!(count("deliveries").await, whole(due), "each one try");
    // The visit that each salon imported lies beyond all of them.
    let left = planned - due + SALONS;
    assert_eq!(count("messages WHERE state = 'planned' AND version = 1").await, whole(left));
}
