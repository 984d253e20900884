//! «Decided cases of section 2» about bookings and changes, one test per sentence.

use super::testing::Salon;
use super::*;
use crate::appointment::{Source, Status};
use crate::ids::{BranchId, StaffId, VisitId};
use crate::kind::NotificationKind;
use crate::local_time::Zone;
use crate::settings::Lead;

const FAR: &str = "2026-12-20T15:00";

fn salon() -> Salon {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.reminder_leads = vec![];
    salon
}

#[test]
fn confirmation_goes_at_once_also_in_quiet_hours() {
    let mut salon = salon();
    salon.until("2026-12-01T23:30");
    salon.book_as(Source::Client, Notify::ByRule, FAR);
    salon.until("2026-12-02T12:00");
    assert_eq!(salon.log(), ["01.12 23:30 confirmation"]);
}

#[test]
fn created_settles_as_changed_does() {
    let mut salon = salon();
    let id = salon.book(FAR);
    salon.until("2026-12-01T12:01");
    salon.shift(id, "2026-12-20T16:00");
    assert_eq!(salon.reasons(NotificationKind::Changed), ["in_announcement"]);
    salon.until("2026-12-01T13:00");
    assert_eq!(salon.log(), ["01.12 12:03 created"]);
    assert_eq!(salon.sent[0].told[0].1.as_ref(), Some(&salon.get(id).facts));
}

#[test]
fn cancelled_settles_and_cancel_with_restore_within_it_is_silent() {
    let mut salon = salon();
    let id = salon.book(FAR);
    salon.until("2026-12-01T13:00");
    salon.cancel(id);
    assert_eq!(salon.planned(), ["01.12 13:02 cancelled"]);
    salon.until("2026-12-01T13:01");
    salon.restore(id);
    salon.until("2026-12-01T14:00");
    assert_eq!(salon.log(), ["01.12 12:02 created"]);
    assert!(salon.planned().is_empty());
}

#[test]
fn created_and_cancelled_go_at_once_when_the_visit_is_nearer_than_15_minutes_and_settle() {
    let mut salon = salon();
    let id = salon.book("2026-12-01T12:16");
    salon.until("2026-12-01T12:00");
    salon.cancel(id);
    salon.until("2026-12-01T13:00");
    assert_eq!(salon.log(), ["01.12 12:00 created", "01.12 12:00 cancelled"]);
}

#[test]
fn created_in_quiet_hours_follows_the_rule_of_changed() {
    let mut salon = salon();
    salon.until("2026-12-01T23:00");
    salon.book("2026-12-02T12:00");
    salon.book("2026-12-02T08:59");
    assert_eq!(salon.planned(), ["01.12 23:02 created", "02.12 08:00 created"]);
}

#[test]
fn cancelled_names_the_time_that_the_client_was_told() {
    let mut salon = salon();
    let id = salon.book(FAR);
    salon.until("2026-12-01T13:00");
    let told = salon.get(id).facts.clone();
    salon.shift(id, "2026-12-21T10:00");
    salon.cancel(id);
    let appointment = salon.get(id);
    assert_eq!(appointment.notification.facts_known(&appointment.facts), &told);
    let plan = salon.plan();
    assert_eq!(plan.messages[0].kind, NotificationKind::Cancelled);
    assert_eq!(plan.messages[0].send_before, told.starts_at);
    salon.until("2026-12-01T14:00");
    let appointment = salon.get(id);
    assert_eq!(appointment.notification.facts_known(&appointment.facts), &told);
}

#[test]
fn never_told_since_created_is_off_an_edit_still_sends_changed_from_the_facts_at_creation() {
    let mut salon = salon();
    salon.settings.kinds.insert(NotificationKind::Created, false);
    let id = salon.book(FAR);
    salon.until("2026-12-01T13:00");
    salon.shift(id, "2026-12-21T15:00");
    salon.until("2026-12-01T13:01");
    salon.shift(id, FAR);
    salon.until("2026-12-01T14:00");
    assert!(salon.log().is_empty());
    salon.shift(id, "2026-12-21T15:00");
    salon.until("2026-12-01T15:00");
    assert_eq!(salon.log(), ["01.12 14:02 changed moved"]);
}

