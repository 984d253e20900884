use super::super::testing::{Salon, phone};
use super::super::*;
use super::*;
use crate::appointment::Source;
use crate::ids::{AppointmentId, VisitId};
use crate::kind::NotificationKind;
use crate::settings::BranchSwitch;

impl Salon {
    /// Why the `nth` sent message should be called back.
    fn why_back(&self, nth: usize) -> Option<&'static str> {
        let id = self.sent[nth].id;
        let row = self.rows.iter().find(|row| row.id == id).unwrap();
        let reason = self.with_snapshot(|snapshot| no_longer_wanted(snapshot, row));
        reason.map(|reason| reason.code())
    }

    /// The phone dropped the `nth` sent message unsent, as it was asked to.
    fn take_back(&mut self, nth: usize) {
        assert!(self.why_back(nth).is_some());
        let (id, now) = (self.sent[nth].id, self.now);
        for appointment in &mut self.appointments {
            if self.sent[nth].message.covers.contains(&appointment.id) {
                appointment.notification = appointment.notification.recalled(id, now);
            }
        }
        self.rows.iter_mut().find(|row| row.id == id).unwrap().state = ExistingState::Cancelled;
        let since = self.sent[nth].message.due_at;
        let plan = self.with_snapshot(|snapshot| {
            plan(&Snapshot { missed_before: Some(since), ..*snapshot }, now)
        });
        self.apply(&plan);
        self.replan();
    }
}

/// Booked for a Saturday; «created» went at 12:02.
fn told_salon() -> (Salon, AppointmentId) {
    let mut salon = Salon::at("2026-12-01T12:00");
    let id = salon.book("2026-12-05T15:00");
    salon.until("2026-12-01T12:03");
    assert_eq!(salon.log(), ["01.12 12:02 created"]);
    assert_eq!(salon.why_back(0), None);
    (salon, id)
}

#[test]
fn a_booking_moved_before_the_phone_sent_it_is_announced_as_it_is_now() {
    let (mut salon, id) = told_salon();
    salon.shift(id, "2026-12-05T18:00");
    assert_eq!(salon.why_back(0), Some("replaced"));
    assert_eq!(salon.planned()[0], "01.12 12:05 changed moved");
    salon.take_back(0);
    assert_eq!(salon.planned()[0], "01.12 12:05 created");
    salon.until("2026-12-01T13:00");
    assert_eq!(salon.log()[1..], ["01.12 12:05 created"]);
    let told = salon.sent[1].told[0].1.as_ref().unwrap();
    assert_eq!(told.start_local.to_string(), "2026-12-05T18:00:00");
}

#[test]
fn of_two_bookings_that_are_called_back_both_are_announced_as_they_are_now() {
    let mut salon = Salon::at("2026-12-01T12:00");
    let visit = VisitId(7);
    let first = salon.book_into(visit, Source::Staff, Notify::ByRule, "2026-12-05T15:00");
    salon.book_into(visit, Source::Staff, Notify::ByRule, "2026-12-05T16:00");
    salon.until("2026-12-01T12:03");
    assert_eq!(salon.log(), ["01.12 12:02 created"]);
    salon.sender_up = false;
    salon.shift(first, "2026-12-05T14:00");
    salon.until("2026-12-01T12:20");
    salon.take_back(0);
    salon.sender_up = true;
    salon.until("2026-12-01T13:00");
    assert_eq!(salon.log()[1..], ["01.12 12:20 created"]);
    assert_eq!(salon.sent[1].told.len(), 2, "both");
}

#[test]
fn a_late_word_of_the_phone_does_not_lose_the_announcement() {
    let (mut salon, id) = told_salon();
    salon.sender_up = false;
    salon.shift(id, "2026-12-05T18:00");
    salon.until("2026-12-01T12:20");
    salon.take_back(0);
    salon.sender_up = true;
    salon.until("2026-12-01T13:00");
    assert_eq!(salon.log()[1..], ["01.12 12:20 created"]);
}

#[test]
fn a_booking_cancelled_before_the_phone_sent_it_is_never_spoken_of() {
    let (mut salon, id) = told_salon();
    salon.cancel(id);
    assert_eq!(salon.why_back(0), Some("visit_cancelled"));
    assert_eq!(salon.planned(), ["01.12 12:05 cancelled"]);
    salon.take_back(0);
    assert_eq!(salon.planned(), [] as [&str; 0]);
    assert_eq!(salon.reasons(NotificationKind::Cancelled), ["cancelled_before_told"]);
    // Brought back, it is news.
    salon.restore(id);
    assert_eq!(salon.planned()[0], "01.12 12:05 created");
}

