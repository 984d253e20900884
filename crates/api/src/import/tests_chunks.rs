//! The size of a chunk decides how fast a file lands, and nothing else.

use crate::appointments::test_salon::Salon;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use vestnik_app::Caller;
use vestnik_app::import::RowKind;
use vestnik_app::import_run::{
    ImportOptions, ImportReport, home_region, import_in_chunks, read_file,
};
use vestnik_domain::access::{Actor, Role};
use vestnik_domain::ids::OrganizationId;
use vestnik_testkit::Chance;

/// A line a commit, chunks that end anywhere, the whole file at once.
const SIZES: [usize; 4] = [1, 7, 16, 10_000];
const LINES: usize = 60;

async fn caller(salon: &Salon) -> Caller {
    let (_, organization, _) = salon.get("/organization").await;
    let organization_id: OrganizationId = organization["id"].as_str().unwrap().parse().unwrap();
    Caller { organization_id, role: Role::Owner, actor: Actor::System }
}

async fn land(
    salon: &Salon,
    kind: RowKind,
    file: &str,
    chunk_rows: usize,
    dry_run: bool,
) -> ImportReport {
    let (app, caller) = (&salon.server.state.app, caller(salon).await);
    let region = home_region(app, &caller).await.unwrap();
    let rows = read_file(kind, file.as_bytes(), None, &BTreeMap::new(), region).unwrap();
    let options = ImportOptions {
        dry_run,
        reminders: true,
        create_missing: true,
        ..ImportOptions::default()
    };
    import_in_chunks(app, &caller, rows, options, chunk_rows).await.unwrap()
}

/// Everything that can be seen of the journal, but for ids.
async fn seen(salon: &Salon) -> Vec<String> {
    let query = format!("branch_id={}&from=2026-02-20&to=2026-03-20", salon.branch);
    let (_, visits, _) = salon.get(&format!("/appointments?{query}")).await;
    let (_, clients, _) = salon.get("/clients").await;
    let name_of = |id: &serde_json::Value| {
        let card = clients["items"].as_array().unwrap().iter().find(|card| card["id"] == *id);
        card.map(|card| format!("{} {}", card["name"], card["phone"]))
    };
    let mut seen: Vec<String> = visits["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|visit| {
            let told = ["start_local", "duration_min", "status", "external_id", "version"];
            let told = told.map(|name| visit[name].to_string()).join(" ");
            format!("{told} {:?} {:?}", name_of(&visit["client_id"]), visit["staff_id"].is_string())
        })
        .collect();
    for card in clients["items"].as_array().unwrap() {
        let told = ["name", "phone", "email", "note", "external_id", "version"];
        seen.push(told.map(|name| card[name].to_string()).join(" "));
    }
    seen.extend(salon.waiting_messages().await);
    seen.sort();
    seen
}

/// Few people, masters and hours, so that lines meet in everything that they can meet in.
fn visits(chance: &mut Chance) -> String {
    let mut file = "ID;Клиент;Телефон;Начало;Длительность;Мастер;Услуга;Статус\n".to_owned();
    for _ in 0..LINES {
        let id = if chance.percent(50) { format!("v{}", chance.below(40)) } else { String::new() };
        let person = chance.below(8);
        let phone = if chance.percent(80) { format!("+7926000000{person}") } else { String::new() };
        // Before, around and after now, also over midnight.
        let (day, hour) = (1 + chance.below(5), chance.below(24));
        let minutes = chance.one_of(&["30", "60", "300", ""]);
        let master = chance.one_of(&["Ольга", "ольга", "Ирина", ""]);
        let service = chance.one_of(&["Стрижка", "Маникюр", ""]);
        let status = chance.one_of(&["ожидает", "ожидает", "отменена", "что-то"]);
        let _ = writeln!(
            file,
            "{id};Гость {person};{phone};{day:02}.03.2026 {hour:02}:00;{minutes};{master};{service};{status}"
        );
    }
    file
}

fn cards(chance: &mut Chance) -> String {
    let mut file = "ID;Имя;Телефон;Почта;Комментарий\n".to_owned();
    for _ in 0..LINES {
        let id = if chance.percent(50) { format!("c{}", chance.below(12)) } else { String::new() };
        let person = chance.below(10);
        let phone = if chance.percent(70) { format!("+7926000000{person}") } else { String::new() };
        let email =
            if chance.percent(30) { format!("g{person}@example.com") } else { String::new() };
        let note = chance.one_of(&["", "любит кофе"]);
        let _ = writeln!(file, "{id};Гость {person};{phone};{email};{note}");
    }
    file
}

#[tokio::test]
async fn a_file_comes_to_the_same_whatever_the_size_of_its_chunks() {
    for seed in 0..6 {
        for kind in [RowKind::Appointments, RowKind::Clients] {
            let chance = &mut Chance::new(seed);
            let file = match kind {
                RowKind::Appointments => visits(chance),
                RowKind::Clients => cards(chance),
            };
            let mut by_line = None;
            for size in SIZES {
                let salon = Salon::open().await;
                salon.switch_on().await;
                let mut taken = salon.booking("2026-03-03T12:30");
                taken["force"] = json!(true);
                salon.booked(taken).await;
                let dry = land(&salon, kind, &file, size, true).await;
                let landed = land(&salon, kind, &file, size, false).await;
                let told = ImportReport { dry_run: false, ..dry };
                assert_eq!(told, landed, "the dry run told the truth: {seed}, {size}\n{file}");
                let first = seen(&salon).await;
                let again = land(&salon, kind, &file, size, false).await;
                if kind == RowKind::Appointments {
                    assert_eq!(again.landed, 0, "{seed}, {size}\n{file}");
                }
                let came = (landed, first, again, seen(&salon).await);
                let expected = by_line.get_or_insert_with(|| came.clone());
                assert_eq!(came, *expected, "by chunks of {size}: {seed}\n{file}");
            }
        }
    }
}
