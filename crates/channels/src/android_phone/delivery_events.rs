//! From the phone's words to what happened to a delivery. The phone tells more than the rules need;
//! here it is said once what each of its words means for them.

use jiff::{SignedDuration, Timestamp};
use vestnik_domain::delivery::DeliveryEvent;
use vestnik_domain::message_status::passes_by_itself;

use super::phone_error::{FailureKind, PhoneFailure};
use super::states::{PhoneState, TextParts};

/// After this long what passes by itself (no signal, a throttle) may have passed.
const RETRY_DELAY: SignedDuration = SignedDuration::from_mins(10);

/// The event of one report, received at `now` (business time), about a text of `parts`.
///
/// `Cancelled` counts only from the registration that fetched the message: a re-installed app says so
/// of every id that it does not know. Whoever knows the registrations looks at that.
pub fn delivery_event(state: &PhoneState, parts: TextParts, now: Timestamp) -> DeliveryEvent {
    match state {
        PhoneState::Pending => DeliveryEvent::Fetched,
        PhoneState::Cancelled => DeliveryEvent::CancelConfirmed,
        PhoneState::Processed => DeliveryEvent::PhoneProcessed,
        PhoneState::Sent => DeliveryEvent::Accepted { carrier_id: None },
        PhoneState::Delivered => DeliveryEvent::ReceiptDelivered,
        PhoneState::DeliveredInPart(_) => DeliveryEvent::ReceiptDeliveredInPart,
        PhoneState::Failed(failure) => failed(failure, parts, now),
    }
}

fn failed(failure: &PhoneFailure, parts: TextParts, now: Timestamp) -> DeliveryEvent {
    let code = failure.code.to_owned();
    match (failure.kind, parts) {
        (FailureKind::Expired, _) => DeliveryEvent::NotSent,
        (FailureKind::NotDelivered { .. }, _) => DeliveryEvent::ReceiptUndelivered { code },
        (FailureKind::Refused, TextParts::One) if passes_by_itself(failure.code) => {
            let at = now.checked_add(RETRY_DELAY).unwrap_or(Timestamp::MAX);
            DeliveryEvent::RefusedRetryAt { at, code }
        }
        // Of a longer text a part may be with the client already: once more would double it.
        (FailureKind::Refused, _) => DeliveryEvent::RefusedPermanent { code },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(state: PhoneState, parts: TextParts) -> DeliveryEvent {
        delivery_event(&state, parts, Timestamp::UNIX_EPOCH)
    }

    fn failure(words: &str) -> PhoneState {
        PhoneState::Failed(PhoneFailure::read(Some(words)))
    }

    #[test]
    fn each_word_of_the_phone_is_one_event() {
        for (state, expected) in [
            (PhoneState::Pending, DeliveryEvent::Fetched),
            (PhoneState::Cancelled, DeliveryEvent::CancelConfirmed),
            (PhoneState::Processed, DeliveryEvent::PhoneProcessed),
            (PhoneState::Sent, DeliveryEvent::Accepted { carrier_id: None }),
            (PhoneState::Delivered, DeliveryEvent::ReceiptDelivered),
            (
                PhoneState::DeliveredInPart(PhoneFailure::read(None)),
                DeliveryEvent::ReceiptDeliveredInPart,
            ),
            (failure("TTL expired"), DeliveryEvent::NotSent),
            (
                failure("Delivery result from SC x: 70"),
                DeliveryEvent::ReceiptUndelivered { code: "phone_delivery_failed".to_owned() },
            ),
            (
                failure("something new"),
                DeliveryEvent::RefusedPermanent { code: "phone_error_other".to_owned() },
            ),
        ] {
            assert_eq!(event(state.clone(), TextParts::One), expected, "{state:?}");
        }
    }

    #[test]
    fn only_a_text_of_one_part_is_tried_again() {
        let no_service = failure("Send result: RESULT_ERROR_NO_SERVICE (…)");
        let at = Timestamp::UNIX_EPOCH.checked_add(RETRY_DELAY).unwrap();
        let code = || "phone_no_service".to_owned();
        assert_eq!(
            event(no_service.clone(), TextParts::One),
            DeliveryEvent::RefusedRetryAt { at, code: code() }
        );
        assert_eq!(
            event(no_service, TextParts::Several),
            DeliveryEvent::RefusedPermanent { code: code() }
        );
    }
}