#[test]
fn never_told_since_created_is_off_a_cancellation_still_sends_cancelled() {
    let mut salon = salon();
    salon.settings.kinds.insert(NotificationKind::Created, false);
    let id = salon.book(FAR);
    salon.until("2026-12-01T13:00");
    salon.cancel(id);
    salon.until("2026-12-01T14:00");
    assert_eq!(salon.log(), ["01.12 13:02 cancelled"]);
}

#[test]
fn never_told_since_created_failed_measures_from_the_facts_at_creation() {
    let mut salon = salon();
    let id = salon.book(FAR);
    salon.until("2026-12-01T12:30");
    salon.fail(0);
    assert!(salon.planned().is_empty());
    assert_eq!(salon.reasons(NotificationKind::Created), ["delivery_failed"]);
    salon.shift(id, "2026-12-21T15:00");
    salon.until("2026-12-01T13:00");
    salon.cancel(id);
    salon.until("2026-12-01T14:00");
    assert_eq!(
        salon.log(),
        ["01.12 12:02 created", "01.12 12:32 changed moved", "01.12 13:02 cancelled"]
    );
}

#[test]
fn import_never_sends_created() {
    let mut salon = salon();
    salon.settings.reminder_leads = vec![Lead::Days(1)];
    salon.book_as(Source::Import, Notify::ByRule, FAR);
    assert_eq!(salon.reasons(NotificationKind::Created), ["imported_created"]);
    assert_eq!(salon.planned(), ["19.12 15:00 reminder 1d"]);
}

#[test]
fn import_has_reminders_only_if_asked() {
    let mut salon = salon();
    salon.settings.reminder_leads = vec![Lead::Days(1)];
    let booking =
        Booking { source: Source::Import, notify: Notify::ByRule, import_with_reminders: false };
    salon.insert(VisitId(9), booking, FAR);
    assert!(salon.planned().is_empty());
    assert_eq!(salon.reasons(NotificationKind::Reminder), ["imported_reminders"]);
}

#[test]
fn an_imported_visit_that_is_cancelled_at_once_is_told_off() {
    let mut salon = salon();
    let booking =
        Booking { source: Source::Import, notify: Notify::ByRule, import_with_reminders: false };
    let id = salon.insert(VisitId(9), booking, FAR);
    salon.cancel(id);
    salon.until("2026-12-01T13:00");
    assert_eq!(salon.log(), ["01.12 12:02 cancelled"]);
}

#[test]
fn made_in_the_very_instant_of_switching_on_is_notified() {
    let mut salon = salon();
    salon.settings.on_since = Some(salon.now);
    salon.book(FAR);
    assert_eq!(salon.planned(), ["01.12 12:02 created"]);
}

#[test]
fn letting_an_older_visit_in_counts_it_from_then_on_without_created_until_the_block_is_off() {
    let mut salon = salon();
    salon.settings.reminder_leads = vec![Lead::Days(1)];
    salon.settings.on_since = None;
    let id = salon.book(FAR);
    assert_eq!(salon.reasons(NotificationKind::Created), ["block_off"]);
    salon.until("2026-12-02T12:00");
    salon.settings.on_since = Some(salon.now);
    salon.replan();
    assert_eq!(salon.reasons(NotificationKind::Created), ["older_than_block"]);
    salon.shift(id, "2026-12-20T16:00");
    assert!(salon.planned().is_empty(), "later moves of older visits stay silent");
    salon.let_in(id);
    assert_eq!(salon.planned(), ["19.12 16:00 reminder 1d"]);
    assert_eq!(salon.reasons(NotificationKind::Created), ["let_in"]);
    salon.shift(id, "2026-12-20T17:00");
    assert_eq!(salon.planned(), ["02.12 12:02 changed moved", "19.12 17:00 reminder 1d"]);
    salon.until("2026-12-03T12:00");
    salon.settings.on_since = None;
    salon.replan();
    salon.settings.on_since = Some(salon.now);
    salon.replan();
    assert!(salon.planned().is_empty());
}

#[test]
fn silent_edit_while_a_loud_one_is_pending_goes_with_it_and_carries_the_truth() {
    let mut salon = salon();
    let id = salon.book(FAR);
    salon.until("2026-12-01T13:00");
    salon.shift(id, "2026-12-20T16:00");
    salon.until("2026-12-01T13:01");
    salon.shift_by(id, Side::Staff, Notify::Silent, "2026-12-20T17:00");
    salon.until("2026-12-01T14:00");
    assert_eq!(salon.log(), ["01.12 12:02 created", "01.12 13:03 changed moved"]);
    assert_eq!(salon.sent[1].told[0].1.as_ref(), Some(&salon.get(id).facts));
}

