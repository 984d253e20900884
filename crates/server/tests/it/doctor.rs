//! `vestnik doctor` says of each organization how its phones stand.

use crate::databases::PostgresDatabase;
use crate::http::Caller;
use crate::process::Installation;
use crate::salon::Salon;
use serde_json::{Value, json};

#[test]
fn doctor_on_sqlite() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("vestnik.db").display());
    play(&Installation::new(folder.path(), database, "127.0.0.1:0".into()));
}

#[test]
fn doctor_on_postgres() {
    let Some(database) = PostgresDatabase::create("the doctor") else { return };
    let folder = vestnik_testkit::tempdir().unwrap();
    play(&Installation::new(folder.path(), database.address.clone(), "127.0.0.1:0".into()));
}

fn play(installation: &Installation) {
    let server = installation.start();
    let salon = Salon::open(&server.address);
    let app = Caller::new(&server.address).with_header("User-Agent", "me.capcom.smsgateway/1.68.0");
    let (ended, _) = server.terminate();
    assert!(ended.success(), "{ended}");
    let (right, said) = ask(installation);
    assert!(!right, "{said}");
    let line = |said: &str| {
        let found = said.lines().find(|line| line.contains("Телефон администратора"));
        found.unwrap_or_else(|| panic!("no line about the phone in {said}")).to_owned()
    };
    let of_phone = line(&said);
    assert!(of_phone.starts_with("WRONG ООО «Стиль», phone «Телефон администратора»"), "{said}");
    assert!(of_phone.contains("enter it in the app"), "{said}");

    // Linked, and it hopes for pushes that nobody sends.
    let server = installation.start();
    let app = Caller { address: server.address.clone(), ..app };
    let sims = json!([{ "slotIndex": 0, "simNumber": 1 }]);
    let register = |push: Value| {
        let mut body = json!({ "name": "Pixel", "simCards": sims });
        if push.is_string() {
            body["pushToken"] = push;
        }
        let link = format!("Bearer {}", salon.link_token);
        app.clone().with_header("Authorization", &link).post("/api/mobile/v1/device", body);
    };
    register(json!("token of a push service"));
    server.terminate();
    let (right, said) = ask(installation);
    assert!(!right, "{said}");
    let of_phone = line(&said);
    assert!(of_phone.starts_with("WRONG") && of_phone.contains("SSE only"), "{said}");

    let server = installation.start();
    let app = Caller { address: server.address.clone(), ..app };
    let body = json!({ "name": "Pixel", "simCards": sims });
    let link = format!("Bearer {}", salon.link_token);
    app.with_header("Authorization", &link).post("/api/mobile/v1/device", body);
    server.terminate();
    let (right, said) = ask(installation);
    assert!(right, "{said}");
    assert!(line(&said).starts_with("ok    ООО «Стиль»"), "{said}");
    // Plain words for people: no numbers of clients, no secrets.
    assert!(!said.contains(&salon.link_token), "{said}");
}

/// Whether all is right, and what the doctor says.
fn ask(installation: &Installation) -> (bool, String) {
    let done = installation.command(&["doctor"]);
    (done.status.success(), String::from_utf8(done.stdout).unwrap())
}
