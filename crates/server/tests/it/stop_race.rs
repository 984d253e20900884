//! STOP against a phone that fetches all the while (I6): once the service has acknowledged the SMS, no
//! request of the phone that begins later is given anything new for the number.

use crate::databases::PostgresDatabase;
use crate::hand_phone::{HandPhone, PUBLIC};
use crate::load::phone_of;
use crate::process::Installation;
use crate::salon::Salon;
use crate::waiting::wait_until;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

const CLIENTS: usize = 40;
const LIMIT_S: u64 = 60;

#[test]
fn stop_race_on_sqlite() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("vestnik.db").display());
    play(&Installation::new(folder.path(), database, "127.0.0.1:0".into()).with_flags(&PUBLIC));
}

#[test]
fn stop_race_on_postgres() {
    let Some(database) = PostgresDatabase::create("STOP against a phone") else { return };
    let folder = vestnik_testkit::tempdir().unwrap();
    let address = database.address.clone();
    play(&Installation::new(folder.path(), address, "127.0.0.1:0".into()).with_flags(&PUBLIC));
}

fn play(installation: &Installation) {
    let server = installation.start();
    let salon = Salon::open(&server.address);
    let phone = HandPhone::link(&server.address, &salon.link_token);
    for number in 0..CLIENTS {
        let (day, time) = (3 + number / 8, format!("{:02}:00", 9 + number % 8));
        let body = salon.booking(&phone_of(number), i64::try_from(day).unwrap(), &time);
        salon.api.post("/api/v1/appointments", body);
    }
    // A number stops in the middle of the stream; the phone fetches without a pause.
    let stopped = Mutex::new(BTreeSet::<String>::new());
    let all_said = AtomicBool::new(false);
    let mut given: BTreeMap<String, String> = BTreeMap::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // From the end, which the phone reaches last; every other one keeps quiet.
            for number in (0..CLIENTS).rev().filter(|number| number % 2 == 0) {
                let from = phone_of(number);
                phone.receive(&from, "СТОП");
                stopped.lock().unwrap().insert(from);
            }
            all_said.store(true, Ordering::Release);
        });
        wait_until("every message or STOP", LIMIT_S, || {
            let before = stopped.lock().unwrap().clone();
            for message in phone.pull() {
                let id = message["id"].as_str().unwrap().to_owned();
                let number = message["phoneNumbers"][0].as_str().unwrap().to_owned();
                let known = given.contains_key(&id);
                let late = before.contains(&number) && !known;
                assert!(!late, "given after STOP was acknowledged: {message}");
                given.insert(id, number);
                let asked_back = message["state"] == "Cancelling";
                phone.report(&message, if asked_back { "Cancelled" } else { "Sent" });
            }
            let reached: BTreeSet<&String> = given.values().collect();
            let quiet = (0..CLIENTS).filter(|number| number % 2 == 1);
            all_said.load(Ordering::Acquire)
                && quiet.into_iter().all(|number| reached.contains(&phone_of(number)))
        });
    });
    // Nothing is left over for anybody who stopped.
    assert!(phone.pull().is_empty());
    let page = salon.api.get("/api/v1/stopped-numbers?limit=200");
    assert_eq!(page["items"].as_array().unwrap().len(), CLIENTS / 2, "{page}");
    let waiting = salon.api.get("/api/v1/messages?status=planned&limit=200");
    let numbers = stopped.into_inner().unwrap();
    assert!(!waiting["items"].as_array().unwrap().is_empty(), "nobody is reminded of anything");
    for message in waiting["items"].as_array().unwrap() {
        assert!(!numbers.contains(message["recipient"].as_str().unwrap_or_default()), "{message}");
    }
    let (ended, _) = server.terminate();
    assert!(ended.success(), "{ended}");
}
