//! Whole rows by key, as they are stored: also the columns that no domain value shows.

use vestnik_store::{Store, Table, Value, statements};

/// Which read statement finds a row of the table by its key.
const BY_KEY: &[(&str, &str)] = &[
    ("organizations", "organization"),
    ("users", "user"),
    ("clients", "client"),
    ("appointments", "appointment"),
    ("messages", "message"),
    ("staff_days", "staff_day"),
    ("idempotency_keys", "idempotency"),
];

/// The stored row with the key of `row`; `None` if there is none.
pub(super) async fn stored(store: &Store, table: &Table, row: &[Value]) -> Option<Vec<Value>> {
    let (_, name) = BY_KEY.iter().find(|(of, _)| *of == table.name).unwrap();
    let statement = statements().iter().find(|statement| statement.name == *name).unwrap();
    // Users are global: their key is the id alone, but reads are scoped by the organization.
    let parameters = if table.name == "users" {
        vec![row[table.position("organization_id").unwrap()].clone(), row[0].clone()]
    } else {
        table.key_of(row)
    };
    let mut found = store.engine().read(statement, parameters).await.unwrap();
    assert!(found.len() <= 1, "{name}: a key names one row");
    found.pop().map(|row| row.0)
}
