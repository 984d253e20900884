//! Senders, the links of phones, how much each has released, and one-time codes.

use crate::engine::ReadError;
use crate::record::{Record, RowReader, json};
use crate::table::Table;
use crate::value::Value;
use jiff::Timestamp;
use vestnik_domain::ids::{OrganizationId, SenderId};
use vestnik_domain::local_time::Zone;
use vestnik_domain::pace::PaceState;
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_domain::sender::{Channel, PhoneLink, Sender};

crate::table! {
    /// One phone, bind or bot of an organization.
    SENDERS = "senders" key(bucket, organization_id, id) {
        bucket: Integer, organization_id: Integer, id: Integer, version: Integer, name: Text,
        channel: Text, number: Text null, zone: Text, settings: Text, created_at: Integer,
        archived_at: Integer null, pushed: Integer,
    }
}

impl Record for Sender {
    fn table() -> &'static Table {
        &SENDERS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.id.into(),
            self.version.into(),
            (&self.name).into(),
            self.channel.name().into(),
            self.number.as_ref().map(PhoneNumber::as_str).into(),
            self.zone.name().into(),
            json(&self.settings),
            self.created_at.into(),
            self.archived_at.into(),
            // Derived, so that the loop that drives them finds by index the senders that we call.
            (!self.channel.is_pull()).into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<Sender, ReadError> {
        row.skip();
        Ok(Sender {
            organization_id: OrganizationId(row.integer()?),
            id: SenderId(row.integer()?),
            version: row.integer()?,
            name: row.text()?,
            channel: row.word(Channel::parse)?,
            number: row.optional_word(|text| PhoneNumber::from_e164(text).ok())?,
            zone: row.word(|name| Zone::parse(name).ok())?,
            settings: row.json()?,
            created_at: row.timestamp()?,
            archived_at: row.optional_timestamp()?,
        })
    }
}

crate::table! {
    /// What linked phones tell of themselves: global, since a request carries only a token.
    PHONE_LINKS = "phone_links" key(sender_id) {
        sender_id: Integer, organization_id: Integer, version: Integer, link_token_hash: Bytes,
        registration: Integer, device_token_hash: Bytes null, app_version: Text null,
        relinking_since: Integer null, last_contact_at: Integer null,
        battery_percent: Integer null, charging: Integer null, has_push_token: Integer,
        sim_count: Integer null, webhook_key_confirmed: Integer, password_hash: Bytes null,
    }
}

impl Record for PhoneLink {
    fn table() -> &'static Table {
        &PHONE_LINKS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.sender_id.into(),
            self.organization_id.into(),
            self.version.into(),
            self.link_token_hash.as_slice().into(),
            self.registration.into(),
            self.device_token_hash.as_deref().into(),
            self.app_version.as_deref().into(),
            self.relinking_since.into(),
            self.last_contact_at.into(),
            self.battery_percent.into(),
            self.charging.into(),
            self.has_push_token.into(),
            self.sim_count.into(),
            self.webhook_key_confirmed.into(),
            self.password_hash.as_deref().into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<PhoneLink, ReadError> {
        Ok(PhoneLink {
            sender_id: SenderId(row.integer()?),
            organization_id: OrganizationId(row.integer()?),
            version: row.integer()?,
            link_token_hash: row.bytes()?,
            registration: row.integer()?,
            device_token_hash: row.optional_bytes()?,
            app_version: row.optional_text()?,
            relinking_since: row.optional_timestamp()?,
            last_contact_at: row.optional_timestamp()?,
            battery_percent: row.optional_integer()?,
            charging: row.optional_integer()?.map(|value| value != 0),
            has_push_token: row.boolean()?,
            sim_count: row.optional_integer()?,
            webhook_key_confirmed: row.boolean()?,
            password_hash: row.optional_bytes()?,
        })
    }
}

crate::table! {
    /// How much a sender has released: raised together with each intent.
    PACE_STATES = "pace_states" key(bucket, organization_id, sender_id) {
        bucket: Integer, organization_id: Integer, sender_id: Integer, version: Integer, day: Text,
        day_parts: Integer, day_messages: Integer, last_release_at: Integer null,
        window_open: Integer,
    }
}

impl Record for PaceState {
    fn table() -> &'static Table {
        &PACE_STATES
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.sender_id.into(),
            self.version.into(),
            self.day.to_string().into(),
            self.day_parts.into(),
            self.day_messages.into(),
            self.last_release_at.into(),
            self.window_open.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<PaceState, ReadError> {
        row.skip();
        Ok(PaceState {
            organization_id: OrganizationId(row.integer()?),
            sender_id: SenderId(row.integer()?),
            version: row.integer()?,
            day: row.word(|text| text.parse().ok())?,
            day_parts: row.integer()?,
            day_messages: row.integer()?,
            last_release_at: row.optional_timestamp()?,
            window_open: row.integer()?,
        })
    }
}

/// A code that links a phone once; only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkCode {
    pub code_hash: Vec<u8>,
    pub version: i64,
    pub organization_id: OrganizationId,
    pub sender_id: SenderId,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

crate::table! {
    /// One-time codes for linking phones: global, since the phone knows nothing else.
    LINK_CODES = "link_codes" key(code_hash) {
        code_hash: Bytes, version: Integer, organization_id: Integer, sender_id: Integer,
        expires_at: Integer, used_at: Integer null,
    }
}

impl Record for LinkCode {
    fn table() -> &'static Table {
        &LINK_CODES
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.code_hash.as_slice().into(),
            self.version.into(),
            self.organization_id.into(),
            self.sender_id.into(),
            self.expires_at.into(),
            self.used_at.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<LinkCode, ReadError> {
        Ok(LinkCode {
            code_hash: row.bytes()?,
            version: row.integer()?,
            organization_id: OrganizationId(row.integer()?),
            sender_id: SenderId(row.integer()?),
            expires_at: row.timestamp()?,
            used_at: row.optional_timestamp()?,
        })
    }
}
