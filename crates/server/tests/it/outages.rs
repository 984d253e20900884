//! Three nodes on one PostgreSQL under load, while nodes are killed, paused for longer than their lease,
//! and the database itself crashes: nothing is lost, nothing goes twice, pace and daily limit hold, and
//! each time the work goes on about as soon as a lease is over.

use crate::balancer::Balancer;
use crate::fleet::{Fleet, LEASE_S};
use crate::http::Caller;
use crate::independent_phone::Phone;
use crate::load::{Load, check_message_log, phone_of, profile_under_kills};
use crate::message_log::MessageLog;
use crate::own_postgres::OwnPostgres;
use crate::salon::Salon;
use crate::waiting::{now, wait_until};
use serde_json::{Value, json};
use std::fs;
use vestnik_testkit::Chance;

const NODES: usize = 3;
/// Two of each kind of outage.
const ROUNDS: usize = 6;
/// Half of them before the outage of a round, half while it lasts.
const BOOKINGS_A_ROUND: usize = 4;
/// Whom the daily limit stops, until it is taken away.
const BEYOND_THE_LIMIT: usize = 3;
const PACE_S: i64 = 1;
/// All of them are as long.
const A_TEXT: &str =
    "Вы записаны 05.03.26 в 15:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12";
/// Until whatever else than going on after an outage.
const LIMIT_S: u64 = 60;
/// A lease is taken over two seconds late, a loop rests as long after a failure, and machines are slow.
const GOES_ON_WITHIN_S: u64 = LEASE_S + 2 + 10;
/// The phone is there for as long as many rounds take.
const PHONE_RUN_S: &str = "3600";

#[test]
fn a_phone_behind_three_nodes_outlives_everything() {
    let Some(postgres) = OwnPostgres::start("outages over a phone") else { return };
    let folder = vestnik_testkit::tempdir().unwrap();
    let fleet = Fleet::start(NODES, folder.path(), &postgres.database, &[]);
    let balancer = Balancer::before(fleet.addresses());
    let salon = Salon::open(&balancer.address);
    let profile = folder.path().join("profile.json");
    let mut behaviour = profile_under_kills(bookings());
    behaviour["limits"]["may_be_away"] = json!(true);
    fs::write(&profile, behaviour.to_string()).unwrap();
    let more = ["--profile", profile.to_str().unwrap(), "--run-s", PHONE_RUN_S];
    let phone = Phone::switch_on(folder.path(), &balancer.address, &salon.link_token, &more);
    wait_until("the phone is linked", LIMIT_S, || phone.is_linked());
    let texts = || -> Vec<String> { phone.air().into_iter().map(|line| line.text).collect() };
    let mut scene = Scene { postgres, fleet, salon, texts: &texts, chance: Chance::new(1) };

    scene.play(|load| {
        wait_until("every client is told", LIMIT_S, || phone.air().len() >= bookings());
        wait_until("every report is accepted", LIMIT_S, || phone.has_reported(phone.air().len()));
        load.check_air(&phone.air());
        load.check_receipts(&phone);
    });
    scene.book_a_last_one(|last| phone.air().iter().any(|line| line.phone_number == last));
    assert_eq!(phone.air().len(), bookings() + 1, "{:?}", phone.air());
    let Scene { fleet, postgres, .. } = scene;
    phone.switch_off();
    fleet.terminate();
    drop(postgres);
}

#[test]
fn a_driven_sender_of_three_nodes_outlives_everything() {
    let Some(postgres) = OwnPostgres::start("outages over a driven sender") else { return };
    let folder = vestnik_testkit::tempdir().unwrap();
    let log = MessageLog::in_folder(folder.path());
    let fleet = Fleet::start(NODES, folder.path(), &postgres.database, &log.flags());
    let balancer = Balancer::before(fleet.addresses());
    let salon = Salon::open_over(&balancer.address, "log");
    let texts = || -> Vec<String> { log.lines().into_iter().map(|line| line.text).collect() };
    let mut scene = Scene { postgres, fleet, salon, texts: &texts, chance: Chance::new(2) };

    // A try whose process died before the line is written is no other's to repeat.
    scene.play(|load| {
        wait_until("every client is told or tried", LIMIT_S, || load.tried() >= bookings());
    });
    scene.book_a_last_one(|last| log.lines().iter().any(|line| line.to == last));
    let Scene { fleet, salon, postgres, .. } = scene;
    let later = fleet.a_while_later();
    check_message_log(bookings(), &log, &salon, &later);
    drop(later);
    drop(postgres);
}

/// `TEST_SCALE` multiplies the rounds: less on a slow machine, more in a long run.
fn rounds() -> usize {
    let Some(scale) = std::env::var_os("TEST_SCALE") else { return ROUNDS };
    let scale: f64 = scale.to_str().unwrap().parse().expect("TEST_SCALE is a number");
    ((ROUNDS as f64 * scale).round() as usize).max(3)
}

/// All but the last one.
fn bookings() -> usize {
    rounds() * BOOKINGS_A_ROUND + BEYOND_THE_LIMIT
}

struct Scene<'a> {
    postgres: OwnPostgres,
    fleet: Fleet,
    salon: Salon,
    /// What is on the air.
    texts: &'a dyn Fn() -> Vec<String>,
    chance: Chance,
}

