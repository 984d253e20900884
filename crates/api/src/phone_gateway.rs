//! The mobile API that the SMSGate app on a salon's phone speaks, and the address it posts what it
//! receives to. Words and rules are `app::phones`'; here are only paths, headers and the stream.

use crate::caller::PeerAddress;
use crate::problem::Problem;
use crate::state::ApiState;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use serde::Deserialize;
use std::convert::Infallible;
use std::time::Duration;
use vestnik_app::phone_events::{KEEPALIVE, KEEPALIVE_INTERVAL_S, PhoneEvent};
use vestnik_app::phones::device::{PhoneStream, StreamTurn};
use vestnik_app::phones::{
    PhoneHeaders, PhoneReply, device, pull, register, report, user, webhook,
};

/// Reports are small; an SMS has at most some kilobytes.
const BODY_BYTES_MOST: usize = 256 * 1024;
/// How often an open stream looks whether there is something to send.
const LOOK_EVERY: Duration = Duration::from_secs(1);

#[derive(Debug, Deserialize)]
struct Order {
    order: Option<String>,
}

/// The routes; the app knows them, people do not, so the API's document does not list them.
pub(crate) fn routes() -> Router<ApiState> {
    let mobile = Router::new()
        .route("/device", get(get_device).post(register_device).patch(update_device))
        .route("/message", get(pull_messages).patch(report_states))
        .route("/messages", get(pull_messages).patch(report_states))
        .route("/settings", get(settings))
        .route("/user/code", get(login_code))
        .route("/user/password", patch(change_password))
        .route("/webhooks", get(webhooks))
        .route("/events", get(events));
    Router::new()
        .nest("/api/mobile/v1", mobile)
        .route("/hooks/phone/{organization}/{sender}/{secret}", post(receive))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MOST))
}

fn phone_headers(headers: &HeaderMap) -> PhoneHeaders<'_> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    PhoneHeaders {
        authorization: text(header::AUTHORIZATION),
        user_agent: text(header::USER_AGENT),
    }
}

fn answer(reply: PhoneReply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match reply.body {
        Some(body) => (status, Json(body)).into_response(),
        None => status.into_response(),
    }
}

async fn register_device(
    State(state): State<ApiState>,
    PeerAddress(address): PeerAddress,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    // Tokens have 100 bits, codes fewer: guessing is slowed down by address.
    state.sign_in_limits.count_phone(address)?;
    Ok(answer(register::register(&state.app, phone_headers(&headers), &body).await?))
}

async fn update_device(
    State(state): State<ApiState>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    Ok(answer(device::update(&state.app, phone_headers(&headers), &body).await?))
}

async fn get_device(
    State(state): State<ApiState>,
    PeerAddress(address): PeerAddress,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let address = address.map(|address| address.to_string()).unwrap_or_default();
    Ok(answer(device::get(&state.app, phone_headers(&headers), &address).await?))
}

async fn pull_messages(
    State(state): State<ApiState>,
    Query(order): Query<Order>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let reply = pull::pull(&state.app, phone_headers(&headers), order.order.as_deref()).await?;
    Ok(answer(reply))
}

async fn report_states(
    State(state): State<ApiState>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    Ok(answer(report::report(&state.app, phone_headers(&headers), &body).await?))
}

async fn settings(State(state): State<ApiState>, headers: HeaderMap) -> Result<Response, Problem> {
    Ok(answer(device::settings(&state.app, phone_headers(&headers)).await?))
}

async fn webhooks(State(state): State<ApiState>, headers: HeaderMap) -> Result<Response, Problem> {
    Ok(answer(device::webhooks(&state.app, phone_headers(&headers)).await?))
}

async fn login_code(
    State(state): State<ApiState>,
    PeerAddress(address): PeerAddress,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    state.sign_in_limits.count_phone(address)?;
    Ok(answer(user::login_code(&state.app, phone_headers(&headers)).await?))
}

async fn change_password(
    State(state): State<ApiState>,
    PeerAddress(address): PeerAddress,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    state.sign_in_limits.count_phone(address)?;
    Ok(answer(user::change_password(&state.app, phone_headers(&headers), &body).await?))
}

async fn receive(
    State(state): State<ApiState>,
    Path((organization, sender, secret)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let request = webhook::WebhookRequest {
        organization: &organization,
        sender: &sender,
        secret: &secret,
        timestamp: text("X-Timestamp"),
        signature: text("X-Signature"),
        body: &body,
    };
    Ok(answer(webhook::receive(&state.app, request).await?))
}

/// The stream of events on which a phone waits.
async fn events(State(state): State<ApiState>, headers: HeaderMap) -> Result<Response, Problem> {
    let stream = match device::stream(&state.app, phone_headers(&headers)).await? {
        Ok(stream) => stream,
        Err(reply) => return Ok(answer(reply)),
    };
    let (frames, body) = tokio::sync::mpsc::channel::<Result<Bytes, Infallible>>(8);
    tokio::spawn(feed(state, stream, frames));
    let body = Body::from_stream(tokio_stream::wrappers::ReceiverStream::new(body));
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // Proxies must not hold frames back.
    headers.insert("X-Accel-Buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// Writes frames until the phone goes away, its registration ends, or the service stops.
async fn feed(
    state: ApiState,
    stream: PhoneStream,
    frames: tokio::sync::mpsc::Sender<Result<Bytes, Infallible>>,
) {
    for event in PhoneEvent::AT_OPENING {
        if let Some(frame) = event.frame(stream.version)
            && frames.send(Ok(Bytes::from(frame))).await.is_err()
        {
            return;
        }
    }
    let mut look = tokio::time::interval(LOOK_EVERY);
    let mut stopped = state.stopping.clone();
    let mut looks: u64 = 0;
    let mut named = std::collections::BTreeSet::new();
    loop {
        tokio::select! {
            _ = look.tick() => {}
            _ = stopped.changed() => return,
        }
        looks += 1;
        if looks.is_multiple_of(KEEPALIVE_INTERVAL_S / LOOK_EVERY.as_secs()) {
            if frames.send(Ok(Bytes::from_static(KEEPALIVE.as_bytes()))).await.is_err() {
                return;
            }
            if let Err(error) = stream.alive(&state.app).await {
                tracing::warn!(%error, "a phone's contact was not noted");
            }
        }
        match stream.asked_to_drop(&state.app).await {
            Ok(asked) => {
                for message_id in asked.into_iter().filter(|id| named.insert(id.clone())) {
                    let event = PhoneEvent::MessageCancelled { message_id };
                    if let Some(frame) = event.frame(stream.version)
                        && frames.send(Ok(Bytes::from(frame))).await.is_err()
                    {
                        return;
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "a phone's stream cannot look at recalls"),
        }
        let frame = match stream.turn(&state.app).await {
            Ok(StreamTurn::Close) => return,
            Ok(StreamTurn::Nothing) => continue,
            Ok(StreamTurn::Enqueued) => PhoneEvent::MessageEnqueued.frame(stream.version),
            Err(error) => {
                tracing::warn!(%error, "a phone's stream cannot look");
                continue;
            }
        };
        if let Some(frame) = frame
            && frames.send(Ok(Bytes::from(frame))).await.is_err()
        {
            return;
        }
    }
}

#[cfg(test)]
mod tests_recall;
#[cfg(test)]
mod tests_two_phones;
#[cfg(test)]
mod tests_user;
