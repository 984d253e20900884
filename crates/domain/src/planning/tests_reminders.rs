//! N5, N7, N13, N14.

use super::testing::{Salon, phone};
use super::*;
use crate::appointment::{Source, Status};
use crate::ids::BranchId;
use crate::kind::NotificationKind;
use crate::local_time::Zone;
use crate::settings::{LateReminder, Lead};
use vestnik_template::Language;

const REMINDER: NotificationKind = NotificationKind::Reminder;

fn salon(leads: &[Lead]) -> Salon {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.reminder_leads = leads.to_vec();
    salon.settings.kinds.insert(NotificationKind::Created, false);
    salon
}

#[test]
fn a_lead_in_days_keeps_the_wall_time_and_one_in_hours_is_elapsed_time() {
    let mut salon = Salon::at("2026-03-20T12:00");
    salon.zone = Zone::parse("Europe/Berlin").unwrap();
    salon.settings.kinds.insert(NotificationKind::Created, false);
    salon.settings.reminder_leads = vec![Lead::Days(1), Lead::Minutes(24 * 60)];
    salon.book("2026-03-29T15:00");
    assert_eq!(salon.planned(), ["28.03 14:00 reminder 1440m", "28.03 15:00 reminder 1d"]);
}

#[test]
fn it_moves_with_the_visit_and_is_never_sent_for_a_cancelled_one() {
    let mut salon = salon(&[Lead::Days(1), Lead::Minutes(120)]);
    let id = salon.book("2026-12-05T12:00");
    salon.settings.kinds.insert(NotificationKind::Changed, false);
    salon.shift(id, "2026-12-06T14:00");
    assert_eq!(salon.planned(), ["05.12 14:00 reminder 1d", "06.12 12:00 reminder 120m"]);
    salon.cancel(id);
    salon.until("2026-12-01T13:00");
    assert!(salon.planned().is_empty());
    assert_eq!(salon.reasons(REMINDER), ["visit_cancelled"]);
}

#[test]
fn a_row_is_not_revived_but_planned_anew() {
    let mut salon = salon(&[Lead::Days(1)]);
    let id = salon.book("2026-12-05T12:00");
    salon.set_status(id, Status::NoShow);
    salon.set_status(id, Status::Waiting);
    let states: Vec<_> = salon.rows.iter().map(|row| row.state).collect();
    assert_eq!(states, [ExistingState::Cancelled, ExistingState::Planned]);
}

#[test]
fn overdue_while_the_sender_was_down_it_still_goes_before_the_visit_and_expires_at_it() {
    let mut salon = salon(&[Lead::Minutes(120)]);
    salon.book("2026-12-01T18:00");
    salon.book("2026-12-01T16:00");
    salon.settings.merge_same_day = false;
    salon.sender_up = false;
    salon.until("2026-12-01T16:30");
    assert_eq!(salon.planned(), ["01.12 16:00 reminder 120m"]);
    assert_eq!(salon.ended.last().unwrap().2, SilenceReason::Expired);
    salon.sender_up = true;
    salon.until("2026-12-01T17:00");
    assert_eq!(salon.log(), ["01.12 16:30 reminder 120m"]);
}

#[test]
fn a_late_reminder_is_skipped_with_the_numbers_in_words() {
    let mut salon = salon(&[Lead::Days(1)]);
    salon.book("2026-12-01T15:00");
    let plan = salon.plan();
    let reason = plan.silences.iter().find(|silence| silence.kind == REMINDER).unwrap().reason;
    assert_eq!(
        reason.message(Language::Russian),
        "запись сделана за 3 ч до визита, напоминание за 1 день уже не успевало"
    );
    assert_eq!(
        reason.message(Language::English),
        "the visit was booked 3 h before its start, too late for the reminder 1 day before"
    );
}

