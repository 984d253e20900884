//! Several processes of `serve` on one PostgreSQL: one drives a sender at a time, and when it is
//! killed or paused for longer than its lease, another goes on; nothing goes twice.

use crate::databases::PostgresDatabase;
use crate::fleet::Fleet;
use crate::http::Caller;
use crate::load::{check_message_log, created_messages, phone_of};
use crate::message_log::MessageLog;
use crate::salon::Salon;
use crate::waiting::wait_until;
use std::collections::BTreeSet;

const LIMIT_S: u64 = 60;
const NODES: usize = 3;
/// Bookings of each part of the test.
const BOOKINGS: usize = 9;

#[test]
fn several_nodes_on_postgres() {
    let Some(database) = PostgresDatabase::create("several nodes") else { return };
    let folder = vestnik_testkit::tempdir().unwrap();
    let log = MessageLog::in_folder(folder.path());
    let mut fleet = Fleet::start(NODES, folder.path(), &database, &log.flags());
    for node in fleet.running() {
        assert!(!node.said().contains("HELD"), "{}", node.said());
    }
    let addresses = fleet.addresses();
    let salon = Salon::open_over(&addresses[0], "log");
    let mut booked = 0;
    let mut book = |which: &[usize]| {
        for _ in 0..BOOKINGS {
            let address = addresses[which[booked % which.len()]].clone();
            let api = Caller { address, ..salon.api.clone() };
            let (day, hour) = (3 + booked / 9, 9 + booked % 9);
            let day = i64::try_from(day).unwrap();
            let body = salon.booking(&phone_of(booked), day, &format!("{hour:02}:00"));
            api.post("/api/v1/appointments", body);
            booked += 1;
        }
        booked
    };

    // All three serve, one drives.
    let told = book(&[0, 1, 2]);
    wait_until("everybody is told", LIMIT_S, || log.lines().len() >= told);
    let settled = |node: usize| settled(&salon, &addresses[node], &log);
    let others = |than: usize| (0..NODES).filter(|number| *number != than).collect::<Vec<_>>();

    // The one that drives is killed with work in hand; the others take over.
    let driver = fleet.driver().unwrap();
    let awake = others(driver);
    let told = book(&awake);
    fleet.kill_nine(driver);
    wait_until("the others went on", LIMIT_S, || settled(awake[0]) >= told);

    // The next one is paused for longer than its lease, and wakes up into somebody else's.
    fleet.start_again(driver);
    let paused = fleet.driver().unwrap();
    let awake = others(paused);
    fleet.pause(paused, &database);
    let told = book(&awake);
    wait_until("the others went on", LIMIT_S, || settled(awake[0]) >= told);
    fleet.wake(paused, &database);
    let told = book(&[0, 1, 2]);
    wait_until("all go on", LIMIT_S, || settled(awake[0]) >= told);

    let lines = log.lines();
    let phones: BTreeSet<&str> = lines.iter().map(|line| line.to.as_str()).collect();
    assert_eq!(phones.len(), lines.len(), "somebody was told twice: {lines:#?}");
    let tries: BTreeSet<&str> = lines.iter().map(|line| line.delivery_id.as_str()).collect();
    assert_eq!(tries.len(), lines.len());
    let later = fleet.a_while_later();
    check_message_log(told, &log, &salon, &later);
}

/// How many bookings were told, or tried by a process that died before it could.
fn settled(salon: &Salon, address: &str, log: &MessageLog) -> usize {
    let api = Caller { address: address.to_owned(), ..salon.api.clone() };
    let created = created_messages(&api);
    let lines = log.lines();
    let mut settled: BTreeSet<&str> = lines.iter().map(|line| line.to.as_str()).collect();
    let tried = created.iter().filter(|(_, message)| message["text"].is_string());
    settled.extend(tried.map(|(phone, _)| phone.as_str()));
    settled.len()
}
