//! Importing clients through the API, and files that are refused whole.

use super::test_files::{XLSX, counts, problems, report, send, windows_1251};
use crate::appointments::test_salon::Salon;
use crate::test_server::wrong_fields;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::fmt::Write as _;

const CLIENTS: &str = "kind=clients&dry_run=false";

async fn client(salon: &Salon, digits: &str) -> Value {
    let (_, found, _) = salon.get(&format!("/clients?search={digits}")).await;
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
    found["items"][0].clone()
}

#[tokio::test]
async fn cards_are_made_or_completed_and_never_overwritten() {
    let salon = Salon::open().await;
    let file = windows_1251(
        "ФИО;Телефон;День рождения;Почта;Комментарий\n\
         Мария Ивановна;8 (916) 123-45-67;17.05.1990;maria@example.com;\n\
         Анна;8-926-000-00-01;29.02;;любит чай\n",
    );
    let landed = report(&salon, CLIENTS, file.clone()).await;
    assert_eq!((counts(&landed), &landed["new_clients"]), ([2, 0, 0], &json!(1)));
    let maria = client(&salon, "9161234567").await;
    assert_eq!((&maria["name"], &maria["birthday"]), (&json!("Мария"), &json!("1990-05-17")));
    assert_eq!(maria["email"], "maria@example.com");
    let anna = client(&salon, "9260000001").await;
    assert_eq!((&anna["birthday"], &anna["note"]), (&json!("--02-29"), &json!("любит чай")));
    assert_eq!(counts(&report(&salon, CLIENTS, file).await), [0, 2, 0]);
    assert_eq!(client(&salon, "9260000001").await, anna);
}

#[tokio::test]
async fn one_number_may_belong_to_two_people_with_ids() {
    let salon = Salon::open().await;
    let file = "ID;Имя;Телефон\n1;Ольга;89260000001\n2;Дочь Ольги;89260000001\n3;Без номера;\n";
    let landed = report(&salon, CLIENTS, file).await;
    assert_eq!((counts(&landed), &landed["new_clients"]), ([3, 0, 0], &json!(3)));
    assert_eq!(counts(&report(&salon, CLIENTS, file).await), [0, 3, 0]);

    // A card out of use stays so.
    let (_, found, _) = salon.get("/clients?search=%D0%B4%D0%BE%D1%87%D1%8C").await;
    let path = format!("/clients/{}/archive", found["items"][0]["id"].as_str().unwrap());
    assert_eq!(salon.post(&path, json!({})).await.0, StatusCode::OK);
    let after = report(&salon, CLIENTS, file).await;
    assert_eq!(counts(&after), [0, 3, 0]);
    assert!(problems(&after).contains(&"3 ID: client_archived (warning)".to_owned()), "{after}");
}

#[tokio::test]
async fn broken_phones_are_named_line_by_line() {
    let salon = Salon::open().await;
    let file = "Имя;Телефон\nА;123\nБ;8 916 123-45-67 доб. 5\nВ;не помнит\nГ;89260000001, 89260000002\nД;8 (926) 000-00-03\n;\nЕ;-\n";
    let landed = report(&salon, CLIENTS, file).await;
    assert_eq!(counts(&landed), [2, 0, 4], "{landed}");
    let lines: Vec<String> = problems(&landed);
    assert_eq!(lines.len(), 5, "{lines:?}");
    assert!(lines[..4].iter().all(|line| line.contains("Телефон: phone_")), "{lines:?}");
    assert_eq!(lines[4], "8 Телефон: phone_missing (warning)");
    assert!(landed["problems"][0]["title"].as_str().unwrap().chars().any(|letter| letter > 'А'));
}

#[tokio::test]
async fn texts_are_cleaned_or_refused() {
    let salon = Salon::open().await;
    let long = "я".repeat(101);
    let file = format!("Имя;Телефон\n\"Анна\r\n  Петрова\";89260000001\n{long};89260000002\n");
    let landed = report(&salon, CLIENTS, file).await;
    assert_eq!(counts(&landed), [1, 0, 1]);
    assert_eq!(landed["problems"][0]["code"], "too_long");
    assert_eq!(client(&salon, "9260000001").await["name"], "Анна Петрова");
}

