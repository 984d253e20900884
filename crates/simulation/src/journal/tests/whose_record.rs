//! Whose a record is: who stays the same client, and who has come instead.

use super::rig::{PLACE, Rig, at, olga, record};
use crate::journal::{NewRecord, StaffEdit};
use vestnik_app::clients::archive_client::archive_client;
use vestnik_domain::appointment::Status;
use vestnik_domain::journal::JournalClient;
use vestnik_testkit::{Database, on_every_database};

on_every_database![
    a_card_that_is_put_away_keeps_the_visits_that_it_has,
    a_record_without_card_and_number_stays_one_client_however_often_it_is_edited,
    who_takes_over_an_older_record_is_told_of_the_booking,
    a_record_that_loses_its_client_is_off_and_whoever_gets_it_then_is_told,
    a_record_that_was_nobodys_for_a_moment_makes_no_noise,
];

const HOURS: i64 = 3600;

fn vera() -> JournalClient {
    JournalClient {
        id: Some("902".to_owned()),
        name: "Вера".to_owned(),
        phone: Some("79160000002".to_owned()),
    }
}

fn for_whom(client: Option<JournalClient>) -> StaffEdit {
    StaffEdit { client: Some(client), ..StaffEdit::default() }
}

fn moved(start: &str) -> StaffEdit {
    StaffEdit { start_local: Some(at(start)), ..StaffEdit::default() }
}

/// A record of which nobody was told: it is older than we could see it.
async fn an_old_record(rig: &Rig) -> String {
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.pass(13 * HOURS);
    rig.deliver().await;
    id
}

async fn a_card_that_is_put_away_keeps_the_visits_that_it_has(database: Database) {
    // With a card there or without one.
    for client_id in [olga().id, None] {
        let rig = Rig::new(database).await;
        let client = JournalClient { id: client_id, ..olga() };
        let booked = NewRecord { client: Some(client), ..record("2026-03-05T15:00") };
        let id = rig.journal.book(PLACE, booked.clone()).unwrap();
        rig.deliver().await;
        let before = rig.appointment(&id).await;
        archive_client(&rig.app, &rig.owner(), before.client_id).await.unwrap();

        rig.journal.edit(PLACE, &id, moved("2026-03-05T16:00"));
        rig.deliver().await;
        let after = rig.appointment(&id).await;
        assert_eq!((after.id, after.client_id), (before.id, before.client_id));
        assert_eq!(
            (after.status, after.facts.start_local),
            (Status::Waiting, at("2026-03-05T16:00"))
        );

        // A new visit is not of a card that was put away.
        let other = NewRecord { start_local: at("2026-03-06T15:00"), ..booked };
        let other = rig.journal.book(PLACE, other).unwrap();
        rig.deliver().await;
        assert_ne!(rig.appointment(&other).await.client_id, before.client_id);
        // Now the journal's card is another one of ours, and still the old visit stands.
        rig.journal.edit(PLACE, &id, moved("2026-03-05T17:00"));
        rig.deliver().await;
        let after = rig.appointment(&id).await;
        assert_eq!((after.id, after.status), (before.id, Status::Waiting));
    }
}

async fn a_record_without_card_and_number_stays_one_client_however_often_it_is_edited(
    database: Database,
) {
    let rig = Rig::new(database).await;
    let walk_in = JournalClient { id: None, name: "С улицы".to_owned(), phone: None };
    let booked = NewRecord { client: Some(walk_in), ..record("2026-03-05T15:00") };
    let id = rig.journal.book(PLACE, booked).unwrap();
    rig.deliver().await;
    let before = rig.appointment(&id).await;
    rig.journal.edit(PLACE, &id, moved("2026-03-05T16:00"));
    rig.deliver().await;
    let after = rig.appointment(&id).await;
    assert_eq!(after.facts.start_local, at("2026-03-05T16:00"));
    assert_eq!((after.id, after.client_id), (before.id, before.client_id));
}

async fn who_takes_over_an_older_record_is_told_of_the_booking(database: Database) {
    for online in [false, true] {
        let rig = Rig::new(database).await;
        let booked = NewRecord { online, ..record("2026-03-05T15:00") };
        let id = rig.journal.book(PLACE, booked).unwrap();
        rig.pass(13 * HOURS);
        rig.deliver().await;
        let first = rig.appointment(&id).await;
        rig.journal.edit(PLACE, &id, for_whom(Some(vera())));
        rig.deliver().await;
        let second = rig.appointment(&id).await;
        assert_ne!(second.client_id, first.client_id);
        assert_eq!(second.journal_created_at, first.journal_created_at);
        assert_eq!(rig.kinds(second.client_id).await, ["created", "reminder"]);
    }
}

async fn a_record_that_loses_its_client_is_off_and_whoever_gets_it_then_is_told(
    database: Database,
) {
    let rig = Rig::new(database).await;
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.deliver().await;
    let first = rig.appointment(&id).await;
    rig.journal.edit(PLACE, &id, for_whom(None));
    rig.deliver().await;
    assert_eq!(rig.appointment(&id).await.status, Status::Cancelled);
    assert!(rig.kinds(first.client_id).await.is_empty());
    rig.journal.edit(PLACE, &id, moved("2026-03-05T16:00"));
    rig.deliver().await;
    assert_eq!(rig.appointment(&id).await.status, Status::Cancelled, "still nobody's");

    // The same client, long after.
    rig.pass(13 * HOURS);
    rig.journal.edit(PLACE, &id, for_whom(Some(olga())));
    rig.deliver().await;
    let back = rig.appointment(&id).await;
    assert_eq!((back.id, back.status), (first.id, Status::Waiting));
    assert_eq!(back.facts.start_local, at("2026-03-05T16:00"));
    assert_eq!(rig.kinds(back.client_id).await, ["created", "reminder"]);

    // Another one.
    rig.journal.edit(PLACE, &id, for_whom(None));
    rig.deliver().await;
    rig.journal.edit(PLACE, &id, for_whom(Some(vera())));
    rig.deliver().await;
    let second = rig.appointment(&id).await;
    assert_ne!(second.client_id, first.client_id);
    assert_eq!(rig.kinds(second.client_id).await, ["created", "reminder"]);
    assert!(rig.kinds(first.client_id).await.is_empty());
}

async fn a_record_that_was_nobodys_for_a_moment_makes_no_noise(database: Database) {
    let rig = Rig::new(database).await;
    let id = an_old_record(&rig).await;
    let client = rig.appointment(&id).await.client_id;
    assert_eq!(rig.kinds(client).await, ["reminder"]);
    rig.journal.edit(PLACE, &id, for_whom(None));
    rig.deliver().await;
    assert_eq!(rig.kinds(client).await, ["cancelled"]);
    rig.journal.edit(PLACE, &id, for_whom(Some(olga())));
    rig.deliver().await;
    assert_eq!(rig.kinds(client).await, ["reminder"]);
}
