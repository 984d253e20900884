//! XLSX, from archives written here by hand.

use super::*;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
/// Style 1 is a date with time, 2 a date, 3 a time, 4 a duration.
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="[h]:mm"/></numFmts><cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="164"/></cellXfs></styleSheet>"#;

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook with the given `<row>` elements on each sheet; a name with `!` is hidden.
fn workbook(sheets: &[(&str, &str)], shared_texts: &str) -> Vec<u8> {
    let mut list = String::new();
    let mut relations = String::new();
    let mut parts = Vec::new();
    for (index, (name, rows)) in sheets.iter().enumerate() {
        let id = index + 1;
        let state = if name.contains('!') { r#" state="hidden""# } else { "" };
        list += &format!(r#"<sheet name="{name}" sheetId="{id}"{state} r:id="rId{id}"/>"#);
        relations += &format!(
            r#"<Relationship Id="rId{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{id}.xml"/>"#
        );
        let sheet = format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
        );
        parts.push((format!("xl/worksheets/sheet{id}.xml"), sheet));
    }
    let book = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{list}</sheets></workbook>"#
    );
    let relations = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>"#
    );
    let texts = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{shared_texts}</sst>"#
    );
    let mut all: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELATIONS.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/sharedStrings.xml", texts.as_bytes()),
    ];
    all.extend(parts.iter().map(|(name, sheet)| (name.as_str(), sheet.as_bytes())));
    archive(&all)
}

const HEADER_ROW: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Клиент</t></is></c><c r="B1" t="inlineStr"><is><t>Телефон</t></is></c><c r="C1" t="inlineStr"><is><t>Дата и время</t></is></c><c r="D1" t="inlineStr"><is><t>Длительность</t></is></c></row>"#;

/// Serial 46381 is 25 December 2026.
pub(super) fn sample() -> Vec<u8> {
    let rows = format!(
        r#"{HEADER_ROW}<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3"><v>79161234567</v></c><c r="C3" s="1"><v>46381.625</v></c><c r="D3" s="4"><v>0.0625</v></c></row><row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4"><v>8.9161234568E10</v></c><c r="C4" s="1"><v>46381.666666666664</v></c><c r="D4"><v>60</v></c></row>"#
    );
    let texts = "<si><t>Анна</t></si><si><r><t>Ве</t></r><r><t>ра</t></r></si>";
    workbook(&[("Скрытый!", HEADER_ROW), ("Пустой", ""), ("Записи", &rows)], texts)
}

#[test]
fn a_workbook_is_read_as_a_person_sees_it() {
    let table = decode(&sample(), Some("записи.xlsx")).unwrap();
    assert_eq!(table.header, ["Клиент", "Телефон", "Дата и время", "Длительность"]);
    assert_eq!(table.lines[0].cells, ["Анна", "79161234567", "2026-12-25T15:00", "1:30"]);
    assert_eq!(table.lines[1].cells, ["Вера", "89161234568", "2026-12-25T16:00", "60"]);
    let read = read_appointments(&table, &suggest_mapping(&table.header), Region::RUSSIA).unwrap();
    assert_eq!(read.problems, []);
    let shown: Vec<_> = read
        .rows
        .iter()
        .map(|(line, row)| (*line, row.start.to_string(), row.duration_min))
        .collect();
    assert_eq!(
        shown,
        [
            (3, "2026-12-25T15:00:00".to_owned(), Some(90)),
            (4, "2026-12-25T16:00:00".to_owned(), Some(60)),
        ]
    );
}

