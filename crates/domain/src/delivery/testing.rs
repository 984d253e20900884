//! Rows for tests.

use super::{CountsFor, Delivery, DeliveryState, Phase};
use crate::ids::{BranchId, ClientId, DeliveryId, MessageId, OrganizationId, SenderId};
use crate::kind::NotificationKind;
use crate::phone_number::PhoneNumber;
use jiff::Timestamp;

pub(crate) const INTENDED_AT: &str = "2026-12-24T10:00:00Z";

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A fresh intent for thirty minutes.
pub(crate) fn delivery() -> Delivery {
    Delivery {
        organization_id: OrganizationId(1),
        id: DeliveryId(2),
        version: 1,
        message_id: MessageId(3),
        step: 0,
        attempt: 0,
        sender_id: SenderId(4),
        sender_registration: 1,
        client_id: ClientId(5),
        recipient: PhoneNumber::from_e164("+79161234567").unwrap(),
        text: "Вы записаны".into(),
        parts: 1,
        state: DeliveryState::Processing,
        delivered_in_part: false,
        carrier_id: None,
        error_code: None,
        intended_at: at(INTENDED_AT),
        fetched_at: None,
        acknowledged_at: None,
        handed_to_radio_at: None,
        submitted_at: None,
        ended_at: None,
        valid_until: at("2026-12-24T10:30:00Z"),
        price_kopecks: None,
        recall_asked_at: None,
        counts_for: Some(CountsFor {
            day: at(INTENDED_AT).to_zoned(jiff::tz::TimeZone::UTC).date(),
            kind: NotificationKind::Created,
            branch_id: Some(BranchId(6)),
        }),
    }
}

/// A row that is in `phase`.
pub(crate) fn delivery_in(phase: Phase) -> Delivery {
    let time = Some(at("2026-12-24T10:01:00Z"));
    let mut row = Delivery { state: phase.state(), ..delivery() };
    match phase {
        Phase::InHand | Phase::Unknown | Phase::Unsent => {}
        Phase::WithPhone => row.fetched_at = time,
        Phase::OnRadio | Phase::UnknownOnRadio => {
            row.fetched_at = time;
            row.handed_to_radio_at = time;
        }
        _ => row.submitted_at = time,
    }
    row.delivered_in_part = phase == Phase::DeliveredInPart;
    row.ended_at = if row.state.is_final() { time } else { None };
    row
}
