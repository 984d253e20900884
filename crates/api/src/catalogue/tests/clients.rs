//! Clients: cards, search, consents.

use super::{id, stale_edit_is_refused};
use crate::test_server::{BEGINNING, TestServer, wrong_fields};
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/clients";

/// The names of what a query finds, newest first.
async fn found(server: &TestServer, token: &str, query: &str) -> Vec<String> {
    let (status, list, _) = server.get(&format!("{PATH}{query}"), token).await;
    assert_eq!(status, StatusCode::OK, "{query}: {list}");
    let items = list["items"].as_array().unwrap();
    items.iter().map(|client| client["name"].as_str().unwrap().to_owned()).collect()
}

/// Letters as they stand in an address.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn the_front_desk_makes_reads_and_changes_a_card() {
    let server = TestServer::new().await;
    let desk = server.administrator(&server.sign_up("Veronika").await).await;
    let body = json!({
        "name": " Ольга Петрова ", "phone": "8 (916) 123-45-67", "email": "Olga@Mail.example",
        "birthday": "1990-05-17", "note": "аллергия", "language": "en",
        "switches": { "kinds_off": ["reminder"] },
    });
    let made = server.create(PATH, &desk, body).await;
    let expected = json!({
        "id": id(&made), "version": 1, "name": "Ольга Петрова", "phone": "+79161234567",
        "email": "olga@mail.example", "birthday": "1990-05-17", "note": "аллергия",
        "language": "en", "switches": { "all_off": false, "kinds_off": ["reminder"] },
        "consents": {}, "external_id": null, "stopped_since": null, "created_at": BEGINNING,
        "archived_at": null,
    });
    assert_eq!(made, expected);

    let path = format!("{PATH}/{}", id(&made));
    let edit = json!({
        "version": 1, "phone": null, "email": null, "birthday": "--02-29", "language": null,
        "switches": { "all_off": true },
    });
    let (status, after, _) = server.patch(&path, &desk, edit).await;
    assert_eq!(status, StatusCode::OK, "{after}");
    assert_eq!(
        (&after["phone"], &after["email"], &after["language"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(after["birthday"], "--02-29");
    assert_eq!(after["switches"], json!({ "all_off": true, "kinds_off": ["reminder"] }));
    assert_eq!(after["note"], "аллергия", "what is absent stays");
    assert_eq!(server.get(&path, &desk).await.1, after);
    stale_edit_is_refused(&server, &desk, &path, "name").await;
}

#[tokio::test]
async fn numbers_without_a_plus_are_read_in_the_way_of_the_country() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let abroad = json!({ "version": 1, "country": "DE" });
    assert_eq!(server.patch("/api/v1/organization", &owner, abroad).await.0, StatusCode::OK);
    for (typed, stored) in [("030 123456", "+4930123456"), ("+7 916 123-45-67", "+79161234567")] {
        let made = server.create(PATH, &owner, json!({ "name": "Анна", "phone": typed })).await;
        assert_eq!(made["phone"], stored);
    }
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let client = |field: &str, value: Value| json!({ "name": "Анна", field: value });
    let table: [(Value, &[&str]); 16] = [
        (
            json!({ "name": "", "phone": "8916", "email": "anna", "birthday": "17.05.1990", "note": "я".repeat(2001) }),
            &[
                "name: required",
                "phone: phone_too_short",
                "email: email_malformed",
                "birthday: birthday_malformed",
                "note: too_long",
            ],
        ),
        (client("phone", json!("+7 916 123-45-678")), &["phone: phone_too_long"]),
        (client("phone", json!("8 (999) 1234567 доб. 5")), &["phone: phone_extension"]),
        (
            client("phone", json!("+7 916 123-45-67, +7 916 123-45-68")),
            &["phone: phone_two_numbers"],
        ),
        (client("phone", json!(79_161_234_567_i64)), &["phone: malformed"]),
        (client("birthday", json!("1999-02-29")), &["birthday: birthday_malformed"]),
        (client("birthday", json!("1899-12-31")), &["birthday: birthday_out_of_range"]),
        (client("birthday", json!("2026-03-04")), &["birthday: birthday_out_of_range"]),
        (client("language", json!("de")), &["language: malformed"]),
        (
            client("switches", json!({ "kinds_off": ["remind"] })),
            &["switches.kinds_off[0]: malformed"],
        ),
        (client("switches", json!({ "all_off": "yes" })), &["switches.all_off: malformed"]),
        (client("phones", json!("+79161234567")), &["phones: malformed"]),
        (client("consents", json!({})), &["consents: malformed"]),
        (client("name\u{0}", json!(1)), &["name\u{0}: malformed"]),
        (json!({}), &[": malformed"]),
        (json!([]), &[": malformed"]),
    ];
    for (body, expected) in table {
        let answer = server.post(PATH, &owner, body.clone()).await;
        assert_eq!(wrong_fields(&answer), expected, "{body}");
    }
    let born_today = json!({ "name": "Малыш", "birthday": "2026-03-02" });
    let made = server.create(PATH, &owner, born_today).await;
    assert_eq!(found(&server, &owner, "").await, ["Малыш"], "nothing was half-done");

    let path = format!("{PATH}/{}", id(&made));
    let edits: [(Value, &[&str]); 4] = [
        (json!({ "version": 1, "phone": "12" }), &["phone: phone_too_short"]),
        (json!({ "version": 1, "name": null }), &["name: malformed"]),
        (json!({ "version": 1, "note": "\u{1b}[2J" }), &["note: control_characters"]),
        (json!({ "version": "1" }), &["version: malformed"]),
    ];
    for (body, expected) in edits {
        let answer = server.patch(&path, &owner, body.clone()).await;
        assert_eq!(wrong_fields(&answer), expected, "{body}");
    }
    assert_eq!(server.get(&path, &owner).await.1, made);
}

#[tokio::test]
async fn one_number_makes_a_second_card_only_when_asked_to() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let mother = json!({ "name": "Ольга", "phone": "+79161234567" });
    let first = server.create(PATH, &owner, mother).await;
    let mut daughter = json!({ "name": "Маша", "phone": "8 916 123 45 67" });
    let (status, problem, _) = server.post(PATH, &owner, daughter.clone()).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("client_exists")));
    assert!(problem["detail"].as_str().unwrap().contains(id(&first)));
    daughter["allow_duplicate"] = json!(true);
    let second = server.create(PATH, &owner, daughter).await;

    let other = server.create(PATH, &owner, json!({ "name": "Вера" })).await;
    let path = format!("{PATH}/{}", id(&other));
    let edit = json!({ "version": 1, "phone": "+79161234567" });
    let (status, problem, _) = server.patch(&path, &owner, edit).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("client_exists")));

    // A card that shares its number already may be edited without asking again.
    let path = format!("{PATH}/{}", id(&second));
    let edit = json!({ "version": 1, "phone": "+7 916 123-45-67", "note": "дочь" });
    assert_eq!(server.patch(&path, &owner, edit).await.0, StatusCode::OK);

    // An archived card leaves its number to others.
    for client in [&first, &second] {
        let archive = format!("{PATH}/{}/archive", id(client));
        let (status, archived, _) = server.post(&archive, &owner, json!({})).await;
        assert_eq!((status, archived["archived_at"].is_string()), (StatusCode::OK, true));
        assert_eq!(server.post(&archive, &owner, json!({})).await.1, archived);
        let by_id = format!("{PATH}/{}", id(client));
        assert_eq!(server.get(&by_id, &owner).await.1, archived);
    }
    server.create(PATH, &owner, json!({ "name": "Новая", "phone": "+79161234567" })).await;
    assert_eq!(found(&server, &owner, "").await, ["Новая", "Вера"]);
}

