//! Which senders this node drives. A lease changes hands only when its holder has surely stopped or
//! has handed it back; its version is the fence that every intent expects.

use crate::context::App;
use crate::error::AppError;
use crate::nodes::Standing;
use vestnik_domain::ids::{OrganizationId, SenderId};
use vestnik_domain::node::{SenderLease, is_over};
use vestnik_store::{ChangeSet, CommitError};

/// The lease of a sender, if this node has it or can take it now.
pub(crate) async fn hold(
    app: &App,
    standing: &Standing,
    organization: OrganizationId,
    sender: SenderId,
) -> Result<Option<SenderLease>, AppError> {
    let own = standing.node_id();
    let found = app.store.sender_lease(organization, sender).await?;
    if let Some(lease) = &found {
        if lease.node_id == Some(own) && standing.fence_of(sender) == Some(lease.version) {
            return Ok(found);
        }
        standing.forget_fence(sender);
        if let Some(holder) = lease.node_id.filter(|holder| *holder != own) {
            let holder = app.store.node(holder).await?;
            if !is_over(holder.as_ref(), app.liveness_now()) {
                return Ok(None);
            }
        }
    }
    let taken = SenderLease {
        organization_id: organization,
        sender_id: sender,
        version: found.as_ref().map_or(1, |lease| lease.version + 1),
        node_id: Some(own),
        taken_at: app.liveness_now(),
    };
    let mut change_set = ChangeSet::new();
    match &found {
        Some(before) => change_set.update(&taken, before.version),
        None => change_set.insert(&taken),
    };
    match app.store.commit(change_set).await {
        Ok(()) => {
            standing.remember_fence(sender, taken.version);
            tracing::info!(%sender, fence = taken.version, "this node drives the sender");
            Ok(Some(taken))
        }
        // Another node was faster.
        Err(CommitError::Conflict { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
