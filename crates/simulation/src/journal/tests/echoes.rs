//! What we have written comes back as a change of the journal, and is none.

use super::rig::{PLACE, Rig, record};
use crate::journal::WriteFault;
use std::pin::pin;
use vestnik_app::visits::act::{VisitAction, act};
use vestnik_app::{effects, journals::poll};
use vestnik_domain::appointment::{Appointment, Status};
use vestnik_domain::effect::{Effect, EffectKind, EffectState};
use vestnik_testkit::{Database, on_every_database};

on_every_database![
    the_echo_of_a_confirmation_makes_no_message_and_no_history,
    an_echo_that_overtakes_the_answer_is_recognised,
    a_lost_answer_is_looked_up_and_nothing_is_written_twice,
    killed_at_any_moment_it_is_written_once,
    killed_at_any_call_of_the_database_it_is_written_once,
    two_nodes_at_once_write_once,
];

async fn confirmed(rig: &Rig) -> (String, Appointment) {
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.deliver().await;
    let before = rig.appointment(&id).await;
    let page = rig.visit_page(&before).await;
    act(&rig.app, &page, VisitAction::Confirm, "").await.unwrap();
    let after = rig.appointment(&id).await;
    assert_eq!(after.status, Status::Confirmed);
    (id, after)
}

async fn effect(rig: &Rig, appointment: &Appointment) -> Effect {
    let subject = appointment.id.to_string();
    rig.store.effect(rig.salon.id(), EffectKind::JournalWrite, &subject).await.unwrap().unwrap()
}

/// One write there, and here nothing more than the client's own confirmation.
async fn is_settled(rig: &Rig, id: &str, was: &Appointment, kinds: &[&str]) {
    assert_eq!(rig.journal.writes(PLACE, id), 1);
    assert_eq!(rig.journal.idle_writes(PLACE, id), 0);
    assert!(rig.journal.is_as_we_wrote(PLACE, id));
    let record = rig.journal.record(PLACE, id).unwrap();
    assert_eq!(record.state.status(), Status::Confirmed);
    let now = rig.appointment(id).await;
    assert_eq!(now.status, Status::Confirmed);
    assert_eq!(now.external_version, Some(record.version.to_string()));
    assert_eq!(now.edit_version, was.edit_version);
    assert_eq!(rig.history(&now).await, 1, "the confirmation alone");
    assert_eq!(rig.kinds(now.client_id).await, kinds);
    assert_eq!(effect(rig, &now).await.state, EffectState::Done);
    assert!(rig.tasks().await.is_empty());
}

async fn the_echo_of_a_confirmation_makes_no_message_and_no_history(database: Database) {
    let rig = Rig::new(database).await;
    let (id, was) = confirmed(&rig).await;
    let kinds = rig.kinds(was.client_id).await;
    assert_eq!(rig.write().await, 1);
    is_settled(&rig, &id, &was, &kinds).await;
    assert_eq!(rig.journal.arriving().len(), 1, "the journal tells us what we did");
    rig.post(br#"{"company_id": 4564, "resource": "record"}"#).await;
    rig.catch_up().await;
    is_settled(&rig, &id, &was, &kinds).await;
    assert_eq!(rig.write().await, 0);
}

async fn an_echo_that_overtakes_the_answer_is_recognised(database: Database) {
    let rig = Rig::new(database).await;
    let other = rig.another_node();
    let (id, was) = confirmed(&rig).await;
    let kinds = rig.kinds(was.client_id).await;
    {
        let mut writing = pin!(effects::run_once(&rig.app));
        assert!(rig.until_the_journal_waits(writing.as_mut()).await.is_none());
        assert!(rig.until_the_journal_waits(writing.as_mut()).await.is_none());
        assert_eq!(rig.journal.writes(PLACE, &id), 1, "it has landed, the answer is on its way");
        rig.pass(301);
        poll::run_once(&other).await.unwrap();
        is_settled(&rig, &id, &was, &kinds).await;
        writing.await.unwrap();
    }
    is_settled(&rig, &id, &was, &kinds).await;
}

async fn a_lost_answer_is_looked_up_and_nothing_is_written_twice(database: Database) {
    for (fault, looks) in [(WriteFault::LostAfter, false), (WriteFault::LostBefore, true)] {
        let rig = Rig::new(database).await;
        let (id, was) = confirmed(&rig).await;
        let kinds = rig.kinds(was.client_id).await;
        rig.journal.plan_writes([fault]);
        rig.write().await;
        assert_eq!(rig.journal.writes(PLACE, &id), u32::from(!looks));
        assert_eq!(effect(&rig, &was).await.state, EffectState::Unknown);
        assert_eq!(rig.write().await, 0, "what may be under way is waited for");
        rig.pass(60);
        assert_eq!(rig.write().await, 1);
        is_settled(&rig, &id, &was, &kinds).await;
    }
}

async fn killed_at_any_moment_it_is_written_once(database: Database) {
    // Before the call, and after the write has landed but before its answer.
    for waits in [1, 2] {
        let rig = Rig::new(database).await;
        let (id, was) = confirmed(&rig).await;
        let kinds = rig.kinds(was.client_id).await;
        {
            let mut dying = pin!(effects::run_once(&rig.app));
            for _ in 0..waits {
                assert!(rig.until_the_journal_waits(dying.as_mut()).await.is_none());
            }
        }
        let next = rig.another_node();
        assert_eq!(effects::run_once(&next).await.unwrap(), 0, "the intent stands");
        rig.pass(60);
        assert_eq!(effects::run_once(&next).await.unwrap(), 1);
        is_settled(&rig, &id, &was, &kinds).await;
    }
}

async fn killed_at_any_call_of_the_database_it_is_written_once(database: Database) {
    let mut calls = 0;
    let mut ended = false;
    while !ended {
        calls += 1;
        let rig = Rig::new(database).await;
        let (id, was) = confirmed(&rig).await;
        let kinds = rig.kinds(was.client_id).await;
        {
            let mut dying = pin!(effects::run_once(&rig.app));
            for _ in 0..calls {
                ended = ended || rig.until_the_store_waits(dying.as_mut()).await.is_some();
            }
        }
        rig.pass(60);
        effects::run_once(&rig.another_node()).await.unwrap();
        is_settled(&rig, &id, &was, &kinds).await;
    }
    assert!(calls > 8, "too few calls to have intended, written and closed: {calls}");
}

async fn two_nodes_at_once_write_once(database: Database) {
    let rig = Rig::new(database).await;
    let other = rig.another_node();
    let (id, was) = confirmed(&rig).await;
    let kinds = rig.kinds(was.client_id).await;
    let (one, two) = tokio::join!(effects::run_once(&rig.app), effects::run_once(&other));
    one.unwrap();
    two.unwrap();
    is_settled(&rig, &id, &was, &kinds).await;
}