#[test]
fn moved_inside_the_lead_the_changed_notice_counts_as_the_reminder() {
    for late in [LateReminder::Skip, LateReminder::Merge, LateReminder::AtOnce] {
        let mut salon = salon(&[Lead::Days(1)]);
        salon.settings.late_reminder = late;
        let id = salon.book("2026-12-20T12:00");
        salon.until("2026-12-01T13:00");
        salon.shift(id, "2026-12-02T10:00");
        assert_eq!(salon.reasons(REMINDER), ["counted_as_changed"], "{late:?}");
        salon.until("2026-12-02T09:00");
        assert_eq!(salon.log(), ["01.12 13:02 changed moved"], "{late:?}");
        assert_eq!(salon.reasons(REMINDER), ["counted_as_changed"], "{late:?}");
    }
}

#[test]
fn moved_inside_the_lead_with_changed_off_is_as_booked_inside_it() {
    for (late, sent) in [
        (LateReminder::Skip, &[][..]),
        (LateReminder::Merge, &["01.12 13:02 reminder 1d"]),
        (LateReminder::AtOnce, &["01.12 13:02 reminder 1d"]),
    ] {
        let mut salon = salon(&[Lead::Days(1)]);
        salon.settings.late_reminder = late;
        salon.settings.kinds.insert(NotificationKind::Changed, false);
        let id = salon.book("2026-12-20T12:00");
        salon.until("2026-12-01T13:00");
        salon.shift(id, "2026-12-02T10:00");
        salon.until("2026-12-02T09:00");
        assert_eq!(salon.log(), sent, "{late:?}");
    }
}

#[test]
fn a_move_undone_inside_the_lead_leaves_the_reminder_as_it_was() {
    let mut salon = salon(&[Lead::Days(1)]);
    salon.settings.late_reminder = LateReminder::AtOnce;
    let id = salon.book("2026-12-03T12:00");
    salon.book("2026-12-03T14:00");
    salon.until("2026-12-02T13:00");
    assert_eq!(salon.log(), ["02.12 12:00 reminder 1d"]);
    salon.shift(id, "2026-12-03T13:00");
    salon.shift(id, "2026-12-03T12:00");
    salon.until("2026-12-03T11:00");
    assert_eq!(salon.log().len(), 1);
}

#[test]
fn visits_of_one_day_make_one_reminder_across_branches() {
    let mut salon = salon(&[Lead::Days(1)]);
    salon.book("2026-12-05T15:00");
    let other = salon.book("2026-12-05T10:00");
    salon.edit(other, |facts| facts.branch_id = BranchId(2));
    salon.book("2026-12-06T10:00");
    salon.until("2026-12-01T13:00");
    assert_eq!(salon.planned(), ["04.12 10:00 reminder 1d", "05.12 10:00 reminder 1d"]);
    let merged = &salon.plan().messages[0];
    assert!(matches!(merged.subject, Subject::ClientDay(..)));
    assert_eq!(merged.send_before, salon.instant("2026-12-05T10:00"));
    assert_eq!(merged.covers.len(), 2);
    assert_eq!(salon.reasons(REMINDER), ["in_day_message"]);
}

#[test]
fn moving_one_of_the_day_plans_both_anew() {
    let mut salon = salon(&[Lead::Days(1)]);
    salon.settings.kinds.insert(NotificationKind::Changed, false);
    salon.book("2026-12-05T10:00");
    let id = salon.book("2026-12-05T15:00");
    salon.shift(id, "2026-12-06T15:00");
    assert_eq!(salon.planned(), ["04.12 10:00 reminder 1d", "05.12 15:00 reminder 1d"]);
    salon.shift(id, "2026-12-05T09:00");
    assert_eq!(salon.planned(), ["04.12 09:00 reminder 1d"]);
}

#[test]
fn other_numbers_and_the_setting_off_are_not_merged() {
    let mut salon = salon(&[Lead::Days(1)]);
    salon.book("2026-12-05T10:00");
    let id = salon.book("2026-12-05T15:00");
    salon.get_mut(id).recipient_phone = Some(phone(2));
    salon.replan();
    assert_eq!(salon.planned(), ["04.12 10:00 reminder 1d", "04.12 15:00 reminder 1d"]);
    salon.get_mut(id).recipient_phone = None;
    salon.settings.merge_same_day = false;
    salon.replan();
    assert_eq!(salon.planned(), ["04.12 10:00 reminder 1d", "04.12 15:00 reminder 1d"]);
}

