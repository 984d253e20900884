//! Routing: awake as soon as the next message falls due. Whoever drives senders is told at once that
//! something was put into lanes; these are hints, and both loops look every so often all the same.

use crate::{PAUSE, PAUSE_AFTER_FAILURE, rest, turn};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use vestnik_app::{App, AppError, sending};

pub(crate) async fn routes(app: App, lanes: Arc<Notify>, mut stopping: watch::Receiver<bool>) {
    loop {
        let routing = app.clone();
        let pause = match turn::take(async move { turn_of_routing(&routing).await }).await {
            Ok(Turn::Routed) => {
                lanes.notify_one();
                Duration::ZERO
            }
            Ok(Turn::Idle { next_due }) => pause_before(next_due, app.now()),
            Err(error) => {
                tracing::error!(loop_name = "route", %error, "a turn failed");
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

/// A turn that found nothing to move is never followed by the next one at once: of two nodes that want
/// the same rows, one always comes too late.
const PAUSE_LEAST: Duration = Duration::from_millis(5);

enum Turn {
    Routed,
    Idle { next_due: Option<Timestamp> },
}

async fn turn_of_routing(app: &App) -> Result<Turn, AppError> {
    // Before the turn: what falls due meanwhile is not slept over.
    let began = app.now();
    if sending::route::run_once(app).await? > 0 {
        return Ok(Turn::Routed);
    }
    Ok(Turn::Idle { next_due: sending::upcoming::next_due(app, began).await? })
}

/// How long to rest after a turn that found nothing: until the next message falls due, and never longer
/// than the usual pause, since sooner ones may be planned meanwhile.
fn pause_before(next_due: Option<Timestamp>, now: Timestamp) -> Duration {
    let until_due = next_due.map_or(PAUSE, |at| {
        // An instant in the past is no duration at all.
        Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO)
    });
    until_due.clamp(PAUSE_LEAST, PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn routing_rests_until_the_next_message_is_due_and_never_longer_than_usual() {
        let now: Timestamp = "2026-03-02T06:00:00Z".parse().unwrap();
        let due_in = |ms| pause_before(Some(now + SignedDuration::from_millis(ms)), now);
        assert_eq!(pause_before(None, now), PAUSE);
        assert_eq!(due_in(3_600_000), PAUSE);
        assert_eq!(due_in(40), Duration::from_millis(40));
        assert_eq!(due_in(0), PAUSE_LEAST);
        assert_eq!(due_in(-40), PAUSE_LEAST, "it fell due during the turn");
    }
}
