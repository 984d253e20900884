//! What SQLite's query planner is told about the tables.
//!
//! Knowing nothing, it takes the first two columns of a tenant's key for nearly unique and reads a
//! whole organization where an index names the client. Measured statistics would do, but would make
//! plans differ from one installation to the next; so every database is told the same story: many
//! organizations, each with about a thousand rows of everything.

use rusqlite::Connection;

const ROWS: u64 = 1_000_000;
const BUCKETS: u64 = 256;
const ORGANIZATIONS: u64 = 1_000;
/// A partial index holds what waits, one row in this many.
const WAITING: u64 = 100;
/// By how much every further column of an index narrows down.
const NARROWING: u64 = 500;

/// A column of an index, in the order of the index.
struct IndexColumn {
    table: String,
    index: String,
    is_unique: bool,
    is_partial: bool,
    column: String,
}

/// Replaces the planner's statistics; connections opened afterwards know them too.
pub(crate) fn teach(connection: &mut Connection) -> rusqlite::Result<()> {
    // Makes the table of statistics without measuring anything.
    connection.execute_batch("ANALYZE sqlite_schema")?;
    let columns = index_columns(connection)?;
    let transaction = connection.transaction()?;
    transaction.execute("DELETE FROM sqlite_stat1", [])?;
    for index in columns.chunk_by(|one, other| one.index == other.index) {
        let Some(first) = index.first() else { continue };
        transaction.execute(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)",
            [&first.table, &first.index, &statistics(index)],
        )?;
    }
    transaction.commit()?;
    // Makes this connection read them.
    connection.execute_batch("ANALYZE sqlite_schema")
}

/// Every index; the primary key of a table without row ids goes by the table's name.
fn index_columns(connection: &Connection) -> rusqlite::Result<Vec<IndexColumn>> {
    let mut statement = connection.prepare(
        "SELECT tables.name, iif(indexes.origin = 'pk', tables.name, indexes.name), \
             indexes.\"unique\", indexes.partial, columns.name \
         FROM pragma_table_list AS tables, pragma_index_list(tables.name) AS indexes, \
             pragma_index_info(indexes.name) AS columns \
         WHERE tables.schema = 'main' AND tables.type = 'table' AND tables.wr \
             AND tables.name NOT LIKE 'sqlite%' \
             OR tables.schema = 'main' AND tables.type = 'table' AND indexes.origin = 'c' \
         ORDER BY tables.name, indexes.name, columns.seqno",
    )?;
    let found = statement.query_map([], |row| {
        Ok(IndexColumn {
            table: row.get(0)?,
            index: row.get(1)?,
            is_unique: row.get(2)?,
            is_partial: row.get(3)?,
            column: row.get(4)?,
        })
    })?;
    found.collect()
}

/// `rows, rows with one value of the first column, rows with one value of the first two, …`
fn statistics(index: &[IndexColumn]) -> String {
    let is_partial = index.iter().any(|column| column.is_partial);
    let rows = if is_partial { ROWS / WAITING } else { ROWS };
    let mut text = rows.to_string();
    let mut equal = rows;
    for (place, column) in index.iter().enumerate() {
        let whole_key = column.is_unique && place + 1 == index.len();
        equal = match column.column.as_str() {
            _ if whole_key => 1,
            "bucket" => equal.min(rows / BUCKETS),
            "organization_id" => equal.min(rows / ORGANIZATIONS),
            _ => (equal / NARROWING).max(1),
        };
        text.push(' ');
        text.push_str(&equal.to_string());
    }
    text
}
