//! Holding an installation, and letting it go: what fell due meanwhile is skipped, never flushed.

use crate::context::App;
use crate::counters;
use crate::error::AppError;
use crate::round::land_unless_lost;
use crate::sending::all_buckets;
use jiff::Timestamp;
use vestnik_domain::message::{Message, MessageState};
use vestnik_domain::node::{Held, HeldReason, Instance};
use vestnik_domain::routing::RouteReason;
use vestnik_store::{ChangeSet, CommitError, Urgency};

/// How many messages it looks at together, about.
const CHUNK: i64 = 100;
const TRIES_MOST: u32 = 20;

/// How the installation stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceState {
    pub held: Option<Held>,
    pub let_go_at: Option<Timestamp>,
}

/// Is it held, and why?
pub async fn instance_state(app: &App) -> Result<InstanceState, AppError> {
    let instance = app.store.instance().await?;
    Ok(InstanceState {
        held: instance.as_ref().and_then(|instance| instance.held),
        let_go_at: instance.and_then(|instance| instance.let_go_at),
    })
}

/// Marks a copy that takes a database's place. A copy that nobody ever served is marked too.
pub async fn mark_restored(app: &App, because: HeldReason) -> Result<(), AppError> {
    if app.store.instance().await?.is_none() {
        let mut change_set = ChangeSet::new();
        change_set.insert(&super::arrive::new_instance(app, app.liveness_now()));
        app.store.commit(change_set).await?;
    }
    hold(app, because).await
}

/// Holds the installation: no node sends anything from its next heartbeat on.
pub(super) async fn hold(app: &App, because: HeldReason) -> Result<(), AppError> {
    let since = app.liveness_now();
    change(app, |instance| match instance.held {
        Some(_) => None,
        None => Some(Instance { held: Some(Held { since, because }), ..instance }),
    })
    .await
}

/// Lets it go; says how many messages were skipped, since they fell due while it was held. Killed
/// half-way it is still held, and can be let go again.
pub async fn let_go(app: &App) -> Result<usize, AppError> {
    if instance_state(app).await?.held.is_none() {
        return Ok(0);
    }
    let skipped = skip_what_fell_due(app).await?;
    let now = app.liveness_now();
    change(app, |instance| {
        instance.held?;
        // Higher than any epoch of before, also of one that a copy from before that does not know of.
        let epoch = (instance.epoch + 1).max(now.as_microsecond());
        Some(Instance { epoch, held: None, let_go_at: Some(now), ..instance })
    })
    .await?;
    if let Some(standing) = app.standing() {
        standing.set_held(false);
    }
    Ok(skipped)
}

/// Writes the row anew by `to`, again after a lost race; nothing where it says so.
async fn change(app: &App, to: impl Fn(Instance) -> Option<Instance>) -> Result<(), AppError> {
    for _ in 0..TRIES_MOST {
        let Some(before) = app.store.instance().await? else { return Ok(()) };
        let version = before.version;
        let Some(after) = to(before) else { return Ok(()) };
        let mut change_set = ChangeSet::new();
        change_set.update(&Instance { version: version + 1, ..after }, version);
        match app.store.commit(change_set).await {
            Err(CommitError::Conflict { .. }) => {}
            outcome => return Ok(outcome?),
        }
    }
    Err(AppError::Unavailable("the installation is being changed by too many at once".to_owned()))
}

async fn skip_what_fell_due(app: &App) -> Result<usize, AppError> {
    let mut skipped = 0;
    loop {
        let mut found = 0;
        let mut walk = app.store.walk_due(&all_buckets(), app.now(), CHUNK).await?;
        while !walk.is_over() {
            let due = app.store.next_due_page(&mut walk).await?;
            found += due.len();
            skipped += skip_all(app, &due).await?;
        }
        let in_lanes =
            app.store.messages_past_send_before(&all_buckets(), Timestamp::MAX, CHUNK).await?;
        found += in_lanes.len();
        skipped += skip_all(app, &in_lanes).await?;
        // Of what was changed meanwhile the next look decides as it is then.
        if found == 0 {
            return Ok(skipped);
        }
    }
}

/// Says how many it skipped; not those that somebody else changed meanwhile.
async fn skip_all(app: &App, messages: &[Message]) -> Result<usize, AppError> {
    let mut skipped = 0;
    for message in messages {
        let mut change_set = ChangeSet::with_urgency(Urgency::Bulk);
        change_set.change(&skip(message, app.now()), message);
        if land_unless_lost(app, change_set).await? {
            skipped += 1;
            counters::count(counters::SKIPPED);
        }
    }
    Ok(skipped)
}

fn skip(message: &Message, now: Timestamp) -> Message {
    let state = match message.state {
        // It may have been sent since the copy was made: what was told stays told.
        MessageState::Retrying { at } => MessageState::Submitted { at },
        _ => MessageState::Skipped { at: now, reason: RouteReason::Held.code().to_owned() },
    };
    Message { version: message.version + 1, state, retry_at: None, ..message.clone() }
}
