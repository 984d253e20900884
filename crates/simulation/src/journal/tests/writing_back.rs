//! What is changed here reaches the journal; where the journal has changed too, or will not have it,
//! nobody is told a wrong time and staff know.

use super::rig::{PLACE, Rig, at, irina, record};
use crate::journal::{StaffEdit, WriteFault};
use jiff::SignedDuration;
use std::pin::pin;
use vestnik_app::appointments::edit::{EditAppointment, edit_appointment};
use vestnik_app::appointments::status::{SetStatus, set_status};
use vestnik_app::visits::act::{VisitAction, act};
use vestnik_app::{effects, nodes};
use vestnik_domain::appointment::{Appointment, Status};
use vestnik_domain::journal::RecordState;
use vestnik_domain::planning::Notify;
use vestnik_domain::task::TaskKind;
use vestnik_testkit::{Database, on_every_database};

on_every_database![
    a_move_and_a_status_of_staff_reach_the_journal,
    the_latest_state_wins,
    a_change_undone_before_it_was_written_is_not_written,
    cancelled_while_a_confirmation_is_on_its_way_is_cancelled_there,
    what_staff_change_there_meanwhile_and_what_we_change_both_stand,
    where_both_moved_it_the_journal_wins_and_staff_know,
    a_cancellation_of_a_time_that_moved_there_gives_way_and_staff_know,
    a_refused_move_steps_back_and_nobody_is_told_a_wrong_time,
    a_refused_cancellation_stays_the_clients_word,
    a_journal_that_stays_down_leaves_a_task,
    a_task_says_when_the_change_may_have_reached_the_journal,
    a_record_that_keeps_changing_there_leaves_a_task_that_says_so,
    what_the_journal_does_not_know_is_refused_without_asking,
    a_node_whose_heartbeat_runs_out_writes_no_more,
    an_appointment_of_our_own_journal_is_written_nowhere,
];

const LEASE: SignedDuration = SignedDuration::from_secs(15);

async fn booked(rig: &Rig) -> (String, Appointment) {
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.deliver().await;
    let appointment = rig.appointment(&id).await;
    (id, appointment)
}

async fn on_the_page(rig: &Rig, appointment: &Appointment, actions: &[VisitAction]) {
    let page = rig.visit_page(appointment).await;
    for action in actions {
        act(&rig.app, &page, *action, "").await.unwrap();
    }
}

async fn move_here(rig: &Rig, appointment: &Appointment, start: &str) {
    let command = EditAppointment {
        version: appointment.edit_version,
        start: Some(start.to_owned()),
        ..EditAppointment::default()
    };
    edit_appointment(&rig.app, &rig.owner(), appointment.id, command).await.unwrap();
}

fn moved(start: &str) -> StaffEdit {
    StaffEdit { start_local: Some(at(start)), ..StaffEdit::default() }
}

/// Everything due is written, with the pauses in between.
async fn write_all(rig: &Rig) {
    for _ in 0..4 {
        while rig.write().await > 0 {}
        rig.pass(61);
    }
}

async fn a_move_and_a_status_of_staff_reach_the_journal(database: Database) {
    let rig = Rig::new(database).await;
    let (id, appointment) = booked(&rig).await;
    move_here(&rig, &appointment, "2026-03-05T17:00").await;
    let command =
        SetStatus { version: None, status: Status::Arrived, force: false, notify: Notify::ByRule };
    set_status(&rig.app, &rig.owner(), appointment.id, command).await.unwrap();
    write_all(&rig).await;
    let record = rig.journal.record(PLACE, &id).unwrap();
    assert_eq!((record.start_local, record.state), (at("2026-03-05T17:00"), RecordState::Arrived));
    assert_eq!(rig.journal.writes(PLACE, &id), 1, "the latest state, once");
}

async fn the_latest_state_wins(database: Database) {
    let rig = Rig::new(database).await;
    let (id, appointment) = booked(&rig).await;
    rig.journal.set_up(false);
    on_the_page(&rig, &appointment, &[VisitAction::Confirm]).await;
    rig.write().await;
    act(&rig.app, &format!("page{}", appointment.visit_id.0), VisitAction::Cancel, "")
        .await
        .unwrap();
    rig.write().await;
    rig.journal.set_up(true);
    write_all(&rig).await;
    assert_eq!(rig.journal.record(PLACE, &id).unwrap().state, RecordState::Deleted);
    assert_eq!(rig.journal.writes(PLACE, &id), 1);
    assert!(rig.tasks().await.is_empty());
}

