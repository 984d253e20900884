//! What clients send to the salon's number. Until dialogs read answers it is shown to staff.

use crate::ids::{ClientId, IncomingMessageId, OrganizationId, SenderId};
use crate::phone_number::PhoneNumber;
use jiff::Timestamp;

/// An SMS that a linked phone received.
#[derive(Clone, PartialEq, Eq)]
pub struct IncomingMessage {
    pub organization_id: OrganizationId,
    pub id: IncomingMessageId,
    pub sender_id: SenderId,
    /// As the phone gave it: a number, or the name of a service.
    pub from: String,
    /// Where `from` is a number.
    pub phone: Option<PhoneNumber>,
    /// Where the number is a client's.
    pub client_id: Option<ClientId>,
    pub text: String,
    /// By the phone's clock.
    pub received_at: Timestamp,
    /// When we learned of it.
    pub at: Timestamp,
    /// The same SMS is handed over more than once under different event ids; this tells.
    pub dedupe_key: String,
}

/// Without text and number: those stay out of logs.
impl std::fmt::Debug for IncomingMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IncomingMessage").field("id", &self.id).finish_non_exhaustive()
    }
}