#[test]
fn a_b_a_c_is_a_new_burst_from_c() {
    let mut salon = salon();
    let id = salon.book(FAR);
    salon.until("2026-12-01T13:00");
    salon.shift(id, "2026-12-20T16:00");
    salon.until("2026-12-01T13:01");
    salon.shift(id, FAR);
    assert!(salon.planned().is_empty());
    salon.until("2026-12-01T13:02");
    salon.shift(id, "2026-12-20T17:00");
    let moments = ["03:30", "05:00", "06:30", "08:00", "09:30", "11:00"];
    for (staff, moment) in moments.into_iter().enumerate() {
        salon.until(&format!("2026-12-01T13:{moment}"));
        salon.edit(id, |facts| facts.staff_id = Some(StaffId(10 + staff as i64)));
    }
    salon.until("2026-12-01T14:00");
    // 10 minutes from C at 13:02, not from B at 13:00.
    assert_eq!(salon.log(), ["01.12 12:02 created", "01.12 13:12 changed several"]);
}

#[test]
fn an_edit_while_the_message_waits_for_the_edge_settles_anew_the_10_minutes_counted_from_the_edge()
{
    let mut salon = salon();
    let id = salon.book(FAR);
    salon.until("2026-12-01T22:30");
    salon.shift(id, "2026-12-20T16:00");
    assert_eq!(salon.planned(), ["02.12 08:00 changed moved"]);
    salon.until("2026-12-02T07:59");
    salon.shift(id, "2026-12-20T17:00");
    assert_eq!(salon.planned(), ["02.12 08:01 changed moved"]);
    let minutes = ["08:00", "08:01:30", "08:03", "08:04:30", "08:06", "08:07:30", "08:09"];
    for (staff, minute) in minutes.into_iter().enumerate() {
        salon.until(&format!("2026-12-02T{minute}"));
        salon.edit(id, |facts| facts.staff_id = Some(StaffId(10 + staff as i64)));
    }
    assert_eq!(salon.planned(), ["02.12 08:10 changed several"]);
}

#[test]
fn fifteen_minutes_before_looks_at_the_earlier_of_the_told_and_the_new_start() {
    for (told, new) in
        [("2026-12-01T13:16", "2026-12-01T18:00"), ("2026-12-01T18:00", "2026-12-01T13:16")]
    {
        let mut salon = salon();
        let id = salon.book(told);
        salon.until("2026-12-01T13:00");
        salon.shift(id, new);
        assert_eq!(salon.planned(), ["01.12 13:01 changed moved"], "{told} → {new}");
    }
}

#[test]
fn edge_and_an_hour_looks_at_the_earlier_of_the_told_and_the_new_start() {
    for (told, new, due) in [
        ("2026-12-02T08:30", "2026-12-05T18:00", "01.12 23:02"),
        ("2026-12-05T18:00", "2026-12-02T08:30", "01.12 23:02"),
        ("2026-12-02T09:00", "2026-12-05T18:00", "02.12 08:00"),
    ] {
        let mut salon = salon();
        let id = salon.book(told);
        salon.until("2026-12-01T23:00");
        salon.shift(id, new);
        assert_eq!(salon.planned(), [format!("{due} changed moved")], "{told} → {new}");
    }
}

#[test]
fn a_past_visit_moved_ahead_is_changed() {
    let mut salon = salon();
    let id = salon.book("2026-12-01T14:00");
    salon.until("2026-12-01T18:00");
    salon.shift(id, "2026-12-03T14:00");
    assert_eq!(salon.planned(), ["01.12 18:02 changed moved"]);
}

#[test]
fn one_of_two_appointments_cancelled_or_one_added_is_changed() {
    let mut salon = salon();
    let visit = VisitId(7);
    let first = salon.book_into(visit, Source::Staff, Notify::ByRule, FAR);
    salon.until("2026-12-01T12:01");
    salon.book_into(visit, Source::Staff, Notify::ByRule, "2026-12-20T16:00");
    salon.until("2026-12-01T13:00");
    salon.cancel(first);
    salon.until("2026-12-01T14:00");
    salon.book_into(visit, Source::Staff, Notify::ByRule, "2026-12-20T17:00");
    salon.until("2026-12-01T15:00");
    assert_eq!(
        salon.log(),
        ["01.12 12:03 created", "01.12 13:02 changed several", "01.12 14:02 changed several"]
    );
    assert_eq!(salon.sent[0].message.covers.len(), 2);
    assert_eq!(salon.sent[1].told[0].1, None);
}

