//! The demo's salon through ten days by the virtual clock, on both databases: what its phone put on the
//! air is compared, minute by minute and word by word, with a listed set.
//!
//! The list, `fixtures/demo_ten_days.txt`, is written by an oracle that knows the journal and PRODUCT's
//! rules and nothing of the product's code. When the salon or the script below is meant to change,
//! `VESTNIK_WRITE_EXPECTED=1` writes the list anew, from the oracle, never from the air; what changed is
//! then for a person to read.

mod journal;
mod oracle;
mod script;

use crate::databases::PostgresDatabase;
use crate::http::Caller;
use crate::process::Installation;
use crate::waiting::wait_until;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use journal::Journal;
use oracle::Sms;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Monday, 2 March 2026, 09:07 in Moscow, 10:07 in Samara.
const BEGIN: &str = "2026-03-02T06:07:00Z";
const DAYS: i64 = 10;
const SEED: &str = "7";

#[test]
fn the_demo_through_ten_days_on_sqlite() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("vestnik.db").display());
    play(Installation::new(folder.path(), database, "127.0.0.1:0".into()));
}

#[test]
fn the_demo_through_ten_days_on_postgres() {
    let Some(database) = PostgresDatabase::create("the demo's ten days") else { return };
    let folder = vestnik_testkit::tempdir().unwrap();
    play(Installation::new(folder.path(), database.address.clone(), "127.0.0.1:0".into()));
}

fn play(installation: Installation) {
    let air = installation.folder.join("air.jsonl");
    let installation = installation.of_command("demo").with_flags(&[
        "--dev-clock",
        "--dev-clock-from",
        BEGIN,
        "--seed",
        SEED,
        // Tries that fail rest and go later: their minutes are another test's.
        "--failure-percent",
        "0",
        "--answer-percent",
        "0",
        "--air",
        air.to_str().unwrap(),
    ]);
    let server = installation.start();
    let api = signed_in(&server.address);
    quick_phone(&api);
    let mut journal = Journal::read(&api, BEGIN.parse().unwrap(), DAYS);

    let end: Timestamp =
        BEGIN.parse::<Timestamp>().unwrap() + jiff::SignedDuration::from_hours(24 * DAYS);
    for (at, deed) in script::script() {
        walk_to(&api, at);
        deed(&api, &mut journal, at);
    }
    walk_to(&api, end);

    let expected = lines(&oracle::expected(&journal.visits, end));
    assert_eq!(listed(&expected), expected, "left: the list; right: what the oracle says now");
    every_kind_is_there(&expected);
    let sent = lines(&on_air(&air, &server.address));
    let (missing, surplus) = (without(&expected, &sent), without(&sent, &expected));
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "not on the air: {missing:#?}\nnot expected: {surplus:#?}"
    );
}

/// With the login that the demo prints.
pub(crate) fn signed_in(address: &str) -> Caller {
    let nobody = Caller::new(address);
    let login = json!({ "email": "demo@stil-de-vil.example", "password": "stil-de-vil-demo" });
    let answer = nobody.call("POST", "/api/v1/sessions", Some(&login)).unwrap();
    assert_eq!(answer.status, 201, "{answer:?}");
    let (_, cookie) = answer.headers.iter().find(|(name, _)| name == "set-cookie").unwrap();
    nobody.with_header("Cookie", cookie.split(';').next().unwrap())
}

/// Linked, and without a pause between two messages: the minute on the air is the minute they are due.
fn quick_phone(api: &Caller) {
    let phone = || api.get("/api/v1/senders")["items"][0].clone();
    wait_until("the demo's phone to be ready", 30, || phone()["status"]["code"] == "ready");
    let phone = phone();
    let path = format!("/api/v1/senders/{}", phone["id"].as_str().unwrap());
    api.patch(&path, json!({ "version": phone["version"], "settings": { "pace_s": 0 } }));
}

/// Lets business time pass, from due time to due time.
fn walk_to(api: &Caller, to: Timestamp) {
    let now: Timestamp = api.get("/dev/clock")["now"].as_str().unwrap().parse().unwrap();
    let mut left_s = to.duration_since(now).as_secs();
    assert!(left_s >= 0, "the script goes back to {to}");
    while left_s > 0 {
        // A step has to be answered within the caller's limit.
        let step_s = left_s.min(6 * 3_600);
        let walked = api.ok("POST", "/dev/clock", Some(&json!({ "advance_s": step_s })));
        assert_eq!(walked["quiet"], true, "{walked}");
        left_s -= step_s;
    }
}

/// What left the phone. The link of a visit's page is made of chance, so its place is enough.
fn on_air(path: &Path, address: &str) -> Vec<Sms> {
    let text = std::fs::read_to_string(path).unwrap();
    let link = format!("http://{address}/v/");
    text.lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            let field = |name: &str| line[name].as_str().unwrap().to_owned();
            let text = field("text");
            let text = match text.split_once(&link) {
                Some((before, token)) => {
                    assert!(token.len() >= 8 && token.chars().all(char::is_alphanumeric), "{text}");
                    format!("{before}LINK")
                }
                None => text,
            };
            Sms { at: field("at").parse().unwrap(), number: field("phone_number"), text }
        })
        .collect()
}

/// `03-02 09:07 +79990001000 Text`, by the clock of Moscow; two of one minute may go in either order.
fn lines(messages: &[Sms]) -> Vec<String> {
    let zone = TimeZone::get("Europe/Moscow").unwrap();
    let mut lines: Vec<String> = messages
        .iter()
        .map(|sms| {
            let at = sms.at.to_zoned(zone.clone()).strftime("%m-%d %H:%M").to_string();
            format!("{at} {} {}", sms.number, sms.text)
        })
        .collect();
    lines.sort();
    lines
}

fn listed(expected: &[String]) -> Vec<String> {
    let path: PathBuf =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/demo_ten_days.txt");
    if std::env::vars().any(|(name, _)| name == "VESTNIK_WRITE_EXPECTED") {
        std::fs::write(&path, format!("{}\n", expected.join("\n"))).unwrap();
    }
    std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

/// N2 to N6, each of them a few times.
fn every_kind_is_there(expected: &[String]) {
    for (words, at_least) in [
        ("Запись принята:", 3),
        ("Вы записаны", 3),
        ("Ваша запись перенесена", 3),
        ("Замена мастера:", 2),
        ("изменены услуги", 2),
        ("отменена.", 3),
        ("Напоминаем о записи ", 50),
        ("Напоминаем о записях:", 2),
        ("Ждём вас", 50),
    ] {
        let count = expected.iter().filter(|line| line.contains(words)).count();
        assert!(count >= at_least, "{words}: {count}");
    }
}

/// What stands in `these` more often than in `those`.
fn without(these: &[String], those: &[String]) -> Vec<String> {
    let mut left: BTreeMap<&String, usize> = BTreeMap::new();
    those.iter().for_each(|line| *left.entry(line).or_default() += 1);
    let mut without = Vec::new();
    for line in these {
        match left.get_mut(line).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => without.push(line.clone()),
        }
    }
    without
}
