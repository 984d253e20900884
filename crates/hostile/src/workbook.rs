//! XLSX workbooks. A fuzzer that changes a zip archive mostly breaks its checksums, so the parts of a
//! workbook are changed instead and put into an archive here; whole archives are tried as well.

use crate::table::check_file;
use std::io::{Cursor, Write};
use vestnik_app::import::decode;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A line that begins a part: `--- xl/workbook.xml`.
const PART: &str = "--- ";

/// Parts, each after a line `--- name`; or an archive, whose bytes are also taken for changes to one.
pub(crate) fn check(bytes: &[u8]) {
    if bytes.starts_with(PART.as_bytes()) {
        check_file(decode(&archive(bytes), Some("visits.xlsx")));
    } else {
        check_file(decode(bytes, Some("visits.xlsx")));
        check_file(decode(&changed(&archive(USUAL), bytes), None));
    }
}

/// The usual workbook; also a seed.
const USUAL: &[u8] = include_bytes!("../seeds/workbook/usual");

/// Puts the parts into an archive, without compression. What stands twice is left out.
fn archive(parts: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(parts);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for part in text.split(&format!("\n{PART}")) {
        let part = part.strip_prefix(PART).unwrap_or(part);
        let (name, content) = part.split_once('\n').unwrap_or((part, ""));
        if writer.start_file(name, stored).is_ok() {
            writer.write_all(content.as_bytes()).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

/// The archive with bytes changed: of each three, two say where and one what to.
fn changed(archive: &[u8], changes: &[u8]) -> Vec<u8> {
    let mut bytes = archive.to_vec();
    for change in changes.chunks_exact(3).take(40) {
        if let [high, low, value] = change {
            let at = usize::from(u16::from_be_bytes([*high, *low])) % bytes.len().max(1);
            if let Some(byte) = bytes.get_mut(at) {
                *byte = *value;
            }
        }
    }
    bytes
}
