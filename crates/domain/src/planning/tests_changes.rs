//! N4, N6 and N16: what is told after edits, cancellations and failures.

use super::testing::Salon;
use super::*;
use crate::appointment::{Source, Status};
use crate::ids::{ServiceId, StaffId};
use crate::kind::NotificationKind;

const FAR: &str = "2026-12-20T15:00";

/// 13:00, one visit told at 12:02; no reminders.
fn told() -> (Salon, crate::ids::AppointmentId) {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.reminder_leads = vec![];
    let id = salon.book(FAR);
    salon.until("2026-12-01T13:00");
    (salon, id)
}

#[test]
fn an_echo_or_another_length_or_order_is_no_change() {
    let (mut salon, id) = told();
    let before = salon.get(id).notification.clone();
    salon.edit(id, |_| {});
    salon.edit(id, |facts| facts.duration_min = 90);
    assert_eq!(salon.get(id).notification, before);
    salon.edit(id, |facts| facts.service_ids = vec![ServiceId(1), ServiceId(2)]);
    salon.until("2026-12-01T14:00");
    salon.edit(id, |facts| facts.service_ids.reverse());
    salon.until("2026-12-01T15:00");
    assert_eq!(salon.log(), ["01.12 12:02 created", "01.12 13:02 changed services_changed"]);
}

#[test]
fn several_edits_make_one_message_ten_minutes_after_the_first_at_most() {
    let (mut salon, id) = told();
    for minute in 0..12 {
        salon.until(&format!("2026-12-01T13:{minute:02}"));
        salon.edit(id, |facts| facts.staff_id = Some(StaffId(100 + minute)));
    }
    salon.until("2026-12-01T14:00");
    assert_eq!(
        salon.log()[1..],
        ["01.12 13:10 changed staff_changed", "01.12 13:13 changed staff_changed"]
    );
}

#[test]
fn what_the_client_did_is_not_told_to_the_client() {
    let (mut salon, id) = told();
    salon.edit(id, |facts| facts.staff_id = Some(StaffId(2)));
    salon.shift_by(id, Side::Client, Notify::ByRule, "2026-12-21T10:00");
    assert!(salon.planned().is_empty(), "the client saw the truth where the move was made");
    salon.cancel_by(id, Side::Client, Notify::ByRule);
    salon.until("2026-12-01T14:00");
    assert_eq!(salon.log().len(), 1);
}

#[test]
fn a_silent_change_keeps_its_reason_and_the_next_message_carries_the_truth() {
    let (mut salon, id) = told();
    salon.shift_by(id, Side::Staff, Notify::Silent, "2026-12-21T10:00");
    assert_eq!(salon.reasons(NotificationKind::Changed), ["silent_by_staff"]);
    salon.until("2026-12-02T13:00");
    salon.edit(id, |facts| facts.staff_id = Some(StaffId(2)));
    salon.until("2026-12-02T14:00");
    assert_eq!(salon.log()[1..], ["02.12 13:02 changed several"]);
}

#[test]
fn a_silent_cancellation_is_not_told() {
    let (mut salon, id) = told();
    salon.cancel_by(id, Side::Staff, Notify::Silent);
    assert_eq!(salon.reasons(NotificationKind::Cancelled), ["silent_by_staff"]);
    salon.restore(id);
    assert!(salon.planned().is_empty());
}

#[test]
fn a_change_that_surely_failed_is_not_repeated_and_the_next_one_measures_from_what_was_told() {
    let (mut salon, id) = told();
    salon.shift(id, "2026-12-21T10:00");
    salon.until("2026-12-01T14:00");
    salon.fail(1);
    assert!(salon.planned().is_empty());
    assert_eq!(salon.reasons(NotificationKind::Changed), ["delivery_failed"]);
    salon.shift(id, FAR);
    assert!(salon.planned().is_empty(), "what the client was told is true again");
    salon.shift(id, "2026-12-22T10:00");
    salon.until("2026-12-01T15:00");
    assert_eq!(salon.log()[2..], ["01.12 14:02 changed moved"]);
}

#[test]
fn a_failed_message_whose_facts_another_one_told_changes_nothing() {
    let (mut salon, id) = told();
    salon.settings.kinds.insert(NotificationKind::ConfirmationNotice, true);
    salon.set_status(id, Status::Confirmed);
    salon.until("2026-12-01T14:00");
    salon.fail(0);
    let appointment = salon.get(id);
    assert_eq!(
        appointment.notification.known(&appointment.facts),
        Known::Facts(&appointment.facts)
    );
    assert!(appointment.notification.told.is_some());
    salon.fail(1);
    assert!(salon.get(id).notification.told.is_none());
}