#[test]
fn what_was_told_before_stands_when_the_news_is_taken_back() {
    let (mut salon, id) = told_salon();
    salon.shift(id, "2026-12-05T18:00");
    salon.until("2026-12-01T12:06");
    assert_eq!(salon.log()[1..], ["01.12 12:05 changed moved"]);
    salon.shift(id, "2026-12-06T18:00");
    assert_eq!(salon.why_back(1), Some("replaced"));
    salon.take_back(1);
    salon.until("2026-12-01T13:00");
    assert_eq!(salon.log()[2..], ["01.12 12:08 changed moved"]);
    let known = salon.get(id).notification.told.as_ref().unwrap();
    let before = known.before.as_ref().unwrap().facts.as_ref().unwrap();
    assert_eq!(before.start_local.to_string(), "2026-12-05T15:00:00");
}

#[test]
fn moved_back_to_what_was_told_before_nothing_is_left_to_say() {
    let (mut salon, id) = told_salon();
    salon.shift(id, "2026-12-05T18:00");
    salon.until("2026-12-01T12:06");
    salon.shift(id, "2026-12-05T15:00");
    salon.take_back(1);
    assert!(salon.planned().iter().all(|line| !line.contains("changed")), "{:?}", salon.planned());
}

#[test]
fn an_edit_undone_wants_the_message_again() {
    let (mut salon, id) = told_salon();
    salon.shift(id, "2026-12-05T18:00");
    salon.shift(id, "2026-12-05T15:00");
    assert_eq!(salon.why_back(0), None);
}

#[test]
fn a_corrected_number_calls_back_what_goes_to_the_wrong_one() {
    let (mut salon, id) = told_salon();
    salon.get_mut(id).recipient_phone = Some(phone(2));
    salon.replan();
    assert_eq!(salon.why_back(0), Some("replaced"));
    salon.take_back(0);
    salon.until("2026-12-01T13:00");
    assert_eq!(salon.log()[1..], ["01.12 12:03 created"]);
    assert_eq!(salon.sent[1].message.recipient, phone(2));
}

#[test]
fn every_switch_calls_back() {
    type Bar = fn(&mut Salon);
    let table: [(&str, Bar); 5] = [
        ("block_off", |salon| salon.settings.on_since = None),
        ("client_off", |salon| salon.switches.all_off = true),
        ("client_kind_off", |salon| {
            salon.switches.kinds_off.insert(NotificationKind::Created);
        }),
        ("stopped", |salon| salon.stopped = vec![phone(1)]),
        ("branch_off", |salon| {
            salon.branch_settings.kinds.insert(NotificationKind::Created, BranchSwitch::Off);
        }),
    ];
    for (code, bar) in table {
        let (mut salon, _) = told_salon();
        bar(&mut salon);
        assert_eq!(salon.why_back(0), Some(code));
        salon.take_back(0);
        let waits = salon.planned().iter().any(|line| line.contains("created"));
        assert!(!waits, "{code}: {:?}", salon.planned());
    }
}

#[test]
fn of_a_message_about_two_visits_the_one_that_stands_is_told_anew() {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.merge_same_day = true;
    let first = salon.book("2026-12-05T15:00");
    salon.book("2026-12-05T17:00");
    salon.until("2026-12-04T15:01");
    let sent = salon.sent.len();
    assert_eq!(salon.sent[sent - 1].message.covers.len(), 2, "{:?}", salon.log());
    salon.cancel(first);
    salon.take_back(sent - 1);
    salon.until("2026-12-04T18:00");
    let log = salon.log();
    assert!(log[sent..].iter().any(|line| line.contains("reminder")), "{log:?}");
    assert!(log[sent..].iter().any(|line| line.contains("cancelled")), "{log:?}");
}

#[test]
fn of_many_that_tell_the_same_each_stands() {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.kinds.insert(NotificationKind::ConfirmationRequest, true);
    salon.settings.confirmation_request_lead = crate::settings::Lead::Days(1);
    salon.settings.reminder_leads = vec![crate::settings::Lead::Days(1)];
    let id = salon.book("2026-12-05T15:00");
    salon.until("2026-12-04T15:01");
    assert_eq!(salon.log().len(), 3, "{:?}", salon.log());
    let stand = |salon: &Salon| -> Vec<bool> {
        let appointment = salon.get(id);
        salon.sent.iter().map(|sent| stands_as_told(appointment, sent.id)).collect()
    };
    assert_eq!(stand(&salon), [true, true, true]);
    assert_eq!([0, 1, 2].map(|nth| salon.why_back(nth)), [None; 3]);
    // One of them surely failed, then the first: the client still knows it by the other.
    for (failed, left) in [(2, [true, true, false]), (0, [false, true, false])] {
        let (message, now) = (salon.sent[failed].id, salon.now);
        let appointment = salon.get_mut(id);
        appointment.notification = appointment.notification.delivery_failed(message, now);
        assert_eq!(stand(&salon), left);
    }
}
