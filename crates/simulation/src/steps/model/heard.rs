//! An SMS on the air, and which message of ours it was.

use jiff::Timestamp;
use vestnik_domain::ids::{
    AppointmentId, ClientId, DeliveryId, MessageId, OrganizationId, SenderId,
};
use vestnik_domain::kind::NotificationKind;

/// What the product says of a try: read back by its id, never asked for a decision.
#[derive(Debug, Clone)]
pub(in crate::steps) struct Identified {
    pub(in crate::steps) organization: OrganizationId,
    pub(in crate::steps) delivery: DeliveryId,
    pub(in crate::steps) message: MessageId,
    pub(in crate::steps) sender: SenderId,
    /// Of its phone, or the fence of its lease.
    pub(in crate::steps) registration: i64,
    pub(in crate::steps) client: ClientId,
    pub(in crate::steps) kind: NotificationKind,
    pub(in crate::steps) subject: String,
    pub(in crate::steps) occasion: String,
    pub(in crate::steps) covers: Vec<AppointmentId>,
    /// How many tries of its message there were before.
    pub(in crate::steps) attempt: i64,
    pub(in crate::steps) planned_at: Timestamp,
    pub(in crate::steps) due_at: Timestamp,
    pub(in crate::steps) intended_at: Timestamp,
    pub(in crate::steps) valid_until: Timestamp,
    pub(in crate::steps) send_before: Timestamp,
}

/// One SMS that the network took.
#[derive(Debug, Clone)]
pub(in crate::steps) struct Heard {
    pub(in crate::steps) at: Timestamp,
    pub(in crate::steps) number: String,
    pub(in crate::steps) text: String,
    pub(in crate::steps) what: Identified,
    /// Its node stood still between its last look and the socket: it left late, once.
    pub(in crate::steps) after_a_pause: bool,
}

impl Heard {
    /// The key of the lead in a reminder's occasion: `1d` of `1d@2026-…`.
    pub(in crate::steps) fn lead(&self) -> Option<&str> {
        (self.what.kind == NotificationKind::Reminder)
            .then(|| self.what.occasion.split('@').next())
            .flatten()
    }
}
