//! Senders for tests.

use super::{Channel, PhoneLink, Sender, SenderSettings};
use crate::ids::{OrganizationId, SenderId};
use crate::local_time::Zone;
use jiff::Timestamp;

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A phone in Moscow with standard settings.
pub(crate) fn phone(id: i64) -> Sender {
    Sender {
        organization_id: OrganizationId(1),
        id: SenderId(id),
        version: 1,
        name: format!("Телефон {id}"),
        channel: Channel::AndroidPhone,
        number: None,
        zone: Zone::parse("Europe/Moscow").unwrap(),
        settings: SenderSettings::default(),
        created_at: at("2026-12-01T09:00:00Z"),
        archived_at: None,
    }
}

/// The link of a phone that was last heard from at `last_contact_at`.
pub(crate) fn link(last_contact_at: &str) -> PhoneLink {
    PhoneLink {
        organization_id: OrganizationId(1),
        sender_id: SenderId(1),
        version: 1,
        link_token_hash: vec![1; 32],
        registration: 1,
        device_token_hash: Some(vec![2; 32]),
        app_version: Some("1.68.0".into()),
        relinking_since: None,
        last_contact_at: Some(at(last_contact_at)),
        battery_percent: Some(80),
        charging: Some(true),
        has_push_token: false,
        sim_count: Some(1),
        webhook_key_confirmed: true,
        password_hash: None,
    }
}
