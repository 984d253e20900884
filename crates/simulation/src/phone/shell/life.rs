//! One life of the app's process, from its start to its stop: what wakes it, and what it does then.

use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};

use super::errands::{Errand, ErrandId, WebhookPost};
use super::event_stream::{self, StreamNews};
use super::registration::Start;
use super::remote::Command;
use super::server_api::{CallFailure, ServerApi};
use super::{PhoneError, PhoneNews, SimulatedPhone, loopback, wait_ms};
use crate::phone::handset::HandsetOutput;
use crate::phone::model::{Input, WebhookEvent};
use crate::phone::moment::{Moment, Wait};
use crate::phone::sse::SseFrame;
use crate::phone::wire::messages::PulledMessage;
use crate::phone::wire::settings::ProcessingOrder;
use crate::phone::wire::webhooks::{Webhook, signature};

/// How often the app looks at its clock when nothing else happens.
const LOOK_MS: u64 = 100;
const PERIODIC_PULL_MS: u64 = 15 * 60 * 1000;
const DAILY_MS: u64 = 24 * 3600 * 1000;
const ENVELOPE_ID_DIGITS: usize = 21;
const LOW_BATTERY_PERCENT: u8 = 20;

enum Reply {
    Messages(Vec<PulledMessage>),
    Settings(Value),
    Webhooks(Vec<Webhook>),
    Accepted,
}

struct Finished {
    id: ErrandId,
    errand: Errand,
    outcome: Result<Reply, CallFailure>,
}

/// What woke the app.
enum Woken {
    Errand(Finished),
    Stream(StreamNews),
    Owner(Command),
    Time,
}

/// Whether this life goes on.
#[derive(PartialEq)]
enum Goes {
    On,
    ToRestart,
}

/// What comes again and again.
struct Recurring {
    pull: Wait,
    daily: Wait,
    /// By the settings at the start; new ones wait for a restart.
    ping: Option<(u64, Wait)>,
}

impl SimulatedPhone {
    /// Lives, over restarts, until something is wrong; otherwise for ever.
    pub(super) async fn live(&mut self) -> Result<(), PhoneError> {
        loop {
            self.live_once().await?;
        }
    }

    /// Until the app is restarted.
    async fn live_once(&mut self) -> Result<(), PhoneError> {
        let start = self.register().await?;
        let now = self.moment().await?;
        self.errands.nothing_runs();
        self.errands.ask(Errand::Pull, now);
        if start == Start::Restart {
            // After a first sign-up the app waits for an event instead.
            self.errands.ask(Errand::ReadSettings, now);
            self.errands.ask(Errand::ReadWebhooks, now);
        }
        let sim_cards = self.sim_cards();
        self.emit(
            &WebhookEvent { event: "app:started", payload: json!({"simCards": sim_cards}) },
            now,
        );
        let ping_ms = self.handset.settings().ping_interval_s.map(|s| u64::from(s) * 1000);
        let mut recurring = Recurring {
            pull: now.after_ms(PERIODIC_PULL_MS),
            daily: now.after_ms(DAILY_MS),
            ping: ping_ms.map(|ms| (ms, now.after_ms(ms))),
        };
        // Both sets end with this life, and what runs in them.
        let mut running: JoinSet<Finished> = JoinSet::new();
        let mut listening = JoinSet::new();
        let (sender, mut stream) = mpsc::unbounded_channel();
        listening.spawn(event_stream::follow(self.api.clone(), self.hurry(), sender));
        let mut woken = Woken::Time;
        loop {
            let now = self.moment().await?;
            if self.wake(woken, now)? == Goes::ToRestart {
                return Ok(());
            }
            self.repeat(&mut recurring, now);
            for (id, errand) in self.errands.start_due(now) {
                self.start(id, errand, now, &mut running);
            }
            woken = tokio::select! {
                Some(finished) = running.join_next() => {
                    ended(finished).map_or(Woken::Time, Woken::Errand)
                }
                Some(deaf) = listening.join_next() => {
                    let _ = ended(deaf);
                    Woken::Time
                }
                Some(news) = stream.recv() => Woken::Stream(news),
                Some(command) = self.commands.recv() => Woken::Owner(command),
                () = wait_ms(LOOK_MS) => Woken::Time,
            };
        }
    }