#[tokio::test]
async fn a_part_of_the_number_or_of_the_name_finds_the_card() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    for (name, phone) in [
        ("Алёна Котова", Some("+79161234567")),
        ("Пётр 100%", Some("+79268916000")),
        ("Без номера", None),
    ] {
        server.create(PATH, &owner, json!({ "name": name, "phone": phone })).await;
    }
    let table: [(&str, &[&str]); 10] = [
        ("4567", &["Алёна Котова"]),
        ("45-67", &["Алёна Котова"]),
        ("8 (916) 123", &["Алёна Котова"]),
        ("8916", &["Пётр 100%", "Алёна Котова"]),
        ("алена", &["Алёна Котова"]),
        ("КОТ", &["Алёна Котова"]),
        ("р 100%", &["Пётр 100%"]),
        ("р_100", &[]),
        ("0000000", &[]),
        ("  ", &["Без номера", "Пётр 100%", "Алёна Котова"]),
    ];
    for (typed, expected) in table {
        let query = format!("?search={}", encoded(typed));
        assert_eq!(found(&server, &owner, &query).await, expected, "{typed}");
    }
    let answer = server.get(&format!("{PATH}?search=5"), &owner).await;
    assert_eq!(wrong_fields(&answer), ["search: search_too_short"]);
}

