//! «Decided cases of section 2» about reminders, merging and switches, one test per sentence.

use super::testing::{Salon, phone};
use super::*;
use crate::appointment::Status;
use crate::ids::StaffId;
use crate::kind::NotificationKind;
use crate::settings::{LateReminder, Lead};

const FAR: &str = "2026-12-20T15:00";

fn salon() -> Salon {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.reminder_leads = vec![];
    salon
}

#[test]
fn at_once_goes_with_the_settled_created_one_reminder_of_the_nearest_lead_at_most() {
    let mut salon = salon();
    salon.settings.late_reminder = LateReminder::AtOnce;
    salon.settings.reminder_leads = vec![Lead::Days(7), Lead::Days(1), Lead::Minutes(120)];
    let id = salon.book("2026-12-01T20:00");
    salon.until("2026-12-01T12:01");
    salon.edit(id, |facts| facts.staff_id = Some(StaffId(2)));
    assert_eq!(salon.reasons(NotificationKind::Reminder), ["nearer_lead"]);
    salon.until("2026-12-01T21:00");
    assert_eq!(
        salon.log(),
        ["01.12 12:03 created", "01.12 12:03 reminder 1d", "01.12 18:00 reminder 120m"]
    );
}

#[test]
fn merge_makes_the_announcement_count_as_the_reminder() {
    let mut salon = salon();
    salon.settings.late_reminder = LateReminder::Merge;
    salon.settings.reminder_leads = vec![Lead::Days(1)];
    salon.book("2026-12-01T20:00");
    assert_eq!(salon.planned(), ["01.12 12:02 created"]);
    assert_eq!(salon.reasons(NotificationKind::Reminder), ["merged_into"]);
    salon.until("2026-12-01T13:00");
    assert_eq!(salon.reasons(NotificationKind::Reminder), ["merged_into"]);
}

#[test]
fn merge_with_nothing_to_merge_into_goes_at_once() {
    let mut salon = salon();
    salon.settings.late_reminder = LateReminder::Merge;
    salon.settings.reminder_leads = vec![Lead::Days(1)];
    salon.settings.kinds.insert(NotificationKind::Created, false);
    salon.book("2026-12-01T20:00");
    salon.until("2026-12-01T13:00");
    assert_eq!(salon.log(), ["01.12 12:02 reminder 1d"]);
}

#[test]
fn a_silent_move_or_the_clients_own_inside_a_lead_has_no_reminder_for_that_lead() {
    for (by, reason) in [(Side::Staff, "start_set_silently"), (Side::Client, "start_set_by_client")]
    {
        let mut salon = salon();
        salon.settings.late_reminder = LateReminder::AtOnce;
        salon.settings.reminder_leads = vec![Lead::Days(1), Lead::Minutes(120)];
        let id = salon.book(FAR);
        salon.until("2026-12-01T13:00");
        salon.shift_by(id, by, Notify::Silent, "2026-12-01T20:00");
        assert_eq!(salon.planned(), ["01.12 18:00 reminder 120m"]);
        assert_eq!(salon.reasons(NotificationKind::Reminder), [reason]);
    }
}

#[test]
fn a_reminder_due_while_created_settles_goes_at_its_own_time_and_what_it_told_is_told() {
    let mut salon = salon();
    salon.settings.reminder_leads = vec![Lead::Minutes(120)];
    salon.book("2026-12-01T14:01");
    salon.until("2026-12-01T13:00");
    assert_eq!(salon.log(), ["01.12 12:01 reminder 120m"]);
    assert_eq!(salon.reasons(NotificationKind::Created), ["told"]);
}

#[test]
fn a_reminder_due_while_changed_settles_goes_at_its_own_time_and_no_changed_after_it() {
    let mut salon = salon();
    salon.settings.reminder_leads = vec![Lead::Minutes(120)];
    let id = salon.book("2026-12-01T20:00");
    salon.until("2026-12-01T17:59");
    salon.edit(id, |facts| facts.staff_id = Some(StaffId(2)));
    salon.until("2026-12-01T19:00");
    assert_eq!(salon.log(), ["01.12 12:02 created", "01.12 18:00 reminder 120m"]);
    assert_eq!(salon.sent[1].told[0].1.as_ref().unwrap().staff_id, Some(StaffId(2)));
}