    fn wake(&mut self, woken: Woken, now: Moment) -> Result<Goes, PhoneError> {
        let input = match woken {
            Woken::Time => Input::TimePassed,
            Woken::Owner(Command::Restart) => return Ok(Goes::ToRestart),
            Woken::Owner(Command::Receive(sms)) => Input::Received(sms),
            Woken::Stream(StreamNews::Opened) => {
                self.tell(&PhoneNews::Listening);
                self.errands.ask(Errand::Pull, now);
                Input::TimePassed
            }
            Woken::Stream(StreamNews::Closed(why)) => {
                self.complain(format!("поток событий: {why}"));
                Input::TimePassed
            }
            Woken::Stream(StreamNews::Frame(frame)) => self.take_frame(&frame, now)?,
            Woken::Errand(finished) => {
                let before = self.handset.settings().clone();
                let input = self.take_finished(finished, now);
                let mut asked = false;
                if let Input::Settings(new) = &input {
                    self.tell(&PhoneNews::SettingsTaken);
                    asked = new.asks_for_restart_after(&before);
                    if let Some(token) = new.private_token.as_ref().filter(|_| asked) {
                        self.options.link_token.clone_from(token);
                    }
                }
                self.step(input, now)?;
                let follows = self.options.behaviour.restarts_when_asked;
                return Ok(if asked && follows { Goes::ToRestart } else { Goes::On });
            }
        };
        self.step(input, now)?;
        Ok(Goes::On)
    }

    fn take_frame(&mut self, frame: &SseFrame, now: Moment) -> Result<Input, PhoneError> {
        match frame.event.as_deref() {
            None | Some("MessageEnqueued") => self.errands.ask(Errand::Pull, now),
            Some("WebhooksUpdated") => self.errands.ask(Errand::ReadWebhooks, now),
            Some("SettingsUpdated") => self.errands.ask(Errand::ReadSettings, now),
            Some("MessageCancelled") => {
                let data: Option<Value> = serde_json::from_str(&frame.data).ok();
                let id = data.as_ref().and_then(|data| data.get("messageId")?.as_str());
                let crash = "событие MessageCancelled пришло без messageId";
                let id = id.ok_or(PhoneError::Crashed(crash))?;
                return Ok(Input::CancelRequested { id: id.to_owned() });
            }
            // There is nothing to export: this phone forwards every message at once.
            Some("MessagesExportRequested") => {}
            Some(unknown) => self.complain(format!("неизвестное событие «{unknown}»")),
        }
        Ok(Input::TimePassed)
    }

    fn take_finished(&mut self, finished: Finished, now: Moment) -> Input {
        let Finished { id, errand, outcome } = finished;
        let failure = match outcome {
            Err(failure) => failure,
            Ok(Reply::Settings(pushed)) => match self.handset.settings().with(&pushed) {
                Ok(settings) => {
                    self.errands.done(id);
                    return Input::Settings(settings);
                }
                Err(flaw) => CallFailure::Unreadable(flaw.to_string()),
            },
            Ok(reply) => {
                self.errands.done(id);
                return self.take_reply(errand, reply);
            }
        };
        let gave_up = self.errands.failed(id, self.handset.settings().webhook_tries, now);
        let end = if gave_up { ", больше попыток не будет" } else { "" };
        self.complain(format!("{}: {failure}{end}", call_of(&errand)));
        Input::TimePassed
    }

    fn take_reply(&mut self, errand: Errand, reply: Reply) -> Input {
        match (errand, reply) {
            (_, Reply::Messages(list)) => return Input::Pulled(list),
            (_, Reply::Webhooks(list)) => {
                self.tell(&PhoneNews::WebhooksTaken { count: list.len() });
                self.webhooks = list;
            }
            (Errand::Report(report), _) => self.tell(&PhoneNews::Reported(report)),
            (Errand::Post(post), _) => self.tell(&PhoneNews::Posted { event: post.event }),
            _ => {}
        }
        Input::TimePassed
    }

    fn step(&mut self, input: Input, now: Moment) -> Result<(), PhoneError> {
        for output in self.handset.step(input, now) {
            match output {
                HandsetOutput::OnAir(record) => {
                    self.options.air.write(&record)?;
                    self.tell(&PhoneNews::OnAir(record));
                }
                HandsetOutput::Report(report) => self.errands.ask(Errand::Report(report), now),
                HandsetOutput::Webhook(event) => self.emit(&event, now),
            }
        }
        Ok(())
    }

