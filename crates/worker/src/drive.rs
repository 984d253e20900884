//! Driving the senders that we call: each on its own, so that a slow carrier holds up no other.

use crate::{PAUSE, PAUSE_AFTER_FAILURE, rest, turn};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use vestnik_app::{App, AppError, sending};
use vestnik_domain::ids::{OrganizationId, SenderId};

/// Senders at work at the same time on one node.
const AT_ONCE_MOST: usize = 64;

/// `lanes` hints that something was put into one.
pub(crate) async fn drives(app: App, lanes: Arc<Notify>, mut stopping: watch::Receiver<bool>) {
    let mut at_work = JoinSet::new();
    let mut busy: BTreeSet<SenderId> = BTreeSet::new();
    let mut last_begun = None;
    loop {
        let pause = match begin(&app, &mut at_work, &mut busy, &mut last_begun).await {
            Ok(()) => PAUSE,
            Err(error) => {
                tracing::error!(loop_name = "drive", %error, "a turn failed");
                PAUSE_AFTER_FAILURE
            }
        };
        tokio::select! {
            biased;
            _ = stopping.changed() => break,
            Some(ended) = at_work.join_next() => note_end(ended, &mut busy),
            () = lanes.notified() => {}
            () = rest(pause) => {}
        }
        while let Some(ended) = at_work.try_join_next() {
            note_end(ended, &mut busy);
        }
    }
    // What was intended is handed over before the process ends.
    while at_work.join_next().await.is_some() {}
}

/// Begins a turn of every sender that has work and is not at it, as many as there are places; the
/// next look goes on after the last one, so that nobody is passed over for ever.
async fn begin(
    app: &App,
    at_work: &mut JoinSet<SenderId>,
    busy: &mut BTreeSet<SenderId>,
    last_begun: &mut Option<(OrganizationId, SenderId)>,
) -> Result<(), AppError> {
    let looking = app.clone();
    let with_work =
        turn::take(async move { sending::drive::senders_with_work(&looking).await }).await?;
    let after = with_work.partition_point(|one| Some(*one) <= *last_begun);
    let (before, next) = with_work.split_at(after);
    for &(organization, sender) in next.iter().chain(before) {
        if at_work.len() >= AT_ONCE_MOST {
            return Ok(());
        }
        if busy.insert(sender) {
            *last_begun = Some((organization, sender));
            at_work.spawn(turns(app.clone(), organization, sender));
        }
    }
    Ok(())
}

/// Turn after turn until nothing moves; then a moment's rest, since what is left waits for time or
/// for another node.
async fn turns(app: App, organization: OrganizationId, sender: SenderId) -> SenderId {
    let turn = turn::take(async move { sending::drive::drive(&app, organization, sender).await });
    match turn.await {
        Ok(0) => rest(PAUSE).await,
        Ok(_) => {}
        Err(error) => {
            tracing::error!(%sender, %error, "a sender's turn failed");
            rest(PAUSE_AFTER_FAILURE).await;
        }
    }
    sender
}

fn note_end(ended: Result<SenderId, tokio::task::JoinError>, busy: &mut BTreeSet<SenderId>) {
    match ended {
        Ok(sender) => {
            busy.remove(&sender);
        }
        // No sender can be told from here, so all may begin anew.
        Err(error) => {
            tracing::error!(%error, "a sender's turns died");
            busy.clear();
        }
    }
}
