//! Every request that somebody may send, through the whole service: the API, the gateway of phones,
//! webhooks, the visit's page. Whatever it says, it is answered, and the service goes on.

use crate::installation::{Answer, Installation, run};
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri};
use serde_json::Value;

/// `METHOD /path?query`, lines of headers, an empty line, a body. A name in braces stands for an id
/// or a secret: `{branch}`.
pub(crate) fn check(bytes: &[u8]) {
    thread_local! {
        static INSTALLATION: Installation = Installation::open();
    }
    INSTALLATION.with(|installation| {
        let Some(request) = request_of(&installation.fill_in(bytes)) else { return };
        let what = format!("{} {}", request.method(), request.uri());
        let writes = request.method() != Method::GET;
        installation.begin_again();
        run(async {
            let answer = installation.send(request).await;
            check_answer(&what, &answer);
            if writes && (answer.status.is_success() || answer.status.is_redirection()) {
                installation.go_on().await;
            }
        });
    });
}

/// `None` for what no HTTP server would hand on.
fn request_of(bytes: &[u8]) -> Option<Request<Body>> {
    let end = bytes.windows(2).position(|two| two == b"\n\n");
    let (head, body) = match end {
        Some(at) => (bytes.get(..at)?, bytes.get(at + 2..)?),
        // A file that is written by hand ends with an end of line.
        None => (bytes.strip_suffix(b"\n").unwrap_or(bytes), b"".as_slice()),
    };
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = lines.next()?;
    let space = first.iter().position(|byte| *byte == b' ')?;
    let mut request = Request::new(Body::from(body.to_vec()));
    *request.method_mut() = Method::from_bytes(first.get(..space)?).ok()?;
    let uri = Uri::try_from(first.get(space + 1..)?).ok()?;
    *request.uri_mut() = Some(uri).filter(|uri| uri.path().starts_with('/'))?;
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(line.get(..colon)?).ok()?;
        let value = HeaderValue::from_bytes(line.get(colon + 1..)?.trim_ascii()).ok()?;
        request.headers_mut().append(name, value);
    }
    Some(request)
}

/// No answer is a failure of ours, and a refusal says what is wrong, by its field.
fn check_answer(what: &str, answer: &Answer) {
    let body = || String::from_utf8_lossy(&answer.body).into_owned();
    assert!(!answer.status.is_server_error(), "{what}: {} {}", answer.status, body());
    if answer.is_of("application/json") || answer.is_of("application/problem+json") {
        let json: Result<Value, _> = serde_json::from_slice(&answer.body);
        assert!(json.is_ok(), "{what}: no JSON: {}", body());
    }
    if !answer.is_of("application/problem+json") {
        return;
    }
    let problem = answer.json();
    let has = |value: &Value, name: &str| value[name].as_str().is_some_and(|text| !text.is_empty());
    assert!(answer.status.is_client_error(), "{what}: {} {problem}", answer.status);
    assert_eq!(problem["status"], answer.status.as_u16(), "{what}");
    assert!(
        has(&problem, "code") && has(&problem, "title") && has(&problem, "detail"),
        "{problem}"
    );
    if answer.status == StatusCode::UNPROCESSABLE_ENTITY {
        let errors = problem["errors"].as_array().unwrap();
        assert!(!errors.is_empty(), "{what}: {problem}");
        for error in errors {
            assert!(has(error, "code") && has(error, "title") && has(error, "detail"), "{problem}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::fs::read_dir;
    use std::path::Path;

    /// These are there to be refused.
    const REFUSED: [&str; 6] = [
        "book_at_the_end_of_time",
        "branch_zone",
        "list_at_the_end_of_time",
        "phone_password",
        "sender_edit",
        "sign_in",
    ];

    /// A seed of which nothing comes is of no use: neither is one that the service only turns away.
    #[test]
    fn every_kept_seed_becomes_a_request_and_reaches_what_it_is_for() {
        let installation = Installation::open();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/http");
        let mut refused = BTreeSet::new();
        for entry in read_dir(folder).unwrap() {
            let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
            let name = name.into_string().unwrap();
            let request = request_of(&installation.fill_in(&std::fs::read(path).unwrap()));
            let request = request.unwrap_or_else(|| panic!("{name} is no request"));
            installation.begin_again();
            let answer = run(installation.send(request));
            if answer.status.is_client_error() {
                println!("{name}: {} {}", answer.status, answer.json());
                refused.insert(name);
            }
        }
        assert_eq!(refused, REFUSED.map(str::to_owned).into());
    }
}
