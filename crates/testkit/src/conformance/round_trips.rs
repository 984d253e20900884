//! Every record comes back as it went in: ordinary, with every optional field empty, and at the
//! edges of what its fields can hold.

use super::{
    round_trip_journals as journals, round_trip_sending as sending, round_trip_variants as variants,
};
use crate::{Salon, a_monday_morning};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::fmt::Debug;
use vestnik_domain::ids::{AuditId, IncomingMessageId};
use vestnik_domain::template_choice::StoredTemplate;
use vestnik_store::{ChangeSet, Record, Statement, Store, Value, all_tables};

static ANY_TEMPLATE: Statement = Statement::new(
    "any_template",
    "SELECT bucket, organization_id, id, version, branch_id, kind, variant, language, channel, retired,
        text, created_at, replaced_at
    FROM templates WHERE bucket = $1 AND organization_id = $2 AND id = $3",
);

pub(super) async fn exercise(store: &Store) {
    let mut salon = Salon::new(1, a_monday_morning());
    let mut tables = BTreeSet::new();
    let id = salon.id();

    // Each line: the variants of one record under one key, and the verb that reads it.
    versioned(store, &mut tables, variants::organizations(&salon), async |_| {
        store.organization(id).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, variants::users(&salon), async |user| {
        let by_email = store.user_by_email(&user.email).await.unwrap();
        assert_eq!(by_email.as_ref(), Some(user));
        store.user(id, user.id).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, variants::sessions(&mut salon), async |session| {
        store.session_by_secret(&session.secret_hash).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, variants::api_tokens(&mut salon), async |token| {
        let by_secret = store.api_token_by_secret(&token.secret_hash).await.unwrap();
        assert_eq!(by_secret.as_ref(), Some(token));
        store.api_token(id, token.id).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, variants::branches(&salon), async |branch| {
        store.branch(id, branch.id).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, variants::staff(&salon), async |staff| {
        store.staff_member(id, staff.id).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, variants::services(&salon), async |service| {
        store.service(id, service.id).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, variants::clients(&salon), async |client| {
        store.client(id, client.id).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, variants::appointments(&mut salon), async |appointment| {
        store.appointment(id, appointment.id).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, variants::messages(&mut salon), async |message| {
        store.message(id, message.id).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, variants::tasks(&mut salon), async |task| {
        store.task(id, task.id).await.unwrap()
    })
    .await;
    for days in variants::staff_days(&salon) {
        versioned(store, &mut tables, days, async |day| {
            Some(store.staff_day(id, day.staff_id, day.date).await.unwrap())
        })
        .await;
    }

    versioned(store, &mut tables, sending::senders(&mut salon), async |sender| {
        store.sender(id, sender.id).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, sending::phone_links(&mut salon), async |link| {
        let by_link = store.phone_link_by_link_token(&link.link_token_hash).await.unwrap();
        assert_eq!(by_link.as_ref(), Some(link));
        if let Some(hash) = &link.device_token_hash {
            let by_device = store.phone_link_by_device_token(hash).await.unwrap();
            assert_eq!(by_device.as_ref(), Some(link));
        }
        store.phone_link(id, link.sender_id).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, sending::pace_states(&mut salon), async |state| {
        store.pace_state(id, state.sender_id).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, sending::link_codes(&mut salon), async |code| {
        store.link_code(&code.code_hash).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, sending::deliveries(&mut salon), async |delivery| {
        store.delivery(id, delivery.id).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, sending::stopped_numbers(&salon), async |number| {
        let listed = store.stopped_numbers(id, "", 10).await.unwrap();
        assert_eq!(listed.contains(number), number.stopped, "what was lifted is not listed");
        store.stopped_number(id, &number.phone).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, sending::client_numbers(&salon), async |number| {
        Some(store.client_number(id, &number.phone).await.unwrap())
    })
    .await;
    versioned(store, &mut tables, sending::templates(&mut salon), async |template| {
        let in_force = store.templates(id).await.unwrap().pop();
        assert_eq!(
            in_force.is_none(),
            template.replaced_at.is_some(),
            "a replaced one is in force"
        );
        // No read of the program asks for one that was replaced.
        let key = vec![id.bucket().into(), id.into(), template.id.into()];
        let rows = store.engine().read(&ANY_TEMPLATE, key).await.unwrap();
        let kept = rows.into_iter().next().map(|row| StoredTemplate::read(row).unwrap());
        assert_eq!(in_force.as_ref(), kept.as_ref().filter(|_| template.replaced_at.is_none()));
        kept
    })
    .await;

    versioned(store, &mut tables, sending::instances(), async |_| store.instance().await.unwrap())
        .await;
    versioned(store, &mut tables, sending::nodes(), async |node| {
        store.node(node.id).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, sending::sender_leases(&mut salon), async |lease| {
        store.sender_lease(id, lease.sender_id).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, journals::links(&mut salon), async |link| {
        store.journal_link(id, link.id).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, journals::external_ids(&mut salon), async |one| {
        store.external_id(id, &one.journal, one.thing, &one.external_id).await.unwrap()
    })
    .await;
    versioned(store, &mut tables, journals::effects(&mut salon), async |effect| {
        store.effect(id, effect.kind, &effect.subject).await.unwrap()
    })
    .await;

    // These are only ever added; every variant has a key of its own.
    for version in variants::settings(&salon) {
        insert(store, &mut tables, &version).await;
        assert_eq!(store.settings(id).await.unwrap(), Some(version), "the newest is in force");
    }
    for key in variants::idempotency_keys(&salon) {
        insert(store, &mut tables, &key).await;
        assert_eq!(store.idempotency_key(id, &key.key).await.unwrap(), Some(key));
    }
    for link in variants::visit_links(&mut salon) {
        insert(store, &mut tables, &link).await;
        assert_eq!(store.visit_link(&link.token).await.unwrap().as_ref(), Some(&link));
        assert_eq!(store.link_of_visit(id, link.visit_id).await.unwrap(), Some(link));
    }
    let mut entries = variants::audit_entries(&mut salon);
    for entry in &entries {
        insert(store, &mut tables, entry).await;
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.id));
    assert_eq!(store.audit(id, AuditId(i64::MAX), 100).await.unwrap(), entries);
    let incoming = sending::incoming_messages(&mut salon);
    for one in &incoming {
        insert(store, &mut tables, one).await;
    }
    let newest = IncomingMessageId(i64::MAX);
    assert_eq!(store.incoming_messages(id, newest, 100).await.unwrap(), incoming);
    let parked = sending::parked_receipts(&mut salon);
    for one in &parked {
        insert(store, &mut tables, one).await;
    }
    let found = store
        .parked_receipts(id, parked[0].sender_id, "carrier-1", salon.organization.created_at)
        .await;
    assert_eq!(found.unwrap(), parked);
    let events = variants::appointment_events(&mut salon);
    for event in &events {
        insert(store, &mut tables, event).await;
    }
    assert_eq!(store.appointment_events(id, events[0].appointment_id).await.unwrap(), events);

    let totals = sending::daily_totals(&mut salon);
    for one in &totals {
        insert(store, &mut tables, one).await;
    }
    assert_eq!(store.daily_totals(id, Date::MIN, Date::MAX).await.unwrap(), totals);

    let all: BTreeSet<&str> = all_tables().iter().map(|table| table.name).collect();
    assert_eq!(tables, all, "left: tables that went round; right: all tables");
}

async fn insert<R: Record>(store: &Store, tables: &mut BTreeSet<&'static str>, record: &R) {
    tables.insert(R::table().name);
    let mut change_set = ChangeSet::new();
    change_set.insert(record);
    store.commit(change_set).await.unwrap();
}

/// Inserts the first variant and updates to each next one; each is read back.
async fn versioned<R: Record + PartialEq + Debug>(
    store: &Store,
    tables: &mut BTreeSet<&'static str>,
    variants: Vec<R>,
    read: impl AsyncFn(&R) -> Option<R>,
) {
    let mut stored: Option<i64> = None;
    for variant in &variants {
        match stored {
            None => insert(store, tables, variant).await,
            Some(before) => {
                let mut change_set = ChangeSet::new();
                change_set.update(variant, before);
                store.commit(change_set).await.unwrap();
            }
        }
        stored = version(variant);
        assert_eq!(read(variant).await.as_ref(), Some(variant));
    }
}

fn version<R: Record>(record: &R) -> Option<i64> {
    let position = R::table().position("version").unwrap();
    match record.to_row()[position] {
        Value::Integer(version) => Some(version),
        _ => None,
    }
}
