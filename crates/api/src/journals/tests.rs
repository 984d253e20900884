//! Linking a branch over HTTP, with the simulated journal as the only kind.

use crate::test_server::{TestServer, wrong_fields};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;
use vestnik_app::journals::poll;
use vestnik_simulation::journal::{JournalBehaviour, NewRecord, SimulatedJournal};
use vestnik_testkit::{Database, on_every_database};

on_every_database![
    a_branch_is_linked_hears_of_a_record_and_is_unlinked,
    a_forged_webhook_is_refused_without_a_trace,
    what_cannot_be_linked_says_why,
    without_any_kind_the_answer_says_so,
];

const HINT: &str =
    r#"{"company_id": 4564, "resource": "record", "resource_id": 1, "status": "create"}"#;

struct Salon {
    server: TestServer,
    journal: Arc<SimulatedJournal>,
    owner: String,
    branch: String,
}

async fn salon(database: Database) -> Salon {
    let mut server = TestServer::on(database).await;
    let clock = Arc::clone(&server.state.app.clock);
    let journal = Arc::new(SimulatedJournal::new(clock, 1, JournalBehaviour::well()));
    journal.open("4564", "Стиль де Виль", "Europe/Moscow");
    journal.open("77", "Во Владивостоке", "Asia/Vladivostok");
    server.state.app = server.state.app.clone().with_journals(vec![journal.clone()]);
    let owner = server.sign_up("Veronika").await;
    let body = json!({ "name": "На Тверской", "zone": "Europe/Moscow" });
    let branch = server.create("/api/v1/branches", &owner, body).await;
    let branch = branch["id"].as_str().unwrap().to_owned();
    Salon { server, journal, owner, branch }
}

impl Salon {
    fn link(&self, kind: &str, location: &str) -> Value {
        json!({ "branch_id": self.branch, "kind": kind, "location_id": location })
    }

    async fn hook(&self, url: &str, body: &str) -> StatusCode {
        let path = url.split_once("8080").unwrap().1;
        let request = Request::post(path).body(Body::from(body.to_owned())).unwrap();
        self.server.send(request).await.0
    }
}

