//! The server's mobile API, as the app calls it: any status but 2xx is a failure, and a body counts
//! only if it says that it is JSON.

use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use reqwest::{Client, Method, RequestBuilder, Response, Url};
use serde_json::{Value, json};

use super::PhoneError;
use super::loopback;
use super::registration::Registration;
use crate::phone::wire::messages::{self, PulledMessage};
use crate::phone::wire::reports::MessageReport;
use crate::phone::wire::settings::ProcessingOrder;
use crate::phone::wire::webhooks::{self, Webhook};

const APP: &str = "me.capcom.smsgateway/1.68.0";
/// The library that holds the event stream goes under its own name.
const STREAM_LIBRARY: &str = "okhttp/4.10.0";
const CALL_TIMEOUT: Duration = Duration::from_secs(10);
const WEBHOOK_TIMEOUT: Duration = Duration::from_secs(30);
/// How long the app waits for the next byte of a webhook's answer, and so for the first.
const WEBHOOK_SILENCE: Duration = Duration::from_secs(5);

/// Why a call did not do what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum CallFailure {
    #[error("сервер не отвечает: {0}")]
    Unreachable(String),
    #[error("ответ {0}")]
    Status(u16),
    #[error("ответ не читается: {0}")]
    Unreadable(String),
}

impl From<reqwest::Error> for CallFailure {
    fn from(error: reqwest::Error) -> CallFailure {
        CallFailure::Unreachable(error.to_string())
    }
}

#[derive(Debug, Clone)]
pub(super) struct ServerApi {
    http: Client,
    streams: Client,
    posts: Client,
    base: String,
    token: String,
}

impl ServerApi {
    /// `path` follows `root` without trimming anything but the slash that a user types at the end.
    pub(super) fn new(root: &str, path: &str) -> Result<ServerApi, PhoneError> {
        loopback::address(root)?;
        Ok(ServerApi {
            http: loopback::client(Some(CALL_TIMEOUT))?,
            streams: loopback::client(None)?,
            posts: loopback::impatient_client(WEBHOOK_TIMEOUT, WEBHOOK_SILENCE)?,
            base: format!("{}{path}", root.trim_end_matches('/')),
            token: String::new(),
        })
    }

    /// With the device token for every later call.
    pub(super) fn with_token(&self, token: &str) -> ServerApi {
        ServerApi { token: token.to_owned(), ..self.clone() }
    }

    fn request(&self, method: Method, path: &str, bearer: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.base))
            .header(USER_AGENT, APP)
            .header(AUTHORIZATION, format!("Bearer {bearer}"))
    }

    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path, &self.token)
    }

    pub(super) async fn register(
        &self,
        link_token: &str,
        body: &Value,
    ) -> Result<Registration, CallFailure> {
        let request = self.request(Method::POST, "/device", link_token).json(body);
        let reply = json_body(succeed(request).await?).await?;
        Registration::read(&reply).map_err(CallFailure::Unreadable)
    }

    pub(super) async fn update_device(&self, body: &Value) -> Result<(), CallFailure> {
        succeed(self.call(Method::PATCH, "/device").json(body)).await.map(drop)
    }

    pub(super) async fn pull(
        &self,
        order: ProcessingOrder,
    ) -> Result<Vec<PulledMessage>, CallFailure> {
        let path = format!("/message?order={}", order.query());
        let body = json_body(succeed(self.call(Method::GET, &path)).await?).await?;
        messages::read_list(&body).map_err(|flaw| CallFailure::Unreadable(flaw.to_string()))
    }

    pub(super) async fn report(&self, report: &MessageReport) -> Result<(), CallFailure> {
        let body = json!([report.to_json()]);
        succeed(self.call(Method::PATCH, "/message").json(&body)).await.map(drop)
    }

    pub(super) async fn settings(&self) -> Result<Value, CallFailure> {
        let body = json_body(succeed(self.call(Method::GET, "/settings")).await?).await?;
        serde_json::from_slice(&body).map_err(|error| CallFailure::Unreadable(error.to_string()))
    }

    pub(super) async fn webhooks(&self) -> Result<Vec<Webhook>, CallFailure> {
        let body = json_body(succeed(self.call(Method::GET, "/webhooks")).await?).await?;
        webhooks::read_list(&body).map_err(|flaw| CallFailure::Unreadable(flaw.to_string()))
    }

    /// The stream of events, open and not yet read.
    pub(super) async fn events(&self) -> Result<Response, CallFailure> {
        let request = self
            .streams
            .get(format!("{}/events", self.base))
            .header(USER_AGENT, STREAM_LIBRARY)
            .header(ACCEPT, "text/event-stream")
            .header(AUTHORIZATION, format!("Bearer {}", self.token));
        let reply = succeed(request).await?;
        is_of_type(&reply, "text/event-stream")?;
        Ok(reply)
    }

    /// Posts one event to one webhook, signed for this try.
    pub(super) async fn post(
        &self,
        url: Url,
        body: Vec<u8>,
        timestamp: String,
        signature: String,
    ) -> Result<(), CallFailure> {
        let request = self
            .posts
            .post(url)
            .header(USER_AGENT, APP)
            .header(CONTENT_TYPE, "application/json")
            .header("X-Timestamp", timestamp)
            .header("X-Signature", signature)
            .body(body);
        succeed(request).await.map(drop)
    }
}

async fn succeed(request: RequestBuilder) -> Result<Response, CallFailure> {
    let reply = request.send().await?;
    if reply.status().is_success() {
        Ok(reply)
    } else {
        Err(CallFailure::Status(reply.status().as_u16()))
    }
}

fn is_of_type(reply: &Response, expected: &str) -> Result<(), CallFailure> {
    let named = reply.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let named = named.unwrap_or_default();
    match named.split(';').next() {
        Some(plain) if plain.trim().eq_ignore_ascii_case(expected) => Ok(()),
        _ => Err(CallFailure::Unreadable(format!("Content-Type «{named}», ждали {expected}"))),
    }
}

async fn json_body(reply: Response) -> Result<Vec<u8>, CallFailure> {
    is_of_type(&reply, "application/json")?;
    Ok(reply.bytes().await?.to_vec())
}
