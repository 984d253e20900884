//! N12: windows, their edges, and days on which the clock changes.

use super::quiet_hours::{Admitted, QuietHours, Waiting};
use super::testing::Salon;
use super::*;
use crate::ids::StaffId;
use crate::kind::NotificationKind;
use crate::local_time::{Zone, local, resolve};
use crate::settings::{Lead, SendingWindow};
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn window(from: &str, to: &str) -> SendingWindow {
    let time = |text: &str| text.parse::<Time>().unwrap();
    SendingWindow { from: time(from), to: time(to) }
}

/// (zone, window, waiting, due, visit start, edges before are past) → the wall time, or `dropped`.
fn admitted(
    zone: &str,
    window: SendingWindow,
    waiting: Waiting,
    due: &str,
    start: &str,
    not_before: &str,
) -> String {
    let zone = Zone::parse(zone).unwrap();
    let instant = |text: &str| resolve(text.parse().unwrap(), None, &zone).unwrap();
    let quiet_hours = QuietHours { window, zone: &zone };
    match quiet_hours.admit(waiting, instant(due), instant(start), instant(not_before)) {
        Admitted::At { at, .. } => local(at, &zone).to_string(),
        Admitted::Dropped { .. } => "dropped".to_owned(),
    }
}

#[test]
fn due_times_find_their_edge() {
    use Waiting::{EarlierEdge, NextEdge};
    let day = || window("08:00", "22:00");
    let night = || window("22:00", "06:00");
    let early = "2026-12-01T00:00";
    let cases = [
        (
            day(),
            EarlierEdge,
            "2026-12-02T22:00:00",
            "2026-12-03T12:00",
            early,
            "2026-12-02T22:00:00",
        ),
        (
            day(),
            EarlierEdge,
            "2026-12-02T08:00:00",
            "2026-12-03T12:00",
            early,
            "2026-12-02T08:00:00",
        ),
        (
            day(),
            EarlierEdge,
            "2026-12-02T22:00:01",
            "2026-12-03T12:00",
            early,
            "2026-12-02T22:00:00",
        ),
        (
            day(),
            EarlierEdge,
            "2026-12-02T07:59:59",
            "2026-12-03T12:00",
            early,
            "2026-12-01T22:00:00",
        ),
        // The earlier edge is past: the next one, if it is an hour before the visit.
        (
            day(),
            EarlierEdge,
            "2026-12-02T23:00",
            "2026-12-03T09:00",
            "2026-12-02T22:10",
            "2026-12-03T08:00:00",
        ),
        (day(), EarlierEdge, "2026-12-02T23:00", "2026-12-03T08:59", "2026-12-02T22:10", "dropped"),
        // «Changed» waits unless the visit begins before the next edge + 1 h.
        (day(), NextEdge, "2026-12-02T23:00", "2026-12-03T09:00", early, "2026-12-03T08:00:00"),
        (day(), NextEdge, "2026-12-02T23:00", "2026-12-03T08:59", early, "2026-12-02T23:00:00"),
        (day(), NextEdge, "2026-12-03T03:00", "2026-12-09T12:00", early, "2026-12-03T08:00:00"),
        // Over midnight.
        (
            night(),
            EarlierEdge,
            "2026-12-02T23:30",
            "2026-12-03T12:00",
            early,
            "2026-12-02T23:30:00",
        ),
        (
            night(),
            EarlierEdge,
            "2026-12-03T06:00",
            "2026-12-03T12:00",
            early,
            "2026-12-03T06:00:00",
        ),
        (
            night(),
            EarlierEdge,
            "2026-12-02T12:00",
            "2026-12-04T12:00",
            early,
            "2026-12-02T06:00:00",
        ),
        (night(), NextEdge, "2026-12-02T12:00", "2026-12-04T12:00", early, "2026-12-02T22:00:00"),
        // To midnight.
        (
            window("08:00", "00:00"),
            NextEdge,
            "2026-12-02T23:59",
            "2026-12-04T12:00",
            early,
            "2026-12-02T23:59:00",
        ),
        (
            window("08:00", "00:00"),
            NextEdge,
            "2026-12-03T00:01",
            "2026-12-04T12:00",
            early,
            "2026-12-03T08:00:00",
        ),
    ];
    for (window, waiting, due, start, not_before, expected) in cases {
        let found = admitted("Europe/Moscow", window, waiting, due, start, not_before);
        assert_eq!(found, expected, "{window:?} {waiting:?} {due} {start}");
    }
}

