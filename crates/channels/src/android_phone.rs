//! The salon's own Android phone: it runs the SMSGate app and asks us, its private server, what to
//! send. This folder is that protocol as pure functions, with every oddity of the app in one place.
//!
//! The app is lenient where that hurts: it reads a date with more than three fraction digits as
//! another hour, a state it does not know as «send it», and one bad element fails a whole list. So
//! replies are built by types that cannot say such things.

pub mod app_version;
pub mod authorization;
pub mod delivery_events;
pub mod events;
mod fields;
pub mod link_steps;
pub mod phone_error;
pub mod settings;
pub mod signing_key;
pub mod states;
pub mod webhooks;
pub mod wire;

#[cfg(test)]
mod random_bytes;

use crate::contract::{Abilities, Channel, Drive, Receipts, TextLimit};

/// Longer texts are often refused by the phone or its network with LIMIT_EXCEEDED.
const MAX_SMS_PARTS: usize = 5;

#[derive(Debug, Clone, Copy)]
pub struct AndroidPhone;

impl Channel for AndroidPhone {
    fn name(&self) -> &'static str {
        "android_phone"
    }

    fn channel(&self) -> &'static str {
        "android_phone"
    }

    fn drive(&self) -> Drive {
        Drive::Pull
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            text_limit: TextLimit {
                max_units: wire::MAX_TEXT_UNITS,
                max_sms_parts: Some(MAX_SMS_PARTS),
            },
            receipts: Receipts::Delivered,
            can_recall: true,
            repeats_safely: true,
        }
    }
}
