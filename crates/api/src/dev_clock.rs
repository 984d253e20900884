//! `/dev/clock`: only with `--dev-clock`, for trying things out and for end-to-end tests.

use crate::body::JsonBody;
use crate::problem::Problem;
use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use vestnik_app::virtual_clock::{VirtualClock, do_what_is_due, step, stirring, target};
use vestnik_app::{App, Clock};

/// How long phones are waited for at one instant, in real time.
const PHONES_WAIT_MOST: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(50);

#[derive(Clone)]
struct DevClock {
    app: App,
    clock: Arc<VirtualClock>,
    /// One walk at a time.
    walking: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Serialize)]
struct Now {
    now: jiff::Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_s: i64,
}

#[derive(Serialize)]
struct Walked {
    now: jiff::Timestamp,
    /// Did every phone finish what it was given?
    quiet: bool,
    /// The senders that did not.
    waiting: Vec<String>,
}

/// The routes over a virtual clock.
pub(crate) fn routes(app: App, clock: Arc<VirtualClock>) -> Router {
    let state = DevClock { app, clock, walking: Arc::new(tokio::sync::Mutex::new(())) };
    Router::new().route("/dev/clock", get(read).post(advance)).with_state(state)
}

async fn read(State(dev): State<DevClock>) -> Json<Now> {
    Json(Now { now: dev.clock.now() })
}

async fn advance(
    State(dev): State<DevClock>,
    JsonBody(body): JsonBody<Advance>,
) -> Result<Json<Walked>, Problem> {
    let _one_at_a_time = dev.walking.lock().await;
    let target = target(&dev.clock, body.advance_s)?;
    let mut still = settle(&dev.app).await?;
    while step(&dev.app, &dev.clock, &still, target).await? {
        still = settle(&dev.app).await?;
    }
    Ok(Json(Walked {
        now: dev.clock.now(),
        quiet: still.is_quiet(),
        waiting: still.waiting.iter().map(ToString::to_string).collect(),
    }))
}

/// Does what is due and waits for the phones, at most the limit.
async fn settle(app: &App) -> Result<vestnik_app::virtual_clock::Stirring, Problem> {
    let mut waited = Duration::ZERO;
    loop {
        do_what_is_due(app).await?;
        let still = stirring(app).await?;
        if still.is_quiet() || waited >= PHONES_WAIT_MOST {
            return Ok(still);
        }
        rest().await;
        waited += LOOK_EVERY;
    }
}

#[expect(clippy::disallowed_methods, reason = "phones live in real time; nothing is decided by it")]
async fn rest() {
    tokio::time::sleep(LOOK_EVERY).await;
}
