//! The schema in the file is the one that the table descriptions speak of.

use rusqlite::Connection;
use vestnik_testkit::logical_schema::{described, of_sqlite, without_indexes};
use vestnik_testkit::tempdir;

#[test]
fn the_file_holds_what_is_described() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("vestnik.db");
    drop(crate::open(&path));
    let schema = of_sqlite(&Connection::open(path).unwrap());
    assert_eq!(without_indexes(&schema), described());
}

/// Without STRICT a text could stand in a column of numbers and fail only when it is read.
#[test]
fn every_table_is_strict() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("vestnik.db");
    drop(crate::open(&path));
    let loose: i64 = Connection::open(path)
        .unwrap()
        .query_row(
            "SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND schema = 'main' \
             AND strict = 0 AND name NOT LIKE 'sqlite%' AND name <> 'refinery_schema_history'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(loose, 0);
}
