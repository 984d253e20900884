//! The demo with the real binary: full of life from the first minute, killed at any moment, and gone on
//! with, by a clock that is never behind what is stored.

use crate::databases::PostgresDatabase;
use crate::demo_days::signed_in;
use crate::http::Caller;
use crate::process::Installation;
use crate::waiting::wait_until;
use jiff::Timestamp;
use serde_json::json;
use std::path::Path;

#[test]
fn the_demo_goes_on_on_sqlite() {
    let folder = vestnik_testkit::tempdir().unwrap();
    // The folder of the database is made.
    let database = format!("sqlite:{}", folder.path().join("new/demo.db").display());
    play(folder.path(), &database);
}

#[test]
fn the_demo_goes_on_on_postgres() {
    let Some(database) = PostgresDatabase::create("the demo goes on") else { return };
    let folder = vestnik_testkit::tempdir().unwrap();
    play(folder.path(), &database.address.clone());
}

fn play(folder: &Path, database: &str) {
    let air = folder.join("air.jsonl");
    let demo = |flags: &[&str]| {
        Installation::new(folder, database.to_owned(), "127.0.0.1:0".to_owned())
            .of_command("demo")
            .with_flags(flags)
    };
    let fast = demo(&["--speed", "1000", "--air", air.to_str().unwrap()]);
    let server = fast.start();
    let api = signed_in(&server.address);
    wait_until("somebody to book and be answered", 60, || {
        std::fs::read_to_string(&air).is_ok_and(|air| air.contains("Запись принята"))
    });
    let organization = api.get("/api/v1/organization");
    let before = business_now(&api);
    server.kill_nine();

    let server = demo(&["--speed", "1"]).start();
    let api = signed_in(&server.address);
    assert!(business_now(&api) >= before, "business time went back behind what is stored");
    assert_eq!(api.get("/api/v1/organization")["id"], organization["id"]);
    assert_eq!(api.get("/api/v1/senders")["items"].as_array().unwrap().len(), 1);
    wait_until("the phone to be linked again", 30, || {
        api.get("/api/v1/senders")["items"][0]["status"]["code"] == "ready"
    });
    let (ended, _) = server.terminate();
    assert!(ended.success(), "{ended}");
}

/// By what something is stored under.
fn business_now(api: &Caller) -> Timestamp {
    let token = api.post("/api/v1/api-tokens", json!({ "name": "Часы", "role": "owner" }));
    token["created_at"].as_str().unwrap().parse().unwrap()
}
