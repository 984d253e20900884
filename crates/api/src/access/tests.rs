//! Signing up and in, cookies, tokens: what lets people in, and what keeps them out.

use crate::test_server::{Answer, PASSWORD, TestServer, cookie_of, email_of, wrong_fields};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn sign_in(server: &TestServer, email: &str, password: &str) -> Answer {
    server.post("/api/v1/sessions", "", json!({ "email": email, "password": password })).await
}

/// A request as a browser sends it, with the headers given.
async fn browse(
    server: &TestServer,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<Value>,
) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "vestnik.example")
        .header(header::CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    server.send(request.body(body).unwrap()).await
}

#[tokio::test]
async fn signing_up_opens_a_session_that_the_browser_can_end() {
    let server = TestServer::new().await;
    let cookie = server.sign_up_browser("Veronika").await;
    let (status, sessions, _) =
        browse(&server, Method::GET, "/api/v1/sessions", &[("cookie", &cookie)], None).await;
    assert_eq!(status, StatusCode::OK);
    let id = sessions[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(sessions.as_array().unwrap().len(), 1);

    let path = format!("/api/v1/sessions/{id}");
    let ended = browse(&server, Method::DELETE, &path, &[("cookie", &cookie)], None).await;
    assert_eq!(ended.0, StatusCode::NO_CONTENT);
    let (status, problem, _) =
        browse(&server, Method::GET, "/api/v1/sessions", &[("cookie", &cookie)], None).await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("not_signed_in")));
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let server = TestServer::new().await;
    server.sign_up_browser("Veronika").await;
    let (status, _, headers) = sign_in(&server, &email_of("Veronika"), PASSWORD).await;
    assert_eq!(status, StatusCode::CREATED);
    let cookie = headers[header::SET_COOKIE].to_str().unwrap();
    for part in ["vestnik_session=vns_", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(part), "{part} is missing in {cookie}");
    }
    assert!(!cookie.contains("Secure"), "without HTTPS browsers would drop it");
}

#[tokio::test]
async fn a_session_ends_by_itself_after_thirty_days() {
    let server = TestServer::new().await;
    let cookie = server.sign_up_browser("Veronika").await;
    let sessions = [("cookie", cookie.as_str())];
    for (days, expected) in [(29, StatusCode::OK), (1, StatusCode::UNAUTHORIZED)] {
        server.advance(SignedDuration::from_hours(24 * days));
        let answer = browse(&server, Method::GET, "/api/v1/sessions", &sessions, None).await;
        assert_eq!(answer.0, expected);
    }
}

