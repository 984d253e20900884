use super::rig::{PLACE, Rig, at, record};
use crate::journal::{JournalBehaviour, StaffEdit};
use vestnik_app::journals::webhook::{WebhookReply, webhook_secret};
use vestnik_domain::ids::{JournalLinkId, OrganizationId};
use vestnik_domain::journal::JournalLink;
use vestnik_testkit::{Database, on_every_database};

on_every_database![
    a_forged_webhook_leaves_no_trace,
    replayed_webhooks_change_nothing_and_cost_little,
    doubled_late_and_disordered_webhooks_make_one_message,
];

const BODY: &str = r#"{"company_id": 4564, "resource": "record", "resource_id": 1, "status": "update", "data": {}}"#;

async fn a_forged_webhook_leaves_no_trace(database: Database) {
    let rig = Rig::new(database).await;
    rig.pass(60);
    let link = rig.the_link().await;
    let secret = webhook_secret(&rig.app, link.id);
    let elsewhere = JournalLink { organization_id: OrganizationId(1), ..link.clone() };
    let other = JournalLink { id: JournalLinkId(link.id.0 + 1), ..link.clone() };
    let other_secret = webhook_secret(&rig.app, other.id);
    let mut wrong = secret.clone();
    wrong.replace_range(0..1, if secret.starts_with('0') { "1" } else { "0" });
    for (address, secret, body, reply) in [
        (&link, "", BODY, WebhookReply::Unknown),
        (&link, &wrong, BODY, WebhookReply::Unknown),
        (&elsewhere, &secret, BODY, WebhookReply::Unknown),
        (&other, &secret, BODY, WebhookReply::Unknown),
        (&other, &other_secret, BODY, WebhookReply::Unknown),
        (&link, &secret, "{", WebhookReply::Malformed),
        (&link, &secret, r#"{"company_id": 4564}"#, WebhookReply::Malformed),
        (&link, &secret, &BODY.replace("4564", "4565"), WebhookReply::Forged),
    ] {
        assert_eq!(rig.post_to(address, secret, body.as_bytes()).await, reply, "{body}");
        assert_eq!(rig.the_link().await, link, "{reply:?} left a trace");
    }
    assert_eq!(rig.poll().await, 0);
    assert_eq!(rig.post(BODY.as_bytes()).await, WebhookReply::Taken);
    assert_eq!(rig.poll().await, 1);
}

async fn replayed_webhooks_change_nothing_and_cost_little(database: Database) {
    let rig = Rig::new(database).await;
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    let replayed = rig.journal.arriving();
    rig.post(&replayed[0].1).await;
    rig.pass(2);
    rig.poll().await;
    let edit = StaffEdit { start_local: Some(at("2026-03-05T17:00")), ..StaffEdit::default() };
    rig.journal.edit(PLACE, &id, edit);
    rig.deliver().await;
    let appointment = rig.appointment(&id).await;
    let messages = rig.live(appointment.client_id).await;
    let polls = rig.journal.polls();
    for _ in 0..200 {
        assert_eq!(rig.post(&replayed[0].1).await, WebhookReply::Taken);
    }
    let hinted = rig.the_link().await.version;
    rig.post(&replayed[0].1).await;
    assert_eq!(rig.the_link().await.version, hinted, "a hint that stands writes nothing");
    rig.deliver().await;
    assert_eq!(rig.journal.polls(), polls + 1);
    assert_eq!(rig.appointment(&id).await, appointment);
    assert_eq!(rig.live(appointment.client_id).await, messages);
}

async fn doubled_late_and_disordered_webhooks_make_one_message(database: Database) {
    let rig = Rig::unlinked(database, JournalBehaviour::badly()).await;
    let known = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.pass(1);
    rig.link().await;
    rig.poll().await;
    let new = rig.journal.book(PLACE, record("2026-03-09T15:00")).unwrap();
    for minute in [10, 20, 30] {
        let start_local = Some(at(&format!("2026-03-05T17:{minute}")));
        rig.journal.edit(PLACE, &known, StaffEdit { start_local, ..StaffEdit::default() });
        rig.pass(20);
        rig.deliver().await;
    }
    for _ in 0..8 {
        rig.pass(60);
        rig.deliver().await;
    }
    let client = rig.appointment(&known).await.client_id;
    assert_eq!(rig.appointment(&known).await.facts.start_local, at("2026-03-05T17:30"));
    assert_eq!(rig.appointment(&new).await.client_id, client);
    let mut kinds = rig.kinds(client).await;
    kinds.sort_unstable();
    assert_eq!(kinds, ["changed", "created", "reminder", "reminder"]);
}
