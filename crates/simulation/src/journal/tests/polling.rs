use super::rig::{PLACE, Rig, at, olga, record};
use crate::journal::{JournalBehaviour, StaffEdit};
use std::pin::pin;
use vestnik_app::journals::poll;
use vestnik_app::journals::unlink_branch::unlink_branch;
use vestnik_domain::appointment::Status;
use vestnik_domain::journal::{JournalClient, JournalFault, RecordState};
use vestnik_testkit::{Database, on_every_database};

on_every_database![
    what_a_lost_webhook_hid_the_poll_finds,
    nothing_is_left_out_at_the_edge_of_a_page_or_of_a_second,
    two_changes_within_one_second_are_two_changes,
    two_nodes_at_once_take_everything_in_once,
    a_poll_that_was_overtaken_brings_nothing_back_to_life,
    a_poll_that_was_overtaken_sets_back_no_card,
    a_poll_that_dies_is_begun_again,
    a_journal_that_is_down_is_asked_again_and_says_so,
    an_unlinked_branch_hears_no_more,
];

fn moved(start: &str) -> StaffEdit {
    StaffEdit { start_local: Some(at(start)), ..StaffEdit::default() }
}

async fn what_a_lost_webhook_hid_the_poll_finds(database: Database) {
    let lost = JournalBehaviour { webhook_lost_percent: 100, ..JournalBehaviour::well() };
    let rig = Rig::with(database, lost).await;
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.deliver().await;
    assert!(rig.find(&id).await.is_none(), "nobody has said a word");
    rig.catch_up().await;
    let client = rig.appointment(&id).await.client_id;
    rig.journal.edit(PLACE, &id, moved("2026-03-05T17:00"));
    rig.catch_up().await;
    assert_eq!(rig.appointment(&id).await.facts.start_local, at("2026-03-05T17:00"));
    rig.journal.edit(
        PLACE,
        &id,
        StaffEdit { state: Some(RecordState::Deleted), ..StaffEdit::default() },
    );
    rig.catch_up().await;
    assert_eq!(rig.appointment(&id).await.status, Status::Cancelled);
    assert!(rig.kinds(client).await.iter().all(|kind| *kind != "reminder"));
}

async fn nothing_is_left_out_at_the_edge_of_a_page_or_of_a_second(database: Database) {
    let behaviour = JournalBehaviour { page_size: 3, ..JournalBehaviour::well() };
    let rig = Rig::with(database, behaviour).await;
    let mut ids = Vec::new();
    // Seven in one second, over three pages, and more in the second of the last poll.
    for day in 5..12 {
        ids.push(rig.journal.book(PLACE, record(&format!("2026-03-{day:02}T15:00"))).unwrap());
    }
    rig.pass(301);
    rig.poll().await;
    for day in 12..20 {
        ids.push(rig.journal.book(PLACE, record(&format!("2026-03-{day:02}T15:00"))).unwrap());
        rig.journal.edit(PLACE, &ids[0], moved(&format!("2026-03-05T{day:02}:30")));
        rig.pass(301);
        rig.poll().await;
    }
    rig.catch_up().await;
    for id in &ids {
        assert!(rig.find(id).await.is_some(), "record {id}");
    }
    assert_eq!(rig.appointment(&ids[0]).await.facts.start_local, at("2026-03-05T19:30"));
}

async fn two_changes_within_one_second_are_two_changes(database: Database) {
    let rig = Rig::new(database).await;
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.deliver().await;
    rig.pass(10);
    rig.journal.edit(PLACE, &id, moved("2026-03-05T17:00"));
    for (_, body) in rig.journal.arriving() {
        rig.post(&body).await;
    }
    assert_eq!(rig.poll().await, 1);
    assert_eq!(rig.appointment(&id).await.facts.start_local, at("2026-03-05T17:00"));
    // The very second goes on.
    rig.journal.edit(PLACE, &id, moved("2026-03-05T18:00"));
    rig.catch_up().await;
    assert_eq!(rig.appointment(&id).await.facts.start_local, at("2026-03-05T18:00"));
}

async fn two_nodes_at_once_take_everything_in_once(database: Database) {
    let rig = Rig::new(database).await;
    let other = rig.another_node();
    let ids: Vec<String> = (10..20)
        .map(|hour| rig.journal.book(PLACE, record(&format!("2026-03-05T{hour}:00"))).unwrap())
        .collect();
    rig.pass(301);
    let mut first = pin!(poll::run_once(&rig.app));
    // The first one has claimed the link and waits for the journal; then its claim runs out.
    assert!(rig.until_the_journal_waits(first.as_mut()).await.is_none());
    assert_eq!(poll::run_once(&other).await.unwrap(), 0, "it is being asked");
    rig.pass(121);
    let (first, second) = tokio::join!(first, poll::run_once(&other));
    assert_eq!((first.unwrap(), second.unwrap()), (1, 1));
    rig.catch_up().await;
    let client = rig.appointment(&ids[0]).await.client_id;
    for id in &ids {
        let appointment = rig.appointment(id).await;
        assert_eq!((appointment.client_id, appointment.edit_version), (client, 1));
    }
    let created = rig.kinds(client).await.into_iter().filter(|kind| *kind == "created").count();
    assert_eq!(created, ids.len(), "each visit is told of once");
}