async fn a_branch_is_linked_hears_of_a_record_and_is_unlinked(database: Database) {
    let salon = salon(database).await;
    let (server, owner) = (&salon.server, salon.owner.as_str());
    let linked = server.create("/api/v1/journals", owner, salon.link("simulated", "4564")).await;
    assert_eq!(linked["state"], "active");
    assert_eq!(linked["location_title"], "Стиль де Виль");
    let app = &server.state.app;
    poll::run_once(app).await.unwrap();
    let record = NewRecord {
        client: Some(vestnik_domain::journal::JournalClient {
            id: None,
            name: "Ольга".to_owned(),
            phone: Some("+79161234567".to_owned()),
        }),
        staff: None,
        services: Vec::new(),
        start_local: "2026-03-05T15:00".parse().unwrap(),
        duration_min: 60,
        visit_id: None,
        online: false,
    };
    salon.journal.book("4564", record).unwrap();
    server.advance(jiff::SignedDuration::from_secs(5));
    let url = linked["webhook_url"].as_str().unwrap();
    assert_eq!(salon.hook(url, HINT).await, StatusCode::OK);
    poll::run_once(app).await.unwrap();
    let path =
        format!("/api/v1/appointments?branch_id={}&from=2026-03-05&to=2026-03-06", salon.branch);
    let (_, list, _) = server.get(&path, owner).await;
    assert_eq!(list["items"][0]["source"], "journal", "{list}");
    assert_eq!(list["items"][0]["external_id"], "simulated:4564:1");

    let id = linked["id"].as_str().unwrap();
    let unlink = format!("/api/v1/journals/{id}/unlink");
    for _ in 0..2 {
        let (status, answer, _) = server.post(&unlink, owner, json!({})).await;
        assert_eq!((status, &answer["state"]), (StatusCode::OK, &json!("unlinked")), "{answer}");
        assert_eq!(answer["webhook_url"], Value::Null);
    }
    assert_eq!(salon.hook(url, HINT).await, StatusCode::NOT_FOUND);
    let (_, audit, _) = server.get("/api/v1/audit", owner).await;
    let actions: Vec<&str> = audit["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["action"].as_str())
        .collect();
    assert!(actions.contains(&"journal.linked") && actions.contains(&"journal.unlinked"));
    server.create("/api/v1/journals", owner, salon.link("simulated", "4564")).await;
}

async fn a_forged_webhook_is_refused_without_a_trace(database: Database) {
    let salon = salon(database).await;
    let (server, owner) = (&salon.server, salon.owner.as_str());
    let linked = server.create("/api/v1/journals", owner, salon.link("simulated", "4564")).await;
    poll::run_once(&server.state.app).await.unwrap();
    server.advance(jiff::SignedDuration::from_secs(60));
    let path = format!("/api/v1/journals/{}", linked["id"].as_str().unwrap());
    let before = server.get(&path, owner).await.1;
    let url = linked["webhook_url"].as_str().unwrap();
    let guessed =
        format!("{}{}", &url[..url.len() - 1], if url.ends_with('0') { "1" } else { "0" });
    for (url, body, status) in [
        (guessed.as_str(), HINT, StatusCode::NOT_FOUND),
        (url, &HINT.replace("4564", "77"), StatusCode::UNAUTHORIZED),
        (url, "not even JSON", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(salon.hook(url, body).await, status, "{body}");
    }
    assert_eq!(server.get(&path, owner).await.1, before);
    assert_eq!(poll::run_once(&server.state.app).await.unwrap(), 0);
}

async fn what_cannot_be_linked_says_why(database: Database) {
    let salon = salon(database).await;
    let (server, owner) = (&salon.server, salon.owner.as_str());
    let refused =
        async |body: Value| wrong_fields(&server.post("/api/v1/journals", owner, body).await);
    assert_eq!(
        refused(
            json!({ "branch_id": "brn_0000000000001", "kind": "yclients", "location_id": "a:b" })
        )
        .await,
        ["branch_id: branch_unknown", "kind: journal_kind_unknown", "location_id: malformed"]
    );
    let (_, problem, _) = server.post("/api/v1/journals", owner, salon.link("x", "4564")).await;
    assert_eq!(problem["errors"][0]["detail"], "must be one of: simulated");
    assert_eq!(
        refused(salon.link("simulated", "4565")).await,
        ["location_id: journal_location_unknown"]
    );
    assert_eq!(refused(salon.link("simulated", "77")).await, ["branch_id: zone_differs"]);
    salon.journal.set_up(false);
    let answer = server.post("/api/v1/journals", owner, salon.link("simulated", "4564")).await;
    assert_eq!(
        (answer.0, &answer.1["code"]),
        (StatusCode::CONFLICT, &json!("journal_unreachable"))
    );
    salon.journal.set_up(true);
    server.create("/api/v1/journals", owner, salon.link("simulated", "4564")).await;
    let twice = server.post("/api/v1/journals", owner, salon.link("simulated", "4564")).await;
    assert_eq!((twice.0, &twice.1["code"]), (StatusCode::CONFLICT, &json!("branch_linked")));
    let desk = server.administrator(owner).await;
    let answer = server.get("/api/v1/journals", &desk).await;
    assert_eq!(answer.0, StatusCode::FORBIDDEN);
}

async fn without_any_kind_the_answer_says_so(database: Database) {
    let server = TestServer::on(database).await;
    let owner = server.sign_up("Veronika").await;
    let body = json!({ "name": "На Тверской", "zone": "Europe/Moscow" });
    let branch = server.create("/api/v1/branches", &owner, body).await;
    let body = json!({ "branch_id": branch["id"], "kind": "yclients", "location_id": "4564" });
    let answer = server.post("/api/v1/journals", &owner, body).await;
    assert_eq!(wrong_fields(&answer), ["kind: journal_kind_unknown"]);
    assert_eq!(answer.1["errors"][0]["detail"], "this installation knows no external journals yet");
}
