//! What surely failed, once more.

use super::testing::{Salon, phone};
use super::*;
use crate::appointment::Status;
use crate::ids::AppointmentId;
use crate::kind::NotificationKind;
use crate::settings::{BranchSwitch, Lead};

/// A reminder of tomorrow 15:00 was sent at 15:00, and it failed.
fn reminded() -> (Salon, AppointmentId) {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.reminder_leads = vec![Lead::Days(1)];
    salon.settings.kinds.insert(NotificationKind::Created, false);
    let id = salon.book("2026-12-05T15:00");
    salon.until("2026-12-04T15:01");
    assert_eq!(salon.log(), ["04.12 15:00 reminder 1d"]);
    (salon, id)
}

fn decided(salon: &Salon) -> Again {
    let message = salon.rows.iter().find(|row| row.kind == NotificationKind::Reminder).unwrap();
    salon.with_snapshot(|snapshot| again(snapshot, message, salon.now))
}

#[test]
fn it_goes_once_more_while_everything_stands() {
    assert_eq!(decided(&reminded().0), Again::Now);
}

#[test]
fn in_quiet_hours_it_waits_for_the_edge() {
    let (mut salon, _) = reminded();
    salon.now = salon.instant("2026-12-04T22:04");
    assert_eq!(decided(&salon), Again::Now, "what fell due in time may leave a little later");
    salon.now = salon.instant("2026-12-04T22:10");
    assert_eq!(decided(&salon), Again::NotBefore(salon.instant("2026-12-05T08:00")));
}

#[test]
fn an_edge_less_than_an_hour_before_the_visit_is_too_late() {
    let (mut salon, _) = reminded();
    salon.settings.service_window.from = jiff::civil::time(14, 30, 0, 0);
    salon.now = salon.instant("2026-12-04T23:00");
    assert_eq!(decided(&salon), Again::Never);
}

#[test]
fn nobody_is_reminded_who_came_or_did_not_come() {
    for status in [Status::Arrived, Status::NoShow, Status::Cancelled] {
        let (mut salon, id) = reminded();
        salon.get_mut(id).status = status;
        assert_eq!(decided(&salon), Again::Never, "{status:?}");
    }
}

#[test]
fn what_was_moved_long_ago_into_the_past_bars_it() {
    let (mut salon, _) = reminded();
    let out_of_sight = AppointmentId(999);
    let reminder = |row: &&mut ExistingMessage| row.kind == NotificationKind::Reminder;
    salon.rows.iter_mut().find(reminder).unwrap().covers.push(out_of_sight);
    assert_eq!(decided(&salon), Again::Never);
}

#[test]
fn a_switch_thrown_meanwhile_bars_it() {
    let reminder = NotificationKind::Reminder;
    for what in ["block", "block anew", "kind", "client", "STOP", "number"] {
        let (mut salon, _) = reminded();
        match what {
            "block" => salon.settings.on_since = None,
            "block anew" => salon.settings.on_since = Some(salon.now),
            "kind" => {
                salon.settings.kinds.insert(reminder, false);
            }
            "client" => salon.switches.all_off = true,
            "STOP" => salon.stopped.push(phone(1)),
            _ => salon.phone = Some(phone(2)),
        }
        assert_eq!(decided(&salon), Again::Never, "{what}");
    }
    let (mut salon, _) = reminded();
    salon.branch_settings.kinds.insert(reminder, BranchSwitch::Off);
    assert_eq!(decided(&salon), Again::Never);
}

#[test]
fn a_change_hurries_as_its_first_try_did_for_the_time_that_was_told_before_it() {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.reminder_leads = vec![];
    let id = salon.book("2026-12-02T08:30");
    salon.until("2026-12-01T21:50");
    salon.shift(id, "2026-12-05T15:00");
    salon.until("2026-12-01T21:55");
    assert_eq!(salon.log()[1..], ["01.12 21:52 changed moved"]);
    let again_at = |wall_time: &str| {
        let changed = |row: &&ExistingMessage| row.kind == NotificationKind::Changed;
        let message = salon.rows.iter().find(changed).unwrap();
        salon.with_snapshot(|snapshot| again(snapshot, message, salon.instant(wall_time)))
    };
    assert_eq!(again_at("2026-12-01T23:00"), Again::Now);
    let next_morning = salon.instant("2026-12-03T08:00");
    assert_eq!(again_at("2026-12-02T23:00"), Again::NotBefore(next_morning));
}