async fn a_poll_that_was_overtaken_brings_nothing_back_to_life(database: Database) {
    let rig = Rig::new(database).await;
    let other = rig.another_node();
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.pass(301);
    let mut slow = pin!(poll::run_once(&rig.app));
    // It has asked and holds the record in its hands.
    assert!(rig.until_the_journal_waits(slow.as_mut()).await.is_none());
    assert!(rig.until_the_journal_waits(slow.as_mut()).await.is_none());
    rig.pass(121);
    rig.journal.edit(
        PLACE,
        &id,
        StaffEdit { state: Some(RecordState::Deleted), ..StaffEdit::default() },
    );
    poll::run_once(&other).await.unwrap();
    slow.await.unwrap();
    assert!(rig.find(&id).await.is_none(), "it was deleted before we knew of it");
    rig.catch_up().await;
    assert!(rig.find(&id).await.is_none());
}

async fn a_poll_that_was_overtaken_sets_back_no_card(database: Database) {
    let rig = Rig::new(database).await;
    let other = rig.another_node();
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.deliver().await;
    let client = rig.appointment(&id).await.client_id;
    let with = |phone: &str| JournalClient { phone: Some(phone.to_owned()), ..olga() };
    rig.pass(301);
    rig.journal.edit_card(PLACE, with("+79165550001"));
    let mut slow = pin!(poll::run_once(&rig.app));
    // It has asked and holds the card in its hands.
    assert!(rig.until_the_journal_waits(slow.as_mut()).await.is_none());
    assert!(rig.until_the_journal_waits(slow.as_mut()).await.is_none());
    rig.pass(121);
    rig.journal.edit_card(PLACE, with("+79165550002"));
    poll::run_once(&other).await.unwrap();
    slow.await.unwrap();
    let card = rig.store.client(rig.salon.id(), client).await.unwrap().unwrap();
    assert_eq!(card.phone.unwrap().as_str(), "+79165550002");
    let live = rig.live(client).await;
    assert!(!live.is_empty());
    for message in live {
        assert_eq!(message.recipient.as_str(), "+79165550002");
    }
}

async fn a_poll_that_dies_is_begun_again(database: Database) {
    let rig = Rig::new(database).await;
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.pass(301);
    {
        let mut dying = pin!(poll::run_once(&rig.app));
        assert!(rig.until_the_journal_waits(dying.as_mut()).await.is_none());
    }
    assert_eq!(rig.poll().await, 0, "its claim stands");
    rig.pass(120);
    assert_eq!(rig.poll().await, 1);
    assert!(rig.find(&id).await.is_some());
}

async fn a_journal_that_is_down_is_asked_again_and_says_so(database: Database) {
    let rig = Rig::new(database).await;
    rig.journal.set_up(false);
    rig.pass(301);
    rig.poll().await;
    let link = rig.the_link().await;
    assert_eq!((link.state(), link.fault), ("failing", Some(JournalFault::Unreachable)));
    assert_eq!(rig.poll().await, 0, "it rests");
    rig.journal.set_up(true);
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.pass(31);
    rig.poll().await;
    assert!(rig.find(&id).await.is_some());
    let link = rig.the_link().await;
    assert_eq!((link.state(), link.failures), ("active", 0));
}

async fn an_unlinked_branch_hears_no_more(database: Database) {
    let rig = Rig::new(database).await;
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.deliver().await;
    let link = rig.the_link().await;
    for _ in 0..2 {
        let unlinked = unlink_branch(&rig.app, &rig.owner(), link.id).await.unwrap();
        assert_eq!((unlinked.state(), unlinked.version), ("unlinked", link.version + 1));
    }
    rig.journal.edit(PLACE, &id, moved("2026-03-05T17:00"));
    let polls = rig.journal.polls();
    rig.catch_up().await;
    assert_eq!(rig.journal.polls(), polls);
    assert_eq!(rig.appointment(&id).await.facts.start_local, at("2026-03-05T15:00"));

    // Linked again it goes on where things stand, and knows everybody.
    rig.link().await;
    rig.poll().await;
    let appointment = rig.appointment(&id).await;
    assert_eq!(appointment.facts.start_local, at("2026-03-05T17:00"));
    let clients = rig.store.clients(rig.salon.id(), vestnik_domain::ids::ClientId(i64::MAX), 9);
    assert_eq!(clients.await.unwrap().len(), 2);
}
