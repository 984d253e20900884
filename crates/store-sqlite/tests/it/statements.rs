//! Every statement that the program can run is prepared on the real engine, and none of them walks
//! through a whole table.

use rusqlite::Connection;
use vestnik_store::{
    Columns, Dialect, all_tables, expect_sql, insert_sql, rewrite, statements, update_sql,
};
use vestnik_testkit::{TempDir, tempdir};

/// Reads of one organization's whole table, by its leading key columns alone, and why that is fine.
const WHOLE_ORGANIZATION: &[(&str, &str)] = &[
    ("organization", "is one row"),
    ("settings_in_force", "reads one row from the end of the key"),
    ("users", "a handful, listed whole"),
    ("api_tokens", "a handful, listed whole"),
    ("branches", "a handful, listed whole"),
    ("staff", "tens, listed whole"),
    ("clients_page", "walks the key from its end and stops at the limit"),
    ("clients_by_digits", "looks inside the number: no index helps"),
    ("clients_by_name", "looks inside the name: no index helps"),
    ("planned_messages_between", "no index leads by organization and due time"),
    ("senders", "a handful, listed whole"),
    ("phone_links", "a handful, listed whole"),
    ("services", "hundreds at most, listed whole"),
    ("offer_stamp", "adds up the versions of what is a handful"),
    ("journal_links", "a handful, listed whole"),
    ("latest_moment", "asked once at a start of the demo, whose salon is small"),
];

/// A walk through a whole index, and why that is fine.
const WHOLE_INDEX: &[(&str, &str)] =
    &[("organizations_to_sweep", "the partial index holds only what it looks for")];

fn database() -> (TempDir, Connection) {
    let folder = tempdir().unwrap();
    let path = folder.path().join("vestnik.db");
    drop(crate::open(&path));
    let connection = Connection::open(path).unwrap();
    (folder, connection)
}

#[test]
fn every_read_is_prepared_and_uses_a_key() {
    let (_folder, connection) = database();
    for statement in statements() {
        let sql = rewrite(statement.sql, Dialect::Sqlite);
        for step in plan(&connection, &sql) {
            let name = statement.name;
            let by_index =
                step.contains(" USING INDEX ") && WHOLE_INDEX.iter().any(|(of, _)| *of == name);
            let fine = !step.starts_with("SCAN")
                || step.starts_with("SCAN json_each")
                || step == "SCAN CONSTANT ROW"
                || by_index;
            assert!(fine, "{name}: {step}");
            let whole = step.ends_with("(bucket=? AND organization_id=?)")
                || step.ends_with(" (organization_id=?)");
            let allowed = WHOLE_ORGANIZATION.iter().any(|(of, _)| *of == name);
            assert!(!whole || allowed, "{name} reads everything of an organization: {step}");
        }
    }
}

#[test]
fn every_write_is_prepared_and_uses_a_key() {
    let (_folder, connection) = database();
    for table in all_tables() {
        let mut derived = vec![insert_sql(table, Dialect::Sqlite)];
        if table.is_versioned() {
            derived.push(update_sql(table, Columns::ALL, Dialect::Sqlite));
            derived.push(expect_sql(table, Dialect::Sqlite));
        }
        for sql in derived {
            for step in plan(&connection, &sql) {
                assert!(!step.starts_with("SCAN"), "{}: {sql}: {step}", table.name);
            }
        }
    }
}

/// The steps of the query plan; preparing it prepares the statement too.
fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"));
    let mut explained = explained.unwrap_or_else(|error| panic!("{error}: {sql}"));
    let mut rows = explained.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get(3).unwrap());
    }
    steps
}
