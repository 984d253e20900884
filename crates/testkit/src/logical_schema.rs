//! A schema without the words of a database, so that two databases and the table descriptions can
//! be compared: a difference is a difference of meaning.

use std::collections::BTreeMap;
use vestnik_store::{ColumnType, all_tables};

/// The tables by name.
pub type LogicalSchema = BTreeMap<String, LogicalTable>;

/// What a table is, in either database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogicalTable {
    /// Name, type and whether it may be empty, in order.
    pub columns: Vec<(String, ColumnType, bool)>,
    /// The primary key, in its order.
    pub key: Vec<String>,
    /// Beside the primary key's own, by name.
    pub indexes: BTreeMap<String, LogicalIndex>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogicalIndex {
    pub unique: bool,
    pub columns: Vec<String>,
    /// Which rows stand in it; `None`: all. See [`plain_condition`].
    pub condition: Option<String>,
}

/// What the store's table descriptions say; they know of no indexes.
pub fn described() -> LogicalSchema {
    let table = |table: &vestnik_store::Table| LogicalTable {
        columns: table
            .columns
            .iter()
            .map(|column| (column.name.to_owned(), column.column_type, column.null))
            .collect(),
        key: table.key.iter().map(|name| (*name).to_owned()).collect(),
        indexes: BTreeMap::new(),
    };
    all_tables().iter().map(|one| (one.name.to_owned(), table(one))).collect()
}

/// The same schema without indexes, for the comparison with [`described`].
pub fn without_indexes(schema: &LogicalSchema) -> LogicalSchema {
    let mut schema = schema.clone();
    schema.values_mut().for_each(|table| table.indexes.clear());
    schema
}

/// A condition without what PostgreSQL adds when it prints one: parentheses, casts, spaces.
pub fn plain_condition(condition: &str) -> String {
    let without_casts = condition.replace("::text", "").replace("::bigint", "");
    without_casts
        .chars()
        .filter(|letter| !matches!(letter, '(' | ')') && !letter.is_whitespace())
        .collect::<String>()
        .to_lowercase()
}

/// Reads the schema of a SQLite database, without the bookkeeping of migrations.
pub fn of_sqlite(connection: &rusqlite::Connection) -> LogicalSchema {
    let tables = strings(
        connection,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' \
         ESCAPE '\\' AND name <> 'refinery_schema_history'",
        &[],
    );
    tables.into_iter().map(|name| (name.clone(), sqlite_table(connection, &name))).collect()
}

fn sqlite_table(connection: &rusqlite::Connection, name: &str) -> LogicalTable {
    let mut columns = connection
        .prepare("SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?1) ORDER BY cid")
        .unwrap();
    let found = columns
        .query_map([name], |row| {
            let (name, sql_type): (String, String) = (row.get(0)?, row.get(1)?);
            Ok((name, sql_type, row.get::<_, bool>(2)?, row.get::<_, i64>(3)?))
        })
        .unwrap();
    let mut table = LogicalTable::default();
    let mut key = Vec::new();
    for (name, sql_type, not_null, key_place) in found.map(Result::unwrap) {
        let column_type = match sql_type.as_str() {
            "INTEGER" => ColumnType::Integer,
            "TEXT" => ColumnType::Text,
            "BLOB" => ColumnType::Bytes,
            other => panic!("{name}: {other} is none of the shared column types"),
        };
        // `id INTEGER PRIMARY KEY` is the row id itself and never empty.
        table.columns.push((name.clone(), column_type, !not_null && key_place == 0));
        if key_place > 0 {
            key.push((key_place, name));
        }
    }
    key.sort();
    table.key = key.into_iter().map(|(_, name)| name).collect();
    let indexes =
        strings(connection, "SELECT name FROM pragma_index_list(?1) WHERE origin = 'c'", &[name]);
    for index in indexes {
        table.indexes.insert(index.clone(), sqlite_index(connection, name, &index));
    }
    table
}

fn sqlite_index(connection: &rusqlite::Connection, table: &str, index: &str) -> LogicalIndex {
    let unique = connection
        .query_row(
            "SELECT \"unique\" FROM pragma_index_list(?1) WHERE name = ?2",
            [table, index],
            |row| row.get(0),
        )
        .unwrap();
    let columns =
        strings(connection, "SELECT name FROM pragma_index_info(?1) ORDER BY seqno", &[index]);
    let text = strings(connection, "SELECT sql FROM sqlite_schema WHERE name = ?1", &[index]);
    let condition = text[0].split_once(" WHERE ").map(|(_, condition)| plain_condition(condition));
    LogicalIndex { unique, columns, condition }
}

fn strings(connection: &rusqlite::Connection, sql: &str, parameters: &[&str]) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    let found = statement
        .query_map(rusqlite::params_from_iter(parameters), |row| row.get::<_, String>(0))
        .unwrap();
    found.map(Result::unwrap).collect()
}
