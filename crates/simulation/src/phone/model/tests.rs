//! The app step by step: what goes on the air, and what is said about it.

use super::*;
use crate::phone::wire::messages::Content;
use crate::phone::wire::settings::ProcessingOrder;
use jiff::SignedDuration;

/// A moment so many seconds after the start, by clock and stopwatch alike.
fn at(second: i64) -> Moment {
    let start: Timestamp = "2026-03-04T12:00:00Z".parse().unwrap();
    Moment {
        clock: start + SignedDuration::from_secs(second),
        elapsed_ms: u64::try_from(second).unwrap() * 1000,
    }
}

fn message(id: &str) -> PulledMessage {
    PulledMessage {
        id: id.to_owned(),
        content: Content::Text(format!("текст {id}")),
        numbers: vec!["+15550100123".to_owned()],
        sim_number: None,
        wants_delivery_report: true,
        is_encrypted: false,
        valid_until: None,
        schedule_at: None,
        priority: 0,
        created_at: None,
        state: OfferedState::Pending,
    }
}

fn cancelling(id: &str) -> PulledMessage {
    PulledMessage { state: OfferedState::Cancelling, ..message(id) }
}

fn phone() -> PhoneModel {
    PhoneModel::new(1, Chance::new(1))
}

fn phone_with(settings: PhoneSettings) -> PhoneModel {
    let mut phone = phone();
    phone.step(Input::Settings(settings), at(0));
    phone
}

fn pulled(list: &[PulledMessage]) -> Input {
    Input::Pulled(list.to_vec())
}

fn radio(id: &str, outcome: RadioOutcome) -> Input {
    let number = "+15550100123".to_owned();
    Input::Radio(RadioResult { message_id: id.to_owned(), number, outcome })
}

/// Outputs in short: `→m1` on its way, `m1:Sent` reported, `sms:sent` posted.
fn short(outputs: Vec<Output>) -> String {
    let word = |output| match output {
        Output::Transmit(sms) => format!("→{}", sms.message_id),
        Output::Report(report) => format!("{}:{}", report.id, report.state.name()),
        Output::Webhook(event) => event.event.to_owned(),
    };
    outputs.into_iter().map(word).collect::<Vec<_>>().join(" ")
}

/// Plays the inputs, and compares what each brings about.
fn play(mut phone: PhoneModel, script: Vec<(i64, Input, &str)>) {
    for (index, (second, input, expected)) in script.into_iter().enumerate() {
        assert_eq!(short(phone.step(input, at(second))), expected, "step {index}");
    }
}

#[test]
fn a_message_goes_its_way_once() {
    play(
        phone(),
        vec![
            (0, pulled(&[message("m1")]), "→m1 m1:Processed"),
            (1, pulled(&[message("m1"), message("m1")]), "m1:Processed m1:Processed"),
            (2, radio("m1", RadioOutcome::Sent), "m1:Sent sms:sent"),
            (3, radio("m1", RadioOutcome::Sent), "m1:Sent sms:sent"),
            (4, radio("m1", RadioOutcome::Delivered), "m1:Delivered sms:delivered"),
            (5, pulled(&[message("m1")]), "m1:Delivered"),
            // A late part.
            (6, radio("m1", RadioOutcome::Sent), "m1:Sent sms:sent"),
            (7, radio("m2", RadioOutcome::Sent), ""),
        ],
    );
}

#[test]
fn a_delivery_may_overtake_and_a_failure_is_the_end() {
    let failed = || RadioOutcome::Failed("Send result: RESULT_ERROR_NO_SERVICE".to_owned());
    play(
        phone(),
        vec![
            (0, pulled(&[message("m1")]), "→m1 m1:Processed"),
            (1, radio("m1", RadioOutcome::Delivered), "m1:Delivered sms:delivered"),
            (1, radio("m1", failed()), "m1:Failed sms:failed"),
            (1, radio("m1", RadioOutcome::Sent), ""),
            (1, pulled(&[message("m2")]), "→m2 m2:Processed"),
            (2, radio("m2", failed()), "m2:Failed sms:failed"),
            (3, radio("m2", RadioOutcome::Delivered), ""),
            (4, pulled(&[message("m2")]), "m2:Failed"),
        ],
    );
}

#[test]
fn what_waits_is_acknowledged_at_the_second_pull() {
    let scheduled = PulledMessage { schedule_at: Some(at(60).clock), ..message("m1") };
    play(
        phone(),
        vec![
            (0, pulled(std::slice::from_ref(&scheduled)), ""),
            (1, pulled(std::slice::from_ref(&scheduled)), "m1:Pending"),
            (59, Input::TimePassed, ""),
            (60, Input::TimePassed, "→m1 m1:Processed"),
        ],
    );
}

#[test]
fn only_what_the_radio_does_not_have_is_cancelled() {
    let later = PulledMessage { schedule_at: Some(at(60).clock), ..message("m1") };
    let cancel = |id: &str| Input::CancelRequested { id: id.to_owned() };
    play(
        phone(),
        vec![
            (0, pulled(&[later.clone(), message("m2")]), "→m2 m2:Processed"),
            (1, cancel("m1"), "m1:Cancelled sms:cancelled"),
            (1, cancel("m1"), ""),
            (2, cancel("m2"), ""),
            (2, pulled(&[cancelling("m1"), cancelling("m2")]), "m1:Cancelled"),
            (3, pulled(&[cancelling("m3")]), "m3:Cancelled sms:cancelled"),
            (4, cancel("m4"), ""),
            (5, pulled(&[later, message("m3")]), "m1:Cancelled m3:Cancelled"),
            (90, Input::TimePassed, ""),
        ],
    );
}

