//! A file lands while the front desk works.

use super::test_files::{counts, report};
use crate::appointments::tests_races::salon_in_a_file;
use serde_json::Value;
use std::fmt::Write as _;
use std::sync::Arc;

/// Both touch the days of one master all the time; each decides anew whenever the other was faster.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_import_and_the_front_desk_lose_nothing_to_each_other() {
    let (salon, _folder) = salon_in_a_file("import").await;
    let mut file = "ID;Клиент;Телефон;Начало;Мастер;Услуга\n".to_owned();
    for number in 0..200 {
        let (day, hour) = (5 + number % 5, 9 + number % 10);
        let _ = writeln!(
            file,
            "v{number};Гость {number};+7926{number:07};{day:02}.03.2026 {hour:02}:00;Ольга;Стрижка"
        );
    }
    let desk = {
        let salon = Arc::clone(&salon);
        tokio::spawn(async move {
            for number in 0..40 {
                let day = 5 + number % 5;
                let mut body = salon.booking(&format!("2026-03-{day:02}T10:{number:02}"));
                body["force"] = Value::Bool(true);
                salon.booked(body).await;
            }
        })
    };
    let landed =
        report(&salon, "kind=appointments&dry_run=false&reminders=true", file.clone()).await;
    desk.await.unwrap();
    assert_eq!(counts(&landed), [200, 0, 0]);
    assert_eq!(landed["stopped_before_line"], Value::Null);
    let query = format!("branch_id={}&from=2026-03-05&to=2026-03-10", salon.branch);
    let (_, list, _) = salon.get(&format!("/appointments?{query}")).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 240);
    let again = report(&salon, "kind=appointments&dry_run=false", file).await;
    assert_eq!(counts(&again), [0, 200, 0]);
}
