//! Whose a record is: who stays the same client, and who has come instead.

use super::rig::{PLACE, Rig, at, olga, record};
use crate::journal::{NewRecord, StaffEdit};
use vestnik_app::clients::archive_client::archive_client;
use vestnik_domain::appointment::Status;
use vestnik_domain::journal::JournalClient;

fn moved(start: &str) -> StaffEdit {
    StaffEdit { start_local: Some(at(start)), ..StaffEdit::default() }
}

#[tokio::test]
async fn a_card_that_is_put_away_keeps_the_visits_that_it_has() {
    // With a card there or without one.
    for client_id in [olga().id, None] {
        let rig = Rig::new().await;
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

#[tokio::test]
async fn a_record_without_card_and_number_stays_one_client_however_often_it_is_edited() {
    let rig = Rig::new().await;
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
