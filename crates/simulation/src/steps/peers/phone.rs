//! A salon's phone in the simulated world: the handset with its app, and the way between it and the
//! installation, on which answers and reports are lost, late and doubled.

use crate::chance::Chance;
use crate::phone::PhoneBehaviour;
use crate::phone::air::AirRecord;
use crate::phone::handset::{Handset, HandsetOutput};
use crate::phone::model::{Input, WebhookEvent};
use crate::phone::moment::Moment;
use crate::phone::wire::reports::{MessageReport, ReportedState};
use crate::phone::wire::webhooks::{Webhook, signature};
use crate::steps::commands::Posted;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::collections::BTreeSet;
use vestnik_domain::ids::{OrganizationId, SenderId};

/// The app asks by itself now and then, whatever it hears; a server calls it silent after 30 minutes.
const POLL: SignedDuration = SignedDuration::from_mins(25);
/// The event of an SMS that came in.
pub(in crate::steps) const RECEIVED: &str = "sms:received";
const FIRST_RETRY: SignedDuration = SignedDuration::from_secs(5);
/// The phone looks at itself so long after it got something: for its pauses and the radio's words.
const LOOKS_S: [i64; 7] = [1, 3, 7, 15, 40, 120, 600];

/// A report on its way.
#[derive(Debug, Clone)]
pub(in crate::steps) struct OnItsWay {
    pub(in crate::steps) arrives_at: Timestamp,
    pub(in crate::steps) body: Vec<u8>,
    tries: u32,
}

pub(in crate::steps) struct PhonePeer {
    pub(in crate::steps) organization: OrganizationId,
    pub(in crate::steps) sender: SenderId,
    /// What its user typed in last.
    pub(in crate::steps) link_token: String,
    pub(in crate::steps) device_token: Option<String>,
    /// Where it posts what it receives.
    pub(in crate::steps) webhook: Option<Webhook>,
    pub(in crate::steps) is_on: bool,
    handset: Handset,
    behaviour: PhoneBehaviour,
    in_trouble: bool,
    made_at: Timestamp,
    chance: Chance,
    reports: Vec<OnItsWay>,
    /// Messages of which it has said «delivered».
    delivered: BTreeSet<String>,
    late_parts: u64,
    received: Vec<WebhookEvent>,
    looks: Vec<Timestamp>,
    pub(in crate::steps) poll_at: Timestamp,
    poll_pause: SignedDuration,
    heard_of_it: bool,
    /// Until then it sends SMS, and has no way to the installation.
    dark_until: Timestamp,
}

/// What a report met on its way, for the totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::steps) enum Fate {
    Arrives,
    Late,
    Doubled,
    Lost,
}

impl PhonePeer {
    pub(in crate::steps) fn new(
        (organization, sender): (OrganizationId, SenderId),
        link_token: String,
        (behaviour, in_trouble): (PhoneBehaviour, bool),
        mut chance: Chance,
        now: Timestamp,
    ) -> PhonePeer {
        PhonePeer {
            organization,
            sender,
            link_token,
            device_token: None,
            webhook: None,
            is_on: true,
            handset: Handset::new(&behaviour, &mut chance),
            behaviour,
            in_trouble,
            made_at: now,
            chance,
            reports: Vec::new(),
            delivered: BTreeSet::new(),
            late_parts: 0,
            received: Vec::new(),
            looks: Vec::new(),
            poll_at: now,
            poll_pause: FIRST_RETRY,
            heard_of_it: false,
            dark_until: now,
        }
    }

    /// The app was installed anew: it has forgotten everything but the token, typed in again.
    pub(in crate::steps) fn reinstall(&mut self) {
        self.handset = Handset::new(&self.behaviour, &mut self.chance);
        self.device_token = None;
        self.reports.clear();
    }

    /// Posts about SMS that came in, signed now; they wait until somebody takes them.
    pub(in crate::steps) fn posts(&mut self, now: Timestamp) -> Vec<Posted> {
        let (Some(webhook), Some(key)) =
            (&self.webhook, self.handset.settings().signing_key.clone())
        else {
            return Vec::new();
        };
        let mut parts = webhook.url.rsplit('/').map(str::to_owned);
        let (Some(secret), Some(sender), Some(organization)) =
            (parts.next(), parts.next(), parts.next())
        else {
            return Vec::new();
        };
        let mut posts = Vec::new();
        for event in std::mem::take(&mut self.received) {
            let body = json!({
                "id": self.chance.hex(21),
                "webhookId": webhook.id,
                "event": event.event,
                "deviceId": null,
                "payload": event.payload,
            });
            let body = body.to_string().into_bytes();
            let timestamp = now.as_second().to_string();
            posts.push(Posted {
                organization: organization.clone(),
                sender: sender.clone(),
                secret: secret.clone(),
                signature: signature(&key, &body, &timestamp),
                timestamp,
                body,
            });
        }
        posts
    }

    pub(in crate::steps) fn can_post(&self) -> bool {
        self.webhook.is_some() && self.handset.settings().signing_key.is_some()
    }

    pub(in crate::steps) fn calm_down(&mut self) {
        self.in_trouble = false;
        self.dark_until = Timestamp::MIN;
    }

    pub(in crate::steps) fn loses_answer(&mut self) -> bool {
        self.in_trouble && self.chance.percent(6)
    }

