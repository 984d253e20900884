use crate::test_server::{TestServer, wrong_fields};
use axum::http::StatusCode;
use serde_json::{Value, json};

const TEMPLATES: &str = "/api/v1/templates";
const SABY: &str = "Вы записаны [Дата] в [Время] в Салон \"[Салон]\"";

fn created(text: &str) -> Value {
    json!({ "kind": "created", "language": "ru", "text": text })
}

/// The text in force for «created» in Russian, and where it comes from.
async fn in_force(server: &TestServer, token: &str, branch: Option<&str>) -> (String, String) {
    let query = branch.map(|id| format!("?branch_id={id}")).unwrap_or_default();
    let (status, body, _) = server.get(&format!("{TEMPLATES}{query}"), token).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let items = body["items"].as_array().unwrap();
    let mut found = items
        .iter()
        .filter(|one| one["kind"] == "created" && one["variant"] == "" && one["language"] == "ru");
    let one = found.next().unwrap();
    assert!(found.next().is_none());
    (one["text"].as_str().unwrap().to_owned(), one["origin"].as_str().unwrap().to_owned())
}

async fn branch(server: &TestServer, token: &str) -> String {
    let body = json!({
        "name": "На Тверской", "commercial_name": "Стиль де Виль", "address": "Тверская, 12",
        "zone": "Europe/Moscow",
    });
    server.create("/api/v1/branches", token, body).await["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_example_of_saby_is_saved_and_reads_as_it_should() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Saby").await;
    let branch = branch(&server, &owner).await;
    let (status, body, _) = server.put(TEMPLATES, &owner, created(SABY)).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!((&body["text"], &body["is_own"]), (&json!(SABY), &json!(true)));
    let preview = json!({ "kind": "created", "branch_id": branch });
    let (status, body, _) = server.post("/api/v1/templates/preview", &owner, preview).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(body["text"], "Вы записаны 25.12.19 в 15:00 в Салон \"Стиль де Виль\"");
    assert_eq!((&body["sms"]["parts"], &body["sms"]["encoding"]), (&json!(1), &json!("ucs2")));
    assert_eq!(body["transliteration"], Value::Null);
}

#[tokio::test]
async fn every_problem_of_a_text_is_named() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Strict").await;
    for (text, wrong, words) in [
        ("Ждём вас в [Время]", "text: missing_required_variable", "[Дата]"),
        ("%DATE% {в %TIME%}", "text: missing_required_variable", "[Время]"),
        ("[Дата] в [Врeмя]", "text: unknown_variable", "[Время]"),
        ("%DATE% %HOURMINUTS%", "text: unknown_variable", "%HOURMINUTES%"),
        ("[Дата] в [Время", "text: unclosed_variable", "[Время]"),
    ] {
        let answer = server.put(TEMPLATES, &owner, created(text)).await;
        assert_eq!(wrong_fields(&answer), [wrong], "{text}");
        assert!(answer.1["errors"][0]["title"].as_str().unwrap().contains(words), "{}", answer.1);
    }
    let answer = server.put(TEMPLATES, &owner, created("")).await;
    let missing = "text: missing_required_variable";
    assert_eq!(wrong_fields(&answer), ["text: empty_text", missing, missing]);
    let answer = server.put(TEMPLATES, &owner, created(&"[".repeat(1001))).await;
    assert_eq!(wrong_fields(&answer), ["text: too_long"]);
    let long = format!("[Дата] [Время] {}", "ы [Визиты]".repeat(90));
    assert_eq!(
        wrong_fields(&server.put(TEMPLATES, &owner, created(&long)).await),
        ["text: too_long"]
    );
    assert_eq!(in_force(&server, &owner, None).await.1, "standard");
}

