//! Importing appointments through the API.

use super::test_files::{XLSX, counts, problems, report, send, windows_1251, workbook};
use crate::appointments::test_salon::Salon;
use crate::test_server::wrong_fields;
use axum::http::StatusCode;
use serde_json::{Value, json};

const VISITS: &str = "kind=appointments&dry_run=false";
const SEEN: &str = "kind=appointments";

const FILE: &str = "\
ID;Клиент;Телефон;Дата и время;Мастер;Услуга;Статус;Длительность
v1;Анна;8 (926) 000-00-01;05.03.2026 15:00;ольга;СТРИЖКА;ожидает;60
v2;Мария;8 916 123-45-67;06.03.2026 10:00;Ольга;Стрижка;подтвердил;60
v3;Вера;+7 926 000 00 02;20.02.2026 12:00;Ольга;Стрижка;пришёл;90
v4;Вера;89260000002;07.03.2026 12:00;Ольга;Стрижка;отменена;60
";

async fn of_branch(salon: &Salon) -> Vec<Value> {
    let query = format!("branch_id={}&from=2026-02-10&to=2026-04-10", salon.branch);
    let (status, list, _) = salon.get(&format!("/appointments?{query}")).await;
    assert_eq!(status, StatusCode::OK, "{list}");
    list["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_dry_run_says_what_would_land_and_changes_nothing() {
    let salon = Salon::open().await;
    let (_, clients, _) = salon.get("/clients").await;
    let seen = report(&salon, SEEN, FILE).await;
    assert_eq!(seen["dry_run"], true, "dry is the default");
    assert_eq!(
        (counts(&seen), &seen["lines"], &seen["new_clients"]),
        ([4, 0, 0], &json!(4), &json!(2))
    );
    assert_eq!(of_branch(&salon).await, Vec::<Value>::new());
    assert_eq!(salon.get("/clients").await.1, clients);

    let landed = report(&salon, VISITS, FILE).await;
    let mut expected = seen.clone();
    expected["dry_run"] = json!(false);
    assert_eq!(landed, expected, "the dry run told the truth");
}

#[tokio::test]
async fn visits_land_with_their_statuses_and_the_same_file_changes_nothing() {
    let salon = Salon::open().await;
    report(&salon, VISITS, windows_1251(FILE)).await;
    let visits = of_branch(&salon).await;
    let lines: Vec<String> = visits
        .iter()
        .map(|visit| {
            assert_eq!(
                (&visit["source"], &visit["staff_id"]),
                (&json!("import"), &json!(salon.staff))
            );
            assert_eq!(visit["service_ids"], json!([salon.service]));
            let word = |name: &str| visit[name].as_str().unwrap_or("-").to_owned();
            format!(
                "{} {} {} {}",
                word("external_id"),
                word("start_local"),
                visit["duration_min"],
                word("status")
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            "v3 2026-02-20T12:00 90 arrived",
            "v1 2026-03-05T15:00 60 waiting",
            "v2 2026-03-06T10:00 60 confirmed",
            "v4 2026-03-07T12:00 60 cancelled",
        ]
    );
    assert_eq!(visits[2]["client_id"], salon.client, "found by phone");
    assert_eq!(visits[0]["client_id"], visits[3]["client_id"], "two lines of one new client");

    let again = report(&salon, VISITS, FILE).await;
    assert_eq!((counts(&again), &again["new_clients"]), ([0, 4, 0], &json!(0)));
    assert_eq!(of_branch(&salon).await, visits);

    // What staff changed since stays as they left it.
    let path = format!("/appointments/{}", visits[1]["id"].as_str().unwrap());
    salon.patch(&path, json!({ "version": 1, "start": "2026-03-05T18:00" })).await;
    let after = report(&salon, VISITS, FILE).await;
    assert_eq!(counts(&after), [0, 4, 0]);
    assert_eq!(problems(&after), ["2 ID: external_id_differs (warning)"]);
    assert_eq!(salon.get(&path).await.1["start_local"], "2026-03-05T18:00");
}

#[tokio::test]
async fn lines_without_ids_are_recognised_too() {
    let salon = Salon::open().await;
    let file = "Телефон;Имя;Начало;Мастер\n89260000001;Анна;05.03.2026 15:00;Ольга\n\
                89260000001;Анна;05.03.2026 15:00;Ольга\n89260000001;Анна;06.03.2026 15:00;Ольга\n";
    let first = report(&salon, VISITS, file).await;
    assert_eq!(counts(&first), [3, 0, 0]);
    assert_eq!(
        problems(&first),
        ["3 -: line_repeated (warning)", "3 Мастер: time_overlaps (warning)"]
    );
    // Also after a visit was moved by hand.
    let visits = of_branch(&salon).await;
    let path = format!("/appointments/{}", visits[2]["id"].as_str().unwrap());
    let (status, ..) =
        salon.patch(&path, json!({ "version": 1, "start": "2026-03-08T11:00" })).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(counts(&report(&salon, VISITS, file).await), [0, 3, 0]);
    assert_eq!(counts(&report(&salon, SEEN, file).await), [0, 3, 0]);
}

#[tokio::test]
async fn nothing_is_sent_for_imported_visits_but_reminders_if_asked() {
    for (query, expected) in [
        (VISITS.to_owned(), vec![]),
        (
            format!("{VISITS}&reminders=true"),
            vec!["reminder at 2026-03-04T12:00:00Z", "reminder at 2026-03-05T07:00:00Z"],
        ),
    ] {
        let salon = Salon::open().await;
        salon.switch_on().await;
        report(&salon, &query, FILE).await;
        assert_eq!(salon.waiting_messages().await, expected, "{query}");
    }
}

#[tokio::test]
async fn good_lines_land_and_each_bad_one_is_named() {
    let salon = Salon::open().await;
    salon.booked(salon.booking("2026-03-05T15:00")).await;
    let file = "\
Клиент;Телефон;Дата;Время;Окончание;Мастер;Услуги;Филиал;Статус
Анна;8 926 000-00-01;05.03.2026;15:30;;Ольга;Стрижка;центр;
Анна;8 926 000;05.03.2026;19:00;;Ольга;Стрижка;Центр;
Анна;89260000001;31.02.2026;19:00;;Ольга;Стрижка;Центр;
Анна;89260000001;05.03.2026;19:00;;Ирина;Маникюр;Центр;
Анна;89260000001;05.03.2026;17:00;16:00;Ольга;Стрижка;Центр;
Анна;89260000001;05.03.2026;19:00;;Ольга;Стрижка;Север;
Анна;89260000001;05.03.2026;19:00;;Ольга;Стрижка;Центр;наверное
Анна;;06.03.2026;19:00;;Ольга;Стрижка;Центр;ожидает
";
    let landed = report(&salon, VISITS, file).await;
    assert_eq!(
        problems(&landed),
        [
            "2 Мастер: time_overlaps (warning)",
            "3 Телефон: phone_too_short",
            "4 Дата: start_unreadable",
            "5 Услуги: service_unknown",
            "5 Мастер: staff_unknown",
            "6 Окончание: end_not_after_start",
            "7 Филиал: branch_unknown",
            "8 Статус: status_unknown",
            "9 Телефон: phone_missing (warning)",
        ]
    );
    assert_eq!((counts(&landed), &landed["lines"]), ([2, 0, 6], &json!(8)));
    assert_eq!(of_branch(&salon).await.len(), 3);
    assert_eq!(landed["problems"][3]["value"], "Маникюр");
}

#[tokio::test]
async fn times_that_do_not_exist_are_lines_of_the_report() {
    let salon = Salon::open_on(crate::test_server::TestServer::new().await, "Europe/Berlin").await;
    let file = "Имя;Телефон;Начало\nАнна;+79260000001;29.03.2026 02:30\nАнна;+79260000001;29.03.2026 03:30\n";
    let landed = report(&salon, VISITS, file).await;
    assert_eq!(counts(&landed), [1, 0, 1]);
    let problem = &landed["problems"][0];
    assert_eq!((&problem["line"], &problem["code"]), (&json!(2), &json!("time_does_not_exist")));
    assert!(problem["detail"].as_str().unwrap().contains("2026-03-29 03:00"), "{problem}");
}

#[tokio::test]
async fn missing_masters_and_services_are_made_if_asked() {
    let salon = Salon::open().await;
    let file = "Телефон;Имя;Начало;Мастер;Услуги;Длительность\n\
                89260000001;Анна;05.03.2026 15:00;Ирина;Маникюр;90\n\
                89260000002;Вера;05.03.2026 17:00;ИРИНА;маникюр, Педикюр;\n";
    assert_eq!(counts(&report(&salon, VISITS, file).await), [0, 0, 2]);
    let query = format!("{VISITS}&create_missing=true");
    let dry = report(&salon, &format!("{SEEN}&create_missing=true"), file).await;
    assert_eq!((&dry["new_staff"], &dry["new_services"]), (&json!(1), &json!(2)));
    let landed = report(&salon, &query, file).await;
    assert_eq!(
        (counts(&landed), &landed["new_staff"], &landed["new_services"]),
        ([2, 0, 0], &json!(1), &json!(2))
    );
    let (_, services, _) = salon.get("/services").await;
    let lengths: Vec<(&str, i64)> = services["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|service| {
            (service["title"].as_str().unwrap(), service["duration_min"].as_i64().unwrap())
        })
        .collect();
    assert_eq!(lengths, [("Стрижка", 60), ("Маникюр", 90), ("Педикюр", 60)]);
    assert_eq!(of_branch(&salon).await[1]["duration_min"], 150, "the services together");

    let administrator = salon.server.administrator(&salon.token).await;
    let refused = send(&salon, &administrator, &query, "text/csv", file).await;
    assert_eq!(refused.0, StatusCode::FORBIDDEN);
    let allowed = send(&salon, &administrator, VISITS, "text/csv", file).await;
    assert_eq!((allowed.0, counts(&allowed.1)), (StatusCode::OK, [0, 2, 0]));
}

#[tokio::test]
async fn lines_without_a_branch_need_one_to_be_chosen() {
    let salon = Salon::open().await;
    let second = json!({ "name": "Север", "zone": "Asia/Yekaterinburg" });
    let second = salon.server.create("/api/v1/branches", &salon.token, second).await;
    let file = "Телефон;Имя;Начало\n89260000001;Анна;05.03.2026 15:00\n";
    assert_eq!(problems(&report(&salon, VISITS, file).await), ["2 -: branch_missing"]);
    let id = second["id"].as_str().unwrap();
    let landed = report(&salon, &format!("{VISITS}&branch_id={id}"), file).await;
    assert_eq!(counts(&landed), [1, 0, 0]);
    let (_, list, _) =
        salon.get(&format!("/appointments?branch_id={id}&from=2026-03-05&to=2026-03-06")).await;
    assert_eq!(list["items"][0]["starts_at"], "2026-03-05T10:00:00Z");
    let unknown = format!("{VISITS}&branch_id=brn_0000000000007");
    let answer = send(&salon, &salon.token, &unknown, "text/csv", file).await;
    assert_eq!(wrong_fields(&answer), ["branch_id: branch_unknown"]);
}

#[tokio::test]
async fn a_workbook_lands_under_a_mapping_of_its_own() {
    let salon = Salon::open().await;
    let book = workbook(&[
        &["Кто", "Номерок", "Когда"],
        &["Анна", "8 (926) 000-00-01", "05.03.2026 15:00"],
    ]);
    let no_mapping = send(&salon, &salon.token, VISITS, XLSX, book.clone()).await;
    assert_eq!(wrong_fields(&no_mapping), ["file: import_missing_columns"]);
    // {"name":"Кто","phone":"Номерок","start":"Когда"}
    let names = "%7B%22name%22:%22%D0%9A%D1%82%D0%BE%22,%22phone%22:%22%D0%9D%D0%BE%D0%BC%D0%B5%D1%80%D0%BE%D0%BA%22,%22start%22:%22%D0%9A%D0%BE%D0%B3%D0%B4%D0%B0%22%7D";
    let query = format!("{VISITS}&mapping={names}");
    let (status, landed, _) = send(&salon, &salon.token, &query, XLSX, book.clone()).await;
    assert_eq!((status, counts(&landed)), (StatusCode::OK, [1, 0, 0]), "{landed}");

    for (mapping, expected) in [
        ("%7B%22phone%22:%22X%22%7D", "mapping: import_no_such_column"),
        ("%7B%22colour%22:%22X%22%7D", "mapping: malformed"),
        ("phone", "mapping: malformed"),
    ] {
        let query = format!("{VISITS}&mapping={mapping}");
        let answer = send(&salon, &salon.token, &query, XLSX, book.clone()).await;
        assert_eq!(wrong_fields(&answer), [expected]);
    }
}
