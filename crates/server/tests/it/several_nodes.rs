//! Several processes of `serve` on one PostgreSQL: one drives a sender at a time, and when it is
//! killed or paused for longer than its lease, another goes on; nothing goes twice.

use crate::databases::PostgresDatabase;
use crate::http::Caller;
use crate::load::phone_of;
use crate::message_log::MessageLog;
use crate::process::{Installation, Server};
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
    let installation =
        Installation::new(folder.path(), database.address.clone(), "127.0.0.1:0".into())
            .with_flags(&[&log.flags()[..], &["--lease-s", "3"]].concat());
    let starts: Vec<Installation> = (0..NODES)
        .map(|number| {
            let own = installation.beside("127.0.0.1:0".into(), &format!("node-{number}.sidecar"));
            own.number_from(100 * (number + 1));
            own
        })
        .collect();
    let mut nodes: Vec<Option<Server>> = starts.iter().map(|start| Some(start.start())).collect();
    for node in nodes.iter().flatten() {
        assert!(!node.said().contains("HELD"), "{}", node.said());
    }
    let salon = Salon::open_over(&nodes[0].as_ref().unwrap().address, "log");
    let mut booked = 0;
    let mut book = |nodes: &[Option<Server>], which: &[usize]| {
        for _ in 0..BOOKINGS {
            let node = nodes[which[booked % which.len()]].as_ref().unwrap();
            let api = Caller { address: node.address.clone(), ..salon.api.clone() };
            let (day, hour) = (3 + booked / 9, 9 + booked % 9);
            let day = i64::try_from(day).unwrap();
            let body = salon.booking(&phone_of(booked), day, &format!("{hour:02}:00"));
            api.post("/api/v1/appointments", body);
            booked += 1;
        }
        booked
    };

    // All three serve, one drives.
    let told = book(&nodes, &[0, 1, 2]);
    wait_until("everybody is told", LIMIT_S, || log.lines().len() >= told);

    // The one that drives is killed with work in hand; the others take over.
    let driver = driver(&nodes);
    let others: Vec<usize> = (0..NODES).filter(|number| *number != driver).collect();
    let told = book(&nodes, &others);
    nodes[driver].take().unwrap().kill_nine();
    wait_until("the others went on", LIMIT_S, || settled(&salon, &nodes, &others, &log) >= told);

    // The next one is paused for longer than its lease, and wakes up into somebody else's.
    nodes[driver] = Some(starts[driver].start());
    let paused = self::driver(&nodes);
    let awake: Vec<usize> = (0..NODES).filter(|number| *number != paused).collect();
    nodes[paused].as_ref().unwrap().signal("STOP");
    let told = book(&nodes, &awake);
    wait_until("the others went on", LIMIT_S, || settled(&salon, &nodes, &awake, &log) >= told);
    nodes[paused].as_ref().unwrap().signal("CONT");
    let told = book(&nodes, &[0, 1, 2]);
    wait_until("all go on", LIMIT_S, || settled(&salon, &nodes, &awake, &log) >= told);

    let lines = log.lines();
    let phones: BTreeSet<&str> = lines.iter().map(|line| line.to.as_str()).collect();
    assert_eq!(phones.len(), lines.len(), "somebody was told twice: {lines:#?}");
    let tries: BTreeSet<&str> = lines.iter().map(|line| line.delivery_id.as_str()).collect();
    assert_eq!(tries.len(), lines.len());
    for node in nodes.into_iter().flatten() {
        let (ended, _) = node.terminate();
        assert!(ended.success(), "{ended}");
    }
}

/// The node that took the lease last, by what the nodes say.
fn driver(nodes: &[Option<Server>]) -> usize {
    let fences = nodes.iter().enumerate().filter_map(|(number, node)| {
        let log = node.as_ref()?.whole_log();
        let fence = log
            .lines()
            .filter(|line| line.contains("this node drives the sender"))
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .filter_map(|line| line["fence"].as_i64())
            .max()?;
        Some((fence, number))
    });
    fences.max().expect("somebody drives").1
}

/// How many bookings were told, or tried by a process that died before it could.
fn settled(salon: &Salon, nodes: &[Option<Server>], awake: &[usize], log: &MessageLog) -> usize {
    let node = nodes[awake[0]].as_ref().unwrap();
    let api = Caller { address: node.address.clone(), ..salon.api.clone() };
    let found = api.get("/api/v1/messages?kind=created&limit=200");
    let lines = log.lines();
    let mut settled: BTreeSet<&str> = lines.iter().map(|line| line.to.as_str()).collect();
    let items = found["items"].as_array().unwrap();
    let tried = items.iter().filter(|item| item["text"].is_string());
    settled.extend(tried.filter_map(|item| item["recipient"].as_str()));
    settled.len()
}
