//! Files of clients and visits: CSV in whatever encoding, and what both kinds of file become.

use crate::lines::assert_words;
use std::collections::BTreeSet;
use vestnik_app::import::decode::{CELL_CHARS_MAX, COLUMNS_MAX, LINES_MAX};
use vestnik_app::import::report::VALUE_CHARS_MAX;
use vestnik_app::import::{
    DecodeError, LineProblem, ReadRows, Severity, Table, decode, read_appointments, read_clients,
    suggest_mapping,
};
use vestnik_domain::Language::{English, Russian};
use vestnik_domain::phone_number::Region;

/// Any bytes as a file.
pub(crate) fn check(bytes: &[u8]) {
    let hint = if bytes.len().is_multiple_of(2) { None } else { Some("клиенты.XLSX") };
    check_file(decode(bytes, hint));
}

/// A table within the limits whose lines each become a row or a word on why not.
pub(crate) fn check_file(decoded: Result<Table, DecodeError>) {
    let table = match decoded {
        Ok(table) => table,
        Err(error) => {
            assert!(!error.code().is_empty());
            return assert_words(&error.message(Russian), &error.message(English));
        }
    };
    assert!(table.lines.len() <= LINES_MAX && !table.header.is_empty());
    assert!(table.lines.is_sorted_by(|one, next| one.number < next.number));
    let lines = table.lines.iter().map(|line| &line.cells).chain([&table.header]);
    for cells in lines {
        assert!(cells.len() <= COLUMNS_MAX && cells.iter().any(|cell| !cell.is_empty()));
        assert!(cells.iter().all(|cell| cell.chars().count() <= CELL_CHARS_MAX));
    }
    check_rows(&table);
    check_written_again(&table);
}

fn check_rows(table: &Table) {
    let mapping = suggest_mapping(&table.header);
    match read_clients(table, &mapping, Region::RUSSIA) {
        Err(missing) => assert_words(&missing.message(Russian), &missing.message(English)),
        Ok(read) => {
            check_report(table, &read);
            for (_, client) in &read.rows {
                assert!(client.phone.is_some() || !client.name.is_empty());
            }
        }
    }
    match read_appointments(table, &mapping, Region::RUSSIA) {
        Err(missing) => assert_words(&missing.message(Russian), &missing.message(English)),
        Ok(read) => {
            check_report(table, &read);
            for (line, visit) in &read.rows {
                assert!(visit.end.is_none_or(|end| end > visit.start), "line {line}: {visit:?}");
                assert!(visit.duration_min.is_none_or(|min| (1..=24 * 60).contains(&min)));
            }
        }
    }
}

/// Every line is a row, or has an error; both name lines that are there.
fn check_report<R>(table: &Table, read: &ReadRows<R>) {
    let lines: BTreeSet<u32> = table.lines.iter().map(|line| line.number).collect();
    let good: BTreeSet<u32> = read.rows.iter().map(|(line, _)| *line).collect();
    let is_error = |problem: &&LineProblem| problem.severity() == Severity::Error;
    let bad: BTreeSet<u32> = read.problems.iter().filter(is_error).map(|one| one.line).collect();
    assert!(good.is_disjoint(&bad), "{good:?} {bad:?}");
    assert_eq!(&good | &bad, lines);
    for problem in &read.problems {
        assert!(lines.contains(&problem.line) && !problem.code().is_empty());
        assert!(problem.column.as_ref().is_none_or(|column| table.header.contains(column)));
        assert!(problem.value.chars().count() <= VALUE_CHARS_MAX);
        assert_words(&problem.message(Russian), &problem.message(English));
    }
}

/// The table written as Excel writes it is read as the same one.
fn check_written_again(table: &Table) {
    let lines = std::iter::once(&table.header).chain(table.lines.iter().map(|line| &line.cells));
    let mut text = "sep=;\n".to_owned();
    for cells in lines {
        let quoted = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        text += &(quoted.collect::<Vec<_>>().join(";") + "\r\n");
    }
    // A file with a zero byte is no text, and a lone line end within a cell comes back as a plain one.
    if text.contains('\0') || text.replace("\r\n", "").contains('\r') {
        return;
    }
    let again = decode(text.as_bytes(), None).unwrap();
    assert_eq!(again.header, table.header, "{text:?}");
    let cells =
        |table: &Table| table.lines.iter().map(|line| line.cells.clone()).collect::<Vec<_>>();
    assert_eq!(cells(&again), cells(table), "{text:?}");
}
