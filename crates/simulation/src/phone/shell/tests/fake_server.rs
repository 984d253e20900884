//! A server for one test: sound answers unless the test says otherwise, and every call remembered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

pub(super) const LINK_TOKEN: &str = "link-token";
const PREFIX: &str = "/api/mobile/v1";

#[derive(Debug, Clone)]
pub(super) struct Call {
    /// Method and path, without prefix and query.
    pub(super) line: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Call {
    pub(super) fn header(&self, name: &str) -> String {
        self.headers[name].to_str().unwrap().to_owned()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Debug, Clone)]
pub(super) struct Answer {
    status: u16,
    content_type: &'static str,
    body: Vec<u8>,
    never_comes: bool,
}

impl Answer {
    pub(super) fn json(body: Value) -> Answer {
        Answer::bytes(body.to_string().as_bytes(), "application/json")
    }

    pub(super) fn bytes(body: &[u8], content_type: &'static str) -> Answer {
        Answer { status: 200, content_type, body: body.to_vec(), never_comes: false }
    }

    pub(super) fn status(status: u16) -> Answer {
        Answer { status, ..Answer::bytes(b"", "application/json") }
    }

    /// The request is taken in, and that is all.
    pub(super) fn never() -> Answer {
        Answer { never_comes: true, ..Answer::status(200) }
    }

    pub(super) fn of_type(self, content_type: &'static str) -> Answer {
        Answer { content_type, ..self }
    }
}

/// Frames for the newest stream: one that its phone has left must not take them.
#[derive(Default)]
struct Events {
    waiting: String,
    streams: usize,
}

#[derive(Clone)]
pub(super) struct FakeServer {
    root: String,
    calls: Arc<Mutex<Vec<Call>>>,
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    events: watch::Sender<Events>,
}

impl FakeServer {
    pub(super) async fn start() -> FakeServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = FakeServer {
            root: format!("http://{}", listener.local_addr().unwrap()),
            calls: Arc::default(),
            answers: Arc::default(),
            events: watch::Sender::new(Events::default()),
        };
        let router = Router::new().fallback(serve).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        server
    }

    pub(super) fn root(&self) -> String {
        self.root.clone()
    }

    /// From now on, for this method and path.
    pub(super) fn answer(&self, line: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(line.to_owned(), answer);
    }

    /// To the stream that is open, or to the first one that opens.
    pub(super) fn push(&self, frames: &str) {
        self.events.send_modify(|events| events.waiting.push_str(frames));
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    pub(super) fn count(&self, line: &str) -> usize {
        self.calls.lock().unwrap().iter().filter(|call| call.line == line).count()
    }

    pub(super) fn answered(&self, line: &str) -> bool {
        self.count(line) > 0
    }

    fn event_stream(&self) -> Body {
        let mut number = 0;
        self.events.send_modify(|events| {
            events.streams += 1;
            number = events.streams;
        });
        let sender = self.events.clone();
        let receiver = self.events.subscribe();
        Body::from_stream(futures::stream::unfold(receiver, move |mut receiver| {
            let sender = sender.clone();
            async move {
                let wakes = |events: &Events| events.streams > number || !events.waiting.is_empty();
                receiver.wait_for(wakes).await.ok()?;
                let mut frames = None;
                sender.send_modify(|events| {
                    frames =
                        (events.streams == number).then(|| std::mem::take(&mut events.waiting));
                });
                Some((Ok::<_, std::convert::Infallible>(Bytes::from(frames?)), receiver))
            }
        }))
    }
}

async fn serve(State(server): State<FakeServer>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let line = format!("{} {}", parts.method, path.strip_prefix(PREFIX).unwrap_or(path));
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    server.calls.lock().unwrap().push(Call { line: line.clone(), headers: parts.headers, body });
    let told = server.answers.lock().unwrap().get(&line).cloned();
    let answer = told.unwrap_or_else(|| sound_answer(&server, &line));
    if answer.never_comes {
        std::future::pending::<()>().await;
    }
    let body = if line == "GET /events" && answer.body.is_empty() && answer.status == 200 {
        server.event_stream()
    } else {
        Body::from(answer.body)
    };
    Response::builder()
        .status(StatusCode::from_u16(answer.status).unwrap())
        .header(header::CONTENT_TYPE, answer.content_type)
        .header(header::LOCATION, "/elsewhere")
        .body(body)
        .unwrap()
}

fn sound_answer(server: &FakeServer, line: &str) -> Answer {
    match line {
        "POST /device" => {
            let number = server.count(line);
            let token = format!("device-token-{number}");
            Answer {
                status: 201,
                ..Answer::json(json!({"id": "device-1", "token": token, "login": "QWERTY"}))
            }
        }
        "PATCH /device" | "PATCH /message" => Answer::status(204),
        "GET /message" | "GET /webhooks" => Answer::json(json!([])),
        "GET /settings" => Answer::json(json!({})),
        "GET /events" => Answer::status(200).of_type("text/event-stream"),
        "POST /hook" => Answer::status(200),
        _ => Answer::status(404),
    }
}
