//! The app on the phone, as a pure state machine: what it remembers of messages, when each may go, what
//! it says about them. Time is an argument; the only chance is the length of its pauses, from a seed.
//!
//! Its one promise to the server: an id that it knows is never queued a second time.

mod outbox;
#[cfg(test)]
mod properties;
mod stored_message;
#[cfg(test)]
mod tests;
mod webhook_payloads;

use std::collections::BTreeMap;

use serde_json::Value;

use super::moment::{Moment, Wait};
use super::wire::messages::{OfferedState, PulledMessage};
use super::wire::reports::{MessageReport, ReportedState};
use super::wire::settings::PhoneSettings;
use crate::chance::Chance;
use jiff::Timestamp;
use stored_message::StoredMessage;

/// What happens to the app.
#[derive(Debug, Clone)]
pub enum Input {
    /// A pull was answered with this list.
    Pulled(Vec<PulledMessage>),
    /// The event `MessageCancelled`.
    CancelRequested { id: String },
    /// The radio or the network has something to say about an SMS.
    Radio(RadioResult),
    /// An SMS came in.
    Received(IncomingSms),
    /// Settings are in force from now on.
    Settings(PhoneSettings),
    /// Nothing but time.
    TimePassed,
}

/// What the app does about it, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Given to the radio, and never taken back.
    Transmit(Sms),
    /// To be told by `PATCH /message`.
    Report(MessageReport),
    /// To be posted to every webhook of this event.
    Webhook(WebhookEvent),
}

/// One SMS on its way to one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sms {
    pub message_id: String,
    /// As the server wrote it.
    pub number: String,
    /// What is left of it for dialling.
    pub dialled: String,
    pub text: String,
    /// Only of a data SMS, whose text is base64.
    pub data_port: Option<u16>,
    pub sim_number: Option<u8>,
    pub wants_delivery_report: bool,
    pub valid_until: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RadioResult {
    pub message_id: String,
    /// As the server wrote it.
    pub number: String,
    pub outcome: RadioOutcome,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RadioOutcome {
    Sent,
    Delivered,
    /// In the app's words, as in `Send result: RESULT_ERROR_NO_SERVICE (…)`.
    Failed(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingSms {
    pub from: String,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct WebhookEvent {
    pub event: &'static str,
    pub payload: Value,
}

#[derive(Debug, Clone)]
pub struct PhoneModel {
    messages: BTreeMap<String, StoredMessage>,
    /// Messages so far: equals go in the order in which they came.
    arrivals: u64,
    settings: PhoneSettings,
    sim_count: u8,
    /// Between two messages.
    pause: Option<Wait>,
    /// Until the app's own limit lets the next one go.
    limit_sleep: Option<Wait>,
    chance: Chance,
}

impl PhoneModel {
    pub fn new(sim_count: u8, chance: Chance) -> PhoneModel {
        PhoneModel {
            messages: BTreeMap::new(),
            arrivals: 0,
            settings: PhoneSettings::default(),
            sim_count,
            pause: None,
            limit_sleep: None,
            chance,
        }
    }

    pub fn settings(&self) -> &PhoneSettings {
        &self.settings
    }

    /// Failed messages that the phone remembers.
    pub fn failed_count(&self) -> usize {
        self.messages.values().filter(|message| message.state() == ReportedState::Failed).count()
    }

    pub fn step(&mut self, input: Input, now: Moment) -> Vec<Output> {
        let mut outputs = Vec::new();
        match input {
            Input::Pulled(list) => {
                for message in list {
                    self.take(message, now, &mut outputs);
                }
            }
            Input::CancelRequested { id } => self.cancel(&id, now, &mut outputs),
            Input::Radio(result) => self.record(result, now, &mut outputs),
            Input::Received(sms) => {
                outputs.push(Output::Webhook(webhook_payloads::received(&sms, now.clock)));
            }
            Input::Settings(settings) => self.settings = settings,
            Input::TimePassed => {}
        }
        self.send_what_may_go(now, &mut outputs);
        outputs
    }

    /// An element of a pulled list. A known message is acknowledged by its state, a new one is kept
    /// without a word.
    fn take(&mut self, pulled: PulledMessage, now: Moment, outputs: &mut Vec<Output>) {
        let offered = pulled.state;
        if let Some(known) = self.messages.get(&pulled.id) {
            match (offered, known.state()) {
                (OfferedState::Cancelling, ReportedState::Pending) => {
                    self.cancel(&pulled.id, now, outputs);
                }
                // Taken already: its next normal state is the answer.
                (
                    OfferedState::Cancelling,
                    ReportedState::Processed
                    | ReportedState::Sent
                    | ReportedState::Delivered
                    | ReportedState::Failed,
                ) => {}
                _ => outputs.push(Output::Report(known.report())),
            }
            return;
        }
        if offered == OfferedState::WithoutEffect {
            return;
        }
        self.arrivals += 1;
        let id = pulled.id.clone();
        self.messages.insert(id.clone(), StoredMessage::new(pulled, self.arrivals, now.clock));
        if offered == OfferedState::Cancelling {
            self.cancel(&id, now, outputs);
        }
    }

    /// Only what the radio does not have yet can be cancelled.
    fn cancel(&mut self, id: &str, now: Moment, outputs: &mut Vec<Output>) {
        let Some(message) = self.messages.get_mut(id) else {
            return;
        };
        if message.state() == ReportedState::Pending {
            message.advance_all(ReportedState::Cancelled, None, now.clock);
            tell(message, now.clock, outputs);
        }
    }

    fn record(&mut self, result: RadioResult, now: Moment, outputs: &mut Vec<Output>) {
        let Some(message) = self.messages.get_mut(&result.message_id) else {
            return;
        };
        let (state, error) = match result.outcome {
            RadioOutcome::Sent => (ReportedState::Sent, None),
            RadioOutcome::Delivered => (ReportedState::Delivered, None),
            RadioOutcome::Failed(error) => (ReportedState::Failed, Some(error)),
        };
        if message.advance(&result.number, state, error, now.clock) {
            tell(message, now.clock, outputs);
        }
    }
}

/// Reports the state and posts the webhook that goes with it.
fn tell(message: &StoredMessage, at: Timestamp, outputs: &mut Vec<Output>) {
    outputs.push(Output::Report(message.report()));
    outputs.extend(webhook_payloads::of_state(message, at).map(Output::Webhook));
}
