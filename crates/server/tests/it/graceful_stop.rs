//! A service that is asked to stop finishes what is under way and ends soon, also under load and with a
//! phone on its event stream; what was acknowledged is there afterwards.

use crate::databases::PostgresDatabase;
use crate::independent_phone::Phone;
use crate::load::Load;
use crate::process::{Installation, fixed_address};
use crate::salon::Salon;
use crate::waiting::wait_until;
use std::fs;

const BOOKINGS: usize = 40;
const STOPS: usize = 2;
const LIMIT_S: u64 = 60;
/// The app waits 5 s before it reconnects: twenty times less. A stream cut by a stop is no fault.
const PROFILE: &str = r#"{"hurry": 20, "limits": {"short_stream_s": 0}}"#;

#[test]
fn graceful_stop_on_sqlite() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("vestnik.db").display());
    play(&Installation::new(folder.path(), database, fixed_address()));
}

#[test]
fn graceful_stop_on_postgres() {
    let Some(database) = PostgresDatabase::create("the graceful stop") else { return };
    let folder = vestnik_testkit::tempdir().unwrap();
    play(&Installation::new(folder.path(), database.address.clone(), fixed_address()));
}

fn play(installation: &Installation) {
    let mut server = Some(installation.start());
    let salon = Salon::open(&installation.listen);
    let profile = installation.folder.join("profile.json");
    fs::write(&profile, PROFILE).unwrap();
    let more = ["--profile", profile.to_str().unwrap()];
    let phone =
        Phone::switch_on(&installation.folder, &installation.listen, &salon.link_token, &more);
    wait_until("the phone is linked", LIMIT_S, || phone.is_linked());

    let load = Load::new(&salon, BOOKINGS);
    load.run(|| {
        load.allow(BOOKINGS);
        for stop in 1..=STOPS {
            let enough = BOOKINGS * stop / (STOPS + 1);
            wait_until("bookings", LIMIT_S, || load.acknowledged() >= enough);
            // Fails by itself if the end does not come.
            let (ended, took) = server.take().unwrap().terminate();
            assert!(ended.success(), "{ended}");
            println!("the stop took {} ms", took.as_millis());
            server = Some(installation.start());
        }
        wait_until("every booking is acknowledged", LIMIT_S, || load.acknowledged() == BOOKINGS);
    });

    wait_until("every client is told", LIMIT_S, || phone.air().len() >= BOOKINGS);
    wait_until("every report is accepted", LIMIT_S, || phone.has_reported(phone.air().len()));
    load.check_bookings();
    load.check_air(&phone.air());
    phone.switch_off();
}