async fn a_change_undone_before_it_was_written_is_not_written(database: Database) {
    let rig = Rig::new(database).await;
    let (id, appointment) = booked(&rig).await;
    move_here(&rig, &appointment, "2026-03-05T17:00").await;
    let moved = rig.appointment(&id).await;
    move_here(&rig, &moved, "2026-03-05T15:00").await;
    write_all(&rig).await;
    assert_eq!(rig.journal.writes(PLACE, &id), 0);
}

async fn cancelled_while_a_confirmation_is_on_its_way_is_cancelled_there(database: Database) {
    for landed in [false, true] {
        let rig = Rig::new(database).await;
        let (id, appointment) = booked(&rig).await;
        on_the_page(&rig, &appointment, &[VisitAction::Confirm]).await;
        let page = format!("page{}", appointment.visit_id.0);
        let fault = if landed { WriteFault::LostAfter } else { WriteFault::Nothing };
        rig.journal.plan_writes([fault]);
        {
            let mut writing = pin!(effects::run_once(&rig.app));
            assert!(rig.until_the_journal_waits(writing.as_mut()).await.is_none());
            assert!(rig.until_the_journal_waits(writing.as_mut()).await.is_none());
            act(&rig.app, &page, VisitAction::Cancel, "").await.unwrap();
            writing.await.unwrap();
        }
        // The journal also tells of our confirmation, before the cancellation is written.
        rig.deliver().await;
        assert_eq!(rig.appointment(&id).await.status, Status::Cancelled);
        write_all(&rig).await;
        rig.catch_up().await;
        assert_eq!(rig.journal.record(PLACE, &id).unwrap().state, RecordState::Deleted);
        assert_eq!(rig.appointment(&id).await.status, Status::Cancelled);
        assert_eq!(rig.journal.writes(PLACE, &id), 2);
        assert!(rig.tasks().await.is_empty());
        assert!(rig.kinds(appointment.client_id).await.is_empty());
    }
}

async fn what_staff_change_there_meanwhile_and_what_we_change_both_stand(database: Database) {
    let rig = Rig::new(database).await;
    let (id, appointment) = booked(&rig).await;
    on_the_page(&rig, &appointment, &[VisitAction::Confirm]).await;
    let edit = StaffEdit {
        staff: Some(irina()),
        note: Some("краска своя".to_owned()),
        ..StaffEdit::default()
    };
    rig.journal.edit(PLACE, &id, edit);
    // The write meets another version, takes it in, and is tried again on top of it.
    write_all(&rig).await;
    let record = rig.journal.record(PLACE, &id).unwrap();
    assert_eq!((record.state, record.staff), (RecordState::Confirmed, Some(irina())));
    let now = rig.appointment(&id).await;
    assert_eq!((now.status, now.note.as_str()), (Status::Confirmed, "краска своя"));
    assert_ne!(now.facts.staff_id, appointment.facts.staff_id);
    assert_eq!(rig.journal.writes(PLACE, &id), 1);
    assert!(rig.tasks().await.is_empty());
}

async fn where_both_moved_it_the_journal_wins_and_staff_know(database: Database) {
    // Our write meets the conflict, or the poll brings theirs first: the same comes of it.
    for poll_first in [false, true] {
        let rig = Rig::new(database).await;
        let (id, appointment) = booked(&rig).await;
        move_here(&rig, &appointment, "2026-03-05T17:00").await;
        rig.pass(1);
        rig.journal.edit(PLACE, &id, moved("2026-03-05T19:00"));
        if poll_first {
            rig.deliver().await;
        }
        write_all(&rig).await;
        assert_eq!(rig.appointment(&id).await.facts.start_local, at("2026-03-05T19:00"));
        assert_eq!(rig.journal.record(PLACE, &id).unwrap().start_local, at("2026-03-05T19:00"));
        assert_eq!(rig.journal.writes(PLACE, &id), 0);
        let tasks = rig.tasks().await;
        assert_eq!(tasks.len(), 1);
        assert_eq!(tasks[0].kind, TaskKind::JournalOverruled);
        assert_eq!(tasks[0].appointment_id, Some(appointment.id));
    }
}

