//! XLSX workbooks: the first sheet with data, as the text that a person sees in it.
//!
//! A workbook is a zip archive of XML from a stranger. Before the reader of the format sees it,
//! everything in it is unpacked once into nothing, so that a bomb is found while it is small.

use super::decode::{COLUMNS_MAX, DecodeError, Line, LineCollector, is_too_long};
use calamine::{DataRef, ExcelDateTime, Reader, SheetVisible, Xlsx};
use jiff::Unit;
use jiff::civil::{DateTime, DateTimeRound, Time};
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use zip::ZipArchive;

/// All parts of the archive together. A full sheet of 100 000 lines takes about half of it.
const UNPACKED_BYTES_MAX: u64 = 200 * 1024 * 1024;
const PARTS_MAX: usize = 2_000;
/// Tags outside of the sheets are kept in memory by the reader: texts shared by cells, styles.
const KEPT_TAGS_MAX: usize = 6_000_000;
/// Cells in the whole sheet, also empty ones that only have a colour.
const CELLS_MAX: usize = 12_000_000;

/// Reads the first visible sheet that has any text.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Line>, DecodeError> {
    check_archive(bytes)?;
    // The reader of the format has panicked on damaged files before; a stranger's file must not
    // take down the request that carries it.
    match catch_unwind(AssertUnwindSafe(|| read_sheets(bytes))) {
        Ok(lines) => lines,
        Err(_) => Err(damaged("the reader gave up")),
    }
}

/// Is it a workbook, and does it unpack to a bearable size? Sizes in the archive's own directory
/// are a stranger's claims, so every part is unpacked.
fn check_archive(bytes: &[u8]) -> Result<(), DecodeError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > PARTS_MAX {
        return Err(DecodeError::WorkbookTooLarge);
    }
    let names: Vec<String> =
        archive.file_names().flatten().map(|name| name.to_lowercase()).collect();
    let named = |name: &str| names.iter().any(|part| part == name);
    if !named("[content_types].xml") {
        return Err(match named("mimetype") && named("content.xml") {
            true => DecodeError::OpenDocument,
            false => DecodeError::NotATable,
        });
    }
    if named("xl/workbook.bin") {
        return Err(DecodeError::OldExcel);
    }
    let mut left_bytes = UNPACKED_BYTES_MAX;
    let mut left_tags = KEPT_TAGS_MAX;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(damaged)?;
        let counts_tags =
            !part.name().map_err(damaged)?.to_lowercase().starts_with("xl/worksheets/");
        let mut limited = part.take(left_bytes.saturating_add(1));
        let mut buffer = [0; 64 * 1024];
        loop {
            let read = limited.read(&mut buffer).map_err(damaged)?;
            if read == 0 {
                break;
            }
            left_bytes =
                left_bytes.checked_sub(read as u64).ok_or(DecodeError::WorkbookTooLarge)?;
            if counts_tags {
                let tags = buffer.iter().take(read).filter(|byte| **byte == b'<').count();
                left_tags = left_tags.checked_sub(tags).ok_or(DecodeError::WorkbookTooLarge)?;
            }
        }
    }
    Ok(())
}

fn read_sheets(bytes: &[u8]) -> Result<Vec<Line>, DecodeError> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let sheets: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    for name in sheets {
        // Charts and macros are sheets too.
        if let Some(lines) = read_sheet(&mut workbook, &name)? {
            return Ok(lines);
        }
    }
    Ok(Vec::new())
}

/// The lines of the sheet `name`; `None` if it has none or is no worksheet. Cells are taken as
/// they stream: a dense range of a sheet with one cell in its far corner would fill the memory.
fn read_sheet(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
) -> Result<Option<Vec<Line>>, DecodeError> {
    let mut reader = match workbook.worksheet_cells_reader(name) {
        Ok(reader) => reader,
        Err(calamine::XlsxError::NotAWorksheet(_)) => return Ok(None),
        Err(error) => return Err(damaged(error)),
    };
    let mut collector = LineCollector::default();
    let mut number = 0;
    let mut cells: Vec<String> = Vec::new();
    for _ in 0..CELLS_MAX {
        let Some(cell) = reader.next_cell().map_err(damaged)? else {
            collector.push(number, cells)?;
            let lines = collector.into_lines();
            return Ok((!lines.is_empty()).then_some(lines));
        };
        let (row, column) = cell.get_position();
        let row_number = row.saturating_add(1);
        if row_number < number {
            return Err(damaged("rows are out of order"));
        }
        if row_number > number {
            collector.push(number, std::mem::take(&mut cells))?;
            number = row_number;
        }
        let text = text_of(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= COLUMNS_MAX {
            return Err(DecodeError::TooManyColumns { line: number });
        }
        if is_too_long(&text) {
            return Err(DecodeError::CellTooLong { line: number, column: column + 1 });
        }
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        if let Some(place) = cells.get_mut(column) {
            *place = text;
        }
    }
    Err(DecodeError::WorkbookTooLarge)
}

/// What a person sees in the cell, dates in ISO order.
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        // Never an exponent: a phone number in a cell of numbers keeps its digits.
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(moment) => text_of_moment(*moment),
        DataRef::Error(error) => error.to_string(),
    }
}

/// `2026-12-25T15:00`; a date alone without its midnight, a time alone without its day zero, a
/// duration as hours and minutes.
fn text_of_moment(moment: ExcelDateTime) -> String {
    let days = moment.as_f64();
    if moment.is_duration() {
        let minutes = (days * 24.0 * 60.0).round().clamp(0.0, 1e9) as u64;
        return format!("{}:{:02}", minutes / 60, minutes % 60);
    }
    // The fraction of a day is rarely exact: 15:00 comes as 14:59:59.999.
    let (year, month, day, hour, minute, second, millisecond) = moment.to_ymd_hms_milli();
    let exact = DateTime::new(
        i16::try_from(year).unwrap_or(i16::MAX),
        i8::try_from(month).unwrap_or_default(),
        i8::try_from(day).unwrap_or_default(),
        i8::try_from(hour).unwrap_or_default(),
        i8::try_from(minute).unwrap_or_default(),
        i8::try_from(second).unwrap_or_default(),
        i32::from(millisecond) * 1_000_000,
    );
    let round_to_second = DateTimeRound::new().smallest(Unit::Second);
    let Ok(shown) = exact.and_then(|exact| exact.round(round_to_second)) else {
        return days.to_string();
    };
    let time = match shown.second() {
        0 => shown.strftime("%H:%M").to_string(),
        _ => shown.strftime("%H:%M:%S").to_string(),
    };
    if (0.0..1.0).contains(&days) {
        time
    } else if shown.time() == Time::midnight() {
        shown.date().to_string()
    } else {
        format!("{}T{time}", shown.date())
    }
}

fn damaged(error: impl ToString) -> DecodeError {
    DecodeError::DamagedWorkbook { reason: error.to_string() }
}
