//! The heartbeat: it keeps a node's senders its own, and notices a database that goes back in time.

use super::let_go::hold;
use super::standing::Standing;
use crate::context::App;
use crate::error::AppError;
use crate::round::land_unless_lost;
use jiff::Timestamp;
use std::sync::Arc;
use vestnik_domain::ids::NodeId;
use vestnik_domain::node::{HeldReason, Instance, Node, Sidecar};
use vestnik_store::{ChangeSet, CommitError};

/// One heartbeat; what it returns is to be written outside the database. Until the next one, at most
/// for the length of a lease, this node may send.
///
/// # Errors
/// `Conflict` if another process uses the same sidecar. The node then sends nothing.
pub async fn beat(app: &App) -> Result<Sidecar, AppError> {
    let standing = standing(app)?;
    let known = standing.sidecar();
    let now = app.liveness_now();
    let own = app.store.node(known.node_id).await?;
    let instance = app.store.instance().await?;
    let Some(instance) = instance else { return rewound(app, &standing, known).await };
    let own = own.filter(|own| own.version >= known.beat);
    let Some(own) = own.filter(|_| instance.epoch >= known.epoch) else {
        if instance.name == known.instance && instance.epoch > known.epoch {
            // It went back and was let go while this node looked elsewhere: people know of it.
            standing.stop_sending();
            return go_on_as_new(app, &standing, known, instance).await;
        }
        return rewound(app, &standing, known).await;
    };
    let as_left =
        own.version == known.beat || (own.version == known.beat + 1 && standing.is_beat_in_doubt());
    if !as_left {
        return shared_sidecar(&standing);
    }
    let expires_at = now.checked_add(standing.lease()).unwrap_or(Timestamp::MAX);
    let beaten = Node { version: own.version + 1, expires_at, ..own.clone() };
    let mut change_set = ChangeSet::new();
    change_set.update(&beaten, own.version);
    match app.store.commit(change_set).await {
        Ok(()) => {}
        Err(CommitError::Conflict { .. }) => return shared_sidecar(&standing),
        Err(error) => {
            // It may have landed: the next beat takes up what it finds.
            standing.remember(Sidecar { beat: own.version, ..known });
            standing.doubt_beat(matches!(error, CommitError::OutcomeUnknown(_)));
            return Err(error.into());
        }
    }
    standing.doubt_beat(false);
    let sidecar = Sidecar { epoch: instance.epoch, beat: beaten.version, ..known };
    standing.remember(sidecar.clone());
    standing.set_held(instance.held.is_some());
    if instance.held.is_some() {
        app.offers().forget();
    }
    standing.may_send_until(expires_at);
    Ok(sidecar)
}

/// A node that stops says so: others take its senders at once.
pub async fn leave(app: &App) -> Result<(), AppError> {
    let standing = standing(app)?;
    standing.stop_sending();
    let Some(own) = app.store.node(standing.node_id()).await? else { return Ok(()) };
    let gone = Node { version: own.version + 1, expires_at: Timestamp::UNIX_EPOCH, ..own.clone() };
    let mut change_set = ChangeSet::new();
    change_set.update(&gone, own.version);
    land_unless_lost(app, change_set).await?;
    Ok(())
}

fn standing(app: &App) -> Result<Arc<Standing>, AppError> {
    let missing = || AppError::Internal("this process has not arrived as a node".to_owned());
    app.standing().cloned().ok_or_else(missing)
}

/// The database is older than it was a moment ago: nothing leaves any more. The node goes on as a new
/// one, so that once it is let go, it stays so.
async fn rewound(app: &App, standing: &Standing, known: Sidecar) -> Result<Sidecar, AppError> {
    standing.stop_sending();
    standing.set_held(true);
    app.offers().forget();
    tracing::error!("the database went back in time: nothing is sent until it is let go");
    hold(app, HeldReason::Rewound).await?;
    let Some(instance) = app.store.instance().await? else {
        return Err(AppError::Unavailable("the database is empty: start again".to_owned()));
    };
    go_on_as_new(app, standing, known, instance).await
}

/// This node's row is gone or of another past: it is a new node from now on. It sends from its next
/// heartbeat on, if nothing holds the installation.
async fn go_on_as_new(
    app: &App,
    standing: &Standing,
    known: Sidecar,
    instance: Instance,
) -> Result<Sidecar, AppError> {
    let now = app.liveness_now();
    let expires_at = now.checked_add(standing.lease()).unwrap_or(Timestamp::MAX);
    let node = Node { id: NodeId(app.new_id()), version: 1, started_at: now, expires_at };
    let mut change_set = ChangeSet::new();
    change_set.insert(&node);
    app.store.commit(change_set).await?;
    let sidecar = Sidecar {
        instance: instance.name.clone(),
        epoch: instance.epoch,
        node_id: node.id,
        beat: node.version,
    };
    tracing::warn!(before = %known.node_id, after = %node.id, "this node goes on under a new id");
    standing.remember(sidecar.clone());
    standing.set_held(instance.held.is_some());
    standing.forget_fences();
    Ok(sidecar)
}

fn shared_sidecar(standing: &Standing) -> Result<Sidecar, AppError> {
    standing.stop_sending();
    Err(AppError::conflict(
        "sidecar_shared",
        "Этот же файл состояния использует другой процесс: дайте каждому узлу свой (--sidecar)",
        "another process uses the same sidecar file: give each node its own (--sidecar)",
    ))
}