    /// When it next does something by itself.
    ///
    /// A healthy phone for which nothing waits has asked all along; so that hours of rest cost nothing,
    /// it asks when that next matters, before anything else happens at that instant.
    pub(in crate::steps) fn next_at(&self) -> Option<Timestamp> {
        if !self.is_on {
            return None;
        }
        let reports = self.reports.iter().map(|report| report.arrives_at);
        let asks = (self.heard_of_it || self.in_trouble || self.device_token.is_none())
            .then_some(self.poll_at.max(self.dark_until));
        reports.chain(self.looks.iter().copied()).chain(asks).min()
    }

    /// The next poll: soon while something waits, more and more seldom; else in its own time.
    pub(in crate::steps) fn polled(&mut self, something_waits: bool, now: Timestamp) {
        self.heard_of_it = something_waits;
        self.poll_at = now + if something_waits { self.poll_pause } else { POLL };
        self.poll_pause =
            if something_waits { (self.poll_pause * 2).min(POLL) } else { FIRST_RETRY };
    }

    /// The event stream says that something waits: asked for at once, unless that is why it asked
    /// the last time.
    pub(in crate::steps) fn hear_of_something(&mut self, now: Timestamp) {
        if !std::mem::replace(&mut self.heard_of_it, true) {
            self.poll_at = now;
            self.poll_pause = FIRST_RETRY;
        }
    }

    /// It was given messages: if more wait, they may come as soon.
    ///
    /// Right after it a phone in trouble may lose its way to us, while the SMS go on leaving.
    pub(in crate::steps) fn got_something(&mut self, now: Timestamp) {
        self.poll_pause = FIRST_RETRY;
        if self.in_trouble && self.chance.percent(6) {
            let minutes = i64::try_from(self.chance.between(&(10..=240))).unwrap_or(10);
            self.dark_until = now + SignedDuration::from_mins(minutes);
        }
    }

    pub(in crate::steps) fn is_due(&self, now: Timestamp) -> bool {
        self.poll_at.max(self.dark_until) <= now
    }

    /// How often it said «sent» after «delivered», since the last look.
    pub(in crate::steps) fn late_parts(&mut self) -> u64 {
        std::mem::take(&mut self.late_parts)
    }

    /// Lets the app do something; what goes on the air is returned, reports set out.
    pub(in crate::steps) fn step(
        &mut self,
        input: Input,
        now: Timestamp,
    ) -> (Vec<AirRecord>, Vec<Fate>) {
        if !matches!(input, Input::TimePassed) {
            self.looks.extend(LOOKS_S.map(|after_s| now + SignedDuration::from_secs(after_s)));
        }
        self.looks.retain(|at| *at > now);
        let elapsed_ms = now.duration_since(self.made_at).as_millis();
        let moment = Moment { clock: now, elapsed_ms: u64::try_from(elapsed_ms).unwrap_or(0) };
        let (mut air, mut fates) = (Vec::new(), Vec::new());
        for output in self.handset.step(input, moment) {
            match output {
                HandsetOutput::OnAir(record) => {
                    // The radio's word and the receipt come soon after.
                    self.looks
                        .extend([1, 8].map(|after_s| now + SignedDuration::from_secs(after_s)));
                    air.push(record);
                }
                HandsetOutput::Report(report) => fates.push(self.send(&report, now)),
                HandsetOutput::Webhook(event) if event.event == RECEIVED => {
                    self.received.push(event);
                }
                HandsetOutput::Webhook(_) => {}
            }
        }
        (air, fates)
    }

    fn send(&mut self, report: &MessageReport, now: Timestamp) -> Fate {
        if report.state == ReportedState::Delivered {
            self.delivered.insert(report.id.clone());
        } else if report.state == ReportedState::Sent && self.delivered.contains(&report.id) {
            self.late_parts += 1;
        }
        let body = json!([report.to_json()]).to_string().into_bytes();
        let from = now.max(self.dark_until);
        let soon = |chance: &mut Chance| {
            from + SignedDuration::from_millis(
                i64::try_from(chance.between(&(50..=2_000))).unwrap_or(50),
            )
        };
        let fate = match self.chance.between(&(0..=99)) {
            0..=7 if self.in_trouble => Fate::Lost,
            8..=15 if self.in_trouble => Fate::Doubled,
            16..=25 if self.in_trouble => Fate::Late,
            _ => Fate::Arrives,
        };
        let times = match fate {
            Fate::Lost => Vec::new(),
            Fate::Arrives => vec![soon(&mut self.chance)],
            Fate::Doubled => vec![soon(&mut self.chance), soon(&mut self.chance)],
            Fate::Late => {
                let minutes = i64::try_from(self.chance.between(&(1..=1_600))).unwrap_or(1);
                vec![from + SignedDuration::from_mins(minutes)]
            }
        };
        self.reports.extend(times.into_iter().map(|arrives_at| OnItsWay {
            arrives_at,
            body: body.clone(),
            tries: 0,
        }));
        fate
    }

    /// Reports that arrive now, in whatever order.
    pub(in crate::steps) fn arriving(&mut self, now: Timestamp) -> Vec<OnItsWay> {
        let (arriving, ahead) =
            std::mem::take(&mut self.reports).into_iter().partition(|one| one.arrives_at <= now);
        self.reports = ahead;
        let mut arriving: Vec<OnItsWay> = arriving;
        arriving.sort_by_key(|one| one.arrives_at);
        arriving
    }

    /// It was not taken: the app tries ten times, at growing distances.
    pub(in crate::steps) fn again(&mut self, report: OnItsWay, now: Timestamp) {
        if report.tries < 10 {
            let pause = SignedDuration::from_secs(10 << report.tries.min(9));
            self.reports.push(OnItsWay {
                arrives_at: now + pause,
                tries: report.tries + 1,
                ..report
            });
        }
    }
}
