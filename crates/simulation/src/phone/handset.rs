//! The phone in the hand: the app, and the network that it sends through. Still pure, so that a test
//! plays years of it in a moment.

use super::air::AirRecord;
use super::behaviour::PhoneBehaviour;
use super::model::{Input, Output, PhoneModel, WebhookEvent};
use super::moment::Moment;
use super::network::{Happening, Network};
use super::wire::reports::MessageReport;
use super::wire::settings::PhoneSettings;
use crate::chance::Chance;

/// What leaves the phone, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum HandsetOutput {
    /// The network took it: the client will read it.
    OnAir(AirRecord),
    Report(MessageReport),
    Webhook(WebhookEvent),
}

#[derive(Debug, Clone)]
pub struct Handset {
    model: PhoneModel,
    network: Network,
}

impl Handset {
    pub fn new(behaviour: &PhoneBehaviour, chance: &mut Chance) -> Handset {
        Handset {
            model: PhoneModel::new(behaviour.sim_count, chance.branch()),
            network: Network::new(behaviour.clone(), chance.branch()),
        }
    }

    pub fn settings(&self) -> &PhoneSettings {
        self.model.settings()
    }

    pub fn failed_count(&self) -> usize {
        self.model.failed_count()
    }

    /// What has come from the network by `now`, then `input`.
    pub fn step(&mut self, input: Input, now: Moment) -> Vec<HandsetOutput> {
        let mut outputs = Vec::new();
        for happening in self.network.happened(now) {
            let input = match happening {
                Happening::Result(result) => Input::Radio(result),
                Happening::Answer(answer) => Input::Received(answer),
            };
            self.step_model(input, now, &mut outputs);
        }
        self.step_model(input, now, &mut outputs);
        outputs
    }

    fn step_model(&mut self, input: Input, now: Moment, outputs: &mut Vec<HandsetOutput>) {
        for output in self.model.step(input, now) {
            match output {
                Output::Transmit(sms) => {
                    outputs.extend(self.network.transmit(&sms, now).map(HandsetOutput::OnAir));
                }
                Output::Report(report) => outputs.push(HandsetOutput::Report(report)),
                Output::Webhook(event) => outputs.push(HandsetOutput::Webhook(event)),
            }
        }
    }
}
