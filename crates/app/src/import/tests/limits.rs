//! Files that are too much, and bytes that are nothing at all.

use super::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed};

#[test]
fn a_million_lines_are_refused_and_a_hundred_thousand_are_read() {
    let mut text = "Имя;Телефон\n".to_owned();
    text.push_str(&"А;89161234567\n".repeat(decode::LINES_MAX));
    assert_eq!(table(&text).lines.len(), decode::LINES_MAX);
    text.push_str("А;89161234567\n");
    assert_eq!(decode(text.as_bytes(), None), Err(DecodeError::TooManyLines));
    let million = "a;b\n".repeat(1_000_000);
    assert_eq!(decode(million.as_bytes(), None), Err(DecodeError::TooManyLines));
}

#[test]
fn every_limit_names_itself() {
    let bytes = vec![b'a'; decode::BYTES_MAX + 1];
    let error = decode(&bytes, None).unwrap_err();
    assert_eq!(error, DecodeError::TooManyBytes { bytes: decode::BYTES_MAX + 1 });
    assert_eq!(error.message(Language::Russian), "Файл больше 20 МБ. Разделите его на части.");

    let wide = format!("a;b\n1;2\n{}x\n", "1;".repeat(decode::COLUMNS_MAX));
    let error = decode(wide.as_bytes(), None).unwrap_err();
    assert_eq!(error, DecodeError::TooManyColumns { line: 3 });
    // Cells that are only delimiters are no columns.
    let empty = format!("a;b\n1;2{}\n", ";".repeat(2_000_000));
    assert_eq!(table(&empty).lines[0].cells, ["1", "2"]);

    let long = format!("a;b\n1;{}\n", "я".repeat(decode::CELL_CHARS_MAX));
    assert_eq!(table(&long).lines.len(), 1);
    let too_long = format!("a;b\n1;{}\n", "я".repeat(decode::CELL_CHARS_MAX + 1));
    let error = decode(too_long.as_bytes(), None).unwrap_err();
    assert_eq!(error, DecodeError::CellTooLong { line: 2, column: 2 });
}

#[test]
fn values_in_the_report_are_cut() {
    let read = clients(&format!("Имя;Телефон\nАнна;{}\n", "ж".repeat(500)));
    assert_eq!(read.problems[0].value.chars().count(), 60);
}

/// Reads whatever comes, through all steps.
fn read_all(bytes: &[u8]) {
    match decode(bytes, None) {
        Err(error) => assert!(!error.message(Language::Russian).is_empty()),
        Ok(table) => {
            let mapping = suggest_mapping(&table.header);
            if let Ok(read) = read_clients(&table, &mapping, Region::RUSSIA) {
                assert!(read.rows.len() <= table.lines.len());
            }
            if let Ok(read) = read_appointments(&table, &mapping, Region::RUSSIA) {
                for problem in &read.problems {
                    assert!(!problem.message(Language::English).is_empty());
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(Config {
        cases: 500,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(2026),
        ..Config::default()
    })]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read_all(&bytes);
    }

    #[test]
    fn random_text_under_a_known_header_never_panics(
        text in "([^;]{0,20}|[0-9:. +-]{0,16}|[а-яё .:-]{0,16};)*",
        cells in prop::collection::vec("[0-9.: декабряпт+-]{0,18}", 0..60),
    ) {
        let header = "Имя;Телефон;Начало;Дата;Время;Конец;Длительность;Статус;ДР;Почта;Услуги;Пол\n";
        read_all(format!("{header}{text}").as_bytes());
        let lines: Vec<String> = cells.chunks(12).map(|line| line.join(";")).collect();
        read_all(format!("{header}{}", lines.join("\n")).as_bytes());
    }

    #[test]
    fn damaged_workbooks_never_panic(
        at in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        keep in any::<prop::sample::Index>(),
    ) {
        let mut bytes = super::workbooks::sample();
        for (index, byte) in at {
            let place = index.index(bytes.len());
            bytes[place] = byte;
        }
        read_all(&bytes);
        bytes.truncate(keep.index(bytes.len()));
        read_all(&bytes);
    }
}
