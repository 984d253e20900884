//! A restored database does not know what went out since the copy was made: it sends nothing until
//! it is let go, and nothing of what fell due in between afterwards.

use crate::http::Caller;
use crate::load::phone_of;
use crate::message_log::MessageLog;
use crate::process::Installation;
use crate::salon::Salon;
use crate::waiting::wait_until;
use serde_json::Value;
use std::process::Output;

const LIMIT_S: u64 = 30;

fn words(output: &Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    format!("{} {out}{err}", output.status)
}

#[test]
fn a_restored_database_is_held_until_it_is_let_go() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let log = MessageLog::in_folder(folder.path());
    let path = folder.path().join("vestnik.db");
    let database = format!("sqlite:{}", path.display());
    let installation =
        Installation::new(folder.path(), database, "127.0.0.1:0".into()).with_flags(&log.flags());
    let server = installation.start();
    let salon = Salon::open_over(&server.address, "log");
    let told = |count: usize| wait_until("told", LIMIT_S, || log.lines().len() == count);
    let book = |address: &str, number: usize| {
        let api = Caller { address: address.to_owned(), ..salon.api.clone() };
        let time = format!("{:02}:00", 9 + number);
        api.post("/api/v1/appointments", salon.booking(&phone_of(number), 3, &time));
    };
    book(&server.address, 0);
    told(1);
    let copy = folder.path().join("copy.db");
    let copied = installation.command(&["backup", "--to", copy.to_str().unwrap()]);
    assert!(copied.status.success(), "{}", words(&copied));
    book(&server.address, 1);
    told(2);
    let busy = installation.command(&["restore", "--from", copy.to_str().unwrap()]);
    assert!(!busy.status.success() && words(&busy).contains("in use"), "{}", words(&busy));
    assert!(server.terminate().0.success());

    let restored = installation.command(&["restore", "--from", copy.to_str().unwrap()]);
    assert!(restored.status.success(), "{}", words(&restored));
    assert!(words(&restored).contains("held"), "{}", words(&restored));
    let server = installation.start();
    assert!(server.said().contains("HELD: the database was restored"), "{}", server.said());
    let nobody = Caller::new(&server.address);
    let health = nobody.get("/health/ready");
    assert_eq!(health["held"], true, "{health}");
    // Made while it is held: its time comes and passes.
    book(&server.address, 2);

    let token = installation.command(&["operator-token"]);
    let token = String::from_utf8(token.stdout).unwrap();
    let operator = nobody.with_header("Authorization", &format!("Bearer {}", token.trim()));
    let state = operator.get("/api/v1/operator/instance");
    assert_eq!(state["held"]["code"], "restored", "{state}");
    assert_eq!(log.lines().len(), 2, "nothing is sent while it is held");
    let let_go = operator.ok("POST", "/api/v1/operator/let-go", None);
    assert_eq!(let_go["skipped_messages"], 1, "{let_go}");
    book(&server.address, 3);
    told(3);
    let lines = log.lines();
    let last: Vec<&str> = lines.iter().map(|line| line.to.as_str()).collect();
    assert_eq!(last, [phone_of(0), phone_of(1), phone_of(3)]);
    assert_eq!(operator.get("/api/v1/operator/instance")["held"], Value::Null);
    let again = operator.ok("POST", "/api/v1/operator/let-go", None);
    assert_eq!(again["skipped_messages"], 0);
}

#[test]
fn a_copy_beside_the_database_is_held_and_let_go_by_command() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let path = folder.path().join("vestnik.db");
    let database = format!("sqlite:{}", path.display());
    let installation = Installation::new(folder.path(), database, "127.0.0.1:0".into());
    let server = installation.start();
    Salon::open_over(&server.address, "log");
    assert!(server.terminate().0.success());
    let copy = folder.path().join("elsewhere.db");
    std::fs::copy(&path, &copy).unwrap();

    let database = format!("sqlite:{}", copy.display());
    let copied = Installation::new(folder.path(), database, "127.0.0.1:0".into());
    let server = copied.start();
    assert!(server.said().contains("HELD"), "{}", server.said());
    let busy = copied.command(&["let-go"]);
    assert!(words(&busy).contains("operator-token"), "{}", words(&busy));
    assert!(server.terminate().0.success());
    let let_go = copied.command(&["let-go"]);
    assert!(let_go.status.success() && words(&let_go).contains("let go"), "{}", words(&let_go));
    let twice = copied.command(&["let-go"]);
    assert!(words(&twice).contains("nothing is held"), "{}", words(&twice));
    let server = copied.start();
    assert!(!server.said().contains("HELD"), "{}", server.said());
}
