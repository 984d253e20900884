//! The phone against a small server in this process.

mod fake_server;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{Notify, mpsc};

use super::*;
use crate::phone::clock::DevClock;
use crate::phone::wire::webhooks::signature;
use fake_server::{Answer, Call, FakeServer, LINK_TOKEN};

/// Nothing here takes long; what does not come in this time does not come.
const LIMIT: Duration = Duration::from_secs(20);

fn options(server: &FakeServer) -> PhoneOptions {
    let behaviour = PhoneBehaviour { hurry: 200, ..PhoneBehaviour::default() };
    PhoneOptions { behaviour, ..PhoneOptions::new(&server.root(), LINK_TOKEN) }
}

/// A phone, its news as they come, and the way to stop it.
struct Trial {
    phone: SimulatedPhone,
    news: mpsc::UnboundedReceiver<PhoneNews>,
}

impl Trial {
    fn new(mut options: PhoneOptions) -> Trial {
        let (sender, news) = mpsc::unbounded_channel();
        options.on_news = Arc::new(move |one| {
            let _ = sender.send(one.clone());
        });
        Trial { phone: SimulatedPhone::new(options).unwrap(), news }
    }

    /// Runs until `enough` says so of a piece of news; panics if it never does.
    async fn run_until(
        &mut self,
        mut enough: impl FnMut(&PhoneNews) -> bool,
    ) -> Result<(), PhoneError> {
        let stop = Notify::new();
        let news = &mut self.news;
        let watch = async {
            while let Some(one) = news.recv().await {
                if enough(&one) {
                    stop.notify_one();
                    break;
                }
            }
            std::future::pending::<Result<(), PhoneError>>().await
        };
        let run = async {
            tokio::select! {
                end = self.phone.run(stop.notified()) => end,
                end = watch => end,
            }
        };
        tokio::time::timeout(LIMIT, run).await.expect("the awaited news never came")
    }

    async fn run_to_the_end(&mut self) -> PhoneError {
        self.run_until(|_| false).await.expect_err("the phone only ends by an error")
    }
}

fn reported(state: &'static str) -> impl FnMut(&PhoneNews) -> bool {
    move |news| matches!(news, PhoneNews::Reported(report) if report.state.name() == state)
}

fn complained(part: &'static str) -> impl FnMut(&PhoneNews) -> bool {
    move |news| matches!(news, PhoneNews::Complaint(words) if words.contains(part))
}

fn message(id: &str) -> Value {
    json!({
        "id": id, "state": "Pending", "textMessage": {"text": "Ждём вас"},
        "phoneNumbers": ["+15550100123"], "validUntil": "2099-01-01T00:00:00.000Z",
    })
}

fn webhooks(server: &FakeServer) -> Answer {
    let url = format!("{}/hook", server.root());
    Answer::json(json!([{"id": "w1", "url": url, "event": "sms:received"}]))
}

