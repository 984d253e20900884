use super::*;
use crate::sender::testing::{at, phone};
use crate::sender::{Channel, SenderSettings};
use crate::settings::SendingWindow;
use jiff::civil::Time;
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

fn limited(daily_limit_parts: i64, pace_s: i64) -> Sender {
    let settings = SenderSettings {
        daily_limit_parts: Some(daily_limit_parts),
        pace_s,
        ..SenderSettings::default()
    };
    Sender { settings, ..phone(1) }
}

fn in_zone(sender: Sender, zone: &str) -> Sender {
    Sender { zone: Zone::parse(zone).unwrap(), ..sender }
}

/// A row that counted `parts` up to `last_release_at`.
fn used(sender: &Sender, parts: i64, last_release_at: &str) -> PaceState {
    let at = at(last_release_at);
    PaceState {
        day_parts: parts,
        last_release_at: Some(at),
        ..PaceState::new(sender.organization_id, sender.id, &sender.zone, at)
    }
}

fn wait(until: &str, reason: WaitReason) -> Admission {
    Admission::Wait { until: Some(at(until)), reason }
}

#[test]
fn a_release_is_counted_with_the_intent() {
    let sender = limited(10, 5);
    let state = used(&sender, 3, "2026-12-24T10:00:00Z");
    let Admission::Now(after) = admit(&sender, &state, 2, at("2026-12-24T10:00:05Z")) else {
        panic!("it is admitted");
    };
    assert_eq!((after.day_parts, after.day_messages, after.window_open), (5, 1, 1));
    assert_eq!(after.last_release_at, Some(at("2026-12-24T10:00:05Z")));
    assert_eq!(after.version, state.version + 1);
}

#[test]
fn each_rule_says_until_when() {
    let plain = limited(10, 60);
    let hours = SendingWindow { from: Time::constant(9, 0, 0, 0), to: Time::constant(21, 0, 0, 0) };
    let settings = SenderSettings { hours: Some(hours), ..plain.settings.clone() };
    let with_hours = Sender { settings, ..plain.clone() };
    // Moscow is three hours ahead.
    for (name, sender, spent, now, expected) in [
        ("pace", &plain, 9, "2026-12-24T10:00:59Z", wait("2026-12-24T10:01:00Z", WaitReason::Pace)),
        (
            "limit",
            &plain,
            10,
            "2026-12-24T12:00:00Z",
            wait("2026-12-24T21:00:00Z", WaitReason::DailyLimit),
        ),
        (
            "hours",
            &with_hours,
            0,
            "2026-12-24T18:00:01Z",
            wait("2026-12-25T06:00:00Z", WaitReason::Hours),
        ),
        // The limit resets at midnight, the hours begin at nine: that is when it goes.
        (
            "limit, then hours",
            &with_hours,
            10,
            "2026-12-24T12:00:00Z",
            wait("2026-12-25T06:00:00Z", WaitReason::DailyLimit),
        ),
    ] {
        let state = used(sender, spent, "2026-12-24T10:00:00Z");
        assert_eq!(admit(sender, &state, 1, at(now)), expected, "{name}");
    }
    let closing = used(&with_hours, 0, "2026-12-24T10:00:00Z");
    assert!(matches!(
        admit(&with_hours, &closing, 1, at("2026-12-24T18:00:00Z")),
        Admission::Now(_)
    ));
}

#[test]
fn what_no_time_alone_solves_has_no_until() {
    let sender = limited(3, 0);
    let state = used(&sender, 0, "2026-12-24T10:00:00Z");
    let now = at("2026-12-24T10:00:00Z");
    let too_long = Admission::Wait { until: None, reason: WaitReason::DailyLimit };
    assert_eq!(admit(&sender, &state, 4, now), too_long);
    let full = PaceState { window_open: Channel::AndroidPhone.window(), ..state };
    let window = Admission::Wait { until: None, reason: WaitReason::Window };
    assert_eq!(admit(&sender, &full, 1, now), window);
    assert!(matches!(admit(&sender, &full.answered(), 1, now), Admission::Now(_)));
}

#[test]
fn a_clock_that_steps_back_reopens_no_spent_day() {
    let sender = limited(10, 5);
    let spent = used(&sender, 10, "2026-12-24T10:00:00Z");
    for now in ["2026-12-24T10:10:00Z", "2026-12-23T10:00:00Z", "2026-11-01T00:00:00Z"] {
        let expected = wait("2026-12-24T21:00:00Z", WaitReason::DailyLimit);
        assert_eq!(admit(&sender, &spent, 1, at(now)), expected, "{now}");
    }
    let some = used(&sender, 4, "2026-12-24T10:00:00Z");
    let yesterday = admit(&sender, &some, 1, at("2026-12-23T10:00:00Z"));
    assert_eq!(yesterday, wait("2026-12-24T10:00:05Z", WaitReason::Pace));
}

#[test]
fn days_of_23_and_25_hours_reset_at_their_own_midnight() {
    let berlin = in_zone(limited(1, 0), "Europe/Berlin");
    for (spent_at, reset) in [
        ("2026-03-29T00:30:00Z", "2026-03-29T22:00:00Z"),
        ("2026-10-25T00:30:00Z", "2026-10-25T23:00:00Z"),
    ] {
        let spent = used(&berlin, 1, spent_at);
        assert_eq!(admit(&berlin, &spent, 1, at(spent_at)), wait(reset, WaitReason::DailyLimit));
    }
    // Beirut's clock goes from 23:59:59 to 01:00 on 29 March 2026: the day begins at one.
    let beirut = in_zone(limited(1, 0), "Asia/Beirut");
    let spent = used(&beirut, 1, "2026-03-28T10:00:00Z");
    let reset = wait("2026-03-28T22:00:00Z", WaitReason::DailyLimit);
    assert_eq!(admit(&beirut, &spent, 1, at("2026-03-28T12:00:00Z")), reset);
}