#[tokio::test]
async fn sign_up_names_every_wrong_field() {
    let server = TestServer::new().await;
    let body = json!({
        "organization_name": " ", "name": "я".repeat(101), "email": "anna", "password": "short",
        "country": "Russia",
    });
    let answer = server.post("/api/v1/sign-up", "", body).await;
    assert_eq!(
        wrong_fields(&answer),
        [
            "organization_name: required",
            "name: too_long",
            "email: email_malformed",
            "password: password_too_short",
            "country: country_unknown",
        ]
    );
    server.sign_up_browser("Veronika").await;
    let again = json!({
        "organization_name": "Другая", "name": "Анна", "email": email_of("Veronika").to_uppercase(),
        "password": PASSWORD,
    });
    let answer = server.post("/api/v1/sign-up", "", again).await;
    assert_eq!(wrong_fields(&answer), ["email: email_taken"]);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_look_alike() {
    let server = TestServer::new().await;
    server.sign_up_browser("Veronika").await;
    let wrong = sign_in(&server, &email_of("Veronika"), "wrong horse battery").await;
    let unknown = sign_in(&server, &email_of("Nobody"), PASSWORD).await;
    assert_eq!(wrong.0, StatusCode::UNAUTHORIZED);
    assert_eq!(wrong.1["code"], "wrong_credentials");
    assert_eq!((wrong.0, &wrong.1), (unknown.0, &unknown.1));
    let right = sign_in(&server, &email_of("Veronika").to_uppercase(), PASSWORD).await;
    assert_eq!(right.0, StatusCode::CREATED);
    assert_eq!(right.1["user"]["role"], "owner");
}

#[tokio::test]
async fn guessing_is_slowed_down_and_says_how_long_to_wait() {
    let server = TestServer::new().await;
    // Too long to be hashed at all, so that the tries come faster than they are forgiven.
    let guess = "x".repeat(900);
    for number in 1..=30 {
        let (status, problem, headers) = sign_in(&server, "anna@salon.example", &guess).await;
        if status == StatusCode::TOO_MANY_REQUESTS {
            assert!(number > 10, "the first ten tries are free");
            assert_eq!(problem["code"], "too_many_tries");
            assert!(headers[header::RETRY_AFTER].to_str().unwrap().parse::<u64>().unwrap() >= 1);
            // Others are not held up.
            let other = sign_in(&server, "olga@salon.example", &guess).await;
            assert_eq!(other.0, StatusCode::UNAUTHORIZED);
            return;
        }
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    panic!("thirty tries in a row were let through");
}

#[tokio::test]
async fn a_revoked_token_opens_nothing() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let body = json!({ "name": "Сайт", "role": "administrator" });
    let made = server.create("/api/v1/api-tokens", &owner, body).await;
    let secret = made["secret"].as_str().unwrap();
    assert_eq!(server.get("/api/v1/clients", secret).await.0, StatusCode::OK);

    let (_, list, _) = server.get("/api/v1/api-tokens", &owner).await;
    assert!(!list.to_string().contains(secret), "the secret is shown once");
    let path = format!("/api/v1/api-tokens/{}", made["id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(server.delete(&path, &owner).await.0, StatusCode::NO_CONTENT);
    }
    assert_eq!(server.get("/api/v1/clients", secret).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(server.get("/api/v1/clients", "vnt_garbage").await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn another_site_cannot_act_for_a_signed_in_browser() {
    let server = TestServer::new().await;
    let cookie = server.sign_up_browser("Veronika").await;
    let token = || Some(json!({ "name": "Сайт", "role": "owner" }));
    let table: [(&[(&str, &str)], StatusCode); 4] = [
        (&[("sec-fetch-site", "cross-site")], StatusCode::FORBIDDEN),
        (&[("sec-fetch-site", "same-site")], StatusCode::FORBIDDEN),
        (&[("origin", "https://evil.example")], StatusCode::FORBIDDEN),
        (&[("sec-fetch-site", "same-origin")], StatusCode::CREATED),
    ];
    for (headers, expected) in table {
        let headers = [headers, &[("cookie", cookie.as_str())]].concat();
        let answer = browse(&server, Method::POST, "/api/v1/api-tokens", &headers, token()).await;
        assert_eq!(answer.0, expected, "{headers:?}");
    }
    let (_, tokens, _) =
        browse(&server, Method::GET, "/api/v1/api-tokens", &[("cookie", &cookie)], None).await;
    assert_eq!(tokens.as_array().unwrap().len(), 1, "only the site's own request made a token");
}

#[tokio::test]
async fn a_disabled_user_is_out_at_once() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let body = json!({
        "name": "Ольга", "email": "olga@salon.example", "password": PASSWORD, "role": "administrator",
    });
    let user = server.create("/api/v1/users", &owner, body).await;
    let (status, _, headers) = sign_in(&server, "olga@salon.example", PASSWORD).await;
    assert_eq!(status, StatusCode::CREATED);
    let cookie = cookie_of(&headers);
    let sessions = [("cookie", cookie.as_str())];
    let before = browse(&server, Method::GET, "/api/v1/sessions", &sessions, None).await;
    assert_eq!(before.0, StatusCode::OK);

    let path = format!("/api/v1/users/{}/disable", user["id"].as_str().unwrap());
    assert_eq!(server.post(&path, &owner, json!({})).await.0, StatusCode::OK);
    let after = browse(&server, Method::GET, "/api/v1/sessions", &sessions, None).await;
    assert_eq!(after.0, StatusCode::UNAUTHORIZED);
    let again = sign_in(&server, "olga@salon.example", PASSWORD).await;
    assert_eq!(again.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_last_owner_stays() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let (_, users, _) = server.get("/api/v1/users", &owner).await;
    let path = format!("/api/v1/users/{}/disable", users[0]["id"].as_str().unwrap());
    let (status, problem, _) = server.post(&path, &owner, json!({})).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("last_owner")));
}

#[tokio::test]
async fn the_front_desk_opens_no_doors() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let desk = server.administrator(&owner).await;
    for path in ["/api/v1/users", "/api/v1/api-tokens", "/api/v1/audit"] {
        let (status, problem, _) = server.get(path, &desk).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("owner_needed")));
    }
}
