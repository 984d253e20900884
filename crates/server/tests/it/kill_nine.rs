//! `kill -9` at any moment loses nothing and doubles nothing: under a load of bookings the service is
//! killed and started again, while a phone keeps fetching; then what it put on the air is counted.

use crate::databases::PostgresDatabase;
use crate::independent_phone::Phone;
use crate::load::{Load, check_message_log, phone_of, profile_under_kills};
use crate::message_log::MessageLog;
use crate::process::{Installation, fixed_address};
use crate::salon::Salon;
use crate::waiting::{pause, wait_until};
use std::fs;
use std::time::Duration;
use vestnik_testkit::Chance;

const KILLS: usize = 10;
const BOOKINGS_A_KILL: usize = 6;
/// Until a started service does again what it is asked, and until the last message is told.
const LIMIT_S: u64 = 60;
/// Messages that the phone sends in a second at least, however slow the machine: in its hurry it rests a
/// quarter of one after each.
const ON_AIR_A_SECOND: u64 = 2;
/// The same of a sender that we call. Every kill leaves tries of which nobody knows, and they fill its
/// window; they count as unknown, and leave it, half a minute and two minutes later.
const FULL_WINDOW_LIMIT_S: u64 = 240;

#[test]
fn kill_nine_on_sqlite() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("vestnik.db").display());
    play(&Installation::new(folder.path(), database, fixed_address()), 1);
}

#[test]
fn kill_nine_on_postgres() {
    let Some(database) = PostgresDatabase::create("kill -9") else { return };
    let folder = vestnik_testkit::tempdir().unwrap();
    play(&Installation::new(folder.path(), database.address.clone(), fixed_address()), 2);
}

#[test]
fn kill_nine_of_a_driven_sender_on_sqlite() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("vestnik.db").display());
    play_driven(Installation::new(folder.path(), database, fixed_address()), 3);
}

#[test]
fn kill_nine_of_a_driven_sender_on_postgres() {
    let Some(database) = PostgresDatabase::create("kill -9 of a driven sender") else { return };
    let folder = vestnik_testkit::tempdir().unwrap();
    play_driven(Installation::new(folder.path(), database.address.clone(), fixed_address()), 4);
}

/// A sender that we call: whoever restarts takes it back at once, and repeats nothing.
fn play_driven(installation: Installation, seed: u64) {
    let log = MessageLog::in_folder(&installation.folder);
    let installation = installation.with_flags(&log.flags());
    let mut chance = Chance::new(seed);
    let mut server = Some(installation.start());
    let salon = Salon::open_over(&installation.listen, "log");
    let total = kills() * BOOKINGS_A_KILL;
    let load = Load::new(&salon, total);
    load.run(|| {
        for kill in 0..kills() {
            let (acknowledged, on_air) = (load.acknowledged(), log.lines().len());
            load.allow(BOOKINGS_A_KILL);
            let some = 1 + chance.below(BOOKINGS_A_KILL);
            match kill % 2 {
                0 => wait_until("bookings", LIMIT_S, || load.acknowledged() >= acknowledged + some),
                _ => wait_until("sends", FULL_WINDOW_LIMIT_S, || log.lines().len() > on_air),
            }
            pause(Duration::from_millis(chance.below(30) as u64));
            server.take().unwrap().kill_nine();
            server = Some(installation.start());
        }
        wait_until("every booking is acknowledged", LIMIT_S, || load.acknowledged() == total);
    });
    // A later booking goes after everything that may go at all.
    let last = phone_of(total);
    salon.api.post("/api/v1/appointments", salon.booking(&last, 2, "09:00"));
    let is_told = || log.lines().iter().any(|one| one.to == last);
    wait_until("a later booking is told", FULL_WINDOW_LIMIT_S, is_told);
    load.check_bookings();
    let (ended, _) = server.take().unwrap().terminate();
    assert!(ended.success(), "{ended}");
    check_message_log(total, &log, &salon, &installation.a_while_later().start());
}

/// `TEST_SCALE` multiplies the kills: less on a slow machine, more in a long run.
fn kills() -> usize {
    let Some(scale) = std::env::var_os("TEST_SCALE") else { return KILLS };
    let scale: f64 = scale.to_str().unwrap().parse().expect("TEST_SCALE is a number");
    ((KILLS as f64 * scale).round() as usize).max(1)
}

fn play(installation: &Installation, seed: u64) {
    let mut chance = Chance::new(seed);
    let mut server = Some(installation.start());
    let salon = Salon::open(&installation.listen);
    let total = kills() * BOOKINGS_A_KILL;
    let profile = installation.folder.join("profile.json");
    fs::write(&profile, profile_under_kills(total).to_string()).unwrap();
    let more = ["--profile", profile.to_str().unwrap()];
    let phone =
        Phone::switch_on(&installation.folder, &installation.listen, &salon.link_token, &more);
    wait_until("the phone is linked", LIMIT_S, || phone.is_linked());

    let load = Load::new(&salon, total);
    load.run(|| {
        for kill in 0..kills() {
            let (acknowledged, on_air) = (load.acknowledged(), phone.air().len());
            let allowed = load.allow(BOOKINGS_A_KILL);
            let some = 1 + chance.below(BOOKINGS_A_KILL);
            match kill % 3 {
                // Among the bookings, among the sends, and anywhere after the bookings.
                0 => wait_until("bookings", LIMIT_S, || load.acknowledged() >= acknowledged + some),
                1 => wait_until("sends", LIMIT_S, || phone.air().len() >= on_air + some),
                _ => wait_until("bookings", LIMIT_S, || load.acknowledged() >= allowed),
            }
            let any_moment_ms = if kill % 3 == 0 { chance.below(20) } else { chance.below(500) };
            pause(Duration::from_millis(any_moment_ms as u64));
            server.take().unwrap().kill_nine();
            server = Some(installation.start());
        }
        wait_until("every booking is acknowledged", LIMIT_S, || load.acknowledged() == total);
    });

    let on_air_limit_s = LIMIT_S + total as u64 / ON_AIR_A_SECOND;
    wait_until("every client is told", on_air_limit_s, || phone.air().len() >= total);
    wait_until("every report is accepted", LIMIT_S, || phone.has_reported(phone.air().len()));
    // Whatever was to be sent twice goes before a later booking.
    let last = phone_of(total);
    salon.api.post("/api/v1/appointments", salon.booking(&last, 2, "09:00"));
    wait_until("a later booking is told", LIMIT_S, || {
        phone.air().iter().any(|line| line.phone_number == last)
    });
    load.check_bookings();
    load.check_air(&phone.air());
    load.check_receipts(&phone);
    assert_eq!(phone.air().len(), total + 1, "{:?}", phone.air());
    phone.switch_off();
}
