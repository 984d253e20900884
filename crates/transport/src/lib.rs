//! The way out: the only crate of the product that opens outgoing connections. Each channel's words
//! are its folder's in `channels`; here are only sockets, files and timeouts.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod bounded_journal;
mod message_log;

pub use bounded_journal::BoundedJournal;

use message_log::MessageLog;
use std::path::PathBuf;
use vestnik_app::outbound::{LookUp, Outbound};
use vestnik_channels::contract::{Outcome, OutgoingText};
use vestnik_domain::delivery::Delivery;
use vestnik_domain::sender::{Channel, Sender};

/// The carriers that this installation can reach.
pub struct Carriers {
    message_log: MessageLog,
}

impl Carriers {
    /// `message_log` is the file that senders of the channel `log` write to.
    pub fn new(message_log: PathBuf) -> Carriers {
        Carriers { message_log: MessageLog::new(message_log) }
    }
}

#[async_trait::async_trait]
impl Outbound for Carriers {
    fn serves(&self, channel: Channel) -> bool {
        channel == Channel::Log
    }

    async fn submit(&self, sender: &Sender, text: &OutgoingText) -> Outcome {
        match sender.channel {
            Channel::Log => self.message_log.submit(text).await,
            Channel::AndroidPhone | Channel::Simulated => {
                Outcome::NotSent { code: "no_carrier".to_owned() }
            }
        }
    }

    async fn look_up(&self, sender: &Sender, delivery: &Delivery) -> LookUp {
        match sender.channel {
            Channel::Log => self.message_log.look_up(delivery).await,
            Channel::AndroidPhone | Channel::Simulated => LookUp::CannotTell,
        }
    }
}
