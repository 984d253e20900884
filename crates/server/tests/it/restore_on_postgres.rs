//! PostgreSQL is copied and restored by its own programs, which know nothing of Vestnik: a node notices
//! by its sidecar that the database went back, and one without a sidecar that nobody vouches for it.

use crate::databases::PostgresDatabase;
use crate::http::Caller;
use crate::load::phone_of;
use crate::message_log::MessageLog;
use crate::postgres_programs;
use crate::process::{Installation, Server};
use crate::salon::Salon;
use crate::waiting::wait_until;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const LIMIT_S: u64 = 30;
/// One heartbeat a second.
const LEASE_S: &str = "3";

#[test]
fn an_older_copy_is_held_until_it_is_let_go() {
    let Some(database) = PostgresDatabase::create("a restored database") else { return };
    let folder = vestnik_testkit::tempdir().unwrap();
    let log = MessageLog::in_folder(folder.path());
    let flags = [&log.flags()[..], &["--lease-s", LEASE_S]].concat();
    let any = Installation::new(folder.path(), database.address.clone(), "127.0.0.1:0".into())
        .with_flags(&flags);
    let node = any.beside("127.0.0.1:0".into(), "node.sidecar");
    let sidecar = folder.path().join("node.sidecar");
    let server = node.start();
    assert!(!server.said().contains("HELD"), "{}", server.said());
    let salon = Salon::open_over(&server.address, "log");
    let told = |count: usize| wait_until("told", LIMIT_S, || log.lines().len() == count);

    book(&salon, &server, 0);
    told(1);
    // Waits in its lane while the copy is made, and goes afterwards: the copy does not know that.
    set_pace(&salon, &server, 86_400);
    book(&salon, &server, 1);
    let copy = folder.path().join("copy.dump");
    let copy = copy.to_str().unwrap();
    postgres_programs::run("pg_dump", &["--format=custom", "--file", copy, &database.address]);
    set_pace(&salon, &server, 0);
    told(2);
    let copied_at = beat(&sidecar);
    wait_until("it goes on beating", LIMIT_S, || beat(&sidecar) >= copied_at + 2);
    assert!(server.terminate().0.success());

    database.empty();
    postgres_programs::run("pg_restore", &["--exit-on-error", "--dbname", &database.address, copy]);
    let server = node.start();
    assert!(server.said().contains("HELD: the database is older than what"), "{}", server.said());
    assert!(is_held(&server));
    assert_eq!(held_because(&node, &server), "rewound");
    // Made while it is held: its time comes and passes.
    set_pace(&salon, &server, 0);
    book(&salon, &server, 2);
    let held_at = beat(&sidecar);
    wait_until("it goes on beating", LIMIT_S, || beat(&sidecar) >= held_at + 2);
    assert_eq!(log.lines().len(), 2, "nothing is sent while it is held");

    assert_eq!(let_go(&node), "2 messages");
    wait_until("the running node hears of it", LIMIT_S, || !is_held(&server));
    book(&salon, &server, 3);
    told(3);
    let lines = log.lines();
    let phones: Vec<&str> = lines.iter().map(|line| line.to.as_str()).collect();
    assert_eq!(phones, [phone_of(0), phone_of(1), phone_of(3)]);
    assert!(server.terminate().0.success());

    // Nobody vouches for a database on which a node starts that has no sidecar: neither after a
    // graceful stop, nor while the heartbeat of a killed node has not run out yet.
    let newcomer = any.beside("127.0.0.1:0".into(), "newcomer.sidecar");
    newcomer.number_from(100);
    let server = newcomer.start();
    assert!(server.said().contains("HELD: this database was never served"), "{}", server.said());
    assert_eq!(held_because(&newcomer, &server), "unknown");
    assert_eq!(let_go(&newcomer), "0 messages");
    wait_until("the running node hears of it", LIMIT_S, || !is_held(&server));
    server.kill_nine();
    let another = any.beside("127.0.0.1:0".into(), "another.sidecar");
    another.number_from(200);
    let server = another.start();
    assert!(server.said().contains("HELD: this database was never served"), "{}", server.said());
    assert_eq!(log.lines().len(), 3);
}

fn api(salon: &Salon, server: &Server) -> Caller {
    Caller { address: server.address.clone(), ..salon.api.clone() }
}

fn book(salon: &Salon, server: &Server, number: usize) {
    let time = format!("{:02}:00", 9 + number);
    let body = salon.booking(&phone_of(number), 3, &time);
    api(salon, server).post("/api/v1/appointments", body);
}

/// Of the salon's one sender.
fn set_pace(salon: &Salon, server: &Server, seconds: u32) {
    let api = api(salon, server);
    let senders = api.get("/api/v1/senders");
    let sender = &senders["items"][0];
    let path = format!("/api/v1/senders/{}", sender["id"].as_str().unwrap());
    api.patch(&path, json!({ "version": sender["version"], "settings": { "pace_s": seconds } }));
}

/// The newest heartbeat that a sidecar knows of.
fn beat(sidecar: &Path) -> i64 {
    let text = fs::read_to_string(sidecar).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["beat"].as_i64().unwrap()
}

fn is_held(server: &Server) -> bool {
    Caller::new(&server.address).get("/health/ready")["held"] == true
}

fn held_because(installation: &Installation, server: &Server) -> String {
    let token = installation.command(&["operator-token"]).stdout;
    let token = format!("Bearer {}", String::from_utf8(token).unwrap().trim());
    let operator = Caller::new(&server.address).with_header("Authorization", &token);
    let state = operator.get("/api/v1/operator/instance");
    state["held"]["code"].as_str().unwrap().to_owned()
}

/// By command, while the service runs; how many messages it says that it skipped.
fn let_go(installation: &Installation) -> String {
    let output = installation.command(&["let-go"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let (_, skipped) = said.rsplit_once("; ").unwrap();
    skipped.split(" that").next().unwrap().to_owned()
}
