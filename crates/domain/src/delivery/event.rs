//! What can happen to a try: answers of adapters, words of phones, receipts, and time that passes.

use jiff::Timestamp;

/// One event. Codes are the carrier's or the phone's own (or from
/// [`phone_error_code`](crate::message_status::phone_error_code)); they are kept, never interpreted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryEvent {
    /// The carrier took it; with its id, if it gives one. A phone's `Sent`.
    Accepted {
        carrier_id: Option<String>,
    },
    /// The carrier or the phone surely did not send it, and will not.
    RefusedPermanent {
        code: String,
    },
    /// Surely not sent; it may be tried again at `at`.
    RefusedRetryAt {
        at: Timestamp,
        code: String,
    },
    /// No byte left us. A phone's `TTL expired` too.
    NotSent,
    /// Bytes may have left, and no answer came.
    OutcomeUnknown,
    ReceiptDelivered,
    ReceiptUndelivered {
        code: String,
    },
    ReceiptRead,
    ReceiptDeliveredInPart,
    /// It was put into an answer to the phone (which may get lost on the way).
    Fetched,
    /// The phone handed it to its radio; its `Processed`.
    PhoneProcessed,
    /// The phone registered anew and forgot what it had; raised for each delivery of the older
    /// registration that is still in flight.
    RegistrationLost,
    /// It is no longer to be sent; does something only before it was given away.
    Withdrawn,
    /// The phone says `Cancelled`. Only from the registration under which it was fetched: another
    /// one says so of every id that it does not know.
    CancelConfirmed,
    /// `valid_until` (and the grace for reports) passed. For phones only: what a push sender left
    /// behind is `OutcomeUnknown`.
    Expired,
    /// No word for 24 hours.
    UnknownFor24h,
}

impl DeliveryEvent {
    pub fn kind(&self) -> EventKind {
        match self {
            DeliveryEvent::Accepted { .. } => EventKind::Accepted,
            DeliveryEvent::RefusedPermanent { .. } => EventKind::RefusedPermanent,
            DeliveryEvent::RefusedRetryAt { .. } => EventKind::RefusedRetryAt,
            DeliveryEvent::NotSent => EventKind::NotSent,
            DeliveryEvent::OutcomeUnknown => EventKind::OutcomeUnknown,
            DeliveryEvent::ReceiptDelivered => EventKind::ReceiptDelivered,
            DeliveryEvent::ReceiptUndelivered { .. } => EventKind::ReceiptUndelivered,
            DeliveryEvent::ReceiptRead => EventKind::ReceiptRead,
            DeliveryEvent::ReceiptDeliveredInPart => EventKind::ReceiptDeliveredInPart,
            DeliveryEvent::Fetched => EventKind::Fetched,
            DeliveryEvent::PhoneProcessed => EventKind::PhoneProcessed,
            DeliveryEvent::RegistrationLost => EventKind::RegistrationLost,
            DeliveryEvent::Withdrawn => EventKind::Withdrawn,
            DeliveryEvent::CancelConfirmed => EventKind::CancelConfirmed,
            DeliveryEvent::Expired => EventKind::Expired,
            DeliveryEvent::UnknownFor24h => EventKind::UnknownFor24h,
        }
    }

    /// The code that a state entered by this event is explained with.
    pub(super) fn code(&self) -> Option<&str> {
        match self {
            DeliveryEvent::RefusedPermanent { code }
            | DeliveryEvent::RefusedRetryAt { code, .. }
            | DeliveryEvent::ReceiptUndelivered { code } => Some(code),
            DeliveryEvent::NotSent => Some(own_codes::NOT_SENT),
            DeliveryEvent::OutcomeUnknown => Some(own_codes::OUTCOME_UNKNOWN),
            DeliveryEvent::RegistrationLost => Some(own_codes::REGISTRATION_LOST),
            DeliveryEvent::Withdrawn => Some(own_codes::WITHDRAWN),
            DeliveryEvent::CancelConfirmed => Some(own_codes::CANCELLED_ON_PHONE),
            DeliveryEvent::Expired => Some(own_codes::EXPIRED),
            DeliveryEvent::UnknownFor24h => Some(own_codes::NO_REPORT_FOR_24H),
            DeliveryEvent::Accepted { .. }
            | DeliveryEvent::ReceiptDelivered
            | DeliveryEvent::ReceiptRead
            | DeliveryEvent::ReceiptDeliveredInPart
            | DeliveryEvent::Fetched
            | DeliveryEvent::PhoneProcessed => None,
        }
    }
}

/// An event without what it carries: the columns of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    Accepted,
    RefusedPermanent,
    RefusedRetryAt,
    NotSent,
    OutcomeUnknown,
    ReceiptDelivered,
    ReceiptUndelivered,
    ReceiptRead,
    ReceiptDeliveredInPart,
    Fetched,
    PhoneProcessed,
    RegistrationLost,
    Withdrawn,
    CancelConfirmed,
    Expired,
    UnknownFor24h,
}

impl EventKind {
    pub const ALL: [EventKind; 16] = [
        EventKind::Accepted,
        EventKind::RefusedPermanent,
        EventKind::RefusedRetryAt,
        EventKind::NotSent,
        EventKind::OutcomeUnknown,
        EventKind::ReceiptDelivered,
        EventKind::ReceiptUndelivered,
        EventKind::ReceiptRead,
        EventKind::ReceiptDeliveredInPart,
        EventKind::Fetched,
        EventKind::PhoneProcessed,
        EventKind::RegistrationLost,
        EventKind::Withdrawn,
        EventKind::CancelConfirmed,
        EventKind::Expired,
        EventKind::UnknownFor24h,
    ];

    /// The word of timelines and logs.
    pub fn name(self) -> &'static str {
        match self {
            EventKind::Accepted => "accepted",
            EventKind::RefusedPermanent => "refused_permanent",
            EventKind::RefusedRetryAt => "refused_retry_at",
            EventKind::NotSent => "not_sent",
            EventKind::OutcomeUnknown => "outcome_unknown",
            EventKind::ReceiptDelivered => "receipt_delivered",
            EventKind::ReceiptUndelivered => "receipt_undelivered",
            EventKind::ReceiptRead => "receipt_read",
            EventKind::ReceiptDeliveredInPart => "receipt_delivered_in_part",
            EventKind::Fetched => "fetched",
            EventKind::PhoneProcessed => "phone_processed",
            EventKind::RegistrationLost => "registration_lost",
            EventKind::Withdrawn => "withdrawn",
            EventKind::CancelConfirmed => "cancel_confirmed",
            EventKind::Expired => "expired",
            EventKind::UnknownFor24h => "unknown_for_24h",
        }
    }
}

/// Codes that Vestnik itself gives as the reason of a state; stable once published.
pub mod own_codes {
    pub const NOT_SENT: &str = "not_sent";
    pub const OUTCOME_UNKNOWN: &str = "outcome_unknown";
    pub const REGISTRATION_LOST: &str = "registration_lost";
    pub const WITHDRAWN: &str = "withdrawn";
    pub const CANCELLED_ON_PHONE: &str = "cancelled_on_phone";
    pub const EXPIRED: &str = "expired";
    pub const NO_REPORT_FOR_24H: &str = "no_report_for_24h";
}