#[test]
fn a_change_is_told_also_when_the_visit_has_lost_an_appointment_that_is_long_past() {
    let mut salon = salon();
    let visit = VisitId(7);
    let first = salon.book_into(visit, Source::Staff, Notify::ByRule, "2026-12-02T15:00");
    let second = salon.book_into(visit, Source::Staff, Notify::ByRule, FAR);
    salon.until("2026-12-01T13:00");
    for hour in 16..19 {
        salon.shift(first, &format!("2026-12-02T{hour}:00"));
        salon.until(&format!("2026-12-01T{}:00", hour - 2));
    }
    salon.shift(second, "2026-12-20T16:00");
    salon.until("2026-12-01T18:00");
    let told = salon.log().len();
    // Nobody reads visits of last week any more.
    salon.until("2026-12-10T12:00");
    salon.appointments.retain(|one| one.id != first);
    for hour in 17..20 {
        salon.shift(second, &format!("2026-12-20T{hour}:00"));
        salon.until(&format!("2026-12-10T{}:00", hour - 4));
    }
    assert_eq!(salon.log().len(), told + 3, "{:#?}", salon.log());
}

#[test]
fn what_takes_the_place_of_waiting_news_was_not_missed() {
    let mut salon = salon();
    let visit = VisitId(7);
    let first = salon.book_into(visit, Source::Staff, Notify::ByRule, FAR);
    salon.until("2026-12-01T12:05");
    let second = salon.book_into(visit, Source::Staff, Notify::ByRule, "2026-12-20T16:00");
    salon.cancel(first);
    // «Changed» fell due, and the phone is off.
    salon.sender_up = false;
    salon.until("2026-12-01T13:00");
    assert_eq!(salon.planned(), ["01.12 12:07 changed several"]);
    // Nothing is left that it could speak of but what was cancelled.
    salon.set_status(second, Status::NoShow);
    salon.replan();
    assert_eq!(salon.planned(), ["01.12 12:07 cancelled"]);
    salon.sender_up = true;
    salon.until("2026-12-01T14:00");
    assert_eq!(salon.log(), ["01.12 12:02 created", "01.12 13:00 cancelled"]);
}

#[test]
fn what_was_added_is_announced_when_the_client_cancels_the_rest() {
    let mut salon = salon();
    let visit = VisitId(7);
    let first = salon.book_into(visit, Source::Staff, Notify::ByRule, FAR);
    salon.until("2026-12-01T12:05");
    salon.sender_up = false;
    salon.book_into(visit, Source::Staff, Notify::ByRule, "2026-12-20T16:00");
    salon.until("2026-12-01T13:00");
    assert_eq!(salon.planned(), ["01.12 12:07 changed several"]);
    salon.cancel_by(first, Side::Client, Notify::ByRule);
    salon.sender_up = true;
    salon.until("2026-12-01T14:00");
    assert_eq!(salon.log(), ["01.12 12:02 created", "01.12 13:00 created"]);
}

#[test]
fn what_was_added_is_announced_though_the_announcement_of_the_rest_was_skipped() {
    let mut salon = salon();
    let visit = VisitId(7);
    salon.sender_up = false;
    salon.book_into(visit, Source::Client, Notify::ByRule, FAR);
    salon.until("2026-12-01T13:00");
    salon.rows[0].state = ExistingState::Skipped;
    salon.sender_up = true;
    salon.until("2026-12-02T12:00");
    let added = salon.book_into(visit, Source::Staff, Notify::ByRule, "2026-12-20T16:00");
    salon.until("2026-12-02T13:00");
    assert_eq!(salon.log(), ["02.12 12:00 confirmation"]);
    assert_eq!(salon.sent[0].told.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [added]);
}

