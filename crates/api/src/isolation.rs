//! No organization sees or touches another's data (I9): every operation that the served OpenAPI
//! document names is called by a stranger with the first organization's ids. What a new operation
//! must answer stands in `isolation/cases.rs`; without a case this test fails and names it.

mod cases;
pub(crate) mod first_organization;

use crate::openapi;
use crate::test_server::{Answer, TestServer};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use cases::{CASES, Case, OPEN_TO_ALL, OPERATORS, Stranger};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Who calls: browsers by cookie, programs by token.
#[derive(Default)]
struct Credentials {
    cookie: String,
    token: String,
}

/// The first organization's ids by the names that the cases use: `{branch}`.
pub(crate) type Ids = BTreeMap<&'static str, String>;

/// `GET /api/v1/branches/{id}` of everything in the document, with its operation.
fn operations(document: &Value) -> BTreeMap<String, &Value> {
    let mut operations = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                operations.insert(format!("{} {path}", method.to_uppercase()), operation);
            }
        }
    }
    operations
}

fn fill(text: &str, ids: &Ids) -> String {
    ids.iter().fold(text.to_owned(), |text, (name, id)| text.replace(&format!("{{{name}}}"), id))
}

async fn call(server: &TestServer, case: &Case, ids: &Ids, who: &Credentials) -> Answer {
    let (method, _) = case.operation.split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(fill(case.path, ids));
    // Sessions belong to browsers: a token has none.
    if case.path.contains("/sessions") {
        request = request.header(header::COOKIE, &who.cookie);
    } else if !who.token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", who.token));
    }
    let body = match case.body {
        "" => Body::empty(),
        body => {
            let is_json = body.starts_with('{');
            let media_type = if is_json { "application/json" } else { "text/csv" };
            request = request.header(header::CONTENT_TYPE, media_type);
            Body::from(fill(body, ids))
        }
    };
    server.send(request.body(body).unwrap()).await
}

/// Everything that the first organization can read, by path.
async fn everything(server: &TestServer, ids: &Ids, who: &Credentials) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for case in CASES.iter().filter(|case| case.operation.starts_with("GET ")) {
        let (status, body, _) = call(server, case, ids, who).await;
        assert_eq!(status, StatusCode::OK, "the owner of the data: {}: {body}", case.path);
        all.insert(fill(case.path, ids), body);
    }
    all
}

/// What the stranger sees in its own lists, by path; where a path names the first organization's
/// things there is nothing to compare with.
async fn own_view(server: &TestServer, stranger: &Credentials) -> BTreeMap<&'static str, Value> {
    let mut view = BTreeMap::new();
    let names_nobody = |case: &&Case| {
        case.operation.starts_with("GET ")
            && matches!(case.stranger, Stranger::Own)
            && !case.path.contains('{')
    };
    for case in CASES.iter().filter(names_nobody) {
        let (status, body, _) = call(server, case, &Ids::new(), stranger).await;
        assert_eq!(status, StatusCode::OK, "{}: {body}", case.path);
        view.insert(case.path, body);
    }
    view
}

/// Do the case and the answer agree? The words say what is wrong.
fn judge(case: &Case, answer: &Answer, ids: &Ids) -> Result<(), String> {
    let (status, body, _) = answer;
    let right = match case.stranger {
        Stranger::NotFound => *status == StatusCode::NOT_FOUND,
        Stranger::UnknownId(field) => {
            *status == StatusCode::UNPROCESSABLE_ENTITY
                && body["errors"][0]["field"] == fill(field, ids)
        }
        Stranger::Own => {
            status.is_success() && !ids.values().any(|id| body.to_string().contains(id.as_str()))
        }
    };
    if right { Ok(()) } else { Err(format!("{}: {status} {body}", case.operation)) }
}

async fn sign_up(server: &TestServer, name: &str) -> Credentials {
    let token = server.sign_up(name).await;
    let body = serde_json::json!({
        "email": crate::test_server::email_of(name), "password": crate::test_server::PASSWORD,
    });
    let (_, _, headers) = server.post("/api/v1/sessions", "", body).await;
    Credentials { cookie: crate::test_server::cookie_of(&headers), token }
}

#[test]
fn every_operation_has_a_case_and_every_case_an_operation() {
    let document = serde_json::to_value(openapi()).unwrap();
    let operations = operations(&document);
    let known: BTreeSet<&str> =
        CASES.iter().map(|case| case.operation).chain(OPEN_TO_ALL).chain(OPERATORS).collect();
    let missing: Vec<&String> =
        operations.keys().filter(|name| !known.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "add cases to isolation/cases.rs for {missing:#?}");
    let gone: Vec<&&str> = known.iter().filter(|name| !operations.contains_key(**name)).collect();
    assert!(gone.is_empty(), "these operations are no more: {gone:#?}");

    for (name, operation) in operations {
        let says_so = operation["responses"].get("401").is_some();
        let is_open = OPEN_TO_ALL.contains(&name.as_str());
        assert!(says_so || is_open, "{name} does not list the answer 401");
    }
}

#[tokio::test]
async fn a_stranger_finds_nothing_and_leaves_no_trace() {
    let server = TestServer::new().await;
    let owner = sign_up(&server, "Veronika").await;
    let ids = first_organization::set_up(&server, &owner).await;
    let stranger = sign_up(&server, "Stranger").await;
    let before = everything(&server, &ids, &owner).await;
    for case in CASES {
        let answer = call(&server, case, &ids, &stranger).await;
        judge(case, &answer, &ids).unwrap_or_else(|wrong| panic!("{wrong}"));
        let after = everything(&server, &ids, &owner).await;
        assert_eq!(before, after, "{} left a trace", case.operation);
    }
}

/// Ids are not all that can leak: neither do counts, words or settings of others show.
#[tokio::test]
async fn a_stranger_sees_the_same_whoever_else_there_is() {
    let server = TestServer::new().await;
    let stranger = sign_up(&server, "Stranger").await;
    let before = own_view(&server, &stranger).await;
    let owner = sign_up(&server, "Veronika").await;
    first_organization::set_up(&server, &owner).await;
    assert_eq!(own_view(&server, &stranger).await, before);
}

#[tokio::test]
async fn nobody_gets_in_without_signing_in() {
    let server = TestServer::new().await;
    let owner = sign_up(&server, "Veronika").await;
    let ids = first_organization::set_up(&server, &owner).await;
    let before = everything(&server, &ids, &owner).await;
    for case in CASES {
        let (status, problem, _) = call(&server, case, &ids, &Credentials::default()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{}", case.operation);
        assert_eq!(problem["code"], "not_signed_in", "{}", case.operation);
    }
    assert_eq!(before, everything(&server, &ids, &owner).await);
}

#[tokio::test]
async fn no_organization_is_the_operator() {
    let server = TestServer::new().await;
    let owner = sign_up(&server, "Veronika").await;
    for operation in OPERATORS {
        let (method, path) = operation.split_once(' ').unwrap();
        let request = Request::builder().method(method).uri(path);
        for token in [owner.token.as_str(), ""] {
            let authorization = format!("Bearer {token}");
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header(header::AUTHORIZATION, authorization)
                .body(Body::empty());
            let (status, problem, _) = server.send(request.unwrap()).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{operation}");
            assert_eq!(problem["code"], "not_operator", "{operation}");
        }
        let (status, _, _) = server.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{operation}");
    }
}