#[test]
fn after_arrived_there_is_no_reminder() {
    let mut salon = salon();
    salon.settings.reminder_leads = vec![Lead::Minutes(120)];
    let id = salon.book(FAR);
    salon.until("2026-12-20T12:59");
    salon.set_status(id, Status::Arrived);
    salon.until("2026-12-20T16:00");
    assert_eq!(salon.log(), ["01.12 12:02 created"]);
}

#[test]
fn a_new_master_after_the_reminder_is_told_by_changed_only() {
    let mut salon = salon();
    salon.settings.reminder_leads = vec![Lead::Days(1)];
    let id = salon.book(FAR);
    salon.until("2026-12-19T16:00");
    salon.edit(id, |facts| facts.staff_id = Some(StaffId(2)));
    salon.until("2026-12-20T16:00");
    assert_eq!(
        salon.log(),
        ["01.12 12:02 created", "19.12 15:00 reminder 1d", "19.12 16:02 changed staff_changed"]
    );
}

#[test]
fn the_day_lists_all_visits_that_the_switches_let_through_late_ones_too() {
    let mut salon = salon();
    salon.settings.reminder_leads = vec![Lead::Days(1)];
    salon.book("2026-12-03T14:00");
    salon.until("2026-12-02T12:00");
    salon.book("2026-12-03T10:00");
    salon.until("2026-12-02T13:00");
    assert_eq!(salon.planned(), ["02.12 14:00 reminder 1d"]);
    assert_eq!(salon.plan().messages[0].covers.len(), 2);
    assert_eq!(salon.reasons(NotificationKind::Reminder), ["in_day_message"]);
}

#[test]
fn a_visit_that_joins_a_day_already_reminded_gets_its_own_reminder_at_its_own_lead() {
    let mut salon = salon();
    salon.settings.reminder_leads = vec![Lead::Days(1)];
    salon.book("2026-12-03T10:00");
    salon.book("2026-12-03T12:00");
    salon.until("2026-12-02T11:00");
    salon.book("2026-12-03T14:00");
    salon.until("2026-12-03T09:00");
    assert_eq!(
        salon.log()[2..],
        ["02.12 10:00 reminder 1d", "02.12 11:02 created", "02.12 14:00 reminder 1d"]
    );
    let covered: Vec<usize> = salon.sent.iter().map(|sent| sent.message.covers.len()).collect();
    assert_eq!(covered, [1, 1, 2, 1, 1]);
}

#[test]
fn a_clients_switch_only_turns_off_and_off_altogether_beats_a_kind() {
    let mut salon = salon();
    salon.switches.kinds_off.insert(NotificationKind::Created);
    salon.book(FAR);
    assert_eq!(salon.reasons(NotificationKind::Created), ["client_kind_off"]);
    salon.switches.all_off = true;
    assert_eq!(salon.reasons(NotificationKind::Created), ["client_off"]);
}

#[test]
fn stop_holds_for_the_number_and_nothing_missed_is_sent_after_start() {
    let mut salon = salon();
    salon.stopped = vec![phone(1)];
    let id = salon.book(FAR);
    assert_eq!(salon.reasons(NotificationKind::Created), ["stopped"]);
    salon.until("2026-12-01T13:00");
    salon.stopped.clear();
    salon.replan();
    assert!(salon.planned().is_empty());
    salon.get_mut(id).recipient_phone = Some(phone(2));
    salon.stopped = vec![phone(1)];
    salon.shift(id, "2026-12-20T16:00");
    assert_eq!(salon.planned(), ["01.12 13:02 changed moved"], "another number is free of it");
}

#[test]
fn a_kind_or_lead_switched_on_after_its_moment_sends_nothing_late() {
    let mut salon = salon();
    salon.settings.kinds.insert(NotificationKind::Created, false);
    salon.book("2026-12-02T18:00");
    salon.until("2026-12-02T17:00");
    salon.settings.kinds.insert(NotificationKind::Created, true);
    salon.settings.reminder_leads = vec![Lead::Days(1), Lead::Minutes(30)];
    salon.replan();
    assert_eq!(salon.reasons(NotificationKind::Created), ["moment_passed"]);
    assert_eq!(salon.reasons(NotificationKind::Reminder), ["moment_passed"]);
    assert_eq!(salon.planned(), ["02.12 17:30 reminder 30m"]);
}