#[test]
fn an_announcement_that_was_skipped_does_not_come_back_for_the_edits_that_it_carried() {
    for source in [Source::Staff, Source::Client] {
        let mut salon = salon();
        salon.sender_up = false;
        let id = salon.book_as(source, Notify::ByRule, FAR);
        salon.until("2026-12-01T12:01");
        salon.shift(id, "2026-12-20T16:00");
        salon.until("2026-12-01T13:00");
        salon.rows[0].state = ExistingState::Skipped;
        salon.sender_up = true;
        salon.until("2026-12-01T18:00");
        assert_eq!(salon.planned(), [""; 0], "{source:?}");
        salon.shift(id, "2026-12-20T17:00");
        salon.until("2026-12-01T19:00");
        assert_eq!(salon.log(), ["01.12 18:02 changed moved"], "{source:?}");
    }
}

#[test]
fn edits_that_still_settle_when_their_announcement_is_skipped_are_told_by_themselves() {
    let mut salon = salon();
    salon.until("2026-12-02T00:30");
    salon.sender_up = false;
    let id = salon.book_as(Source::Client, Notify::ByRule, FAR);
    salon.until("2026-12-02T00:31");
    salon.shift(id, "2026-12-20T16:00");
    salon.until("2026-12-02T01:30");
    salon.rows[0].state = ExistingState::Skipped;
    salon.sender_up = true;
    salon.replan();
    // The confirmation would have gone at night; a change waits for the morning.
    salon.until("2026-12-02T12:00");
    assert_eq!(salon.log(), ["02.12 08:00 changed moved"]);
}

#[test]
fn an_announcement_of_two_that_was_skipped_comes_back_for_neither() {
    let mut salon = salon();
    let visit = VisitId(7);
    salon.until("2026-12-02T00:30");
    salon.sender_up = false;
    let first = salon.book_into(visit, Source::Client, Notify::ByRule, FAR);
    salon.book_into(visit, Source::Client, Notify::ByRule, "2026-12-20T16:00");
    salon.until("2026-12-02T00:31");
    salon.shift(first, "2026-12-20T14:00");
    salon.until("2026-12-02T01:30");
    salon.rows[0].state = ExistingState::Skipped;
    salon.sender_up = true;
    salon.replan();
    salon.until("2026-12-02T12:00");
    assert_eq!(salon.log(), ["02.12 08:00 changed moved"]);
}

#[test]
fn what_was_added_and_edited_is_announced_when_the_client_cancels_the_rest() {
    let mut salon = salon();
    let visit = VisitId(7);
    let first = salon.book_into(visit, Source::Staff, Notify::ByRule, FAR);
    salon.until("2026-12-01T12:05");
    salon.sender_up = false;
    let added = salon.book_into(visit, Source::Staff, Notify::ByRule, "2026-12-20T16:00");
    salon.until("2026-12-01T12:06");
    salon.shift(added, "2026-12-20T17:00");
    salon.until("2026-12-01T13:00");
    salon.cancel_by(first, Side::Client, Notify::ByRule);
    salon.sender_up = true;
    salon.until("2026-12-01T14:00");
    assert_eq!(salon.log(), ["01.12 12:02 created", "01.12 13:00 created"]);
}

#[test]
fn what_the_salon_added_is_announced_when_it_cancels_what_the_client_booked() {
    let mut salon = salon();
    salon.sender_up = false;
    let visit = VisitId(7);
    let own = salon.book_into(visit, Source::Client, Notify::ByRule, FAR);
    salon.book_into(visit, Source::Staff, Notify::ByRule, "2026-12-20T16:00");
    salon.until("2026-12-01T13:00");
    assert_eq!(salon.planned(), ["01.12 12:00 confirmation"]);
    salon.cancel(own);
    salon.sender_up = true;
    salon.until("2026-12-01T14:00");
    assert_eq!(salon.log(), ["01.12 13:00 created"]);
}

#[test]
fn what_was_brought_back_is_announced_when_the_rest_of_the_visit_falls_into_the_past() {
    let mut salon = salon();
    let visit = VisitId(7);
    let first = salon.book_into(visit, Source::Staff, Notify::ByRule, "2026-12-01T14:00");
    let second = salon.book_into(visit, Source::Staff, Notify::ByRule, FAR);
    salon.until("2026-12-01T12:30");
    salon.cancel(second);
    salon.until("2026-12-02T12:30");
    salon.sender_up = false;
    salon.restore(second);
    assert_eq!(salon.planned(), ["02.12 12:32 changed several"]);
    // Long past, it is no longer looked at.
    salon.appointments.retain(|one| one.id != first);
    salon.until("2026-12-02T16:00");
    salon.sender_up = true;
    salon.until("2026-12-02T17:00");
    assert_eq!(salon.log().last().unwrap(), "02.12 16:00 created");
}

