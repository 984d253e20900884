//! The loops. Each has one anatomy: a function without input that reads what is due, does a bounded
//! amount, says how much, and is safe to run twice or on two nodes; and a turn every so often.

mod drive;
mod heartbeat;
mod route;
mod side_by_side;
mod turn;

pub use heartbeat::Heartbeat;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use vestnik_app::{App, AppError, journals, messages, sending};
use vestnik_domain::effect::Effect;
use vestnik_domain::journal::JournalLink;

/// The pause after a turn that found nothing: hints may wake a loop sooner, this is the truth.
const PAUSE: Duration = Duration::from_millis(500);
/// The pause of what only mends: races and processes that died.
const SELDOM: Duration = Duration::from_secs(30);
/// The pause after a failure: the database may need a moment.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Runs every loop until `stopping` changes; a turn under way is finished.
pub async fn run(app: App, heartbeat: Arc<dyn Heartbeat>, stopping: watch::Receiver<bool>) {
    let mut loops = JoinSet::new();
    loops.spawn(heartbeat::beats(heartbeat, stopping.clone()));
    let lanes = Arc::new(Notify::new());
    loops.spawn(drive::drives(app.clone(), lanes.clone(), stopping.clone()));
    loops.spawn(route::routes(app.clone(), lanes, stopping.clone()));
    loops.spawn(turns("reroute", SELDOM, app.clone(), stopping.clone(), |app| async move {
        sending::route::reroute_stranded(&app).await
    }));
    loops.spawn(turns("sweep_sending", PAUSE, app.clone(), stopping.clone(), |app| async move {
        sending::sweep::run_once(&app).await
    }));
    loops.spawn(turns("sweep_plans", PAUSE, app.clone(), stopping.clone(), |app| async move {
        messages::sweep::run_once(&app).await
    }));
    loops.spawn(polls(app.clone(), stopping.clone()));
    loops.spawn(effects(app, stopping));
    while let Some(ended) = loops.join_next().await {
        if let Err(error) = ended {
            tracing::error!(%error, "a loop died");
        }
    }
}

/// Asks external journals, each on its own.
async fn polls(app: App, stopping: watch::Receiver<bool>) {
    let looking = app.clone();
    let due = move || {
        let app = looking.clone();
        async move { journals::poll::due(&app).await }
    };
    let ask = move |link: JournalLink| {
        let app = app.clone();
        async move { journals::poll::ask(&app, &link).await }
    };
    side_by_side::works("poll_journals", stopping, due, ask).await;
}

/// Carries effects out, those on one journal one after another.
async fn effects(app: App, stopping: watch::Receiver<bool>) {
    let looking = app.clone();
    let due = move || {
        let app = looking.clone();
        async move { vestnik_app::effects::due(&app).await }
    };
    let see_to = move |effect: Effect| {
        let app = app.clone();
        async move { vestnik_app::effects::see_to(&app, &effect).await }
    };
    side_by_side::works("effects", stopping, due, see_to).await;
}

/// One loop: turn after turn, with a pause when there is nothing to do.
async fn turns<F, Fut>(
    name: &'static str,
    idle: Duration,
    app: App,
    mut stopping: watch::Receiver<bool>,
    of_loop: F,
) where
    F: Fn(App) -> Fut,
    Fut: Future<Output = Result<usize, AppError>> + Send + 'static,
{
    loop {
        let pause = match turn::take(of_loop(app.clone())).await {
            Ok(0) => idle,
            Ok(_) => Duration::ZERO,
            Err(error) => {
                tracing::error!(loop_name = name, %error, "a turn failed");
                PAUSE_AFTER_FAILURE
            }
        };
        tokio::select! {
            biased;
            _ = stopping.changed() => return,
            () = rest(pause) => {}
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "loops rest between turns; nothing is decided by it")]
async fn rest(pause: Duration) {
    tokio::time::sleep(pause).await;
}
