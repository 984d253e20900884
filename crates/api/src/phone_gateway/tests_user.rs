//! Login, password and login codes, as the app's settings offer them.

use crate::appointments::test_salon::Salon;
use crate::test_phone::{NEW_APP, TestPhone};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

fn basic(login: &str, password: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let pair = format!("{login}:{password}");
    let mut encoded = String::from("Basic ");
    for three in pair.as_bytes().chunks(3) {
        let bits = (0..3).fold(0, |bits, place| {
            bits << 8 | u32::from(three.get(place).copied().unwrap_or_default())
        });
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            encoded.push(if place > three.len() { '=' } else { char::from(letter) });
        }
    }
    encoded
}

async fn register(phone: &TestPhone<'_>, authorization: &str) -> (StatusCode, Value) {
    let body = json!({ "name": "Google/Pixel", "simCards": [] });
    phone.call_as(authorization, Method::POST, "/device", Some(body)).await
}

async fn change(phone: &TestPhone<'_>, current: &str, new: &str) -> StatusCode {
    let body = json!({ "currentPassword": current, "newPassword": new });
    phone.call(Method::PATCH, "/user/password", Some(body)).await.0
}

#[tokio::test]
async fn a_login_code_links_the_same_slot_once() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    let own = basic(&phone.login, &phone.password);
    let (status, code) = phone.call_as(&own, Method::GET, "/user/code", None).await;
    assert_eq!(status, StatusCode::OK, "{code}");
    // The app reads three fraction digits or none.
    assert_eq!(code["validUntil"], "2026-03-02T09:15:00.000Z");
    let credential = format!("Code {}", code["code"].as_str().unwrap());
    let (status, registered) = register(&phone, &credential).await;
    assert_eq!((status, &registered["id"]), (StatusCode::CREATED, &json!(phone.sender)));
    assert_eq!(register(&phone, &credential).await.0, StatusCode::UNAUTHORIZED);

    let wrong = basic(&phone.login, "not the password");
    let device = format!("Bearer {}", phone.device);
    for refused in [wrong.as_str(), device.as_str(), "", "Basic ???"] {
        let (status, _) = phone.call_as(refused, Method::GET, "/user/code", None).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{refused}");
    }
}

#[tokio::test]
async fn a_password_is_changed_on_the_phone() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    let new = "длинный пароль 14";
    assert_eq!(change(&phone, &phone.password, "thirteen chars").await, StatusCode::NO_CONTENT);
    assert_eq!(change(&phone, &phone.password, new).await, StatusCode::UNAUTHORIZED, "the old one");
    assert_eq!(change(&phone, "thirteen chars", "too short").await, StatusCode::BAD_REQUEST);
    assert_eq!(change(&phone, "thirteen chars", new).await, StatusCode::NO_CONTENT);
    let (status, _) = phone.call(Method::PATCH, "/user/password", Some(json!({}))).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);

    let given = basic(&phone.login, &phone.password);
    assert_eq!(register(&phone, &given).await.0, StatusCode::UNAUTHORIZED);
    let (status, registered) = register(&phone, &basic(&phone.login, new)).await;
    assert_eq!(status, StatusCode::CREATED, "{registered}");
    assert!(registered["login"].is_string());
    assert!(registered.get("password").is_none(), "it is kept as a hash only");
    let stranger = phone.call_as("Bearer x", Method::PATCH, "/user/password", Some(json!({})));
    assert_eq!(stranger.await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_new_link_token_ends_every_password() {
    let salon = Salon::open().await;
    let phone = TestPhone::link(&salon, NEW_APP).await;
    let given = basic(&phone.login, &phone.password);
    let path = format!("/senders/{}/relink", phone.sender);
    assert_eq!(salon.post(&path, json!({})).await.0, StatusCode::OK);
    assert_eq!(register(&phone, &given).await.0, StatusCode::UNAUTHORIZED, "the given one");

    let other = TestPhone::link(&salon, NEW_APP).await;
    let chosen = "a password of my own";
    assert_eq!(change(&other, &other.password, chosen).await, StatusCode::NO_CONTENT);
    let path = format!("/senders/{}/relink", other.sender);
    assert_eq!(salon.post(&path, json!({})).await.0, StatusCode::OK);
    let chosen = basic(&other.login, chosen);
    assert_eq!(register(&other, &chosen).await.0, StatusCode::UNAUTHORIZED, "the chosen one");
}
