use super::table::{Effect, decide};
use super::testing::{at, delivery, delivery_in};
use super::*;
use jiff::SignedDuration;

const NOW: &str = "2026-12-24T10:05:00Z";

fn event(kind: EventKind) -> DeliveryEvent {
    let code = || "carrier_says_no".to_owned();
    match kind {
        EventKind::Accepted => DeliveryEvent::Accepted { carrier_id: Some("c-1".into()) },
        EventKind::RefusedPermanent => DeliveryEvent::RefusedPermanent { code: code() },
        EventKind::RefusedRetryAt => {
            DeliveryEvent::RefusedRetryAt { at: at("2026-12-24T10:09:00Z"), code: code() }
        }
        EventKind::NotSent => DeliveryEvent::NotSent,
        EventKind::OutcomeUnknown => DeliveryEvent::OutcomeUnknown,
        EventKind::ReceiptDelivered => DeliveryEvent::ReceiptDelivered,
        EventKind::ReceiptUndelivered => DeliveryEvent::ReceiptUndelivered { code: code() },
        EventKind::ReceiptRead => DeliveryEvent::ReceiptRead,
        EventKind::ReceiptDeliveredInPart => DeliveryEvent::ReceiptDeliveredInPart,
        EventKind::Fetched => DeliveryEvent::Fetched,
        EventKind::PhoneProcessed => DeliveryEvent::PhoneProcessed,
        EventKind::RegistrationLost => DeliveryEvent::RegistrationLost,
        EventKind::Withdrawn => DeliveryEvent::Withdrawn,
        EventKind::CancelConfirmed => DeliveryEvent::CancelConfirmed,
        EventKind::Expired => DeliveryEvent::Expired,
        EventKind::UnknownFor24h => DeliveryEvent::UnknownFor24h,
    }
}

/// Every pair once, through the real row.
fn pairs() -> impl Iterator<Item = (Phase, EventKind)> {
    Phase::ALL.into_iter().flat_map(|phase| EventKind::ALL.map(|kind| (phase, kind)))
}

#[test]
fn the_row_ends_where_the_table_says_under_every_pair() {
    for (phase, kind) in pairs() {
        let before = delivery_in(phase);
        assert_eq!(before.phase(), phase);
        let after = before.step(&event(kind), at(NOW)).delivery;
        assert_eq!(after.phase(), decide(phase, kind).to, "{phase:?} {kind:?}");
    }
}

#[test]
fn rank_and_phase_never_fall() {
    for (phase, kind) in pairs() {
        let to = decide(phase, kind).to;
        assert!(to >= phase, "{phase:?} {kind:?} {to:?}");
        assert!(to.state().rank() >= phase.state().rank(), "{phase:?} {kind:?} {to:?}");
    }
}

#[test]
fn only_what_surely_did_not_leave_is_repeated_and_given_back() {
    for (phase, kind) in pairs() {
        let cell = decide(phase, kind);
        let has = |effect| cell.effects.contains(&effect);
        let becomes = |wanted: Phase| phase != wanted && cell.to == wanted;
        assert!(!has(Effect::Retry) || becomes(Phase::Unsent), "{phase:?} {kind:?}");
        assert_eq!(has(Effect::UncountSent), becomes(Phase::Unsent), "{phase:?} {kind:?}");
        let leaves_unsent = phase == Phase::Unsent && cell.to != Phase::Unsent;
        assert_eq!(has(Effect::CountSent), leaves_unsent, "{phase:?} {kind:?}");
        let proven_now = cell.to.state().is_proven() && !phase.state().is_proven();
        assert_eq!(has(Effect::StopLaterSteps), proven_now, "{phase:?} {kind:?}");
        assert_eq!(has(Effect::ToldStands), proven_now, "{phase:?} {kind:?}");
        let fails_now = cell.to.state() == DeliveryState::Undelivered
            && phase.state() != DeliveryState::Undelivered;
        assert_eq!(has(Effect::ToldFailed), fails_now, "{phase:?} {kind:?}");
    }
}

#[test]
fn every_end_has_a_time_and_every_failure_a_reason() {
    for (phase, kind) in pairs() {
        let before = Delivery { error_code: Some("before".into()), ..delivery_in(phase) };
        let after = before.step(&event(kind), at(NOW)).delivery;
        let given_up = after.state == DeliveryState::Unknown;
        assert_eq!(after.state.is_final(), after.ended_at.is_some() && !given_up);
        if after.state == DeliveryState::Undelivered {
            assert!(after.error_code.is_some(), "{phase:?} {kind:?}");
        }
        if after.state != before.state && after.state.is_proven() {
            assert_eq!(after.error_code, None, "{phase:?} {kind:?}");
        }
        assert!(after.ended_at.is_some() || after.deadline().is_some(), "{phase:?} {kind:?}");
    }
}

#[test]
fn the_same_event_twice_changes_nothing_the_second_time() {
    for (phase, kind) in pairs() {
        let once = delivery_in(phase).step(&event(kind), at(NOW)).delivery;
        let twice = once.step(&event(kind), at("2026-12-24T10:06:00Z"));
        assert!(!twice.changes(&once), "{phase:?} {kind:?}");
        assert_eq!(twice.effects, [], "{phase:?} {kind:?}");
    }
}

