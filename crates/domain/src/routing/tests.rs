use super::*;
use crate::sender::Channel;
use crate::sender::testing::{at, phone};

const NOW: &str = "2026-12-24T10:00:00Z";
const SEND_BEFORE: &str = "2026-12-24T12:00:00Z";

fn ready() -> SenderStatus {
    SenderStatus::Ready { used_parts: 0, limit_parts: None }
}

fn silent() -> SenderStatus {
    SenderStatus::Unavailable { since: at(NOW), silent_for: SignedDuration::from_hours(1) }
}

fn relinking() -> SenderStatus {
    SenderStatus::Relinking { since: at(NOW) }
}

fn spent() -> SenderStatus {
    SenderStatus::DailyLimit { used_parts: 9, limit_parts: 9, resets_at: at(SEND_BEFORE) }
}

fn log(id: i64) -> Sender {
    Sender { channel: Channel::Log, ..phone(id) }
}

fn archived(id: i64) -> Sender {
    Sender { archived_at: Some(at(NOW)), ..phone(id) }
}

/// Senders as (row, status, ever linked).
type Given = Vec<(Sender, SenderStatus, bool)>;

fn routed(given: &Given, chosen: Option<i64>, fetched_by: Option<(i64, &str)>, now: &str) -> Route {
    let candidates: Vec<Candidate<'_>> = given
        .iter()
        .map(|(sender, status, ever_linked)| Candidate {
            sender,
            status: *status,
            ever_linked: *ever_linked,
        })
        .collect();
    let recipient = PhoneNumber::from_e164("+79161234567").unwrap();
    let message = Routable {
        recipient: &recipient,
        send_before: at(SEND_BEFORE),
        chosen_sender_id: chosen.map(SenderId),
        fetched_by: fetched_by
            .map(|(id, until)| FetchedBy { sender_id: SenderId(id), valid_until: at(until) }),
    };
    route(message, &candidates, at(now))
}

#[test]
fn the_chosen_phone_then_the_first_ready_then_any_linked() {
    let lane = |id| Route::Lane(SenderId(id));
    let hold = |reason| Route::Hold { until: None, reason };
    for (name, given, chosen, expected) in [
        (
            "chosen, though silent",
            vec![(phone(1), ready(), true), (phone(2), silent(), true)],
            Some(2),
            lane(2),
        ),
        (
            "chosen is archived",
            vec![(phone(1), ready(), true), (archived(2), ready(), true)],
            Some(2),
            lane(1),
        ),
        ("chosen is gone", vec![(phone(1), ready(), true)], Some(7), lane(1)),
        (
            "the ready one",
            vec![(phone(1), silent(), true), (phone(2), ready(), true)],
            None,
            lane(2),
        ),
        (
            "the first of two",
            vec![(phone(2), ready(), true), (phone(1), ready(), true)],
            None,
            lane(1),
        ),
        (
            "none ready",
            vec![(phone(1), relinking(), false), (phone(2), spent(), true)],
            None,
            lane(2),
        ),
        (
            "no log for a silent phone",
            vec![(log(1), ready(), true), (phone(2), silent(), true)],
            None,
            lane(2),
        ),
        (
            "no log for a phone that was never linked",
            vec![(log(1), ready(), true), (phone(2), relinking(), false)],
            None,
            hold(RouteReason::NotLinked),
        ),
        (
            "a log that was chosen",
            vec![(log(1), ready(), true), (phone(2), ready(), true)],
            Some(1),
            lane(1),
        ),
        ("a log alone", vec![(log(1), ready(), true)], None, lane(1)),
        ("none linked", vec![(phone(1), relinking(), false)], None, hold(RouteReason::NotLinked)),
        ("all archived", vec![(archived(1), ready(), true)], Some(1), hold(RouteReason::NoSender)),
        ("none", vec![], None, hold(RouteReason::NoSender)),
    ] {
        assert_eq!(routed(&given, chosen, None, NOW), expected, "{name}");
    }
}

#[test]
fn what_is_late_is_skipped_with_what_stood_in_its_way() {
    for (given, reason) in [
        (vec![], "no_sender"),
        (vec![(phone(1), relinking(), false)], "sender_not_linked"),
        (vec![(phone(1), relinking(), true)], "sender_relinking"),
        (vec![(phone(1), silent(), true)], "sender_unavailable"),
        (vec![(phone(1), spent(), true)], "daily_limit"),
        (vec![(phone(1), ready(), true)], "expired"),
    ] {
        match routed(&given, None, None, SEND_BEFORE) {
            Route::Skip(skipped) => assert_eq!(skipped.code(), reason),
            other => panic!("{reason}: {other:?}"),
        }
    }
}

#[test]
fn nobody_takes_over_what_a_phone_may_still_send() {
    let given = vec![(phone(1), silent(), true), (phone(2), ready(), true)];
    let until = "2026-12-24T10:20:00Z";
    let hold = Route::Hold { until: Some(at(until)), reason: RouteReason::FetchedByAnother };
    assert_eq!(routed(&given, None, Some((1, until)), NOW), hold);
    assert_eq!(routed(&given, None, Some((1, until)), until), Route::Lane(SenderId(2)));
    assert_eq!(routed(&given, Some(1), Some((1, until)), NOW), Route::Lane(SenderId(1)));
}

#[test]
fn an_sms_goes_to_mobile_numbers_only() {
    let sender = phone(1);
    let log = Sender { channel: Channel::Log, ..phone(1) };
    let fixed_line = PhoneNumber::from_e164("+74951234567").unwrap();
    let message = Routable {
        recipient: &fixed_line,
        send_before: at(SEND_BEFORE),
        chosen_sender_id: None,
        fetched_by: None,
    };
    let over = |sender| {
        let candidate = Candidate { sender, status: ready(), ever_linked: true };
        route(message, &[candidate], at(NOW))
    };
    assert_eq!(over(&sender), Route::Skip(RouteReason::NotMobile));
    assert_eq!(over(&log), Route::Lane(SenderId(1)));
}

#[test]
fn a_phone_has_half_an_hour_but_never_beyond_send_before() {
    for (send_before, expected) in [
        ("2026-12-24T12:00:00Z", "2026-12-24T10:30:00Z"),
        ("2026-12-24T10:10:00Z", "2026-12-24T10:10:00Z"),
    ] {
        assert_eq!(valid_until(at(send_before), at(NOW)), at(expected));
    }
}

#[test]
fn every_reason_has_words_of_its_own() {
    for language in Language::ALL {
        let words: std::collections::BTreeSet<&str> =
            RouteReason::ALL.into_iter().map(|reason| reason.message(language)).collect();
        assert_eq!(words.len(), RouteReason::ALL.len());
    }
}
