//! One idempotency key has one effect and one answer (I11).

use crate::engine::ReadError;
use crate::record::{Record, RowReader};
use crate::table::Table;
use crate::value::Value;
use jiff::Timestamp;
use vestnik_domain::ids::OrganizationId;

/// The answer that was given under a key, written in the commit of the effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    pub organization_id: OrganizationId,
    /// What the caller sent as `Idempotency-Key`.
    pub key: String,
    /// The hash of operation and request body: the same key with another request is refused.
    pub request_hash: Vec<u8>,
    /// What the use case made: an id as it stands in the API.
    pub result: String,
    pub created_at: Timestamp,
}

crate::table! {
    /// Answers under idempotency keys.
    IDEMPOTENCY_KEYS = "idempotency_keys" key(bucket, organization_id, idempotency_key) {
        bucket: Integer, organization_id: Integer, idempotency_key: Text, request_hash: Bytes,
        result: Text, created_at: Integer,
    }
}

impl Record for IdempotencyKey {
    fn table() -> &'static Table {
        &IDEMPOTENCY_KEYS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            (&self.key).into(),
            self.request_hash.as_slice().into(),
            (&self.result).into(),
            self.created_at.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<IdempotencyKey, ReadError> {
        row.skip();
        Ok(IdempotencyKey {
            organization_id: OrganizationId(row.integer()?),
            key: row.text()?,
            request_hash: row.bytes()?,
            result: row.text()?,
            created_at: row.timestamp()?,
        })
    }
}