    /// To every webhook of this event; the app drops what nobody asked for.
    fn emit(&mut self, event: &WebhookEvent, now: Moment) {
        let device_id = self.registration.as_ref().map(|known| known.device_id.as_str());
        let mut heard = false;
        for webhook in self.webhooks.iter().filter(|webhook| webhook.event == event.event) {
            heard = true;
            let body = json!({
                "id": self.chance.hex(ENVELOPE_ID_DIGITS),
                "webhookId": webhook.id,
                "event": event.event,
                "deviceId": device_id,
                "payload": event.payload,
            });
            let (url, body) = (webhook.url.clone(), body.to_string().into_bytes());
            self.errands.ask(Errand::Post(WebhookPost { event: event.event, url, body }), now);
        }
        if !heard && event.event == "sms:received" {
            self.complain("входящее SMS некуда передать: сервер не назвал вебхук".to_owned());
        }
    }

    fn repeat(&mut self, recurring: &mut Recurring, now: Moment) {
        if recurring.pull.is_over(now) {
            recurring.pull = now.after_ms(PERIODIC_PULL_MS);
            self.errands.ask(Errand::Pull, now);
        }
        if recurring.daily.is_over(now) {
            recurring.daily = now.after_ms(DAILY_MS);
            self.errands.ask(Errand::ReadSettings, now);
            self.errands.ask(Errand::ReadWebhooks, now);
        }
        if let Some((ping_ms, due)) = &mut recurring.ping
            && due.is_over(now)
        {
            *due = now.after_ms(*ping_ms);
            self.errands.ask(Errand::Pull, now);
            let payload = json!({"health": self.health()});
            self.emit(&WebhookEvent { event: "system:ping", payload }, now);
        }
    }

    fn health(&self) -> Value {
        let battery_percent = self.options.behaviour.battery_percent;
        let low = battery_percent < LOW_BATTERY_PERCENT;
        let status = if low { "warn" } else { "pass" };
        let check = |value: u64, status: &str| json!({"observedValue": value, "status": status});
        json!({
            "status": status, "version": "1.68.0", "releaseId": 168,
            "checks": {
                "messages:failed": check(self.handset.failed_count() as u64, "pass"),
                "connection:status": check(1, "pass"),
                "connection:transport": check(4, "pass"),
                "connection:cellular": check(1, "pass"),
                "battery:level": check(u64::from(battery_percent), status),
                "battery:charging": check(u64::from(!low), "pass"),
            },
        })
    }

    fn start(&self, id: ErrandId, errand: Errand, now: Moment, running: &mut JoinSet<Finished>) {
        let api = self.api.clone();
        let settings = self.handset.settings();
        let order = settings.processing_order;
        // Signed at every try: the signature has the time in it.
        let timestamp = now.clock.as_second().to_string();
        let signature = match &errand {
            Errand::Post(post) => {
                let key = settings.signing_key.as_ref().unwrap_or(&self.own_key);
                signature(key, &post.body, &timestamp)
            }
            _ => String::new(),
        };
        running.spawn(async move {
            let outcome = perform(&api, &errand, order, timestamp, signature).await;
            Finished { id, errand, outcome }
        });
    }
}

/// What a task came to. Its panic is the phone's: nothing of an answer may be lost without a word.
fn ended<T>(task: Result<T, JoinError>) -> Option<T> {
    match task.map_err(JoinError::try_into_panic) {
        Ok(output) => Some(output),
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // Cancelled: the runtime is at its end.
        Err(Err(_)) => None,
    }
}

async fn perform(
    api: &ServerApi,
    errand: &Errand,
    order: ProcessingOrder,
    timestamp: String,
    signature: String,
) -> Result<Reply, CallFailure> {
    match errand {
        Errand::Pull => api.pull(order).await.map(Reply::Messages),
        Errand::ReadSettings => api.settings().await.map(Reply::Settings),
        Errand::ReadWebhooks => api.webhooks().await.map(Reply::Webhooks),
        Errand::Report(report) => api.report(report).await.map(|()| Reply::Accepted),
        Errand::Post(post) => {
            let url = loopback::address(&post.url)
                .map_err(|error| CallFailure::Unreachable(error.to_string()))?;
            api.post(url, post.body.clone(), timestamp, signature).await.map(|()| Reply::Accepted)
        }
    }
}

/// The call, for words about its failure.
fn call_of(errand: &Errand) -> String {
    match errand {
        Errand::Pull => "GET /message".to_owned(),
        Errand::ReadSettings => "GET /settings".to_owned(),
        Errand::ReadWebhooks => "GET /webhooks".to_owned(),
        Errand::Report(report) => format!("PATCH /message, {} {}", report.id, report.state.name()),
        Errand::Post(post) => format!("вебхук {}", post.event),
    }
}