#[tokio::test]
async fn a_file_larger_than_a_chunk_lands_whole_and_once() {
    let salon = Salon::open().await;
    let mut file = "Имя;Телефон\n".to_owned();
    for number in 0..230 {
        let _ = writeln!(file, "Клиент {number};+7926{number:07}");
    }
    let landed = report(&salon, CLIENTS, file.clone()).await;
    assert_eq!((counts(&landed), &landed["new_clients"]), ([230, 0, 0], &json!(230)));
    assert_eq!(counts(&report(&salon, CLIENTS, file).await), [0, 230, 0]);
}

#[tokio::test]
async fn a_report_names_the_first_thousand_problems_and_counts_all() {
    let salon = Salon::open().await;
    let file = format!("Имя;Телефон\n{}", "А;1\n".repeat(1_500));
    let seen = report(&salon, "kind=clients", file).await;
    assert_eq!((&seen["problem_count"], &seen["refused"]), (&json!(1_500), &json!(1_500)));
    assert_eq!(seen["problems"].as_array().unwrap().len(), 1_000);
}

#[tokio::test]
async fn files_that_are_no_tables_are_refused_whole() {
    let salon = Salon::open().await;
    let million = format!("Имя;Телефон\n{}", "А;1\n".repeat(1_000_000));
    let mut damaged = "Имя;Телефон\nАнна Петрова;89260000001\n".as_bytes().to_vec();
    damaged.insert(26, 0xFF);
    let table: Vec<(&str, &str, Vec<u8>)> = vec![
        ("file_empty", "text/csv", Vec::new()),
        ("file_too_many_lines", "text/csv", million.into_bytes()),
        ("file_damaged_utf8", "text/csv", damaged),
        ("file_not_a_table", "application/octet-stream", b"\x89PNG\r\n\x1a\n\0\0".to_vec()),
        ("file_old_excel", "application/octet-stream", b"\xD0\xCF\x11\xE0 and more".to_vec()),
        ("file_web_page", "text/csv", b"<html><table></table></html>".to_vec()),
        ("file_damaged_workbook", XLSX, b"PK\x03\x04 and nothing".to_vec()),
        ("file_quote_not_closed", "text/csv", "Имя;Телефон\n\"Анна;1\n".as_bytes().to_vec()),
        ("import_missing_columns", "text/csv", "Имя;Город\nАнна;Тверь\n".as_bytes().to_vec()),
    ];
    for (code, media_type, bytes) in table {
        let answer = send(&salon, &salon.token, CLIENTS, media_type, bytes).await;
        assert_eq!(wrong_fields(&answer), [format!("file: {code}")]);
    }
    let too_large = vec![b'a'; 20 * 1024 * 1024 + 1];
    let (status, refused, _) = send(&salon, &salon.token, CLIENTS, "text/csv", too_large).await;
    assert_eq!((status, &refused["code"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("too_large")));
    for media_type in ["application/json", "multipart/form-data", ""] {
        let (status, refused, _) =
            send(&salon, &salon.token, CLIENTS, media_type, "Имя;Телефон").await;
        assert_eq!(
            (status, &refused["code"]),
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, &json!("file_expected"))
        );
    }
    for query in ["", "kind=visits", "kind=clients&dry_run=maybe", "kind=clients&colour=red"] {
        let answer = send(&salon, &salon.token, query, "text/csv", "Имя;Телефон\nА;1").await;
        assert_eq!(wrong_fields(&answer), ["query: malformed"], "{query}");
    }
    let (_, clients, _) = salon.get("/clients").await;
    assert_eq!(clients["items"].as_array().unwrap().len(), 1, "nothing landed");
}

#[tokio::test]
async fn other_bodies_keep_their_limit() {
    let salon = Salon::open().await;
    let mut body = salon.booking("2026-03-05T15:00");
    body["note"] = json!("н".repeat(200 * 1024));
    let (status, refused, _) = salon.book(body).await;
    assert_eq!((status, &refused["code"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("too_large")));
}

#[tokio::test]
async fn numbers_without_a_plus_are_read_in_the_way_of_the_organizations_country() {
    let salon = Salon::open().await;
    let (_, organization, _) = salon.get("/organization").await;
    let abroad = json!({ "version": organization["version"], "country": "DE" });
    assert_eq!(salon.patch("/organization", abroad).await.0, StatusCode::OK);
    let landed = report(&salon, CLIENTS, "Имя;Телефон\nAnna;030 123456\n".to_owned()).await;
    assert_eq!(counts(&landed), [1, 0, 0], "{landed}");
    assert_eq!(client(&salon, "30123456").await["phone"], "+4930123456");
}