#[test]
fn a_cancellation_goes_by_the_branch_of_what_it_speaks_of() {
    let mut salon = salon();
    // Five hours ahead of Moscow.
    salon.other_zone = Some(Zone::parse("Asia/Irkutsk").unwrap());
    let first = salon.book(FAR);
    let visit = salon.get(first).visit_id;
    let second = salon.book_into(visit, Source::Staff, Notify::ByRule, "2026-12-21T15:00");
    salon.edit(second, |facts| facts.branch_id = BranchId(2));
    salon.until("2026-12-01T13:00");
    salon.cancel(first);
    salon.until("2026-12-01T18:00");
    salon.cancel(second);
    // It is late in the evening there.
    assert_eq!(salon.planned(), ["02.12 03:00 cancelled"]);
}

#[test]
fn branch_alone_changed_is_changed() {
    let mut salon = salon();
    let id = salon.book(FAR);
    salon.until("2026-12-01T13:00");
    salon.edit(id, |facts| facts.branch_id = BranchId(2));
    assert_eq!(salon.planned(), ["01.12 13:02 changed several"]);
}

#[test]
fn brought_back_after_the_clients_own_cancel_is_created() {
    let mut salon = salon();
    let id = salon.book_as(Source::Client, Notify::ByRule, FAR);
    salon.until("2026-12-01T13:00");
    salon.cancel_by(id, Side::Client, Notify::ByRule);
    assert_eq!(salon.reasons(NotificationKind::Cancelled), ["client_did_it"]);
    salon.until("2026-12-01T14:00");
    salon.restore(id);
    salon.until("2026-12-01T15:00");
    assert_eq!(salon.log(), ["01.12 12:00 confirmation", "01.12 14:02 created"]);
}

#[test]
fn no_show_taken_back_is_planned_as_if_never_marked() {
    let mut salon = salon();
    salon.settings.reminder_leads = vec![Lead::Days(1)];
    let id = salon.book(FAR);
    salon.until("2026-12-01T13:00");
    let before = salon.plan().messages;
    salon.set_status(id, Status::NoShow);
    assert!(salon.planned().is_empty());
    assert_eq!(salon.reasons(NotificationKind::Reminder), ["no_show"]);
    salon.set_status(id, Status::Waiting);
    assert_eq!(salon.plan().messages, before);
}

/// Marked as arrived on the wrong day, moved meanwhile, and the mark taken back: nobody has told the client.
#[test]
fn what_was_moved_while_it_counted_as_arrived_is_told_once_the_client_is_still_to_come() {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.reminder_leads = vec![];
    let id = salon.book("2026-12-05T12:00");
    salon.until("2026-12-01T15:00");
    salon.set_status(id, Status::Arrived);
    salon.until("2026-12-01T16:00");
    salon.shift(id, "2026-12-06T12:00");
    salon.until("2026-12-02T12:00");
    assert_eq!(salon.log(), ["01.12 12:02 created"]);
    salon.set_status(id, Status::Waiting);
    salon.until("2026-12-02T13:00");
    assert_eq!(salon.log()[1..], ["02.12 12:02 changed moved"]);
}

#[test]
fn what_was_switched_off_is_not_announced_since_it_counted_as_arrived_for_a_while() {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.reminder_leads = vec![];
    salon.settings.kinds.insert(NotificationKind::Created, false);
    let id = salon.book("2026-12-05T12:00");
    salon.until("2026-12-01T15:00");
    salon.settings.kinds.insert(NotificationKind::Created, true);
    salon.set_status(id, Status::NoShow);
    salon.until("2026-12-01T16:00");
    salon.set_status(id, Status::Waiting);
    salon.until("2026-12-01T17:00");
    assert!(salon.log().is_empty());
}

#[test]
fn what_counted_as_arrived_before_it_was_announced_is_announced_once_the_client_is_still_to_come() {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.reminder_leads = vec![];
    let id = salon.book("2026-12-05T12:00");
    salon.set_status(id, Status::Arrived);
    salon.until("2026-12-01T15:00");
    assert!(salon.log().is_empty());
    salon.set_status(id, Status::Confirmed);
    salon.until("2026-12-01T16:00");
    assert_eq!(salon.log(), ["01.12 15:02 created"]);
}