#[test]
fn a_merged_reminder_overdue_when_one_visit_is_cancelled_still_reminds_of_the_other() {
    let mut salon = salon(&[Lead::Days(1)]);
    salon.settings.kinds.insert(NotificationKind::Cancelled, false);
    let first = salon.book("2026-12-05T10:00");
    salon.book("2026-12-05T10:30");
    salon.sender_up = false;
    salon.until("2026-12-04T11:00");
    salon.cancel(first);
    salon.sender_up = true;
    salon.until("2026-12-04T12:00");
    assert_eq!(salon.log(), ["04.12 11:00 reminder 1d"]);
    assert_eq!(salon.sent[0].message.covers.len(), 1);
}

#[test]
fn two_appointments_of_a_visit_have_one_reminder_from_the_first_start() {
    let mut salon = salon(&[Lead::Days(1)]);
    let visit = crate::ids::VisitId(5);
    salon.book_into(visit, Source::Staff, Notify::ByRule, "2026-12-05T12:00");
    salon.book_into(visit, Source::Staff, Notify::ByRule, "2026-12-05T10:00");
    assert_eq!(salon.planned(), ["04.12 10:00 reminder 1d"]);
    assert_eq!(salon.plan().messages[0].covers.len(), 2);
}

#[test]
fn the_request_is_asked_only_while_the_status_is_waiting() {
    let request = NotificationKind::ConfirmationRequest;
    let mut salon = salon(&[]);
    let id = salon.book("2026-12-05T12:00");
    assert_eq!(salon.reasons(request), ["kind_off"]);
    salon.settings.kinds.insert(request, true);
    salon.replan();
    assert_eq!(salon.planned(), ["04.12 12:00 confirmation_request"]);
    salon.set_status(id, Status::Confirmed);
    assert!(salon.planned().is_empty());
    assert_eq!(salon.reasons(request), ["not_waiting"]);
}

#[test]
fn the_notice_follows_the_confirmation_once_per_start() {
    let mut salon = salon(&[]);
    salon.settings.kinds.insert(NotificationKind::ConfirmationNotice, true);
    let id = salon.book("2026-12-05T12:00");
    salon.set_status(id, Status::Confirmed);
    salon.until("2026-12-01T13:00");
    salon.set_status(id, Status::Waiting);
    salon.set_status(id, Status::Confirmed);
    salon.until("2026-12-01T14:00");
    assert_eq!(salon.log(), ["01.12 12:00 confirmation_notice"]);
}

#[test]
fn each_day_of_a_visit_goes_by_the_clock_and_the_number_of_its_own_branch() {
    let mut salon = salon(&[Lead::Days(1)]);
    salon.settings.kinds.insert(NotificationKind::Changed, false);
    // Five hours ahead of Moscow.
    salon.other_zone = Some(Zone::parse("Asia/Irkutsk").unwrap());
    let first = salon.book("2026-12-05T12:00");
    let visit_id = salon.get(first).visit_id;
    let second = salon.book_into(visit_id, Source::Staff, Notify::ByRule, "2026-12-08T15:00");
    salon.edit(second, |facts| facts.branch_id = BranchId(2));
    salon.get_mut(second).recipient_phone = Some(phone(7));
    salon.replan();
    assert_eq!(salon.planned(), ["04.12 12:00 reminder 1d", "07.12 10:00 reminder 1d"]);
    let recipients: Vec<_> =
        salon.plan().messages.into_iter().map(|message| message.recipient).collect();
    assert_eq!(recipients, [phone(1), phone(7)]);
}

#[test]
fn a_days_reminder_does_not_wait_for_a_visit_that_has_begun_by_then() {
    let mut salon = salon(&[Lead::Minutes(90)]);
    // Inside its lead already.
    salon.book("2026-12-01T13:00");
    salon.book("2026-12-01T19:00");
    assert_eq!(salon.planned(), ["01.12 17:30 reminder 90m"]);
    salon.until("2026-12-01T18:00");
    assert_eq!(salon.log(), ["01.12 17:30 reminder 90m"]);
}