#[tokio::test]
async fn an_organization_locks_more_variables() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Locks").await;
    let settings = "/api/v1/notification-settings";
    let (_, before, _) = server.get(settings, &owner).await;
    let lock = json!({
        "generation": before["generation"],
        "locked_variables": { "created": ["staff", "address"], "changed": ["stuff"] },
    });
    let answer = server.patch(settings, &owner, lock).await;
    assert_eq!(wrong_fields(&answer), ["locked_variables.changed: variable_unknown"]);
    let lock = json!({
        "generation": before["generation"], "locked_variables": { "created": ["staff"] },
    });
    let (status, after, _) = server.patch(settings, &owner, lock).await;
    assert_eq!(status, StatusCode::OK, "{after}");
    assert_eq!(after["locked_variables"], json!({ "created": ["staff"] }));

    let answer = server.put(TEMPLATES, &owner, created(SABY)).await;
    assert_eq!(wrong_fields(&answer), ["text: missing_required_variable"]);
    let title = answer.1["errors"][0]["title"].as_str().unwrap();
    assert!(title.contains("[Мастер]"), "{title}");
    for text in ["[Дата] [Время], [Мастер]", "Ждём вас: [Визиты]"] {
        let (status, body, _) = server.put(TEMPLATES, &owner, created(text)).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        assert_eq!(body["required"], json!(["date", "time", "staff"]));
    }
    let unlock = json!({
        "generation": after["generation"], "locked_variables": { "created": [] },
    });
    let (status, unlocked, _) = server.patch(settings, &owner, unlock).await;
    assert_eq!((status, &unlocked["locked_variables"]), (StatusCode::OK, &json!({})));
    assert_eq!(server.put(TEMPLATES, &owner, created(SABY)).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_place_that_is_not_there_is_named() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Place").await;
    let stranger = server.sign_up("Stranger").await;
    let branch = branch(&server, &stranger).await;
    let mut body = created(SABY);
    body["variant"] = json!("1d");
    body["channel"] = json!("pigeon");
    body["branch_id"] = json!(branch);
    let answer = server.put(TEMPLATES, &owner, body.clone()).await;
    let wrong =
        ["variant: variant_unknown", "channel: channel_unknown", "branch_id: branch_unknown"];
    assert_eq!(wrong_fields(&answer), wrong);
    body["variant"] = json!("soon");
    assert_eq!(wrong_fields(&server.put(TEMPLATES, &owner, body).await), wrong[..1]);
    for path in ["?branch_id=", "?kind=created&language=ru&branch_id="] {
        let path = format!("{TEMPLATES}{path}{branch}");
        let answer = match path.contains("kind") {
            true => server.delete(&path, &owner).await,
            false => server.get(&path, &owner).await,
        };
        assert_eq!(answer.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_branch_overrides_and_goes_back() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Override").await;
    let branch = branch(&server, &owner).await;
    let standard = in_force(&server, &owner, None).await;
    assert_eq!(standard.1, "standard");
    let mut own = created("Ждём вас [Дата] в [Время] на Тверской");
    own["branch_id"] = json!(branch);
    server.put(TEMPLATES, &owner, created(SABY)).await;
    let (_, body, _) = server.put(TEMPLATES, &owner, own.clone()).await;
    assert_eq!((&body["origin"], &body["is_own"]), (&json!("branch"), &json!(true)));
    // A second save of the same place takes the first one's place.
    own["text"] = json!("Ждём: [Визиты]");
    server.put(TEMPLATES, &owner, own).await;
    let branchs = ("Ждём: [Визиты]".to_owned(), "branch".to_owned());
    let organizations = (SABY.to_owned(), "organization".to_owned());
    assert_eq!(in_force(&server, &owner, Some(&branch)).await, branchs);
    assert_eq!(in_force(&server, &owner, None).await, organizations);

    let place = format!("{TEMPLATES}?kind=created&language=ru");
    for _ in 0..2 {
        let (status, body, _) = server.delete(&format!("{place}&branch_id={branch}"), &owner).await;
        assert_eq!((status, &body["origin"]), (StatusCode::OK, &json!("organization")));
    }
    assert_eq!(in_force(&server, &owner, Some(&branch)).await, organizations);
    let (_, body, _) = server.delete(&place, &owner).await;
    assert_eq!((&body["origin"], &body["text"]), (&json!("standard"), &body["standard_text"]));
    assert_eq!(in_force(&server, &owner, Some(&branch)).await, standard);

    let (_, audit, _) = server.get("/api/v1/audit", &owner).await;
    let actions = audit["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["action"].as_str().unwrap().starts_with("template."));
    assert_eq!(actions.count(), 5);
}

#[tokio::test]
async fn administrators_read_and_owners_write() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Roles").await;
    let desk = server.administrator(&owner).await;
    assert_eq!(server.get(TEMPLATES, &desk).await.0, StatusCode::OK);
    assert_eq!(server.put(TEMPLATES, &desk, created(SABY)).await.0, StatusCode::FORBIDDEN);
    let place = format!("{TEMPLATES}?kind=created&language=ru");
    assert_eq!(server.delete(&place, &desk).await.0, StatusCode::FORBIDDEN);
    let preview = json!({ "kind": "created", "text": SABY });
    let (status, ..) = server.post("/api/v1/templates/preview", &desk, preview).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(server.get(TEMPLATES, "").await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_preview_speaks_of_the_real_appointment() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Preview").await;
    let branch = branch(&server, &owner).await;
    let client = json!({ "name": "Анна", "phone": "+79161234567" });
    let client = server.create("/api/v1/clients", &owner, client).await;
    let appointment = json!({
        "client_id": client["id"], "branch_id": branch, "start": "2026-03-05T11:30",
        "service_ids": [],
    });
    let appointment = server.create("/api/v1/appointments", &owner, appointment).await;
    let id = &appointment["id"];
    let preview = async |body: Value| server.post("/api/v1/templates/preview", &owner, body).await;

    let (_, body, _) = preview(json!({ "kind": "created", "appointment_id": id })).await;
    assert_eq!(body["text"], "Вы записаны 05.03.26 в 11:30. Стиль де Виль, Тверская, 12");
    let draft = json!({ "kind": "created", "appointment_id": id, "language": "en",
        "text": "[Name], see you [Date] %TIME%, [Service], [Master]" });
    let (_, body, _) = preview(draft).await;
    assert_eq!(body["text"], "Анна, see you 5 Mar 2026 11:30, visit, our specialist");
    let listed = json!({ "kind": "reminder", "variant": "visits", "appointment_id": id });
    let (_, body, _) = preview(listed).await;
    insta::assert_snapshot!(body["text"].as_str().unwrap(), @"Напоминаем о записи 05.03.26 в 11:30. Стиль де Виль, Тверская, 12. Изменить: https://vestnik.example/v/8fK2mQ7x");
    let draft = json!({ "kind": "changed", "variant": "moved", "appointment_id": id,
        "text": "[Прежняя дата], [Дата] [Время]" });
    assert_eq!(wrong_fields(&preview(draft).await), ["text: no_value"]);
    let unknown = json!({ "kind": "created", "appointment_id": "apt_0000000000000" });
    assert_eq!(wrong_fields(&preview(unknown).await), ["appointment_id: appointment_unknown"]);
}

#[tokio::test]
async fn latin_letters_are_offered_where_they_are_cheaper() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Latin").await;
    let body = json!({ "kind": "reminder", "variant": "1d" });
    let (_, body, _) = server.post("/api/v1/templates/preview", &owner, body).await;
    assert_eq!(body["sms"]["parts"], 2);
    assert_eq!(body["transliteration"]["sms"]["parts"], 1);
    assert!(body["transliteration"]["text"].as_str().unwrap().starts_with("Napominaem o zapisi"));
}

#[tokio::test]
async fn variables_are_listed_with_all_their_spellings() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Words").await;
    let (status, body, _) = server.get("/api/v1/template-variables", &owner).await;
    assert_eq!(status, StatusCode::OK);
    let time = body["items"].as_array().unwrap().iter().find(|one| one["name"] == "time").unwrap();
    assert_eq!(time["spellings"], json!(["[Время]", "[Time]", "%HOURMINUTES%", "%TIME%"]));
    assert_eq!((&time["example"], &time["fallback"]), (&json!("15:00"), &Value::Null));
}
