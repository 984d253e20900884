//! The installation, the processes that serve it, and what they lease.

use crate::engine::ReadError;
use crate::record::{Record, RowReader, json};
use crate::table::Table;
use crate::value::Value;
use vestnik_domain::ids::{NodeId, OrganizationId, ReceiptId, SenderId};
use vestnik_domain::node::{Held, HeldReason, Instance, Node, SenderLease};
use vestnik_domain::receipt::ParkedReceipt;

/// There is one row.
pub(crate) const THE_INSTANCE: i64 = 1;

crate::table! {
    /// The mark of the installation: global, one row.
    INSTANCE = "instance" key(id) {
        id: Integer, version: Integer, name: Text, epoch: Integer, made_at: Integer,
        held_since: Integer null, held_because: Text null, let_go_at: Integer null,
    }
}

impl Record for Instance {
    fn table() -> &'static Table {
        &INSTANCE
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            THE_INSTANCE.into(),
            self.version.into(),
            (&self.name).into(),
            self.epoch.into(),
            self.made_at.into(),
            self.held.map(|held| held.since).into(),
            self.held.map(|held| held.because.name()).into(),
            self.let_go_at.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<Instance, ReadError> {
        row.skip();
        Ok(Instance {
            version: row.integer()?,
            name: row.text()?,
            epoch: row.integer()?,
            made_at: row.timestamp()?,
            held: {
                let since = row.optional_timestamp()?;
                let because = row.optional_word(HeldReason::parse)?;
                since.zip(because).map(|(since, because)| Held { since, because })
            },
            let_go_at: row.optional_timestamp()?,
        })
    }
}

crate::table! {
    /// Processes, global; the version is the heartbeat.
    NODES = "nodes" key(id) {
        id: Integer, version: Integer, started_at: Integer, expires_at: Integer,
    }
}

impl Record for Node {
    fn table() -> &'static Table {
        &NODES
    }

    fn to_row(&self) -> Vec<Value> {
        vec![self.id.into(), self.version.into(), self.started_at.into(), self.expires_at.into()]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<Node, ReadError> {
        Ok(Node {
            id: NodeId(row.integer()?),
            version: row.integer()?,
            started_at: row.timestamp()?,
            expires_at: row.timestamp()?,
        })
    }
}

crate::table! {
    /// Who drives a sender that we call; the version is the fence.
    SENDER_LEASES = "sender_leases" key(bucket, organization_id, sender_id) {
        bucket: Integer, organization_id: Integer, sender_id: Integer, version: Integer,
        node_id: Integer null, taken_at: Integer,
    }
}

impl Record for SenderLease {
    fn table() -> &'static Table {
        &SENDER_LEASES
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.sender_id.into(),
            self.version.into(),
            self.node_id.into(),
            self.taken_at.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<SenderLease, ReadError> {
        row.skip();
        Ok(SenderLease {
            organization_id: OrganizationId(row.integer()?),
            sender_id: SenderId(row.integer()?),
            version: row.integer()?,
            node_id: row.optional_integer()?.map(NodeId),
            taken_at: row.timestamp()?,
        })
    }
}

crate::table! {
    /// Receipts that overtook the answer that names their try.
    PARKED_RECEIPTS = "parked_receipts" key(bucket, organization_id, id) {
        bucket: Integer, organization_id: Integer, id: Integer, sender_id: Integer,
        carrier_id: Text, receipt: Text, received_at: Integer,
    }
}

impl Record for ParkedReceipt {
    fn table() -> &'static Table {
        &PARKED_RECEIPTS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.id.into(),
            self.sender_id.into(),
            (&self.carrier_id).into(),
            json(&self.receipt),
            self.received_at.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<ParkedReceipt, ReadError> {
        row.skip();
        Ok(ParkedReceipt {
            organization_id: OrganizationId(row.integer()?),
            id: ReceiptId(row.integer()?),
            sender_id: SenderId(row.integer()?),
            carrier_id: row.text()?,
            receipt: row.json()?,
            received_at: row.timestamp()?,
        })
    }
}