#[test]
fn dates_and_times_in_cells_of_their_own() {
    let row = |style: u8, value: &str| {
        let cell = format!(r#"<row r="1"><c r="A1" s="{style}"><v>{value}</v></c></row>"#);
        let table = decode(&workbook(&[("Лист1", &cell)], ""), None).unwrap();
        table.header[0].clone()
    };
    for (style, value, expected) in [
        (2, "46381", "2026-12-25"),
        (1, "46381", "2026-12-25"),
        (1, "46381.62499999", "2026-12-25T15:00"),
        (1, "46381.99999999", "2026-12-26"),
        (3, "0.625", "15:00"),
        (3, "0.39583333333333331", "09:30"),
        (4, "1.0625", "25:30"),
        (0, "0.5", "0.5"),
        (0, "1E+3", "1000"),
        (0, "79161234567.0", "79161234567"),
    ] {
        assert_eq!(row(style, value), expected, "{style} {value}");
    }
}

#[test]
fn other_archives_are_told_apart() {
    for (parts, code) in [
        (
            &[
                ("mimetype", &b"application/vnd.oasis.opendocument.spreadsheet"[..]),
                ("content.xml", b"<x/>"),
            ][..],
            "file_open_document",
        ),
        (&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.bin", b"")], "file_old_excel"),
        (&[("photo.jpg", b"")], "file_not_a_table"),
        (
            &[("[Content_Types].xml", TYPES.as_bytes()), ("xl/workbook.xml", b"<nonsense")],
            "file_damaged_workbook",
        ),
        (&[("[Content_Types].xml", TYPES.as_bytes())], "file_damaged_workbook"),
    ] {
        assert_eq!(decode(&archive(parts), None).unwrap_err().code(), code);
    }
    let whole = sample();
    let cut = whole.get(..whole.len() / 2).unwrap();
    assert_eq!(decode(cut, None).unwrap_err().code(), "file_damaged_workbook");
}

#[test]
fn bombs_are_refused_while_they_are_small() {
    let zeros = vec![b' '; 210 * 1024 * 1024];
    let bomb =
        archive(&[("[Content_Types].xml", TYPES.as_bytes()), ("xl/media/image1.png", &zeros)]);
    assert!(bomb.len() < decode::BYTES_MAX);
    assert_eq!(decode(&bomb, None), Err(DecodeError::WorkbookTooLarge));

    let texts = workbook(&[("Лист1", HEADER_ROW)], &"<si/>".repeat(6_000_001));
    assert_eq!(decode(&texts, None), Err(DecodeError::WorkbookTooLarge));
}

#[test]
fn one_cell_in_the_far_corner_does_not_fill_the_memory() {
    let far_row = format!(r#"{HEADER_ROW}<row r="1048576"><c r="A1048576"><v>1</v></c></row>"#);
    let table = decode(&workbook(&[("Лист1", &far_row)], ""), None).unwrap();
    assert_eq!((table.lines.len(), table.lines[0].number), (1, 1_048_576));

    let far_column = format!(r#"{HEADER_ROW}<row r="2"><c r="XFD2"><v>1</v></c></row>"#);
    let error = decode(&workbook(&[("Лист1", &far_column)], ""), None).unwrap_err();
    assert_eq!(error, DecodeError::TooManyColumns { line: 2 });

    let rows: String = (1..=100_020)
        .map(|row| format!(r#"<row r="{row}"><c r="A{row}"><v>1</v></c></row>"#))
        .collect();
    assert_eq!(decode(&workbook(&[("Лист1", &rows)], ""), None), Err(DecodeError::TooManyLines));
}

#[test]
fn one_text_shown_in_a_million_cells_does_not_fill_the_memory() {
    let texts = |chars: usize| format!("<si><t>{}</t></si>", "я".repeat(chars));
    let row = |number: u32| {
        let cells = r#"<c t="s"><v>0</v></c>"#.repeat(decode::COLUMNS_MAX);
        format!(r#"<row r="{number}">{cells}</row>"#)
    };
    let rows: String = (1..=1_000).map(row).collect();
    let sheet = |chars| decode(&workbook(&[("Лист1", &rows)], &texts(chars)), None);
    assert_eq!(sheet(10).map(|table| table.lines.len()), Ok(999));
    assert_eq!(sheet(decode::CELL_CHARS_MAX), Err(DecodeError::TooMuchText));
    let too_long = DecodeError::CellTooLong { line: 1, column: 1 };
    assert_eq!(sheet(decode::CELL_CHARS_MAX + 1), Err(too_long));
}