#[test]
fn brought_back_after_the_cancellation_was_told_is_created_again() {
    let (mut salon, id) = told();
    for day in ["01", "02"] {
        salon.until(&format!("2026-12-{day}T13:00"));
        salon.cancel(id);
        salon.until(&format!("2026-12-{day}T14:00"));
        salon.restore(id);
        salon.until(&format!("2026-12-{day}T15:00"));
    }
    assert_eq!(
        salon.log(),
        [
            "01.12 12:02 created",
            "01.12 13:02 cancelled",
            "01.12 14:02 created",
            "02.12 13:02 cancelled",
            "02.12 14:02 created",
        ]
    );
    assert_eq!(salon.get(id).notification.booking_cycle, 2);
}

#[test]
fn a_failed_cancellation_can_be_told_again_after_a_restore() {
    let (mut salon, id) = told();
    salon.cancel(id);
    salon.until("2026-12-01T14:00");
    salon.fail(1);
    assert!(salon.planned().is_empty());
    salon.restore(id);
    assert!(salon.planned().is_empty(), "the client still knows of the visit");
    salon.cancel(id);
    salon.until("2026-12-01T15:00");
    assert_eq!(salon.log()[1..], ["01.12 13:02 cancelled", "01.12 14:02 cancelled"]);
}

#[test]
fn created_and_cancelled_within_the_settle_time_send_nothing_whatever_is_on() {
    for created_on in [true, false] {
        let mut salon = Salon::at("2026-12-01T12:00");
        salon.settings.kinds.insert(NotificationKind::Created, created_on);
        let id = salon.book(FAR);
        salon.until("2026-12-01T12:01");
        salon.cancel(id);
        assert_eq!(salon.reasons(NotificationKind::Cancelled), ["cancelled_before_told"]);
        salon.until("2026-12-01T13:00");
        salon.restore(id);
        salon.until("2026-12-01T14:00");
        let sent: &[&str] = if created_on { &["01.12 13:02 created"] } else { &[] };
        assert_eq!(salon.log(), sent);
    }
}

#[test]
fn cancelled_while_created_waits_for_the_phone_sends_nothing() {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.sender_up = false;
    let id = salon.book(FAR);
    salon.until("2026-12-01T15:00");
    salon.cancel(id);
    salon.sender_up = true;
    salon.until("2026-12-01T18:00");
    assert!(salon.log().is_empty());
}

#[test]
fn an_edit_survives_a_cancellation_taken_back_also_where_cancelled_is_off() {
    let (mut salon, id) = told();
    salon.settings.kinds.insert(NotificationKind::Cancelled, false);
    salon.shift(id, "2026-12-21T10:00");
    salon.cancel(id);
    salon.restore(id);
    assert_eq!(salon.planned(), ["01.12 13:02 changed moved"]);
}

#[test]
fn past_visits_send_nothing() {
    let mut salon = Salon::at("2026-12-01T12:00");
    let id = salon.book_as(Source::Journal, Notify::ByRule, "2026-11-30T12:00");
    assert_eq!(salon.reasons(NotificationKind::Created), ["past_visit"]);
    salon.edit(id, |facts| facts.staff_id = Some(StaffId(2)));
    salon.cancel(id);
    assert!(salon.planned().is_empty());
    let other = salon.book(FAR);
    salon.until("2026-12-01T13:00");
    salon.set_status(other, Status::NoShow);
    salon.edit(other, |facts| facts.staff_id = Some(StaffId(2)));
    assert!(salon.planned().is_empty());
}

#[test]
fn the_variant_says_what_alone_changed() {
    let variants = [
        ("01.12 13:02 changed moved", (true, false, false)),
        ("01.12 13:02 changed staff_changed", (false, true, false)),
        ("01.12 13:02 changed services_changed", (false, false, true)),
        ("01.12 13:02 changed several", (true, true, false)),
    ];
    for (expected, (moved, staff, services)) in variants {
        let (mut salon, id) = told();
        salon.edit(id, |facts| {
            if moved {
                facts.start_local = "2026-12-21T10:00".parse().unwrap();
            }
            if staff {
                facts.staff_id = None;
            }
            if services {
                facts.service_ids.push(ServiceId(9));
            }
        });
        assert_eq!(salon.planned(), [expected]);
    }
}
