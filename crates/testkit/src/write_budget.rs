//! How many B-tree writes a change-set costs in SQLite: every row goes into its table's tree and
//! into that of each index which the row enters.

use rusqlite::types::Value as SqliteValue;
use rusqlite::{Connection, params_from_iter};
use std::collections::BTreeMap;
use vestnik_store::{ChangeSet, Operation, Table, Value};

/// One table's share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableWrites {
    pub table: &'static str,
    pub rows: usize,
    /// The table's own tree (two with row ids and a separate key) and every index entered, over all
    /// rows.
    pub writes: usize,
}

/// Counts the writes of `change_set`, which must have landed in the database of `connection`. An
/// update counts like an insert: it writes each of the row's trees at most once.
pub fn b_tree_writes(connection: &Connection, change_set: &ChangeSet) -> Vec<TableWrites> {
    let mut shares: BTreeMap<&'static str, TableWrites> = BTreeMap::new();
    for operation in &change_set.operations {
        let (Operation::Insert { table, row } | Operation::Update { table, row, .. }) = operation
        else {
            continue;
        };
        let share = shares.entry(table.name).or_insert(TableWrites {
            table: table.name,
            rows: 0,
            writes: 0,
        });
        share.rows += 1;
        share.writes += 1 + trees_beside_the_table(connection, table, row);
    }
    shares.into_values().collect()
}

/// Reads the indexes from `sqlite_schema`; of a partial one the row's own condition decides.
fn trees_beside_the_table(connection: &Connection, table: &Table, row: &[Value]) -> usize {
    let mut statement = connection
        .prepare(
            "SELECT coalesce(i.sql, '') FROM sqlite_schema AS i WHERE i.type = 'index' \
             AND i.tbl_name = ?1 AND (i.sql IS NOT NULL OR NOT (SELECT wr FROM pragma_table_list \
             WHERE name = ?1 AND schema = 'main'))",
        )
        .unwrap();
    let found = statement.query_map([table.name], |row| row.get::<_, String>(0)).unwrap();
    found.map(Result::unwrap).filter(|sql| enters(connection, table, row, sql)).count()
}

fn enters(connection: &Connection, table: &Table, row: &[Value], index_sql: &str) -> bool {
    let Some((_, condition)) = index_sql.split_once(" WHERE ") else {
        return true;
    };
    let key: Vec<String> = table.key.iter().map(|column| format!("{column} = ?")).collect();
    let sql = format!(
        "SELECT count(*) FROM {} WHERE {} AND ({condition})",
        table.name,
        key.join(" AND ")
    );
    let parameters: Vec<SqliteValue> = table.key_of(row).iter().map(sqlite_value).collect();
    let count: i64 =
        connection.query_row(&sql, params_from_iter(parameters), |row| row.get(0)).unwrap();
    count == 1
}

/// A store value in rusqlite's own words, for tests and benches that go past the engine.
///
/// # Panics
/// For a list, which is never a column.
pub fn sqlite_value(value: &Value) -> SqliteValue {
    match value {
        Value::Null => SqliteValue::Null,
        Value::Integer(value) => SqliteValue::Integer(*value),
        Value::Text(value) => SqliteValue::Text(value.clone()),
        Value::Bytes(value) => SqliteValue::Blob(value.clone()),
        Value::Integers(_) | Value::Texts(_) => panic!("a list is never a column"),
    }
}
