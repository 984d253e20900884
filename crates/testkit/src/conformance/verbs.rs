//! The four verbs, one refusal at a time: what is answered, and that nothing of it landed.

use crate::{Salon, a_monday_morning};
use jiff::civil::date;
use vestnik_domain::client::Client;
use vestnik_store::tables::appointments::StaffDay;
use vestnik_store::{ChangeSet, CommitError, Operation, Record, Store, Value};

pub(super) async fn exercise(store: &Store) {
    let mut salon = Salon::new(1, a_monday_morning());
    store.commit(salon.set_up()).await.unwrap();
    lost_change_sets_leave_nothing(store, &mut salon).await;
    operations_see_those_before_them(store, &mut salon).await;
    many_operations_keep_their_order(store, &mut salon).await;
    many_expected_rows_are_each_looked_at(store, &mut salon).await;
    an_empty_change_set_lands(store).await;
    a_broken_row_is_no_conflict(store, &mut salon).await;
    add_sums_down_to_its_floor(store, &mut salon).await;
}

/// Which operation of the change-set loses, and how it is put together.
type Losing = (&'static str, &'static str, fn(&mut ChangeSet, &Salon, &Client));

const LOSING: &[Losing] = &[
    ("insert: the key is taken", "clients", |change_set, salon, _| {
        change_set.insert(&salon.client);
    }),
    ("insert: taken by the change-set itself", "clients", |change_set, _, newcomer| {
        change_set.insert(newcomer);
    }),
    ("update: the version is stale", "services", |change_set, salon, _| {
        change_set.update(&salon.service, salon.service.version - 1);
    }),
    ("update: the version is ahead", "services", |change_set, salon, _| {
        change_set.update(&salon.service, salon.service.version + 1);
    }),
    ("update: there is no such row", "staff_days", |change_set, salon, _| {
        change_set.update(&salon.staff_day(date(2026, 3, 2), 2), 1);
    }),
    ("expect: the version is stale", "organizations", |change_set, salon, _| {
        change_set.expect(&salon.organization, 0);
    }),
    ("expect: there is no such row", "staff_days", |change_set, salon, _| {
        change_set.expect(&salon.staff_day(date(2026, 3, 2), 1), 1);
    }),
    ("expect: changed by the change-set itself", "branches", |change_set, salon, _| {
        let mut renamed = salon.branch.clone();
        renamed.version += 1;
        change_set.update(&renamed, salon.branch.version).expect(&salon.branch, 1);
    }),
];

async fn lost_change_sets_leave_nothing(store: &Store, salon: &mut Salon) {
    // With more good work around than an engine may send together, and without.
    for good_work in [1, 40] {
        for (what, table, lose) in LOSING {
            let newcomer = salon.another_client("Новая");
            let mut others = vec![newcomer.clone()];
            let mut renamed = salon.staff.clone();
            renamed.version += 1;
            renamed.name = "Переименована".to_owned();
            // Before the operation that loses, and after it.
            let mut change_set = ChangeSet::new();
            change_set.insert(&newcomer).update(&renamed, salon.staff.version);
            let mut more = |change_set: &mut ChangeSet, salon: &mut Salon| {
                for _ in 0..good_work {
                    let other = salon.another_client("Другая");
                    change_set.insert(&other);
                    others.push(other);
                }
            };
            more(&mut change_set, salon);
            lose(&mut change_set, salon, &newcomer);
            let operation = change_set.operations.len() - 1;
            more(&mut change_set, salon);

            let outcome = store.commit(change_set).await;
            assert_eq!(outcome, Err(CommitError::Conflict { table, operation }), "{what}");
            for other in others {
                assert_eq!(store.client(salon.id(), other.id).await.unwrap(), None, "{what}");
            }
            let staff = store.staff_member(salon.id(), salon.staff.id).await.unwrap();
            assert_eq!(staff.as_ref(), Some(&salon.staff), "{what}");
            let branch = store.branch(salon.id(), salon.branch.id).await.unwrap();
            assert_eq!(branch.as_ref(), Some(&salon.branch), "{what}");
        }
    }
}

async fn operations_see_those_before_them(store: &Store, salon: &mut Salon) {
    let first = salon.another_client("Раз");
    let second = Client { version: 2, name: "Два".to_owned(), ..first.clone() };
    let mut change_set = ChangeSet::new();
    change_set.insert(&first).expect(&first, 1).update(&second, 1).expect(&second, 2);
    store.commit(change_set).await.unwrap();
    assert_eq!(store.client(salon.id(), first.id).await.unwrap(), Some(second));
}