async fn a_cancellation_of_a_time_that_moved_there_gives_way_and_staff_know(database: Database) {
    let rig = Rig::new(database).await;
    let (id, appointment) = booked(&rig).await;
    on_the_page(&rig, &appointment, &[VisitAction::Cancel]).await;
    rig.journal.edit(PLACE, &id, moved("2026-03-05T19:00"));
    write_all(&rig).await;
    assert_eq!(rig.journal.record(PLACE, &id).unwrap().state, RecordState::Waiting);
    let now = rig.appointment(&id).await;
    assert_eq!((now.status, now.facts.start_local), (Status::Waiting, at("2026-03-05T19:00")));
    assert_eq!(rig.tasks().await[0].kind, TaskKind::JournalOverruled);
}

async fn a_refused_move_steps_back_and_nobody_is_told_a_wrong_time(database: Database) {
    let rig = Rig::new(database).await;
    let (id, appointment) = booked(&rig).await;
    // Taken there by somebody whom we do not know of yet.
    rig.journal.book(PLACE, record("2026-03-05T17:00")).unwrap();
    move_here(&rig, &appointment, "2026-03-05T17:00").await;
    write_all(&rig).await;
    let now = rig.appointment(&id).await;
    assert_eq!(now.facts.start_local, at("2026-03-05T15:00"));
    assert!(!rig.kinds(now.client_id).await.contains(&"changed"));
    let tasks = rig.tasks().await;
    assert_eq!(tasks[0].kind, TaskKind::JournalRefused);
    assert!(tasks[0].note.contains("занято"), "{}", tasks[0].note);
    rig.catch_up().await;
    assert_eq!(rig.appointment(&id).await.facts.start_local, at("2026-03-05T15:00"));
    assert_eq!(rig.tasks().await.len(), 1);
}

async fn a_refused_cancellation_stays_the_clients_word(database: Database) {
    let rig = Rig::new(database).await;
    let (id, appointment) = booked(&rig).await;
    let lock = StaffEdit { locked: Some(true), ..StaffEdit::default() };
    rig.journal.edit(PLACE, &id, lock);
    rig.deliver().await;
    on_the_page(&rig, &appointment, &[VisitAction::Cancel]).await;
    write_all(&rig).await;
    assert_eq!(rig.tasks().await[0].kind, TaskKind::JournalRefused);
    // Staff write a note there: the client who has cancelled is not booked anew by that.
    let edit = StaffEdit { note: Some("позвонить".to_owned()), ..StaffEdit::default() };
    rig.journal.edit(PLACE, &id, edit);
    rig.deliver().await;
    assert_eq!(rig.appointment(&id).await.status, Status::Cancelled);
    assert!(rig.kinds(appointment.client_id).await.is_empty());
    // Staff see to it there.
    let edit = StaffEdit { state: Some(RecordState::Deleted), ..StaffEdit::default() };
    rig.journal.edit(PLACE, &id, edit);
    rig.deliver().await;
    assert_eq!(rig.appointment(&id).await.status, Status::Cancelled);
    assert_eq!((rig.tasks().await.len(), rig.journal.writes(PLACE, &id)), (1, 0));
}

async fn a_journal_that_stays_down_leaves_a_task(database: Database) {
    let rig = Rig::new(database).await;
    let (id, appointment) = booked(&rig).await;
    on_the_page(&rig, &appointment, &[VisitAction::Cancel]).await;
    rig.journal.set_up(false);
    for _ in 0..30 {
        rig.write().await;
        rig.pass(15 * 60);
    }
    let tasks = rig.tasks().await;
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0].kind, TaskKind::JournalRefused);
    assert_eq!(rig.appointment(&id).await.status, Status::Cancelled);
    rig.journal.set_up(true);
    assert_eq!(rig.write().await, 0, "it is a person's now");
}