#[test]
fn nothing_goes_after_its_time() {
    let until =
        |id: &str, second| PulledMessage { valid_until: Some(at(second).clock), ..message(id) };
    let slow = PhoneSettings { send_interval_min_s: 10, ..PhoneSettings::default() };
    play(
        phone_with(slow),
        vec![
            (0, pulled(&[until("m1", 0)]), "→m1 m1:Processed"),
            (1, pulled(&[until("m2", 9)]), ""),
            (9, Input::TimePassed, ""),
            (10, Input::TimePassed, "m2:Failed sms:failed"),
        ],
    );
}

#[test]
fn what_cannot_be_sent_fails_in_the_words_of_the_app() {
    for (broken, sim_count, words) in [
        (PulledMessage { valid_until: Some(at(0).clock), ..message("m") }, 1, "TTL expired"),
        (message("m"), 0, "Can't send message: No SIMs found"),
        (
            PulledMessage { sim_number: Some(2), ..message("m") },
            1,
            "Can't send message: SIM 2 not found",
        ),
        (
            PulledMessage { is_encrypted: true, ..message("m") },
            1,
            "sendSMS: the passphrase is not set",
        ),
        (
            PulledMessage { numbers: vec!["номер".to_owned()], ..message("m") },
            1,
            "sendSMS: Invalid destinationAddress",
        ),
    ] {
        let outputs = PhoneModel::new(sim_count, Chance::new(1)).step(pulled(&[broken]), at(1));
        let Some(Output::Report(report)) = outputs.first() else {
            panic!("no report first: {outputs:?}");
        };
        assert_eq!(report.state, ReportedState::Failed);
        assert_eq!(report.recipients[0].error.as_deref(), Some(words));
    }
}

#[test]
fn order_is_by_priority_then_by_the_pushed_order() {
    let made = |id: &str, priority, second| PulledMessage {
        priority,
        created_at: Some(at(second).clock),
        ..message(id)
    };
    let list =
        [made("a", 0, 1), made("b", 0, 3), made("c", 5, 2), made("d", 0, 3), made("e", -1, 9)];
    for (processing_order, expected) in
        [(ProcessingOrder::NewestFirst, "cbdae"), (ProcessingOrder::OldestFirst, "cabde")]
    {
        let settings = PhoneSettings { processing_order, ..PhoneSettings::default() };
        let outputs = phone_with(settings).step(pulled(&list), at(20));
        let sent: String = outputs
            .iter()
            .filter_map(|output| match output {
                Output::Transmit(sms) => Some(sms.message_id.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(sent, expected);
    }
}

#[test]
fn pauses_hold_all_but_the_urgent() {
    let urgent = PulledMessage { priority: 100, ..message("m3") };
    let settings = PhoneSettings {
        send_interval_min_s: 5,
        send_interval_max_s: 5,
        ..PhoneSettings::default()
    };
    play(
        phone_with(settings),
        vec![
            (0, pulled(&[message("m1"), message("m2")]), "→m1 m1:Processed"),
            (4, Input::TimePassed, ""),
            (4, pulled(&[urgent]), "→m3 m3:Processed"),
            (8, Input::TimePassed, ""),
            (9, Input::TimePassed, "→m2 m2:Processed"),
        ],
    );
}

#[test]
fn a_full_limit_sleeps_from_the_last_message_on() {
    let settings =
        PhoneSettings { limit_period_ms: Some(60_000), limit_value: 2, ..PhoneSettings::default() };
    play(
        phone_with(settings),
        vec![
            (0, pulled(&[message("m1")]), "→m1 m1:Processed"),
            (50, pulled(&[message("m2")]), "→m2 m2:Processed"),
            (55, pulled(&[message("m3")]), ""),
            (109, Input::TimePassed, ""),
            (110, Input::TimePassed, "→m3 m3:Processed"),
        ],
    );
}

#[test]
fn a_message_to_two_numbers_is_as_far_as_the_slower_one() {
    let numbers = ["+15550100123", "+7 (555) 010-01-24"].map(str::to_owned).to_vec();
    let mut phone = phone();
    let both = PulledMessage { numbers, ..message("m1") };
    let outputs = phone.step(pulled(&[both]), at(0));
    let dialled: Vec<&str> = outputs
        .iter()
        .filter_map(|output| match output {
            Output::Transmit(sms) => Some(sms.dialled.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(dialled, ["+15550100123", "+75550100124"]);
    assert_eq!(short(phone.step(radio("m1", RadioOutcome::Sent), at(1))), "m1:Processed");
    let number = "+7 (555) 010-01-24".to_owned();
    let outcome = RadioOutcome::Sent;
    let other = Input::Radio(RadioResult { message_id: "m1".to_owned(), number, outcome });
    assert_eq!(short(phone.step(other, at(2))), "m1:Sent sms:sent");
}

#[test]
fn a_state_that_has_no_effect_is_not_sent() {
    let odd = PulledMessage { state: OfferedState::WithoutEffect, ..message("m1") };
    play(
        phone(),
        vec![
            (0, pulled(std::slice::from_ref(&odd)), ""),
            (1, pulled(&[message("m1")]), "→m1 m1:Processed"),
            (2, pulled(&[odd]), "m1:Processed"),
        ],
    );
}
