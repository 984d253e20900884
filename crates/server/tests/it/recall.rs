//! A visit is cancelled while its message waits on a phone: the phone is asked to drop it, over the
//! real binary, the event stream and the independent phone.

use crate::databases::PostgresDatabase;
use crate::independent_phone::Phone;
use crate::process::Installation;
use crate::salon::Salon;
use crate::waiting::wait_until;
use serde_json::json;
use std::path::Path;

const LIMIT_S: u64 = 30;
/// The phone keeps each message this long before its radio gets it: time enough to call it back.
const PROFILE: &str = r#"{"radio_delay_s": 6}"#;

#[test]
fn recall_on_sqlite() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("vestnik.db").display());
    play(&Installation::new(folder.path(), database, "127.0.0.1:0".into()));
}

#[test]
fn recall_on_postgres() {
    let Some(database) = PostgresDatabase::create("the recall") else { return };
    let folder = vestnik_testkit::tempdir().unwrap();
    play(&Installation::new(folder.path(), database.address.clone(), "127.0.0.1:0".into()));
}

fn play(installation: &Installation) {
    let server = installation.start();
    let salon = Salon::open(&server.address);
    let profile = installation.folder.join("profile.json");
    std::fs::write(&profile, PROFILE).unwrap();
    let profile = ["--profile", profile.to_str().unwrap()];
    let phone =
        Phone::switch_on(&installation.folder, &server.address, &salon.link_token, &profile);

    let booked = salon.api.post("/api/v1/appointments", salon.booking("+79161234567", 3, "12:00"));
    wait_until("the message on the phone", LIMIT_S, || {
        let page = salon.api.get("/api/v1/messages?kind=created");
        let message = page["items"][0]["id"].as_str().unwrap();
        let timeline = salon.api.get(&format!("/api/v1/messages/{message}"));
        timeline["steps"].as_array().unwrap().iter().any(|step| step["code"] == "fetched")
    });
    let path = format!("/api/v1/appointments/{}", booked["id"].as_str().unwrap());
    salon.api.post(&format!("{path}/cancel"), json!({}));
    wait_until("the phone to drop it", LIMIT_S, || states(&installation.folder) == ["Cancelled"]);
    let told = |kind: &str| {
        let page = salon.api.get(&format!("/api/v1/messages?kind={kind}"));
        page["items"][0]["reason"]["code"].as_str().unwrap_or_default().to_owned()
    };
    wait_until("the word of the phone", LIMIT_S, || told("created") == "visit_cancelled");
    // Nothing had been told, so nothing is taken back.
    wait_until("the end of «cancelled»", LIMIT_S, || {
        told("cancelled") == "cancelled_before_told"
    });

    // Whatever was to follow by mistake goes before a later booking.
    salon.api.post("/api/v1/appointments", salon.booking("+79161234567", 4, "10:00"));
    wait_until("the next message", LIMIT_S, || !phone.air().is_empty());
    let air = phone.air();
    assert_eq!(air.len(), 1, "{air:?}");
    assert!(air[0].text.contains("в 10:00"), "{air:?}");
    phone.switch_off();
    let (ended, _) = server.terminate();
    assert!(ended.success(), "{ended}");
}

/// The states of the messages that the phone keeps, in its order.
fn states(folder: &Path) -> Vec<String> {
    let Ok(text) = std::fs::read(folder.join("phone.json")) else { return Vec::new() };
    let state: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let recipients = state["messages"].as_array().unwrap().iter().filter_map(|message| {
        let mut each = message["recipients"].as_object()?.values();
        each.next().and_then(|recipient| recipient[0].as_str().map(str::to_owned))
    });
    recipients.collect()
}