#[tokio::test]
async fn lists_come_page_by_page() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    for number in 1..=5 {
        let body =
            json!({ "name": format!("Клиент {number}"), "phone": format!("+7916000890{number}") });
        server.create(PATH, &owner, body).await;
    }
    for search in ["", "&search=8900", "&search=890", "&search=%D0%BA%D0%BB%D0%B8"] {
        let mut names = Vec::new();
        let mut pages = 0;
        let mut before = String::new();
        loop {
            let path = format!("{PATH}?limit=2{search}{before}");
            let (status, page, _) = server.get(&path, &owner).await;
            assert_eq!(status, StatusCode::OK, "{page}");
            pages += 1;
            let items = page["items"].as_array().unwrap();
            names.extend(items.iter().map(|client| client["name"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => before = format!("&before={next}"),
                None => break,
            }
        }
        let expected: Vec<String> =
            (1..=5).rev().map(|number| format!("Клиент {number}")).collect();
        match search {
            "&search=8900" => assert_eq!(names, Vec::<String>::new()),
            _ => assert_eq!((names, pages), (expected, 3), "{search}"),
        }
    }
    for query in ["?limit=many", "?before=abc", "?befor=cli_0000000000001"] {
        let answer = server.get(&format!("{PATH}{query}"), &owner).await;
        assert_eq!(wrong_fields(&answer), ["query: malformed"], "{query}");
    }
}

#[tokio::test]
async fn consents_carry_our_time_and_stand_in_the_audit() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let desk = server.administrator(&owner).await;
    let made = server.create(PATH, &desk, json!({ "name": "Ольга" })).await;
    let path = format!("{PATH}/{}/consents/advertising", id(&made));
    let given = json!({ "given": true, "source": "front_desk", "text_hash": "ab12" });
    let (status, after, _) = server.put(&path, &desk, given).await;
    assert_eq!(status, StatusCode::OK, "{after}");
    let kept =
        json!({ "given": true, "at": BEGINNING, "source": "front_desk", "text_hash": "ab12" });
    assert_eq!(after["consents"], json!({ "advertising": kept }));

    server.advance(SignedDuration::from_hours(1));
    let (_, after, _) =
        server.put(&path, &desk, json!({ "given": false, "source": "reply" })).await;
    assert_eq!(after["consents"]["advertising"]["at"], "2026-03-02T10:00:00Z");
    let (_, audit, _) = server.get("/api/v1/audit?limit=1", &owner).await;
    let entry = &audit["items"][0];
    assert_eq!(entry["action"], "client.consent_recorded");
    assert_eq!(entry["subject"], made["id"]);
    assert_eq!(entry["changes"]["advertising"]["from"]["given"], true);
    assert_eq!(entry["changes"]["advertising"]["to"]["given"], false);

    let table: [(Value, &[&str]); 3] = [
        (
            json!({ "given": true, "source": "phone", "text_hash": "a".repeat(129) }),
            &["source: source_unknown", "text_hash: too_long"],
        ),
        (json!({ "source": "api" }), &[": malformed"]),
        (json!({ "given": true, "source": "api", "at": BEGINNING }), &["at: malformed"]),
    ];
    for (body, expected) in table {
        let answer = server.put(&path, &desk, body.clone()).await;
        assert_eq!(wrong_fields(&answer), expected, "{body}");
    }
    let unknown = format!("{PATH}/{}/consents/gossip", id(&made));
    let answer = server.put(&unknown, &desk, json!({ "given": true, "source": "api" })).await;
    assert_eq!(answer.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_a_word() {
    use axum::body::Body;
    use axum::http::{Request, header};
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let table: [(&str, Vec<u8>, StatusCode, &str); 6] = [
        ("text/plain", b"{}".to_vec(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "json_expected"),
        ("application/json", b"{\"name\":".to_vec(), StatusCode::BAD_REQUEST, "json_malformed"),
        ("application/json", b"".to_vec(), StatusCode::BAD_REQUEST, "json_malformed"),
        (
            "application/json",
            b"{\"name\":\"a\"} {}".to_vec(),
            StatusCode::BAD_REQUEST,
            "json_malformed",
        ),
        ("application/json", vec![b'"', 0xcf, 0xf0, b'"'], StatusCode::BAD_REQUEST, "not_utf8"),
        ("application/json", vec![b' '; 300 * 1024], StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
    ];
    for (content_type, body, status, code) in table {
        let request = Request::builder()
            .method("POST")
            .uri(PATH)
            .header(header::AUTHORIZATION, format!("Bearer {owner}"))
            .header(header::CONTENT_TYPE, content_type)
            .body(Body::from(body));
        let (answered, problem, headers) = server.send(request.unwrap()).await;
        assert_eq!((answered, problem["code"].as_str().unwrap()), (status, code));
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
    }
    for path in ["cli_0000000000001", "brn_0000000000001", "1", "%FF", "%27%20OR%201=1"] {
        let (status, problem, _) = server.get(&format!("{PATH}/{path}"), &owner).await;
        assert_eq!(
            (status, &problem["code"]),
            (StatusCode::NOT_FOUND, &json!("not_found")),
            "{path}"
        );
    }
}
