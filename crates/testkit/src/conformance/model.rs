//! The store as one would write it in ten minutes: a map of rows. Knows nothing of SQL.

use std::collections::BTreeMap;
use vestnik_store::{ChangeSet, CommitError, Operation, Table, Value};

/// What may stand once only; a row with an empty value among these is not bound by it.
const UNIQUE: &[(&str, &[&str])] = &[
    ("users", &["email"]),
    ("sessions", &["secret_hash"]),
    ("api_tokens", &["secret_hash"]),
    ("phone_links", &["link_token_hash"]),
    ("phone_links", &["device_token_hash"]),
    ("incoming_messages", &["bucket", "organization_id", "sender_id", "dedupe_key"]),
    ("visit_links", &["organization_id", "visit_id"]),
    ("clients", &["bucket", "organization_id", "external_id"]),
    ("appointments", &["bucket", "organization_id", "external_id"]),
    (
        "messages",
        &["bucket", "organization_id", "client_id", "subject", "kind", "occasion", "retired"],
    ),
];

/// A table's name and the key of a row within it.
type Place = (&'static str, String);

#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    rows: BTreeMap<Place, (&'static Table, Vec<Value>)>,
}

fn place(table: &'static Table, key: &[Value]) -> Place {
    (table.name, format!("{key:?}"))
}

fn version(table: &Table, row: &[Value]) -> Option<i64> {
    match row.get(table.position("version")?)? {
        Value::Integer(version) => Some(*version),
        _ => None,
    }
}

impl Model {
    pub(super) fn row(&self, table: &'static Table, row: &[Value]) -> Option<&Vec<Value>> {
        self.rows.get(&place(table, &table.key_of(row))).map(|(_, row)| row)
    }

    pub(super) fn version(&self, table: &'static Table, row: &[Value]) -> Option<i64> {
        self.row(table, row).and_then(|row| version(table, row))
    }

    /// All or nothing.
    pub(super) fn commit(&mut self, change_set: &ChangeSet) -> Result<(), CommitError> {
        let mut next = self.clone();
        for (position, operation) in change_set.operations.iter().enumerate() {
            let table = operation.table();
            if !next.allows(operation) {
                return Err(CommitError::Conflict { table: table.name, operation: position });
            }
            if let Operation::Insert { row, .. } | Operation::Update { row, .. } = operation {
                next.rows.insert(place(table, &table.key_of(row)), (table, row.clone()));
            }
        }
        *self = next;
        Ok(())
    }

    fn allows(&self, operation: &Operation) -> bool {
        match operation {
            Operation::Insert { table, row } => {
                self.row(table, row).is_none() && self.is_unique(table, row)
            }
            Operation::Update { table, row, version, .. } => {
                self.version(table, row) == Some(*version) && self.is_unique(table, row)
            }
            Operation::Expect { table, key, version: wanted } => {
                let found = self.rows.get(&place(table, key));
                found.and_then(|(table, row)| version(table, row)) == Some(*wanted)
            }
            Operation::Add { .. } => unreachable!("the sequences do not add"),
        }
    }

    fn is_unique(&self, table: &'static Table, row: &[Value]) -> bool {
        let own = place(table, &table.key_of(row));
        UNIQUE.iter().filter(|(name, _)| *name == table.name).all(|(_, columns)| {
            let wanted = pick(table, columns, row);
            wanted.contains(&&Value::Null)
                || self.rows.iter().all(|(at, (of, other))| {
                    of.name != table.name || *at == own || pick(table, columns, other) != wanted
                })
        })
    }
}

fn pick<'r>(table: &Table, columns: &[&str], row: &'r [Value]) -> Vec<&'r Value> {
    columns.iter().map(|column| &row[table.position(column).unwrap()]).collect()
}
