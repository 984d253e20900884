//! A place that is unlinked and linked again, to the same branch or to another.

use super::rig::{PLACE, Rig, at, record};
use crate::journal::JournalBehaviour;
use std::pin::pin;
use vestnik_app::appointments::edit::{EditAppointment, edit_appointment};
use vestnik_app::journals::link_branch::{LinkBranch, link_branch};
use vestnik_app::journals::unlink_branch::unlink_branch;
use vestnik_app::visits::act::{VisitAction, act};
use vestnik_domain::branch::Branch;
use vestnik_domain::ids::BranchId;
use vestnik_domain::journal::RecordState;
use vestnik_domain::task::TaskKind;
use vestnik_store::ChangeSet;
use vestnik_testkit::{Database, on_every_database};

on_every_database![
    a_change_that_waits_when_its_link_ends_goes_by_the_next_link,
    what_can_be_written_no_more_is_a_task_and_goes_along_with_the_next_change,
    a_place_that_was_linked_to_the_wrong_branch_takes_its_visits_along,
    whoever_was_faster_with_the_place_is_named_as_the_reason,
];

async fn edit_here(rig: &Rig, record: &str, edit: EditAppointment) {
    let standing = rig.appointment(record).await;
    let edit = EditAppointment { version: standing.edit_version, ..edit };
    edit_appointment(&rig.app, &rig.owner(), standing.id, edit).await.unwrap();
}

fn start(start: &str) -> EditAppointment {
    EditAppointment { start: Some(start.to_owned()), ..EditAppointment::default() }
}

fn note(note: &str) -> EditAppointment {
    EditAppointment { note: Some(note.to_owned()), ..EditAppointment::default() }
}

async fn another_branch(rig: &Rig) -> Branch {
    let branch = Branch {
        id: BranchId(rig.app.new_id()),
        version: 1,
        name: "На Садовой".to_owned(),
        ..rig.salon.branch.clone()
    };
    let mut change_set = ChangeSet::new();
    change_set.insert(&branch);
    rig.store.commit(change_set).await.unwrap();
    branch
}

fn to(branch_id: BranchId) -> LinkBranch {
    LinkBranch { branch_id, kind: "simulated".to_owned(), location_id: PLACE.to_owned() }
}

async fn unlink(rig: &Rig) {
    let link = rig.the_link().await;
    unlink_branch(&rig.app, &rig.owner(), link.id).await.unwrap();
}

/// Everything due is written, with the pauses in between.
async fn write_all(rig: &Rig) {
    for _ in 0..4 {
        while rig.write().await > 0 {}
        rig.pass(61);
    }
}

async fn a_change_that_waits_when_its_link_ends_goes_by_the_next_link(database: Database) {
    let rig = Rig::new(database).await;
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.deliver().await;
    rig.journal.set_up(false);
    edit_here(&rig, &id, start("2026-03-05T17:00")).await;
    rig.write().await;
    rig.journal.set_up(true);
    unlink(&rig).await;
    rig.link().await;
    edit_here(&rig, &id, note("краска своя")).await;
    write_all(&rig).await;
    let there = rig.journal.record(PLACE, &id).unwrap();
    assert_eq!((there.start_local, there.note.as_str()), (at("2026-03-05T17:00"), "краска своя"));
    assert!(rig.tasks().await.is_empty());
}

async fn what_can_be_written_no_more_is_a_task_and_goes_along_with_the_next_change(
    database: Database,
) {
    let rig = Rig::new(database).await;
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.deliver().await;
    edit_here(&rig, &id, start("2026-03-05T17:00")).await;
    unlink(&rig).await;
    write_all(&rig).await;
    let tasks = rig.tasks().await;
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0].kind, TaskKind::JournalRefused);
    assert!(tasks[0].note.contains("отключён"), "{}", tasks[0].note);

    rig.link().await;
    rig.catch_up().await;
    assert_eq!(rig.appointment(&id).await.facts.start_local, at("2026-03-05T17:00"));
    edit_here(&rig, &id, note("краска своя")).await;
    write_all(&rig).await;
    let there = rig.journal.record(PLACE, &id).unwrap();
    assert_eq!((there.start_local, there.note.as_str()), (at("2026-03-05T17:00"), "краска своя"));
    assert_eq!(rig.tasks().await.len(), 1);
}

async fn a_place_that_was_linked_to_the_wrong_branch_takes_its_visits_along(database: Database) {
    let rig = Rig::new(database).await;
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.deliver().await;
    let right = another_branch(&rig).await;
    unlink(&rig).await;
    link_branch(&rig.app, &rig.owner(), to(right.id)).await.unwrap();
    rig.catch_up().await;
    let standing = rig.appointment(&id).await;
    assert_eq!(standing.facts.branch_id, right.id);
    let lines = rig.history(&standing).await;
    rig.catch_up().await;
    assert_eq!(rig.history(&rig.appointment(&id).await).await, lines, "once");

    let page = rig.visit_page(&standing).await;
    act(&rig.app, &page, VisitAction::Confirm, "").await.unwrap();
    write_all(&rig).await;
    assert_eq!(rig.journal.record(PLACE, &id).unwrap().state, RecordState::Confirmed);
    assert!(rig.tasks().await.is_empty());
}

async fn whoever_was_faster_with_the_place_is_named_as_the_reason(database: Database) {
    let rig = Rig::unlinked(database, JournalBehaviour::well()).await;
    let other = another_branch(&rig).await;
    let owner = rig.owner();
    let mut slow = pin!(link_branch(&rig.app, &owner, to(rig.salon.branch.id)));
    assert!(rig.until_the_journal_waits(slow.as_mut()).await.is_none());
    link_branch(&rig.app, &owner, to(other.id)).await.unwrap();
    assert_eq!(slow.await.unwrap_err().to_string(), "location_linked");
}
