//! Tries of messages, and what clients send back.

use crate::engine::ReadError;
use crate::record::{Record, RowReader};
use crate::table::Table;
use crate::value::Value;
use vestnik_domain::delivery::{CountsFor, Delivery, DeliveryState};
use vestnik_domain::ids::{
    BranchId, ClientId, DeliveryId, IncomingMessageId, MessageId, OrganizationId, SenderId,
};
use vestnik_domain::incoming::IncomingMessage;
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::phone_number::PhoneNumber;

crate::table! {
    /// One try of a message over one sender.
    DELIVERIES = "deliveries" key(bucket, organization_id, id) {
        bucket: Integer, organization_id: Integer, id: Integer, version: Integer,
        message_id: Integer, step: Integer, attempt: Integer, sender_id: Integer,
        sender_registration: Integer, client_id: Integer, recipient: Text, text: Text,
        parts: Integer, state: Text, delivered_in_part: Integer, carrier_id: Text null,
        error_code: Text null, intended_at: Integer, fetched_at: Integer null,
        acknowledged_at: Integer null, handed_to_radio_at: Integer null, submitted_at: Integer null, ended_at: Integer null,
        deadline_at: Integer null, valid_until: Integer, price_kopecks: Integer null,
        recall_asked_at: Integer null, day: Text, kind: Text, branch_id: Integer null,
    }
}

impl Record for Delivery {
    fn table() -> &'static Table {
        &DELIVERIES
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.id.into(),
            self.version.into(),
            self.message_id.into(),
            self.step.into(),
            self.attempt.into(),
            self.sender_id.into(),
            self.sender_registration.into(),
            self.client_id.into(),
            self.recipient.as_str().into(),
            (&self.text).into(),
            self.parts.into(),
            self.state.name().into(),
            self.delivered_in_part.into(),
            self.carrier_id.as_deref().into(),
            self.error_code.as_deref().into(),
            self.intended_at.into(),
            self.fetched_at.into(),
            self.acknowledged_at.into(),
            self.handed_to_radio_at.into(),
            self.submitted_at.into(),
            self.ended_at.into(),
            // Derived, so that the sweep finds by index what only time can move.
            self.deadline().map(|(at, _)| at).into(),
            self.valid_until.into(),
            self.price_kopecks.into(),
            self.recall_asked_at.into(),
            self.counts_for.map_or_else(String::new, |of| of.day.to_string()).into(),
            self.counts_for.map_or("", |of| of.kind.name()).into(),
            self.counts_for.and_then(|of| of.branch_id).into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<Delivery, ReadError> {
        row.skip();
        let delivery = Delivery {
            organization_id: OrganizationId(row.integer()?),
            id: DeliveryId(row.integer()?),
            version: row.integer()?,
            message_id: MessageId(row.integer()?),
            step: row.integer()?,
            attempt: row.integer()?,
            sender_id: SenderId(row.integer()?),
            sender_registration: row.integer()?,
            client_id: ClientId(row.integer()?),
            recipient: row.word(|text| PhoneNumber::from_e164(text).ok())?,
            text: row.text()?,
            parts: row.integer()?,
            state: row.word(DeliveryState::parse)?,
            delivered_in_part: row.boolean()?,
            carrier_id: row.optional_text()?,
            error_code: row.optional_text()?,
            intended_at: row.timestamp()?,
            fetched_at: row.optional_timestamp()?,
            acknowledged_at: row.optional_timestamp()?,
            handed_to_radio_at: row.optional_timestamp()?,
            submitted_at: row.optional_timestamp()?,
            ended_at: row.optional_timestamp()?,
            valid_until: {
                row.skip();
                row.timestamp()?
            },
            price_kopecks: row.optional_integer()?,
            recall_asked_at: row.optional_timestamp()?,
            counts_for: counts_for(row)?,
        };
        Ok(delivery)
    }
}

/// A node of a version that did not know of it left it empty.
fn counts_for(row: &mut RowReader<'_>) -> Result<Option<CountsFor>, ReadError> {
    let day =
        row.word(|text| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) })?;
    let kind = row.word(|text| match text {
        "" => Some(None),
        text => NotificationKind::parse(text).map(Some),
    })?;
    let branch_id = row.optional_integer()?.map(BranchId);
    Ok(day.zip(kind).map(|(day, kind)| CountsFor { day, kind, branch_id }))
}

crate::table! {
    /// SMS that linked phones received.
    INCOMING_MESSAGES = "incoming_messages" key(bucket, organization_id, id) {
        bucket: Integer, organization_id: Integer, id: Integer, sender_id: Integer,
        from_text: Text, phone: Text null, client_id: Integer null, text: Text,
        received_at: Integer, at: Integer, dedupe_key: Text,
    }
}

impl Record for IncomingMessage {
    fn table() -> &'static Table {
        &INCOMING_MESSAGES
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.id.into(),
            self.sender_id.into(),
            (&self.from).into(),
            self.phone.as_ref().map(PhoneNumber::as_str).into(),
            self.client_id.into(),
            (&self.text).into(),
            self.received_at.into(),
            self.at.into(),
            (&self.dedupe_key).into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<IncomingMessage, ReadError> {
        row.skip();
        Ok(IncomingMessage {
            organization_id: OrganizationId(row.integer()?),
            id: IncomingMessageId(row.integer()?),
            sender_id: SenderId(row.integer()?),
            from: row.text()?,
            phone: row.optional_word(|text| PhoneNumber::from_e164(text).ok())?,
            client_id: row.optional_integer()?.map(ClientId),
            text: row.text()?,
            received_at: row.timestamp()?,
            at: row.timestamp()?,
            dedupe_key: row.text()?,
        })
    }
}
