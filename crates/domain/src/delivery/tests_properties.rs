//! Receipts come doubled and in any order; the row must end the same, and so must what hangs on it.

use super::testing::{at, delivery_in};
use super::*;
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed};

fn seeded(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(2026),
        ..Config::default()
    }
}

/// What carriers and phones report, as far as reports may overtake each other.
fn report() -> impl Strategy<Value = DeliveryEvent> {
    prop_oneof![
        Just(DeliveryEvent::Accepted { carrier_id: Some("c-1".into()) }),
        Just(DeliveryEvent::RefusedPermanent { code: "refused".into() }),
        Just(DeliveryEvent::PhoneProcessed),
        Just(DeliveryEvent::ReceiptDelivered),
        Just(DeliveryEvent::ReceiptUndelivered { code: "undelivered".into() }),
        Just(DeliveryEvent::ReceiptRead),
        Just(DeliveryEvent::ReceiptDeliveredInPart),
    ]
}

fn any_event() -> impl Strategy<Value = DeliveryEvent> {
    prop_oneof![
        4 => report(),
        1 => Just(DeliveryEvent::RefusedRetryAt { at: at("2026-12-24T11:00:00Z"), code: "later".into() }),
        1 => Just(DeliveryEvent::NotSent),
        1 => Just(DeliveryEvent::OutcomeUnknown),
        1 => Just(DeliveryEvent::Fetched),
        1 => Just(DeliveryEvent::RegistrationLost),
        1 => Just(DeliveryEvent::Withdrawn),
        1 => Just(DeliveryEvent::CancelConfirmed),
        1 => Just(DeliveryEvent::Expired),
        1 => Just(DeliveryEvent::UnknownFor24h),
    ]
}

fn start() -> impl Strategy<Value = Phase> {
    proptest::sample::select(vec![
        Phase::InHand,
        Phase::WithPhone,
        Phase::OnRadio,
        Phase::Submitted,
        Phase::Unknown,
        Phase::UnknownOnRadio,
        Phase::UnknownAccepted,
    ])
}

/// A list of reports, and the same list shuffled with some of them doubled.
fn lists() -> impl Strategy<Value = (Vec<DeliveryEvent>, Vec<DeliveryEvent>)> {
    proptest::collection::vec(report(), 0..6).prop_flat_map(|list| {
        let doubled: Vec<DeliveryEvent> = list.iter().chain(&list).cloned().collect();
        let list_len = list.len();
        let other = Just(doubled).prop_shuffle();
        (Just(list), other).prop_map(move |(list, mut other)| {
            // Some doubles go, as long as each report stays once.
            while other.len() > list_len + list_len / 2 {
                let Some(last) = other.pop() else { break };
                if !other.contains(&last) {
                    other.insert(0, last);
                    break;
                }
            }
            (list, other)
        })
    })
}

struct Replay {
    row: Delivery,
    told: bool,
    counted: i64,
}

fn replay(phase: Phase, events: &[DeliveryEvent]) -> Replay {
    let mut replayed = Replay { row: delivery_in(phase), told: true, counted: 1 };
    let mut now = at("2026-12-24T10:02:00Z");
    for event in events {
        let before = replayed.row.state.rank();
        let step = replayed.row.step(event, now);
        assert!(step.delivery.state.rank() >= before);
        for effect in &step.effects {
            match effect {
                DeliveryEffect::ToldFailed => replayed.told = false,
                DeliveryEffect::ToldStands => replayed.told = true,
                DeliveryEffect::CountSent => replayed.counted += 1,
                DeliveryEffect::UncountSent => replayed.counted -= 1,
                _ => {}
            }
        }
        replayed.row = step.delivery;
        now += SignedDuration::from_secs(1);
    }
    replayed
}

proptest! {
    #![proptest_config(seeded(2_000))]

    #[test]
    fn reports_in_any_order_and_doubled_end_the_same(phase in start(), (list, other) in lists()) {
        let (one, two) = (replay(phase, &list), replay(phase, &other));
        prop_assert_eq!(one.row.phase(), two.row.phase());
        prop_assert_eq!((one.told, one.counted), (two.told, two.counted));
    }

    /// `told` and the counters hang on effects alone; they agree with the row after any history.
    #[test]
    fn effects_agree_with_the_row(
        phase in start(),
        events in proptest::collection::vec(any_event(), 0..12),
    ) {
        let end = replay(phase, &events);
        prop_assert_eq!(end.told, end.row.state != DeliveryState::Undelivered);
        prop_assert_eq!(end.counted, i64::from(end.row.counts_as_sent()));
    }

    #[test]
    fn proof_of_delivery_always_wins(
        phase in start(),
        mut events in proptest::collection::vec(any_event(), 0..8),
        position in any::<proptest::sample::Index>(),
    ) {
        events.insert(position.index(events.len() + 1), DeliveryEvent::ReceiptDelivered);
        prop_assert!(replay(phase, &events).row.state.is_proven());
    }

    /// At most one accepted try per step: after anything that may have left there is no repeat.
    #[test]
    fn nothing_that_may_have_left_is_repeated(
        events in proptest::collection::vec(any_event(), 0..12),
    ) {
        let mut row = delivery_in(Phase::InHand);
        for event in &events {
            let step = row.step(event, at("2026-12-24T10:02:00Z"));
            let repeats = step.effects.iter().any(|e| matches!(e, DeliveryEffect::RetryAt(_)));
            prop_assert!(!repeats || !step.delivery.counts_as_sent());
            row = step.delivery;
        }
    }
}