/// More than any window of pipelining: each one counts on the one before it.
async fn many_operations_keep_their_order(store: &Store, salon: &mut Salon) {
    const MANY: i64 = 300;
    let day = date(2027, 1, 1);
    let mut change_set = ChangeSet::new();
    change_set.insert(&salon.staff_day(day, 1));
    for version in 1..MANY {
        change_set.update(&salon.staff_day(day, version + 1), version);
    }
    store.commit(change_set).await.unwrap();
    let guard = store.staff_day(salon.id(), salon.staff.id, day).await.unwrap();
    assert_eq!(guard.version, MANY);
}

/// One that has changed among many that have not is the one that loses.
async fn many_expected_rows_are_each_looked_at(store: &Store, salon: &mut Salon) {
    let clients: Vec<Client> = (0..30).map(|_| salon.another_client("Гостья")).collect();
    let mut change_set = ChangeSet::new();
    for client in &clients {
        change_set.insert(client);
    }
    store.commit(change_set).await.unwrap();
    let expecting = |salon: &mut Salon| {
        let newcomer = salon.another_client("Новая");
        let mut change_set = ChangeSet::new();
        change_set.insert(&newcomer);
        for client in &clients {
            change_set.expect(client, 1);
        }
        (newcomer, change_set)
    };
    let (newcomer, change_set) = expecting(salon);
    store.commit(change_set).await.unwrap();
    assert!(store.client(salon.id(), newcomer.id).await.unwrap().is_some());

    let renamed = Client { version: 2, name: "Другая".to_owned(), ..clients[17].clone() };
    let mut change_set = ChangeSet::new();
    change_set.update(&renamed, 1);
    store.commit(change_set).await.unwrap();
    let (newcomer, change_set) = expecting(salon);
    let lost = CommitError::Conflict { table: "clients", operation: 18 };
    assert_eq!(store.commit(change_set).await, Err(lost));
    assert_eq!(store.client(salon.id(), newcomer.id).await.unwrap(), None);
}

async fn an_empty_change_set_lands(store: &Store) {
    assert_eq!(store.commit(ChangeSet::new()).await, Ok(()));
    assert_eq!(store.engine().commit(ChangeSet::new()).await, Ok(()));
}

/// No table is made for counting yet; the guard's version is a number beside a key, which is all
/// that `add` needs.
async fn add_sums_down_to_its_floor(store: &Store, salon: &mut Salon) {
    let day = date(2028, 1, 1);
    let table = StaffDay::table();
    let key = table.key_of(&salon.staff_day(day, 0).to_row());
    let floor = |operation| Err(CommitError::Floor { table: "staff_days", operation });
    // Each line: what is added, the floor, the answer, and the sum afterwards (0: no row).
    let steps = [
        (-1, 0, floor(1), 0),
        (5, 6, floor(1), 0),
        (5, 5, Ok(()), 5),
        (3, 0, Ok(()), 8),
        (-9, 0, floor(1), 8),
        (-8, 1, floor(1), 8),
        (-7, 1, Ok(()), 1),
        (-4, -3, Ok(()), -3),
    ];
    for (delta, lowest, outcome, sum) in steps {
        let companion = salon.another_client("Вместе со счётчиком");
        let mut change_set = ChangeSet::new();
        change_set.insert(&companion).add(table, key.clone(), "version", delta, lowest);
        let landed = outcome.is_ok();
        assert_eq!(store.commit(change_set).await, outcome, "{delta} with floor {lowest}");
        let stored = store.staff_day(salon.id(), salon.staff.id, day).await.unwrap().version;
        assert_eq!(stored, sum, "{delta} with floor {lowest}");
        let found = store.client(salon.id(), companion.id).await.unwrap();
        assert_eq!(found.is_some(), landed, "{delta} with floor {lowest}: whole or not at all");
    }
}

/// A caller meets a conflict by deciding again; a row that can never be stored must not look like
/// one, or it would be decided again for ever.
async fn a_broken_row_is_no_conflict(store: &Store, salon: &mut Salon) {
    let table = Client::table();
    let newcomer = salon.another_client("Без заметки");
    let mut row = newcomer.to_row();
    row[table.position("note").unwrap()] = Value::Null;
    let mut change_set = ChangeSet::new();
    change_set.operations.push(Operation::Insert { table, row });
    let outcome = store.commit(change_set).await;
    let Err(CommitError::Refused(words)) = outcome else { panic!("{outcome:?}") };
    assert!(!words.contains(&newcomer.name), "the log would quote the row: {words}");
    assert_eq!(store.client(salon.id(), newcomer.id).await.unwrap(), None);
}
