//! What is due is walked in its order, in pages, each row once, past rows that cannot be read; what is
//! not due or not planned is not on it.

use crate::{Salon, a_monday_morning};
use jiff::ToSpan;
use vestnik_domain::ids::{BUCKETS, MessageId};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::message::{Message, MessageState};
use vestnik_store::{ChangeSet, Operation, Record, Store, Value};

/// The fewest rows that a page takes of a bucket.
const PAGE_MOST: i64 = 4;

pub(super) async fn exercise(store: &Store) {
    let mut salon = Salon::new(1, a_monday_morning());
    let due = stored(store, &mut salon).await;
    pages_hold_each_row_once_in_order(store, &due).await;
    a_bucket_can_be_left(store, &salon).await;
    what_was_moved_is_not_walked_again(store, &due).await;
}

/// Ten rows that are due, some at one moment; among them one that cannot be read, which is not returned.
async fn stored(store: &Store, salon: &mut Salon) -> Vec<Message> {
    let now = a_monday_morning();
    let mut change_set = salon.set_up();
    let mut due = Vec::new();
    for number in 0..10 {
        let appointment = salon.appointment(now + 1.hour());
        let due_at = now - (number / 3).minutes();
        let message = salon.message(&appointment, NotificationKind::Created, due_at);
        change_set.insert(&appointment);
        if number == 4 {
            let table = Message::table();
            let mut row = message.to_row();
            row[table.position("covers").unwrap()] = Value::Text("no list".to_owned());
            change_set.operations.push(Operation::Insert { table, row });
        } else {
            change_set.insert(&message);
            due.push(message);
        }
    }
    let appointment = salon.appointment(now + 2.hours());
    change_set.insert(&appointment);
    change_set.insert(&salon.message(&appointment, NotificationKind::Created, now + 1.second()));
    let routed = salon.message(&appointment, NotificationKind::Changed, now);
    change_set.insert(&Message { state: MessageState::Routed, ..routed });
    store.commit(change_set).await.unwrap();
    due.sort_by_key(|message| (message.due_at, message.id));
    due
}

async fn walked(store: &Store) -> Vec<Vec<MessageId>> {
    let buckets: Vec<i64> = (0..BUCKETS).collect();
    let mut walk = store.walk_due(&buckets, a_monday_morning(), PAGE_MOST).await.unwrap();
    let mut pages = Vec::new();
    while !walk.is_over() {
        let page = store.next_due_page(&mut walk).await.unwrap();
        pages.push(page.into_iter().map(|message| message.id).collect());
    }
    pages
}

async fn pages_hold_each_row_once_in_order(store: &Store, due: &[Message]) {
    let pages = walked(store).await;
    assert_eq!(pages.iter().map(Vec::len).max(), Some(4), "{pages:?}");
    let expected: Vec<MessageId> = due.iter().map(|message| message.id).collect();
    assert_eq!(pages.concat(), expected);
}

async fn a_bucket_can_be_left(store: &Store, salon: &Salon) {
    let now = a_monday_morning();
    let mut walk = store.walk_due(&[salon.id().bucket()], now, PAGE_MOST).await.unwrap();
    assert_eq!(store.next_due_page(&mut walk).await.unwrap().len(), 4);
    assert!(!walk.is_over());
    walk.leave(salon.id().bucket());
    assert!(walk.is_over());
    assert_eq!(store.next_due_page(&mut walk).await.unwrap(), []);
}

async fn what_was_moved_is_not_walked_again(store: &Store, due: &[Message]) {
    let mut change_set = ChangeSet::new();
    for message in due {
        let version = message.version + 1;
        let routed = Message { state: MessageState::Routed, version, ..message.clone() };
        change_set.change(&routed, message);
    }
    store.commit(change_set).await.unwrap();
    assert_eq!(walked(store).await.concat(), []);
}
