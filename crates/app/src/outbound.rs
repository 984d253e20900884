//! The port through which bytes leave to the carriers that we call. `transport` implements it, and
//! simulations play the carriers behind it.

use jiff::Timestamp;
use vestnik_channels::contract::{Outcome, OutgoingText};
use vestnik_domain::delivery::Delivery;
use vestnik_domain::sender::{Channel, Sender};

/// What a carrier answers when it is asked for a try by our id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookUp {
    /// It took it.
    Known { carrier_id: String },
    /// It surely never took it, and will not any more.
    NotKnown,
    /// It keeps no such list, or does not answer.
    CannotTell,
}

/// The way out.
#[async_trait::async_trait]
pub trait Outbound: Send + Sync {
    /// Is there a way out over this channel?
    fn serves(&self, channel: Channel) -> bool;

    /// Hands one text over. It must answer soon (its own timeout is [`Outcome::Unknown`]) and must not
    /// try twice by itself.
    async fn submit(&self, sender: &Sender, text: &OutgoingText) -> Outcome;

    /// Asks for a try whose answer was lost.
    async fn look_up(&self, sender: &Sender, delivery: &Delivery) -> LookUp;
}

/// Without any carrier: phones alone send.
pub(crate) struct NoCarriers;

#[async_trait::async_trait]
impl Outbound for NoCarriers {
    fn serves(&self, _: Channel) -> bool {
        false
    }

    async fn submit(&self, _: &Sender, _: &OutgoingText) -> Outcome {
        Outcome::NotSent { code: "no_carrier".to_owned() }
    }

    async fn look_up(&self, _: &Sender, _: &Delivery) -> LookUp {
        LookUp::CannotTell
    }
}

/// Until when a carrier that we call may still be handed a text: soon after the intent or never.
pub(crate) fn submit_until(send_before: Timestamp, now: Timestamp) -> Timestamp {
    let within = jiff::SignedDuration::from_secs(30);
    now.checked_add(within).unwrap_or(Timestamp::MAX).min(send_before)
}
