use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed};

use super::*;

fn failed() -> PhoneState {
    PhoneState::Failed(PhoneFailure::read(Some("TTL expired")))
}

fn of_body(body: &[u8]) -> Option<PhoneState> {
    PhoneState::of_report(&MessageStateReport::decode_list(body).unwrap()[0])
}

#[test]
fn a_report_is_read_as_what_happened() {
    let failure = of_body(include_bytes!("../fixtures/message_failed.json")).unwrap();
    let PhoneState::Failed(failure) = failure else { panic!("{failure:?}") };
    assert_eq!(failure.code, "phone_no_service");
    let delivered = of_body(include_bytes!("../fixtures/message_delivered.json"));
    assert_eq!(delivered, Some(PhoneState::Delivered));
    // Our own word coming back, and a message that this phone never knew.
    assert_eq!(of_body(br#"[{"id":"x","state":"Cancelling"}]"#), None);
    let unknown = br#"[{"id":"x","state":"Cancelled","recipients":[{"phoneNumber":"+7","state":"Pending"}]}]"#;
    assert_eq!(of_body(unknown), Some(PhoneState::Cancelled));
}

#[test]
fn reports_add_up_by_rank() {
    use PhoneState::{Cancelled, Delivered, Pending, Processed, Sent};
    use TextParts::{One, Several};
    for (known, later, parts, sum) in [
        (Pending, Processed, One, Processed),
        // A jump, and the step that was left out, late.
        (Processed, Delivered, One, Delivered),
        (Delivered, Sent, One, Delivered),
        (Delivered, Sent, Several, Delivered),
        (Sent, Sent, One, Sent),
        (Sent, failed(), One, failed()),
        (failed(), Sent, One, failed()),
        (failed(), Processed, Several, failed()),
        // Proof of delivery wins over a failure.
        (Delivered, failed(), One, Delivered),
        (failed(), Delivered, One, Delivered),
        // A re-installed phone says «cancelled» of what its earlier self had sent.
        (Processed, Cancelled, One, Processed),
        (Cancelled, Sent, One, Sent),
        (Pending, Cancelled, One, Cancelled),
        (Cancelled, Pending, One, Cancelled),
    ] {
        assert_eq!(known.clone().merge(later.clone(), parts), sum, "{known:?} + {later:?}");
    }
    for (known, later) in [(Delivered, failed()), (failed(), Delivered)] {
        let sum = known.merge(later, Several);
        assert!(matches!(sum, PhoneState::DeliveredInPart(_)), "{sum:?}");
    }
}

#[test]
fn a_message_is_listed_until_acknowledged_or_called_back() {
    use PhoneState::{Cancelled, Pending, Processed};
    for (known, is_cancelling, listed) in [
        (None, false, true),
        (None, true, true),
        (Some(Pending), false, false),
        (Some(Pending), true, true),
        (Some(Processed), true, true),
        (Some(Cancelled), true, false),
        (Some(failed()), true, false),
    ] {
        assert_eq!(stays_in_list(known.as_ref(), is_cancelling), listed, "{known:?}");
    }
}

fn any_state() -> impl Strategy<Value = PhoneState> {
    prop_oneof![
        Just(PhoneState::Pending),
        Just(PhoneState::Cancelled),
        Just(PhoneState::Processed),
        Just(PhoneState::Sent),
        Just(PhoneState::Delivered),
        Just(failed()),
    ]
}

proptest! {
    #![proptest_config(Config {
        cases: 500,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(2026),
        ..Config::default()
    })]

    #[test]
    fn the_order_of_arrival_does_not_matter_and_nothing_goes_back(
        reports in prop::collection::vec(any_state(), 1..8),
        turn in 0_usize..8,
        is_long in any::<bool>(),
    ) {
        let parts = if is_long { TextParts::Several } else { TextParts::One };
        let sum = |reports: &[PhoneState]| {
            let mut sum = PhoneState::Pending;
            for report in reports {
                let before = sum.rank();
                sum = sum.merge(report.clone(), parts);
                assert!(sum.rank() >= before);
            }
            sum
        };
        let mut turned = reports.clone();
        turned.rotate_left(turn % reports.len());
        prop_assert_eq!(sum(&reports), sum(&turned));
        let twice: Vec<PhoneState> = reports.iter().chain(&turned).cloned().collect();
        prop_assert_eq!(sum(&reports), sum(&twice));
    }
}
