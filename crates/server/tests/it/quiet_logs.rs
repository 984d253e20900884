//! Log lines hold no personal data and no secrets, however much is asked to be said.

use crate::databases::PostgresDatabase;
use crate::hand_phone::{HandPhone, PUBLIC};
use crate::http::Caller;
use crate::process::Installation;
use crate::salon::Salon;
use crate::waiting::wait_for;
use serde_json::json;

const LIMIT_S: u64 = 30;
const NAME: &str = "Аполлинария";
const SMS: &str = "Заберу кота и приду";

#[test]
fn quiet_logs_on_sqlite() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("vestnik.db").display());
    play(&Installation::new(folder.path(), database, "127.0.0.1:0".into()));
}

#[test]
fn quiet_logs_on_postgres() {
    let Some(database) = PostgresDatabase::create("quiet logs") else { return };
    let folder = vestnik_testkit::tempdir().unwrap();
    play(&Installation::new(folder.path(), database.address.clone(), "127.0.0.1:0".into()));
}

fn play(installation: &Installation) {
    let installation = installation.saying("trace").with_flags(&PUBLIC);
    let server = installation.start();
    let log = server.log.clone();
    let salon = Salon::open(&server.address);
    let phone = HandPhone::link(&server.address, &salon.link_token);
    let mut booking = salon.booking("8 (916) 765-43-21", 3, "12:00");
    booking["client"]["name"] = json!(NAME);
    booking["note"] = json!("Аллергия на лаванду");
    let booked = salon.api.post("/api/v1/appointments", booking);
    let message = wait_for("a message", LIMIT_S, || phone.pull().into_iter().next()).unwrap();
    let text = message["textMessage"]["text"].as_str().unwrap().to_owned();
    phone.report(&message, "Sent");
    phone.receive("+79167654321", SMS);
    phone.receive("+79167654321", "STOP");
    salon.api.get("/api/v1/clients?search=7654321");
    salon.api.get("/api/v1/messages?phone=7654321");
    salon.api.get(&format!("/api/v1/appointments/{}/explain", booked["id"].as_str().unwrap()));

    // Requests that are refused, with the same things in them.
    let refused = [
        ("POST", "/api/v1/clients", json!({ "name": NAME, "phone": "+7916765432199" })),
        ("POST", "/api/v1/clients", json!({ "name": NAME, "phone": 79167654321_i64 })),
        ("POST", "/api/v1/appointments", json!({ "client": NAME, "start": SMS })),
        ("GET", "/api/v1/clients/+79167654321", json!(null)),
        ("DELETE", "/api/v1/stopped-numbers/+79160000000", json!(null)),
    ];
    for (method, path, body) in refused {
        let body = (!body.is_null()).then_some(&body);
        let answer = salon.api.call(method, path, body).unwrap();
        assert!((400..500).contains(&answer.status), "{answer:?}");
    }
    let nobody = Caller::new(&server.address);
    let password = "not the password at all";
    let sign_in = json!({ "email": "anna@salon.example", "password": password });
    assert_eq!(nobody.call("POST", "/api/v1/sessions", Some(&sign_in)).unwrap().status, 401);
    let broken = json!([{ "id": 1, "phoneNumber": "+79167654321" }]);
    let bad = nobody.with_header("Authorization", &format!("Bearer {}", phone.token));
    assert_eq!(bad.call("PATCH", "/api/mobile/v1/message", Some(&broken)).unwrap().status, 400);
    let (ended, _) = server.terminate();
    assert!(ended.success(), "{ended}");

    let lines = std::fs::read_to_string(&log).unwrap();
    assert!(lines.contains("a phone registered"), "it says something: {lines}");
    let (_, header) = salon.api.headers.iter().find(|(name, _)| name == "Authorization").unwrap();
    let api_token = header.strip_prefix("Bearer ").unwrap();
    let hook_secret = phone.hook.rsplit_once('/').unwrap().1;
    let secret_things = [
        ("the name", NAME),
        ("a text that was sent", text.as_str()),
        ("a part of it", "Вы записаны"),
        ("an SMS that came in", SMS),
        ("a note", "лаванд"),
        ("the number", "9167654321"),
        ("the number as typed", "765-43-21"),
        ("a searched part of the number", "7654321"),
        ("an e-mail address", "anna@salon.example"),
        ("a password", "correct horse battery"),
        ("a wrong password", password),
        ("the API token", api_token),
        ("the device's token", phone.token.as_str()),
        ("the link token", salon.link_token.as_str()),
        ("the secret of the webhook", hook_secret),
    ];
    let found: Vec<String> = secret_things
        .into_iter()
        .filter_map(|(what, thing)| {
            let line = lines.lines().find(|line| line.contains(thing))?;
            Some(format!("{what}: {}", line.chars().take(600).collect::<String>()))
        })
        .collect();
    assert!(found.is_empty(), "the log holds {found:#?}");
}