impl Scene<'_> {
    /// Outage after outage under load, up to the daily limit; then without a limit, until `all_told`.
    fn play(&mut self, all_told: impl FnOnce(&Load<'_>)) {
        let limit = parts(A_TEXT) * rounds() * BOOKINGS_A_ROUND;
        set_sender(&self.salon, json!(limit));
        let salon = self.salon.clone();
        let load = Load::new(&salon, bookings()).through_outages();
        load.run(|| {
            for round in 0..rounds() {
                let acknowledged = load.acknowledged();
                load.allow(BOOKINGS_A_ROUND / 2);
                let some = 1 + self.chance.below(BOOKINGS_A_ROUND / 2);
                wait_until("bookings", LIMIT_S, || load.acknowledged() >= acknowledged + some);
                match round % 3 {
                    0 => self.kill_a_node(&load),
                    1 => self.pause_a_node(&load),
                    _ => self.crash_the_database(&load),
                }
            }
            load.allow(BEYOND_THE_LIMIT);
            wait_until("all are acknowledged", LIMIT_S, || load.acknowledged() == bookings());
        });
        load.check_bookings();
        // What still waits goes at the sender's pace.
        let sent_within_s = LIMIT_S + u64::try_from(limit).unwrap() * PACE_S.unsigned_abs();
        wait_until("the limit is reached", sent_within_s, || used_today(&salon) == limit);
        // Reached, it holds through a crash as well.
        self.postgres.crash();
        self.postgres.recover();
        self.wait_for_all();
        let on_air: usize = (self.texts)().iter().map(|text| parts(text)).sum();
        assert!(on_air <= limit, "{on_air} parts of {limit} are on the air");
        assert_eq!(used_today(&salon), limit);
        set_sender(&self.salon, Value::Null);
        all_told(&load);
        self.check_pace();
    }

    fn kill_a_node(&mut self, load: &Load<'_>) {
        let node = self.some_node();
        self.fleet.kill_nine(node);
        self.goes_on("a node was killed", load);
        self.fleet.start_again(node);
    }

    fn pause_a_node(&mut self, load: &Load<'_>) {
        let node = self.some_node();
        self.fleet.pause(node, &self.postgres.database);
        self.goes_on("a node was paused for longer than its lease", load);
        self.fleet.wake(node, &self.postgres.database);
    }

    fn crash_the_database(&mut self, load: &Load<'_>) {
        self.postgres.crash();
        for node in self.fleet.running() {
            let nobody = Caller::new(&node.address);
            let answer = |path| nobody.call("GET", path, None).unwrap();
            assert_eq!(answer("/health/live").status, 200);
            assert!(answer("/health/ready").is_unavailable(), "{:?}", answer("/health/ready"));
            let api = Caller { address: node.address.clone(), ..self.salon.api.clone() };
            let booking = self.salon.booking(&phone_of(bookings() + 1), 2, "09:00");
            let refused = api.call("POST", "/api/v1/appointments", Some(&booking)).unwrap();
            assert!(refused.is_unavailable(), "{refused:?}");
        }
        self.postgres.recover();
        self.goes_on("the database crashed", load);
        self.wait_for_all();
    }

    fn wait_for_all(&self) {
        for node in self.fleet.running() {
            let nobody = Caller::new(&node.address);
            wait_until("it is ready again", LIMIT_S, || {
                nobody.call("GET", "/health/ready", None).is_ok_and(|answer| answer.status == 200)
            });
        }
    }

    /// The one that drives, where one does.
    fn some_node(&mut self) -> usize {
        self.fleet.driver().unwrap_or_else(|| self.chance.below(NODES))
    }

    /// Something new goes on the air, of what waits or of what is booked now.
    fn goes_on(&self, after: &str, load: &Load<'_>) {
        let (began, on_air) = (now(), (self.texts)().len());
        load.allow(BOOKINGS_A_ROUND / 2);
        wait_until("the others went on", GOES_ON_WITHIN_S, || (self.texts)().len() > on_air);
        println!("{after}: went on within {} ms", began.elapsed().as_millis());
    }

    /// No two tries were released in a shorter time than the sender's pace.
    fn check_pace(&self) {
        let query = "SELECT intended_at FROM deliveries ORDER BY intended_at";
        let released = self.postgres.database.numbers(query);
        let shortest = released.windows(2).map(|two| two[1] - two[0]).min();
        assert!(
            shortest >= Some(PACE_S * 1_000_000),
            "{shortest:?} µs between two of {released:?}"
        );
    }

    /// Whatever was to be sent twice goes before a later booking.
    fn book_a_last_one(&self, is_told: impl Fn(&str) -> bool) {
        let last = phone_of(bookings());
        self.salon.api.post("/api/v1/appointments", self.salon.booking(&last, 2, "09:00"));
        wait_until("a later booking is told", LIMIT_S, || is_told(&last));
    }
}

/// Pace and limit of the salon's one sender, in a zone where no day ends soon.
fn set_sender(salon: &Salon, daily_limit_parts: Value) {
    let sender = sender(salon);
    let body = json!({
        "version": sender["version"], "zone": salon.zone_at_noon(),
        "settings": { "pace_s": PACE_S, "daily_limit_parts": daily_limit_parts },
    });
    salon.api.patch(&format!("/api/v1/senders/{}", sender["id"].as_str().unwrap()), body);
}

fn sender(salon: &Salon) -> Value {
    salon.api.get("/api/v1/senders")["items"][0].clone()
}

fn used_today(salon: &Salon) -> usize {
    usize::try_from(sender(salon)["used_today_parts"].as_u64().unwrap()).unwrap()
}

/// SMS parts of a text in Cyrillic.
fn parts(text: &str) -> usize {
    match text.encode_utf16().count() {
        ..=70 => 1,
        longer => longer.div_ceil(67),
    }
}
