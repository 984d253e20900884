//! What may stand once only, beside primary keys, and where the same value is no clash.

use crate::{Salon, a_monday_morning};
use vestnik_domain::ids::ApiTokenId;
use vestnik_domain::ids::{BranchId, MessageId, SessionId, UserId};
use vestnik_domain::journal::JournalLink;
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::message::{Message, MessageState};
use vestnik_store::{ChangeSet, CommitError, Record, Store};

pub(super) async fn exercise(store: &Store) {
    let mut salon = Salon::new(1, a_monday_morning());
    let mut other = Salon::new(2, a_monday_morning());
    store.commit(salon.set_up()).await.unwrap();
    store.commit(other.set_up()).await.unwrap();
    addresses_and_secrets(store, &mut salon, &mut other).await;
    external_ids(store, &mut salon, &mut other).await;
    live_messages(store, &mut salon).await;
    journal_links(store, &mut salon, &mut other).await;
}

async fn insert<R: Record>(store: &Store, record: &R) -> Result<(), CommitError> {
    let mut change_set = ChangeSet::new();
    change_set.insert(record);
    store.commit(change_set).await
}

async fn update<R: Record>(store: &Store, record: &R, version: i64) -> Result<(), CommitError> {
    let mut change_set = ChangeSet::new();
    change_set.update(record, version);
    store.commit(change_set).await
}

fn taken(table: &'static str) -> Result<(), CommitError> {
    Err(CommitError::Conflict { table, operation: 0 })
}

/// Unique over the whole installation: they are looked up before the organization is known.
async fn addresses_and_secrets(store: &Store, salon: &mut Salon, other: &mut Salon) {
    let mut user = other.owner.clone();
    user.id = UserId(other.next_id());
    user.email = salon.owner.email.clone();
    assert_eq!(insert(store, &user).await, taken("users"));
    let mut moved = other.owner.clone();
    moved.version = 2;
    moved.email = salon.owner.email.clone();
    assert_eq!(update(store, &moved, 1).await, taken("users"));

    let session = salon.session(a_monday_morning());
    assert_eq!(insert(store, &session).await, Ok(()));
    let mut twin = session.clone();
    twin.id = SessionId(other.next_id());
    twin.organization_id = other.id();
    assert_eq!(insert(store, &twin).await, taken("sessions"));

    let token = salon.api_token();
    assert_eq!(insert(store, &token).await, Ok(()));
    let mut twin = token.clone();
    twin.id = ApiTokenId(other.next_id());
    twin.organization_id = other.id();
    assert_eq!(insert(store, &twin).await, taken("api_tokens"));
}

/// Unique within an organization; any number of rows may have none.
async fn external_ids(store: &Store, salon: &mut Salon, other: &mut Salon) {
    let start = a_monday_morning();
    for (organization, outcome) in [(0, Ok(())), (0, taken("appointments")), (1, Ok(()))] {
        let owner = if organization == 0 { &mut *salon } else { &mut *other };
        let mut appointment = owner.appointment(start);
        appointment.external_id = Some("yclients-1".to_owned());
        assert_eq!(insert(store, &appointment).await, outcome);
        assert_eq!(insert(store, &owner.appointment(start)).await, Ok(()));

        let mut client = owner.another_client("Из журнала");
        client.external_id = Some("yclients-1".to_owned());
        let outcome = outcome.map_err(|_| CommitError::Conflict { table: "clients", operation: 0 });
        assert_eq!(insert(store, &client).await, outcome);
        let nameless = owner.another_client("Без внешнего номера");
        assert_eq!(insert(store, &nameless).await, Ok(()));
    }
}

/// One journal per branch and one branch per place in a journal, within an organization and as long
/// as they are linked.
async fn journal_links(store: &Store, salon: &mut Salon, other: &mut Salon) {
    let link = salon.journal_link();
    assert_eq!(insert(store, &link).await, Ok(()));
    let of_the_branch = JournalLink { location_id: "elsewhere".to_owned(), ..salon.journal_link() };
    let of_the_place = JournalLink { branch_id: BranchId(1), ..salon.journal_link() };
    for twin in [&of_the_branch, &of_the_place] {
        assert_eq!(insert(store, twin).await, taken("journal_links"));
    }
    assert_eq!(insert(store, &other.journal_link()).await, Ok(()), "a stranger's is not felt");
    assert_eq!(update(store, &link.unlinked(a_monday_morning()), link.version).await, Ok(()));
    assert_eq!(insert(store, &salon.journal_link()).await, Ok(()), "linked again");
}

/// At most one live message of a key; what was cancelled or skipped frees it (N16).
async fn live_messages(store: &Store, salon: &mut Salon) {
    let now = a_monday_morning();
    let appointment = salon.appointment(now);
    let first = salon.message(&appointment, NotificationKind::Reminder, now);
    let mut again = |occasion: &str, state: MessageState| Message {
        id: MessageId(salon.next_id()),
        occasion: occasion.to_owned(),
        state,
        ..first.clone()
    };
    let reason = || "moved".to_owned();
    let second = again("0", MessageState::Planned);
    let submitted = again("0", MessageState::Submitted { at: now });
    let skipped = again("0", MessageState::Skipped { at: now, reason: reason() });
    let elsewhere = again("1", MessageState::Planned);

    assert_eq!(insert(store, &first).await, Ok(()));
    assert_eq!(insert(store, &second).await, taken("messages"));
    assert_eq!(insert(store, &submitted).await, taken("messages"), "submitted counts as live");
    assert_eq!(insert(store, &skipped).await, Ok(()), "a skipped one holds no key");
    assert_eq!(insert(store, &elsewhere).await, Ok(()), "another occasion is another key");

    let retired = Message {
        version: 2,
        state: MessageState::Cancelled { at: now, reason: reason() },
        ..first.clone()
    };
    let mut change_set = ChangeSet::new();
    change_set.update(&retired, 1).insert(&second);
    assert_eq!(store.commit(change_set).await, Ok(()), "retired and replaced in one commit");

    let revived = Message { version: 3, ..first.clone() };
    assert_eq!(update(store, &revived, 2).await, taken("messages"), "the key is another's by now");
}
