use crate::appointments::test_salon::Salon;
use crate::test_server::{PASSWORD, TestServer, cookie_of, email_of};
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};

async fn page(server: &TestServer, cookie: &str) -> String {
    let request = Request::get("/").header(header::COOKIE, cookie).body(Body::empty()).unwrap();
    let (status, body, headers) = server.send(request).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    let page = body.as_str().unwrap().to_owned();
    assert!(!page.contains("<script"));
    page
}

async fn press(
    server: &TestServer,
    path: &str,
    cookie: &str,
    form: &str,
) -> (StatusCode, String, HeaderMap) {
    let request = Request::post(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap();
    let (status, body, headers) = server.send(request).await;
    (status, body.as_str().unwrap_or_default().to_owned(), headers)
}

#[tokio::test]
async fn a_person_signs_in_looks_and_signs_out() {
    let server = TestServer::new().await;
    server.sign_up_browser("Alpha").await;
    let stranger = page(&server, "").await;
    assert!(stranger.contains("action=\"/sign-in\"") && !stranger.contains(PASSWORD));

    let wrong = format!("email={}&password=guess", email_of("Alpha"));
    let (status, body, headers) = press(&server, "/sign-in", "", &wrong).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(body.contains("role=\"alert\"") && body.contains(&email_of("Alpha")));
    assert!(!headers.contains_key(header::SET_COOKIE));

    let right = format!("email={}&password={}", email_of("Alpha"), PASSWORD.replace(' ', "+"));
    let (status, _, headers) = press(&server, "/sign-in", "", &right).await;
    assert_eq!(
        (status, &headers[header::LOCATION]),
        (StatusCode::SEE_OTHER, &"/".parse().unwrap())
    );
    let cookie = cookie_of(&headers);
    let signed_in = page(&server, &cookie).await;
    assert!(signed_in.contains("Alpha") && signed_in.contains("Телефон ещё не привязан"));

    let (status, _, headers) = press(&server, "/sign-out", &cookie, "").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    // The session itself has ended, whatever the browser keeps.
    assert!(page(&server, &cookie).await.contains("action=\"/sign-in\""));
}

#[tokio::test]
async fn what_is_planned_is_seen_by_its_own_salon_alone() {
    let salon = Salon::open().await;
    salon.switch_on().await;
    salon.booked(salon.booking("2026-03-03T15:00")).await;
    let body = serde_json::json!({ "email": email_of("Style"), "password": PASSWORD });
    let (_, _, headers) = salon.server.post("/api/v1/sessions", "", body).await;
    let own = page(&salon.server, &cookie_of(&headers)).await;
    assert!(own.contains("03.03.26"), "{own}");
    let other = salon.server.sign_up_browser("Beta").await;
    let seen = page(&salon.server, &other).await;
    assert!(!seen.contains("03.03.26"), "{seen}");
}

#[tokio::test]
async fn a_demos_login_stands_in_the_form() {
    let mut server = TestServer::new().await;
    server.state = server.state.clone().with_demo_login("demo@salon.example", "known to all");
    let stranger = page(&server, "").await;
    assert!(stranger.contains("demo@salon.example") && stranger.contains("known to all"));
}