async fn a_task_says_when_the_change_may_have_reached_the_journal(database: Database) {
    for (fault, words) in [
        (WriteFault::LostBefore, "Неизвестно, дошло ли до журнала"),
        (WriteFault::Unreachable, "Журнал не принял изменение"),
    ] {
        let rig = Rig::new(database).await;
        let (_, appointment) = booked(&rig).await;
        on_the_page(&rig, &appointment, &[VisitAction::Cancel]).await;
        rig.journal.plan_writes([fault]);
        rig.write().await;
        rig.journal.set_up(false);
        for _ in 0..30 {
            rig.pass(15 * 60);
            rig.write().await;
        }
        let tasks = rig.tasks().await;
        assert_eq!(tasks.len(), 1);
        assert!(tasks[0].note.contains(words), "{fault:?}: {}", tasks[0].note);
        assert!(tasks[0].note.contains("журнал долго не отвечал"), "{}", tasks[0].note);
    }
}

async fn a_record_that_keeps_changing_there_leaves_a_task_that_says_so(database: Database) {
    let rig = Rig::new(database).await;
    let (id, appointment) = booked(&rig).await;
    on_the_page(&rig, &appointment, &[VisitAction::Confirm]).await;
    for number in 0..30 {
        rig.journal.edit(
            PLACE,
            &id,
            StaffEdit { note: Some(format!("правка {number}")), ..StaffEdit::default() },
        );
        rig.write().await;
        rig.pass(15 * 60);
    }
    let tasks = rig.tasks().await;
    assert_eq!(tasks.len(), 1);
    assert!(tasks[0].note.contains(": запись там всё время меняется."), "{}", tasks[0].note);
}

async fn what_the_journal_does_not_know_is_refused_without_asking(database: Database) {
    let rig = Rig::new(database).await;
    let (id, appointment) = booked(&rig).await;
    let command = EditAppointment {
        version: appointment.edit_version,
        staff_id: Some(None),
        ..EditAppointment::default()
    };
    edit_appointment(&rig.app, &rig.owner(), appointment.id, command).await.unwrap();
    let asked = rig.journal.waits();
    write_all(&rig).await;
    assert_eq!(rig.journal.waits(), asked, "the journal was asked");
    assert_eq!(rig.appointment(&id).await.facts.staff_id, appointment.facts.staff_id);
    assert_eq!(rig.tasks().await[0].kind, TaskKind::JournalRefused);
}

async fn an_appointment_of_our_own_journal_is_written_nowhere(database: Database) {
    let mut rig = Rig::new(database).await;
    let own =
        rig.salon.appointment(rig.now().checked_add(jiff::SignedDuration::from_hours(50)).unwrap());
    let mut change_set = vestnik_store::ChangeSet::new();
    change_set.insert(&own);
    rig.store.commit(change_set).await.unwrap();
    on_the_page(&rig, &own, &[VisitAction::Cancel]).await;
    assert_eq!(rig.write().await, 0);
}

async fn a_node_whose_heartbeat_runs_out_writes_no_more(database: Database) {
    // Wherever on its way to the journal it is paused.
    for pauses in 0.. {
        let rig = Rig::new(database).await;
        let (id, appointment) = booked(&rig).await;
        on_the_page(&rig, &appointment, &[VisitAction::Confirm]).await;
        let arrived = nodes::arrive(rig.another_node(), None, LEASE, &[]).await.unwrap();
        let node = arrived.app;
        let waits = rig.journal.waits();
        {
            let mut writing = pin!(effects::run_once(&node));
            for _ in 0..pauses {
                assert!(rig.until_the_store_waits(writing.as_mut()).await.is_none());
            }
            if rig.journal.waits() > waits {
                assert!(pauses > 4, "it is paused before and after its intent");
                break;
            }
            rig.pass(60);
            writing.await.unwrap();
        }
        assert_eq!(rig.journal.writes(PLACE, &id), 0, "paused at {pauses}");
        assert_eq!(effects::run_once(&node).await.unwrap(), 0);
        nodes::beat(&node).await.unwrap();
        effects::run_once(&node).await.unwrap();
        rig.pass(61);
        effects::run_once(&rig.app).await.unwrap();
        assert_eq!(rig.journal.writes(PLACE, &id), 1, "paused at {pauses}");
    }
}
