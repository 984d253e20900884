//! A node starts: it finds out whether it may send, and makes itself known.

use super::standing::Standing;
use crate::context::App;
use crate::error::AppError;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use vestnik_domain::ids::NodeId;
use vestnik_domain::node::{self, Arrival, Held, Instance, Node, Sidecar};
use vestnik_store::{ChangeSet, CommitError};

/// So many nodes may start at the same moment.
const TRIES_MOST: u32 = 20;

/// A node that has made itself known.
pub struct Arrived {
    /// The application as this node.
    pub app: App,
    /// To be written outside the database before anything is sent.
    pub sidecar: Sidecar,
    pub arrival: Arrival,
    /// Why nothing may be sent, also if an earlier start found it.
    pub held: Option<Held>,
}

/// The nodes whose heartbeat has not run out. In a fresh copy they are only written down: whoever is
/// new here looks twice, and counts those that went on beating in between.
pub async fn beating(app: &App) -> Result<Vec<Node>, AppError> {
    Ok(app.store.nodes_alive(app.liveness_now()).await?)
}

/// Starts as a node whose heartbeat counts for `lease`, with what it remembers of its last run;
/// `seen_before` are the nodes that were [`beating`] some heartbeats ago.
/// Killed anywhere on the way, the next start finds the same.
pub async fn arrive(
    app: App,
    remembered: Option<Sidecar>,
    lease: SignedDuration,
    seen_before: &[Node],
) -> Result<Arrived, AppError> {
    for _ in 0..TRIES_MOST {
        match try_to_arrive(&app, remembered.as_ref(), lease, seen_before).await {
            Ok((sidecar, arrival, held, expires_at)) => {
                let standing = Standing::new(sidecar.clone(), lease, held.is_some());
                standing.may_send_until(expires_at);
                let app = app.with_standing(Arc::new(standing));
                return Ok(Arrived { app, sidecar, arrival, held });
            }
            // Another node started at the same moment: look again.
            Err(Refusal::Raced) => {}
            Err(Refusal::Failed(error)) => return Err(error),
        }
    }
    Err(AppError::Unavailable("too many nodes start at the same moment".to_owned()))
}

enum Refusal {
    Raced,
    Failed(AppError),
}

impl<E: Into<AppError>> From<E> for Refusal {
    fn from(error: E) -> Refusal {
        Refusal::Failed(error.into())
    }
}

type Found = (Sidecar, Arrival, Option<Held>, Timestamp);

async fn try_to_arrive(
    app: &App,
    remembered: Option<&Sidecar>,
    lease: SignedDuration,
    seen_before: &[Node],
) -> Result<Found, Refusal> {
    let now = app.liveness_now();
    let instance = app.store.instance().await?;
    let own = match remembered {
        Some(sidecar) => app.store.node(sidecar.node_id).await?,
        None => None,
    };
    let others_alive = app.store.nodes_alive(now).await?.iter().any(|other| {
        let is_another = remembered.is_none_or(|sidecar| sidecar.node_id != other.id);
        let earlier = seen_before.iter().find(|seen| seen.id == other.id);
        is_another && earlier.is_some_and(|earlier| earlier.version < other.version)
    });
    let arrival = node::arrive(remembered, instance.as_ref(), own.as_ref(), others_alive);

    let mut change_set = ChangeSet::new();
    let instance = match instance {
        None => {
            let instance = new_instance(app, now);
            change_set.insert(&instance);
            instance
        }
        Some(instance) => match arrival {
            Arrival::Held(because) if instance.held.is_none() => {
                let held = Some(Held { since: now, because });
                let version = instance.version + 1;
                let holding = Instance { version, held, ..instance.clone() };
                change_set.update(&holding, instance.version);
                holding
            }
            _ => instance,
        },
    };
    let expires_at = now.checked_add(lease).unwrap_or(Timestamp::MAX);
    // Only who returns goes on counting: everybody else is a new node, whatever its row says.
    let node = match (arrival, own) {
        (Arrival::Returns, Some(own)) => {
            let back =
                Node { version: own.version + 1, started_at: now, expires_at, ..own.clone() };
            change_set.update(&back, own.version);
            back
        }
        _ => {
            let id = NodeId(app.new_id());
            let new = Node { id, version: 1, started_at: now, expires_at };
            change_set.insert(&new);
            new
        }
    };
    match app.store.commit(change_set).await {
        Ok(()) => {}
        Err(CommitError::Conflict { .. }) => return Err(Refusal::Raced),
        Err(error) => return Err(error.into()),
    }
    let sidecar = Sidecar {
        instance: instance.name.clone(),
        epoch: instance.epoch,
        node_id: node.id,
        beat: node.version,
    };
    Ok((sidecar, arrival, instance.held, expires_at))
}

pub(super) fn new_instance(app: &App, now: Timestamp) -> Instance {
    let name = hex::encode(app.random::<16>());
    Instance { version: 1, name, epoch: 0, made_at: now, held: None, let_go_at: None }
}
