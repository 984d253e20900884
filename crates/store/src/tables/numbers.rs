//! Phone numbers of an organization: which said STOP, and the guard of clients' cards.

use crate::engine::ReadError;
use crate::record::{Record, RowReader, json};
use crate::table::Table;
use crate::value::Value;
use vestnik_domain::ids::{IncomingMessageId, OrganizationId};
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_domain::stopped_number::StoppedNumber;

crate::table! {
    /// Numbers that said STOP, or START after it.
    STOPPED_NUMBERS = "stopped_numbers" key(bucket, organization_id, phone) {
        bucket: Integer, organization_id: Integer, phone: Text, version: Integer, stopped: Integer,
        changed_at: Integer, changed_by: Text, incoming_message_id: Integer null,
    }
}

impl Record for StoppedNumber {
    fn table() -> &'static Table {
        &STOPPED_NUMBERS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.phone.as_str().into(),
            self.version.into(),
            self.stopped.into(),
            self.changed_at.into(),
            json(&self.changed_by),
            self.incoming_message_id.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<StoppedNumber, ReadError> {
        row.skip();
        Ok(StoppedNumber {
            organization_id: OrganizationId(row.integer()?),
            phone: row.word(|text| PhoneNumber::from_e164(text).ok())?,
            version: row.integer()?,
            stopped: row.boolean()?,
            changed_at: row.timestamp()?,
            changed_by: row.json()?,
            incoming_message_id: row.optional_integer()?.map(IncomingMessageId),
        })
    }
}

/// The guard against two new cards for one number: raised by every card that takes the number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientNumber {
    pub organization_id: OrganizationId,
    pub phone: PhoneNumber,
    /// 0 while the row does not exist.
    pub version: i64,
}

crate::table! {
    /// One row per number that a card ever took.
    CLIENT_NUMBERS = "client_numbers" key(bucket, organization_id, phone) {
        bucket: Integer, organization_id: Integer, phone: Text, version: Integer,
    }
}

impl Record for ClientNumber {
    fn table() -> &'static Table {
        &CLIENT_NUMBERS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.phone.as_str().into(),
            self.version.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<ClientNumber, ReadError> {
        row.skip();
        Ok(ClientNumber {
            organization_id: OrganizationId(row.integer()?),
            phone: row.word(|text| PhoneNumber::from_e164(text).ok())?,
            version: row.integer()?,
        })
    }
}
