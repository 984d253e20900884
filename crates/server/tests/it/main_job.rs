//! The main job with the real binary: an appointment becomes the right message on a phone, once;
//! so do its move and its cancellation.

use crate::databases::PostgresDatabase;
use crate::independent_phone::Phone;
use crate::process::Installation;
use crate::salon::Salon;
use crate::waiting::wait_until;
use serde_json::json;

const PHONE: &str = "+79161234567";
/// For one message from the call to the air and back.
const MESSAGE_LIMIT_S: u64 = 30;

#[test]
fn main_job_on_sqlite() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("vestnik.db").display());
    play(&Installation::new(folder.path(), database, "127.0.0.1:0".into()));
}

#[test]
fn main_job_on_postgres() {
    let Some(database) = PostgresDatabase::create("the main job") else { return };
    let folder = vestnik_testkit::tempdir().unwrap();
    play(&Installation::new(folder.path(), database.address.clone(), "127.0.0.1:0".into()));
}

fn play(installation: &Installation) {
    let server = installation.start();
    let salon = Salon::open(&server.address);
    let phone =
        Phone::switch_on(&installation.folder, &server.address, &salon.link_token, &["--probe"]);

    let booked =
        salon.api.post("/api/v1/appointments", salon.booking("8 (916) 123-45-67", 3, "12:00"));
    let path = format!("/api/v1/appointments/{}", booked["id"].as_str().unwrap());
    let (first, second) = (salon.day(3).strftime("%d.%m.%y"), salon.day(4).strftime("%d.%m.%y"));
    let mut expected = vec![format!(
        "Вы записаны {first} в 12:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12"
    )];
    hear(&phone, &expected);

    let start = format!("{}T15:30", salon.day(4));
    salon.api.patch(&path, json!({ "version": booked["version"], "start": start }));
    expected.push(format!(
        "Ваша запись перенесена с {first} 12:00 на {second} в 15:30: Стрижка, мастер Ольга. \
         Стиль де Виль, Тверская, 12"
    ));
    hear(&phone, &expected);

    salon.api.post(&format!("{path}/cancel"), json!({}));
    expected.push(format!("Запись {second} в 15:30 (Стрижка) отменена. Стиль де Виль"));
    hear(&phone, &expected);

    // Whatever was to follow by mistake goes before a later booking.
    salon.api.post("/api/v1/appointments", salon.booking(PHONE, 5, "10:00"));
    let third = salon.day(5).strftime("%d.%m.%y");
    expected.push(format!(
        "Вы записаны {third} в 10:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12"
    ));
    hear(&phone, &expected);

    phone.switch_off();
    let (ended, _) = server.terminate();
    assert!(ended.success(), "{ended}");
}

/// Waits until exactly these texts went on the air and their delivery was reported.
fn hear(phone: &Phone, expected: &[String]) {
    wait_until(&format!("{} messages on the air", expected.len()), MESSAGE_LIMIT_S, || {
        phone.has_reported(expected.len()) || phone.air().len() > expected.len()
    });
    let air = phone.air();
    let texts: Vec<&str> = air.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(texts, expected);
    assert!(air.iter().all(|line| line.phone_number == PHONE), "{air:?}");
}