#[tokio::test]
async fn a_new_phone_is_linked_sends_and_reports() {
    let server = FakeServer::start().await;
    server.answer("GET /message", Answer::json(json!([message("m1")])));
    let mut trial = Trial::new(options(&server));
    let mut awaited = BTreeSet::from(["Processed", "Sent", "Delivered"]);
    trial
        .run_until(|news| {
            if let PhoneNews::Reported(report) = news {
                awaited.remove(report.state.name());
            }
            awaited.is_empty()
        })
        .await
        .unwrap();

    let calls = server.calls();
    assert_eq!(calls[0].line, "POST /device");
    assert_eq!(calls[0].header("authorization"), format!("Bearer {LINK_TOKEN}"));
    assert_eq!(calls[0].header("user-agent"), "me.capcom.smsgateway/1.68.0");
    assert!(calls[0].json()["pushToken"].is_null());
    let events: Vec<&Call> = calls.iter().filter(|call| call.line == "GET /events").collect();
    assert_eq!(events[0].headers.get_all("user-agent").iter().count(), 1);
    assert_eq!(events[0].header("user-agent"), "okhttp/4.10.0");
    assert_eq!(events[0].header("authorization"), "Bearer device-token-1");
    // Reports run side by side: in no order.
    let states: BTreeSet<String> = calls
        .iter()
        .filter(|call| call.line == "PATCH /message")
        .map(|call| call.json()[0]["state"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(states, ["Delivered", "Processed", "Sent"].map(str::to_owned).into());
    let asked = |line: &str| calls.iter().any(|call| call.line == line);
    assert!(!asked("GET /settings") && !asked("GET /webhooks"), "not before an event");
    assert_eq!(trial.phone.options.air.records().len(), 1);
}

#[tokio::test]
async fn an_answer_is_posted_with_a_signature() {
    let server = FakeServer::start().await;
    server.answer("GET /settings", Answer::json(json!({"webhooks": {"signing_key": "k7k7"}})));
    server.answer("GET /webhooks", webhooks(&server));
    let mut options = options(&server);
    options.behaviour.answer_percent = 100;
    options.behaviour.answer_texts = vec!["1".to_owned()];
    let mut trial = Trial::new(options);
    server.push("event: SettingsUpdated\ndata: null\n\nevent: WebhooksUpdated\ndata: null\n\n");
    let mut taken = 0;
    trial
        .run_until(|news| {
            let one = matches!(news, PhoneNews::SettingsTaken | PhoneNews::WebhooksTaken { .. });
            taken += i32::from(one);
            taken == 2
        })
        .await
        .unwrap();
    server.answer("GET /message", Answer::json(json!([message("m1")])));
    trial
        .run_until(|news| matches!(news, PhoneNews::Posted { event: "sms:received" }))
        .await
        .unwrap();

    let calls = server.calls();
    let post = calls.iter().find(|call| call.line == "POST /hook").unwrap();
    assert_eq!(post.json()["payload"]["message"], "1");
    assert_eq!(post.json()["payload"]["sender"], "+15550100123");
    assert_eq!(post.json()["deviceId"], "device-1");
    let expected = signature("k7k7", &post.body, &post.header("x-timestamp"));
    assert_eq!(post.header("x-signature"), expected);
}

#[tokio::test]
async fn an_incoming_sms_waits_for_a_webhook_that_is_down() {
    let server = FakeServer::start().await;
    server.answer("GET /webhooks", webhooks(&server));
    server.answer("POST /hook", Answer::status(503));
    server.push("event: WebhooksUpdated\ndata: null\n\n");
    let mut trial = Trial::new(options(&server));
    let remote = trial.phone.remote();
    trial
        .run_until(move |news| {
            if matches!(news, PhoneNews::WebhooksTaken { .. }) {
                remote.receive_sms("+15550100123", "приду");
            }
            complained("вебхук sms:received: ответ 503")(news)
        })
        .await
        .unwrap();
    server.answer("POST /hook", Answer::status(200));
    trial.run_until(|news| matches!(news, PhoneNews::Posted { .. })).await.unwrap();
    let bodies: Vec<Vec<u8>> = server
        .calls()
        .into_iter()
        .filter(|call| call.line == "POST /hook")
        .map(|call| call.body)
        .collect();
    assert!(bodies.iter().skip(1).any(|body| *body == bodies[0]), "a retry is the same event");
}

/// Whoever answers a webhook after more than five seconds is sent it again.
#[tokio::test]
async fn a_webhook_that_keeps_silent_is_soon_given_up_and_posted_again() {
    let server = FakeServer::start().await;
    server.answer("GET /webhooks", webhooks(&server));
    server.answer("POST /hook", Answer::never());
    server.push("event: WebhooksUpdated\ndata: null\n\n");
    let mut trial = Trial::new(options(&server));
    let remote = trial.phone.remote();
    trial
        .run_until(move |news| {
            if matches!(news, PhoneNews::WebhooksTaken { .. }) {
                remote.receive_sms("+15550100123", "приду");
            }
            complained("вебхук sms:received: сервер не отвечает")(news)
        })
        .await
        .unwrap();
    server.answer("POST /hook", Answer::status(200));
    trial.run_until(|news| matches!(news, PhoneNews::Posted { .. })).await.unwrap();
}

#[tokio::test]
async fn a_restart_patches_first_and_signs_up_again_only_after_401() {
    let server = FakeServer::start().await;
    let mut trial = Trial::new(options(&server));
    let linked = |anew| move |news: &PhoneNews| matches!(news, PhoneNews::Linked { anew: a, .. } if *a == anew);
    trial.run_until(linked(true)).await.unwrap();
    trial.run_until(linked(false)).await.unwrap();
    let lines: Vec<String> = server.calls().iter().map(|call| call.line.clone()).collect();
    assert_eq!(lines.iter().filter(|line| *line == "POST /device").count(), 1);

    server.answer("PATCH /device", Answer::status(500));
    trial.run_until(complained("ответ 500")).await.unwrap();
    assert_eq!(server.count("POST /device"), 1, "only 401 leads to a new sign-up");

    server.answer("PATCH /device", Answer::status(401));
    trial.run_until(linked(true)).await.unwrap();
    assert_eq!(server.count("POST /device"), 2);

    server.answer("POST /device", Answer::status(401));
    let refused = trial.run_to_the_end().await;
    assert_eq!(refused.to_string(), "сервер отказал: токен привязки не подходит");
}

#[tokio::test]
async fn a_bad_element_fails_the_list_until_it_is_mended() {
    let server = FakeServer::start().await;
    let mut bad = message("m2");
    bad["priority"] = json!(300);
    server.answer("GET /message", Answer::json(json!([message("m1"), bad])));
    let mut trial = Trial::new(options(&server));
    trial.run_until(complained("[1].priority")).await.unwrap();
    assert_eq!(trial.phone.options.air.records(), []);
    server.answer("GET /message", Answer::json(json!([message("m1")])).of_type("text/plain"));
    trial.run_until(complained("Content-Type")).await.unwrap();
    assert_eq!(trial.phone.options.air.records(), []);
    server.answer("GET /message", Answer::json(json!([message("m1")])));
    trial.run_until(reported("Sent")).await.unwrap();
    assert_eq!(trial.phone.options.air.records().len(), 1);
}

#[tokio::test]
async fn events_are_followed() {
    let server = FakeServer::start().await;
    let mut waiting = message("m1");
    waiting["scheduleAt"] = json!("2098-01-01T00:00:00.000Z");
    server.answer("GET /message", Answer::json(json!([waiting])));
    let mut trial = Trial::new(options(&server));
    let pushing = server.clone();
    trial
        .run_until(move |news| {
            // Known to the phone since it was acknowledged by a second pull.
            if *news == PhoneNews::Listening {
                pushing.push("event: MessageEnqueued\ndata: null\n\n");
                pushing.push("event: MessageEnqueued\ndata: null\n\n");
            }
            reported("Pending")(news)
        })
        .await
        .unwrap();
    let pushing = server.clone();
    trial
        .run_until(move |news| {
            if *news == PhoneNews::Listening {
                pushing.push("event: MessageCancelled\ndata: {\"messageId\": \"m1\"}\n\n");
            }
            reported("Cancelled")(news)
        })
        .await
        .unwrap();
    let pushing = server.clone();
    let crash = trial
        .run_until(move |news| {
            if *news == PhoneNews::Listening {
                pushing.push("event: MessageCancelled\ndata: null\n\n");
            }
            false
        })
        .await
        .expect_err("the app does not survive it");
    assert!(matches!(crash, PhoneError::Crashed(_)), "{crash}");
}

#[tokio::test]
async fn pushed_pings_begin_after_the_restart_that_they_ask_for() {
    let server = FakeServer::start().await;
    server.answer("GET /settings", Answer::json(json!({"ping": {"interval_seconds": 20}})));
    let url = format!("{}/hook", server.root());
    let hook = json!([{"id": "w1", "url": url, "event": "system:ping"}]);
    server.answer("GET /webhooks", Answer::json(hook));
    server.push("event: SettingsUpdated\ndata: null\n\n");
    let mut trial = Trial::new(options(&server));
    trial
        .run_until(|news| matches!(news, PhoneNews::Posted { event: "system:ping" }))
        .await
        .unwrap();
    assert!(server.answered("PATCH /device"));
    let calls = server.calls();
    let ping = calls.iter().find(|call| call.line == "POST /hook").unwrap();
    assert_eq!(ping.json()["payload"]["health"]["checks"]["battery:level"]["observedValue"], 80);
}

#[tokio::test]
async fn the_servers_clock_decides_what_is_too_late() {
    let server = FakeServer::start().await;
    server.answer("GET /dev/clock", Answer::json(json!({"now": "2099-01-01T00:00:01Z"})));
    server.answer("GET /message", Answer::json(json!([message("m1")])));
    let mut options = options(&server);
    options.clock = Arc::new(DevClock::new(&format!("{}/dev/clock", server.root())).unwrap());
    let mut trial = Trial::new(options);
    trial.run_until(reported("Failed")).await.unwrap();
    assert_eq!(trial.phone.options.air.records(), []);

    let mut options = self::options(&server);
    options.clock = Arc::new(DevClock::new(&format!("{}/no/clock", server.root())).unwrap());
    let refused = Trial::new(options).run_to_the_end().await;
    assert!(matches!(refused, PhoneError::Clock(ClockError::Refused(_))), "{refused}");
}

#[tokio::test]
async fn no_answer_makes_the_phone_panic() {
    let junk = [
        Answer::status(204),
        Answer::status(302),
        Answer::status(418),
        Answer::json(json!(null)),
        Answer::json(json!([null, 7, "x", [], {}])),
        Answer::json(json!({"id": 1, "token": null, "messages": null})),
        Answer::json(json!([{"id": "w", "event": "later", "url": "::"}])),
        Answer::bytes(b"\xff\xfe[", "application/json"),
        Answer::bytes(b"event: \xff\n\n\ndata", "text/event-stream"),
    ];
    let lines = ["GET /message", "GET /settings", "GET /webhooks", "GET /events", "PATCH /device"];
    let trials = junk.iter().map(|answer| async move {
        let server = FakeServer::start().await;
        let mut trial = Trial::new(options(&server));
        trial.run_until(|news| matches!(news, PhoneNews::Linked { .. })).await.unwrap();
        // The second start reads everything, and has something to say of it.
        for line in lines {
            server.answer(line, answer.clone());
        }
        let mut silent = vec!["GET /message", "GET /settings", "GET /webhooks", "поток событий"];
        let mut refusals = 0;
        let enough = move |news: &PhoneNews| {
            match news {
                PhoneNews::SettingsTaken => silent.retain(|line| *line != "GET /settings"),
                PhoneNews::Complaint(words) => {
                    silent.retain(|line| !words.starts_with(&format!("{line}: ")));
                    refusals += i32::from(words.starts_with("привязка: "));
                }
                _ => {}
            }
            // Where a restart is refused the phone keeps asking, and never comes to the rest.
            silent.is_empty() || refusals > 2
        };
        trial.run_until(enough).await.unwrap();

        let server = FakeServer::start().await;
        server.answer("POST /device", answer.clone());
        let end = Trial::new(options(&server)).run_to_the_end().await;
        assert!(
            matches!(
                end,
                PhoneError::RegistrationRefused { .. } | PhoneError::RegistrationUnreadable(_)
            ),
            "{end}"
        );
    });
    futures::future::join_all(trials).await;
}

#[tokio::test]
async fn an_air_that_cannot_be_written_ends_the_phone() {
    // A device that takes no byte; where there is none, there is nothing to try.
    let Ok(air) = AirLog::with_file(std::path::Path::new("/dev/full")) else {
        return;
    };
    let server = FakeServer::start().await;
    server.answer("GET /message", Answer::json(json!([message("m1")])));
    let end = Trial::new(PhoneOptions { air, ..options(&server) }).run_to_the_end().await;
    assert!(matches!(end, PhoneError::Air(_)), "{end}");
    assert_eq!(server.count("PATCH /message"), 0, "nothing is said of what is not recorded");
}

#[test]
fn a_phone_calls_nobody_else() {
    let elsewhere = SimulatedPhone::new(PhoneOptions::new("http://example.test", LINK_TOKEN));
    assert!(matches!(elsewhere.err(), Some(PhoneError::Loopback(_))));
}

/// Whoever plays a phone beside something else spawns its run.
#[test]
fn a_running_phone_may_be_spawned() {
    fn is_send<T: Send>(_: &T) {}
    let options = PhoneOptions::new("http://127.0.0.1:9", LINK_TOKEN);
    let mut phone = SimulatedPhone::new(options).unwrap();
    is_send(&phone.run(std::future::pending()));
}