#[test]
fn a_try_that_time_ends_ends_in_two_deadlines_at_most() {
    for phase in Phase::ALL {
        let mut row = delivery_in(phase);
        let mut deadlines = 0;
        while let Some((due, event)) = row.deadline() {
            row = row.step(&event, due).delivery;
            deadlines += 1;
            assert!(deadlines <= 2, "{phase:?}");
        }
        assert!(row.ended_at.is_some(), "{phase:?}");
    }
}

#[test]
fn a_phone_that_falls_silent_leaves_the_outcome_unknown_and_nobody_takes_over_at_once() {
    let fetched = delivery().step(&DeliveryEvent::Fetched, at("2026-12-24T10:00:01Z")).delivery;
    let (due, event) = fetched.deadline().unwrap();
    assert_eq!((due, &event), (at("2026-12-24T10:32:00Z"), &DeliveryEvent::Expired));
    let expired = fetched.step(&event, due);
    assert_eq!(expired.delivery.phase(), Phase::Unknown);
    assert_eq!(expired.effects, [DeliveryEffect::NextStep { not_before: due, may_double: true }]);

    let lost = fetched.step(&DeliveryEvent::RegistrationLost, at(NOW));
    let next = DeliveryEffect::NextStep { not_before: fetched.valid_until, may_double: true };
    assert_eq!(lost.effects, [next]);
    assert_eq!(lost.delivery.error_code.as_deref(), Some("registration_lost"));
}

#[test]
fn an_unsent_try_comes_back_later_and_later() {
    let retry_after_s = |attempt| {
        let row = Delivery { attempt, ..delivery() };
        let effects = row.step(&DeliveryEvent::NotSent, at(NOW)).effects;
        match effects.as_slice() {
            [
                DeliveryEffect::ToldFailed,
                DeliveryEffect::UncountSent,
                DeliveryEffect::RetryAt(t),
            ] => t.duration_since(at(NOW)).as_secs(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!([0, 1, 5, 6, 99, -3].map(retry_after_s), [15, 30, 480, 600, 600, 15]);
    let past = DeliveryEvent::RefusedRetryAt { at: at("2026-12-24T09:00:00Z"), code: "x".into() };
    let effects = delivery().step(&past, at(NOW)).effects;
    assert!(effects.contains(&DeliveryEffect::RetryAt(at(NOW))));
}

#[test]
fn a_try_without_any_word_is_given_up_a_day_after_it_could_last_have_left() {
    let submitted_at = Some(at("2026-12-24T10:01:00Z"));
    let submitted = Delivery { submitted_at, ..delivery_in(Phase::Submitted) };
    let (due, event) = submitted.deadline().unwrap();
    assert_eq!(due, at("2026-12-25T10:01:00Z"));
    let given_up = submitted.step(&event, due).delivery;
    assert_eq!((given_up.state, given_up.ended_at), (DeliveryState::Unknown, Some(due)));
    let later = due + SignedDuration::from_hours(30);
    let proven = given_up.step(&DeliveryEvent::ReceiptDelivered, later).delivery;
    assert_eq!((proven.state, proven.ended_at), (DeliveryState::Delivered, Some(later)));
    assert_eq!(proven.error_code, None);
}

#[test]
fn names_are_read_as_written() {
    for state in DeliveryState::ALL {
        assert_eq!(DeliveryState::parse(state.name()), Some(state));
        assert_eq!(serde_json::to_value(state).unwrap(), state.name());
    }
    assert_eq!(DeliveryState::parse("sent"), None);
}

#[test]
fn logs_hold_neither_text_nor_full_number() {
    let logged = format!("{:?}", delivery());
    assert!(!logged.contains("записаны") && !logged.contains("9161234567"), "{logged}");
}

#[test]
fn the_diagram_shows_the_table() {
    insta::assert_snapshot!(mermaid(), @r"
    stateDiagram-v2
        [*] --> processing: intent committed
        processing --> submitted: accepted
        processing --> unknown: outcome_unknown, registration_lost (with phone or on radio), expired (with phone or on radio), unknown_for_24h
        processing --> undelivered: refused_permanent, refused_retry_at, not_sent (in hand or with phone), receipt_undelivered, withdrawn (in hand), cancel_confirmed (in hand or with phone), expired (in hand)
        processing --> delivered: receipt_delivered, receipt_delivered_in_part
        processing --> read: receipt_read
        submitted --> unknown: unknown_for_24h
        submitted --> undelivered: refused_permanent, receipt_undelivered
        submitted --> delivered: receipt_delivered, receipt_delivered_in_part
        submitted --> read: receipt_read
        unknown --> undelivered: refused_permanent, receipt_undelivered, cancel_confirmed (unknown)
        unknown --> delivered: receipt_delivered, receipt_delivered_in_part
        unknown --> read: receipt_read
        undelivered --> delivered: receipt_delivered, receipt_delivered_in_part
        undelivered --> read: receipt_read
        delivered --> read: receipt_read
    ");
}
