//! What a carrier says of a try after it has taken it.

use crate::delivery::DeliveryEvent;
use crate::ids::{OrganizationId, ReceiptId, SenderId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Receipt {
    Delivered,
    DeliveredInPart,
    Read,
    /// With the carrier's own code.
    Undelivered {
        code: String,
    },
}

impl Receipt {
    /// What it is to the try.
    pub fn event(&self) -> DeliveryEvent {
        match self {
            Receipt::Delivered => DeliveryEvent::ReceiptDelivered,
            Receipt::DeliveredInPart => DeliveryEvent::ReceiptDeliveredInPart,
            Receipt::Read => DeliveryEvent::ReceiptRead,
            Receipt::Undelivered { code } => {
                DeliveryEvent::ReceiptUndelivered { code: code.clone() }
            }
        }
    }
}

/// A receipt for an id that nobody knows yet: it overtook the carrier's answer, and waits for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedReceipt {
    pub organization_id: OrganizationId,
    pub id: ReceiptId,
    pub sender_id: SenderId,
    pub carrier_id: String,
    pub receipt: Receipt,
    pub received_at: Timestamp,
}