#[test]
fn edges_are_wall_times_also_when_the_clock_changes() {
    use Waiting::NextEdge;
    let far = "2026-12-01T12:00";
    let cases = [
        // 29 March 2026 has no 02:30 in Berlin: the edge is the first instant after the gap.
        ("02:30", "22:00", "2026-03-29T00:30", "2026-03-29T03:00:00"),
        ("08:00", "22:00", "2026-03-28T23:30", "2026-03-29T08:00:00"),
        // 25 October 2026 has 02:30 twice: the first.
        ("02:30", "22:00", "2026-10-25T00:30", "2026-10-25T02:30:00"),
        ("08:00", "22:00", "2026-10-24T23:30", "2026-10-25T08:00:00"),
    ];
    for (from, to, due, expected) in cases {
        let found = admitted("Europe/Berlin", window(from, to), NextEdge, due, far, due);
        assert_eq!(found, expected, "{from}–{to} {due}");
    }
}

#[test]
fn what_was_due_at_the_closing_edge_may_leave_a_little_later_but_not_in_the_night() {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.reminder_leads = vec![Lead::Minutes(600)];
    salon.book("2026-12-03T09:30");
    salon.until("2026-12-01T13:00");
    assert_eq!(salon.planned(), ["02.12 22:00 reminder 600m"]);
    salon.sender_up = false;
    salon.until("2026-12-02T22:05");
    assert_eq!(salon.planned(), ["02.12 22:00 reminder 600m"]);
    salon.until("2026-12-02T22:06");
    assert_eq!(salon.planned(), ["03.12 08:00 reminder 600m"]);
    salon.until("2026-12-03T08:30");
    salon.sender_up = true;
    salon.until("2026-12-03T09:00");
    assert_eq!(salon.log()[1..], ["03.12 08:30 reminder 600m"]);
}

#[test]
fn an_overdue_reminder_without_a_sensible_edge_is_skipped_with_the_reason() {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.reminder_leads = vec![Lead::Minutes(660)];
    salon.book("2026-12-03T08:30");
    salon.until("2026-12-01T13:00");
    salon.sender_up = false;
    salon.until("2026-12-02T22:30");
    let (kind, ended_as, reason) = *salon.ended.last().unwrap();
    assert_eq!((kind, ended_as), (NotificationKind::Reminder, EndedAs::Skipped));
    assert_eq!(reason.code(), "quiet_hours");
}

#[test]
fn an_overdue_change_waits_for_the_morning_unless_the_visit_is_near() {
    for (start, due) in [("2026-12-05T12:00", "02.12 08:00"), ("2026-12-02T08:30", "01.12 21:52")] {
        let mut salon = Salon::at("2026-12-01T12:00");
        salon.settings.reminder_leads = vec![];
        let id = salon.book(start);
        salon.until("2026-12-01T21:50");
        salon.sender_up = false;
        salon.edit(id, |facts| facts.staff_id = Some(StaffId(2)));
        salon.until("2026-12-01T23:00");
        assert_eq!(salon.planned(), [format!("{due} changed staff_changed")], "{start}");
    }
}

#[test]
fn a_change_that_waited_until_the_told_time_was_past_is_near_no_more() {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.reminder_leads = vec![];
    let id = salon.book("2026-12-02T08:30");
    salon.until("2026-12-01T21:50");
    salon.sender_up = false;
    salon.shift(id, "2026-12-05T12:00");
    salon.until("2026-12-01T23:00");
    assert_eq!(salon.planned(), ["01.12 21:52 changed moved"], "before 08:30 in any case");
    salon.until("2026-12-02T23:00");
    assert_eq!(salon.planned(), ["03.12 08:00 changed moved"], "nobody is woken for it any more");
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(12),
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_is_moved_is_moved_into_the_window(
        due_s in 1_770_000_000i64..1_800_000_000,
        to_start_min in 1i64..3_000,
        from_hour in 0i8..24,
        to_hour in 0i8..24,
        past_min in 0i64..2_000,
        zone in prop::sample::select(vec!["Europe/Berlin", "Asia/Kathmandu", "America/Santiago"]),
    ) {
        prop_assume!(from_hour != to_hour);
        let zone = Zone::parse(zone).unwrap();
        let time = |hour| Time::constant(hour, 0, 0, 0);
        let window = SendingWindow { from: time(from_hour), to: time(to_hour) };
        let quiet_hours = QuietHours { window, zone: &zone };
        let due = Timestamp::from_second(due_s).unwrap();
        let start = due + SignedDuration::from_mins(to_start_min);
        let not_before = due - SignedDuration::from_mins(past_min);
        match quiet_hours.admit(Waiting::EarlierEdge, due, start, not_before) {
            Admitted::At { at, moved_from: None } => prop_assert_eq!(at, due),
            Admitted::At { at, moved_from: Some(from) } => {
                prop_assert_eq!(from, due);
                prop_assert!(at >= not_before);
                prop_assert!(at <= due || at + SignedDuration::from_hours(1) <= start);
                let shown = local(at, &zone).time();
                // In a gap of the clock an edge lies at its end.
                prop_assert!(quiet_hours.is_open(at) || shown.minute() == 0, "{shown}");
            }
            Admitted::Dropped { next_edge } => {
                prop_assert!(next_edge + SignedDuration::from_hours(1) > start);
            }
        }
    }
}