#[test]
fn only_the_counted_day_gets_parts_back() {
    let sender = limited(10, 5);
    let state = PaceState { day_messages: 2, ..used(&sender, 5, "2026-12-24T10:00:00Z") };
    let back = state.give_back(&sender.zone, 2, at("2026-12-24T09:00:00Z"));
    assert_eq!((back.day_parts, back.day_messages), (3, 1));
    assert_eq!(back.last_release_at, state.last_release_at);
    assert_eq!(back.count_again(&sender.zone, 2, at("2026-12-24T09:00:00Z")).day_parts, 5);
    assert_eq!(state.give_back(&sender.zone, 2, at("2026-12-23T09:00:00Z")), state);
    assert_eq!(state.give_back(&sender.zone, 9, at("2026-12-24T09:00:00Z")).day_parts, 0);
}

#[test]
fn a_message_at_the_limit_waits_while_there_is_time() {
    let (send_before, now) = (at("2026-12-24T15:00:00Z"), at("2026-12-24T12:00:00Z"));
    let decide = |until: &str, reason, now| limit_decision(send_before, wait(until, reason), now);
    let waits = |until: &str, reason, in_time| LaneDecision::WaitInLane {
        until: Some(at(until)),
        reason,
        in_time,
    };
    let (soon, midnight) = ("2026-12-24T12:00:05Z", "2026-12-24T21:00:00Z");
    assert_eq!(decide(soon, WaitReason::Pace, now), waits(soon, WaitReason::Pace, true));
    assert_eq!(
        decide(midnight, WaitReason::DailyLimit, now),
        waits(midnight, WaitReason::DailyLimit, false)
    );
    let skipped = LaneDecision::Skip { reason_code: "daily_limit" };
    assert_eq!(decide(midnight, WaitReason::DailyLimit, send_before), skipped);
    let state = used(&limited(1, 0), 1, "2026-12-24T12:00:00Z");
    let late = limit_decision(send_before, Admission::Now(state.clone()), send_before);
    assert_eq!(late, LaneDecision::Skip { reason_code: "expired" });
    assert_eq!(
        limit_decision(send_before, Admission::Now(state.clone()), now),
        LaneDecision::Go(state)
    );
}

#[derive(Debug, Clone, Copy)]
enum Act {
    /// The clock moves by so many seconds (also back), then a try of so many parts asks.
    Ask { moved_s: i64, parts: i64 },
    /// The last admitted try comes back as surely unsent.
    GiveBack,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        6 => (0i64..90, 1i64..4).prop_map(|(moved_s, parts)| Act::Ask { moved_s, parts }),
        2 => (-200_000i64..200_000, 1i64..4).prop_map(|(moved_s, parts)| Act::Ask { moved_s, parts }),
        1 => Just(Act::GiveBack),
    ];
    proptest::collection::vec(act, 1..120)
}

proptest! {
    #![proptest_config(seeded(400))]

    /// Whatever the clock does: no day (as counted, so also no day of the wall) beyond its limit, and
    /// no two releases closer than the pace.
    #[test]
    fn limit_and_pace_hold_under_any_clock(
        acts in acts(),
        limit in 1i64..15,
        pace_s in 0i64..120,
        zone in proptest::sample::select(vec!["Europe/Moscow", "Europe/Berlin", "Asia/Beirut", "Pacific/Apia"]),
    ) {
        let sender = in_zone(limited(limit, pace_s), zone);
        // The night before Berlin's clock goes back.
        let mut now = at("2026-10-24T12:00:00Z");
        let mut state = PaceState::new(sender.organization_id, sender.id, &sender.zone, now);
        let mut releases: Vec<(Timestamp, i64)> = Vec::new();
        let mut last_release: Option<Timestamp> = None;
        for act in acts {
            match act {
                Act::Ask { moved_s, parts } => {
                    now += SignedDuration::from_secs(moved_s);
                    match admit(&sender, &state, parts, now) {
                        Admission::Now(after) => {
                            if let Some(last) = last_release {
                                prop_assert!(now.duration_since(last).as_secs() >= pace_s);
                            }
                            prop_assert!(after.day >= state.day);
                            last_release = Some(now);
                            releases.push((now, parts));
                            state = after.answered();
                        }
                        Admission::Wait { until: Some(until), .. } => {
                            prop_assert!(until > now);
                            let admitted_then = admit(&sender, &state, parts, until);
                            prop_assert!(matches!(admitted_then, Admission::Now(_)));
                        }
                        Admission::Wait { until: None, reason } => {
                            prop_assert_eq!((reason, parts > limit), (WaitReason::DailyLimit, true));
                        }
                    }
                }
                Act::GiveBack => {
                    if let Some((released_at, parts)) = releases.pop() {
                        state = state.give_back(&sender.zone, parts, released_at);
                    }
                }
            }
            let mut by_day = std::collections::BTreeMap::new();
            for (released_at, parts) in &releases {
                *by_day.entry(local(*released_at, &sender.zone).date()).or_insert(0) += parts;
            }
            prop_assert!(by_day.values().all(|parts| *parts <= limit), "{by_day:?}");
        }
    }
}
