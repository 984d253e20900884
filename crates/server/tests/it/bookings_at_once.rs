//! Two hundred front desks at once, over HTTP on both databases: one time is given away once, and a new
//! number makes one card.

use crate::databases::PostgresDatabase;
use crate::process::Installation;
use crate::salon::Salon;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const CALLERS: usize = 200;

#[test]
fn bookings_at_once_on_sqlite() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("vestnik.db").display());
    play(&Installation::new(folder.path(), database, "127.0.0.1:0".into()));
}

#[test]
fn bookings_at_once_on_postgres() {
    let Some(database) = PostgresDatabase::create("bookings at once") else { return };
    let folder = vestnik_testkit::tempdir().unwrap();
    play(&Installation::new(folder.path(), database.address.clone(), "127.0.0.1:0".into()));
}

fn play(installation: &Installation) {
    let server = installation.start();
    let salon = Salon::open(&server.address);
    one_time_is_given_away_once(&salon);
    one_new_number_makes_one_card(&salon);
    one_new_number_is_taken_once(&salon);
    let (ended, _) = server.terminate();
    assert!(ended.success(), "{ended}");
}

/// Everybody books at the same moment; the answers by status and code, with their bodies.
fn all_at_once(
    salon: &Salon,
    path: &str,
    body: impl Fn(usize) -> Value + Sync,
) -> Vec<(String, Value)> {
    let barrier = std::sync::Barrier::new(CALLERS);
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|number| {
                let (body, barrier) = (&body, &barrier);
                scope.spawn(move || {
                    let body = body(number);
                    barrier.wait();
                    let answer = salon.api.call("POST", path, Some(&body)).unwrap();
                    let code = answer.body["code"].as_str().unwrap_or_default().to_owned();
                    (format!("{} {code}", answer.status).trim().to_owned(), answer.body)
                })
            })
            .collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).collect()
    })
}

fn tally(answers: &[(String, Value)]) -> BTreeMap<&str, usize> {
    let mut tally = BTreeMap::new();
    for (outcome, _) in answers {
        *tally.entry(outcome.as_str()).or_default() += 1;
    }
    tally
}

fn one_time_is_given_away_once(salon: &Salon) {
    // All of them overlap at 15:29, each for another client.
    let answers = all_at_once(salon, "/api/v1/appointments", |number| {
        let time = format!("15:{:02}", number % 30);
        salon.booking(&format!("+7926{number:07}"), 3, &time)
    });
    let expected = BTreeMap::from([("201", 1), ("409 time_taken", CALLERS - 1)]);
    assert_eq!(tally(&answers), expected);
    let day = salon.day(3);
    let (from, to) = (day, salon.day(4));
    let list = salon
        .api
        .get(&format!("/api/v1/appointments?branch_id={}&from={from}&to={to}", salon.branch));
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
}

/// Without a master nobody's time is taken: every booking lands, all of one client.
fn one_new_number_makes_one_card(salon: &Salon) {
    let answers = all_at_once(salon, "/api/v1/appointments", |number| {
        let mut body = salon.booking("8 (905) 111-22-33", 5, &format!("10:{:02}", number % 60));
        body["staff_id"] = Value::Null;
        body
    });
    assert_eq!(tally(&answers), BTreeMap::from([("201", CALLERS)]));
    let clients: BTreeSet<&str> =
        answers.iter().map(|(_, body)| body["client_id"].as_str().unwrap()).collect();
    assert_eq!(clients.len(), 1, "one card for one number");
    assert_eq!(cards(salon, "9051112233"), 1);
}

fn one_new_number_is_taken_once(salon: &Salon) {
    let answers = all_at_once(
        salon,
        "/api/v1/clients",
        |number| json!({ "name": format!("Вера {number}"), "phone": "8 905 111 22 44" }),
    );
    let expected = BTreeMap::from([("201", 1), ("409 client_exists", CALLERS - 1)]);
    assert_eq!(tally(&answers), expected);
    assert_eq!(cards(salon, "9051112244"), 1);
}

fn cards(salon: &Salon, digits: &str) -> usize {
    let page = salon.api.get(&format!("/api/v1/clients?search={digits}"));
    page["items"].as_array().unwrap().len()
}
