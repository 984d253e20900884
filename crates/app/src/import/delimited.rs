//! CSV as Excel, 1C and journals write it: any delimiter, quoted line breaks, stray quotes.
//!
//! Read by hand and not by the `csv` crate, which neither counts rows the way a spreadsheet shows
//! them nor stops inside one endless cell.

use super::columns;
use super::decode::{CELL_CHARS_MAX, COLUMNS_MAX, DecodeError, Line, LineCollector};
use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;

/// In the order of preference where the text does not tell them apart.
const DELIMITERS: [char; 4] = [';', '\t', ',', '|'];
/// The delimiter is judged by the top of the file.
const SAMPLE_BYTES: usize = 64 * 1024;
const SAMPLE_ROWS: usize = 50;

/// Reads all lines of `text`.
pub(super) fn read(text: &str) -> Result<Vec<Line>, DecodeError> {
    let (text, declared) = without_declaration(text);
    let delimiter = declared.unwrap_or_else(|| find_delimiter(text));
    let mut rows = Rows::new(text, delimiter);
    let mut collector = LineCollector::default();
    while let Some(cells) = rows.next_row()? {
        collector.push(rows.number, cells)?;
    }
    Ok(collector.into_lines())
}

/// Excel's own first line, `sep=;`, which it does not show as a row.
fn without_declaration(text: &str) -> (&str, Option<char>) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let mut declared = first.trim_end_matches('\r').trim_matches('"').chars();
    let named = declared.by_ref().take(4).collect::<String>().eq_ignore_ascii_case("sep=");
    match (declared.next(), declared.next()) {
        (Some(delimiter), None) if named => (rest, Some(delimiter)),
        _ => (text, None),
    }
}

/// The delimiter that yields the most column names we know; else the most rows of equal width.
fn find_delimiter(text: &str) -> char {
    let mut end = text.len().min(SAMPLE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let sample = text.get(..end).unwrap_or(text);
    let mut best = (DELIMITERS[0], (0, 0, 0));
    for delimiter in DELIMITERS {
        let fit = fit_of(sample, delimiter);
        if fit > best.1 {
            best = (delimiter, fit);
        }
    }
    best.0
}

/// How well `delimiter` fits: names known, rows of the commonest width, that width.
fn fit_of(sample: &str, delimiter: char) -> (usize, usize, usize) {
    let mut rows = Rows::new(sample, delimiter);
    let mut known = 0;
    let mut rows_by_width: BTreeMap<usize, usize> = BTreeMap::new();
    for _ in 0..SAMPLE_ROWS {
        let Ok(Some(cells)) = rows.next_row() else {
            break;
        };
        known = known.max(columns::known_names(&cells));
        if cells.len() > 1 {
            *rows_by_width.entry(cells.len()).or_default() += 1;
        }
    }
    let commonest = rows_by_width.into_iter().map(|(width, rows)| (rows, width)).max();
    let (rows, width) = commonest.unwrap_or_default();
    (known, rows, width)
}

/// A cursor over the rows of a text.
struct Rows<'a> {
    rest: Peekable<Chars<'a>>,
    delimiter: char,
    /// Of the row read last, from 1.
    number: u32,
}

impl<'a> Rows<'a> {
    fn new(text: &'a str, delimiter: char) -> Rows<'a> {
        Rows { rest: text.chars().peekable(), delimiter, number: 0 }
    }

    /// The cells of the next row, `None` at the end of the text.
    fn next_row(&mut self) -> Result<Option<Vec<String>>, DecodeError> {
        if self.rest.peek().is_none() {
            return Ok(None);
        }
        self.number = self.number.saturating_add(1);
        let mut cells = Vec::new();
        loop {
            let cell = self.next_cell(cells.len() + 1)?;
            if cells.len() < COLUMNS_MAX {
                cells.push(cell);
            } else if !cell.trim().is_empty() {
                return Err(DecodeError::TooManyColumns { line: self.number });
            }
            match self.rest.next() {
                Some(found) if found == self.delimiter => {}
                Some('\r') => {
                    self.rest.next_if_eq(&'\n');
                    return Ok(Some(cells));
                }
                _ => return Ok(Some(cells)),
            }
        }
    }

    /// The text up to the next delimiter or line end, which stays unread.
    fn next_cell(&mut self, column: usize) -> Result<String, DecodeError> {
        let mut cell = String::new();
        let mut chars = 0;
        let quoted = self.rest.next_if_eq(&'"').is_some();
        if quoted {
            self.quoted_part(&mut cell, &mut chars, column)?;
        }
        // Text after a closing quote belongs to the cell: «"Ромашка" на Тверской».
        let delimiter = self.delimiter;
        while let Some(found) = self.rest.next_if(|c| *c != delimiter && !matches!(c, '\r' | '\n'))
        {
            self.push(&mut cell, &mut chars, found, column)?;
        }
        Ok(cell)
    }

    fn quoted_part(
        &mut self,
        cell: &mut String,
        chars: &mut usize,
        column: usize,
    ) -> Result<(), DecodeError> {
        let not_closed = DecodeError::QuoteNotClosed { line: self.number, column };
        loop {
            match self.rest.next() {
                None => return Err(not_closed),
                Some('"') => match self.rest.next_if_eq(&'"') {
                    Some(quote) => self.push(cell, chars, quote, column)?,
                    None => return Ok(()),
                },
                Some('\r') => {
                    self.rest.next_if_eq(&'\n');
                    self.push(cell, chars, '\n', column)?;
                }
                Some(found) => self.push(cell, chars, found, column)?,
            }
        }
    }

    fn push(
        &self,
        cell: &mut String,
        chars: &mut usize,
        found: char,
        column: usize,
    ) -> Result<(), DecodeError> {
        *chars += 1;
        if *chars > CELL_CHARS_MAX {
            return Err(DecodeError::CellTooLong { line: self.number, column });
        }
        cell.push(found);
        Ok(())
    }
}
