//! Sending files to the import, and files to send.

use crate::appointments::test_salon::Salon;
use crate::test_server::Answer;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::Value;

pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Sends `bytes` with the given query.
pub(super) async fn send(
    salon: &Salon,
    token: &str,
    query: &str,
    media_type: &str,
    bytes: impl Into<Body>,
) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("/api/v1/imports?{query}"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, media_type)
        .body(bytes.into());
    salon.server.send(request.unwrap()).await
}

/// The report on a CSV file.
pub(super) async fn report(salon: &Salon, query: &str, csv: impl Into<Body>) -> Value {
    let answer = send(salon, &salon.token, query, "text/csv; charset=windows-1251", csv).await;
    assert_eq!(answer.0, StatusCode::OK, "{}", answer.1);
    answer.1
}

/// `landed`, `unchanged`, `refused`.
pub(super) fn counts(report: &Value) -> [i64; 3] {
    ["landed", "unchanged", "refused"].map(|name| report[name].as_i64().unwrap())
}

/// Problems as `line column: code`, a warning with `(warning)`.
pub(super) fn problems(report: &Value) -> Vec<String> {
    let problems = report["problems"].as_array().unwrap();
    problems
        .iter()
        .map(|problem| {
            assert!(!problem["title"].as_str().unwrap().is_empty());
            assert!(!problem["detail"].as_str().unwrap().is_empty());
            let column = problem["column"].as_str().unwrap_or("-");
            let mark = if problem["severity"] == "warning" { " (warning)" } else { "" };
            format!("{} {column}: {}{mark}", problem["line"], problem["code"].as_str().unwrap())
        })
        .collect()
}

/// Russian text as an old Excel saves it.
pub(super) fn windows_1251(text: &str) -> Vec<u8> {
    text.chars()
        .map(|letter| match letter {
            'Ё' => 0xA8,
            'ё' => 0xB8,
            'А'..='я' => u8::try_from(u32::from(letter) - 0x410 + 0xC0).unwrap(),
            letter => u8::try_from(letter).unwrap(),
        })
        .collect()
}

/// A workbook of one sheet, every cell a text, packed without compression.
pub(super) fn workbook(lines: &[&[&str]]) -> Vec<u8> {
    let mut rows = String::new();
    for cells in lines {
        rows += "<row>";
        for cell in *cells {
            rows += &format!(r#"<c t="inlineStr"><is><t>{cell}</t></is></c>"#);
        }
        rows += "</row>";
    }
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let relation = |kind: &str, target: &str| {
        format!(
            r#"<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/{kind}" Target="{target}"/></Relationships>"#
        )
    };
    stored_zip(&[
        ("[Content_Types].xml", format!(r#"<Types xmlns="{package}/content-types"/>"#)),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>"#
            ),
        ),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml")),
        (
            "xl/worksheets/sheet1.xml",
            format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#),
        ),
    ])
}

/// A ZIP archive (APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16), method 0: stored.
fn stored_zip(parts: &[(&str, String)]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in parts {
        let offset = u32::try_from(archive.len()).unwrap();
        let size = u32::try_from(content.len()).unwrap();
        let mut common = Vec::new();
        // Version needed, flags, method, time and date.
        common.extend([20u8, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]);
        common.extend(crc32(content.as_bytes()).to_le_bytes());
        common.extend(size.to_le_bytes());
        common.extend(size.to_le_bytes());
        common.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        common.extend([0, 0]);
        archive.extend(b"PK\x03\x04");
        archive.extend(&common);
        archive.extend(name.as_bytes());
        archive.extend(content.as_bytes());
        directory.extend(b"PK\x01\x02");
        directory.extend([20u8, 0]);
        directory.extend(&common);
        // Comment, disk, attributes.
        directory.extend([0u8; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let count = u16::try_from(parts.len()).unwrap().to_le_bytes();
    let offset = u32::try_from(archive.len()).unwrap().to_le_bytes();
    let size = u32::try_from(directory.len()).unwrap().to_le_bytes();
    archive.extend(directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend(count);
    archive.extend(count);
    archive.extend(size);
    archive.extend(offset);
    archive.extend([0, 0]);
    archive
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 }
        })
    })
}
