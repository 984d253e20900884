//! How senders stand.

use crate::context::{App, Caller};
use crate::error::AppError;
use vestnik_domain::ids::{OrganizationId, SenderId};
use vestnik_domain::pace::PaceState;
use vestnik_domain::sender::{PhoneLink, Sender, SenderStatus, status};

/// A sender with everything that decides its status.
pub struct SenderView {
    pub sender: Sender,
    pub link: Option<PhoneLink>,
    pub pace: PaceState,
    pub status: SenderStatus,
}

/// All senders, archived ones too.
pub async fn list_senders(app: &App, caller: &Caller) -> Result<Vec<SenderView>, AppError> {
    views(app, caller.organization_id).await
}

/// One sender.
pub async fn get_sender(app: &App, caller: &Caller, id: SenderId) -> Result<SenderView, AppError> {
    let sender = super::edit::find(app, caller, id).await?;
    let link = app.store.phone_link(caller.organization_id, id).await?;
    view(app, sender, link).await
}

pub(crate) async fn views(
    app: &App,
    organization: OrganizationId,
) -> Result<Vec<SenderView>, AppError> {
    let mut links = app.store.phone_links(organization).await?;
    let mut views = Vec::new();
    for sender in app.store.senders(organization).await? {
        let position = links.iter().position(|link| link.sender_id == sender.id);
        let link = position.map(|position| links.swap_remove(position));
        views.push(view(app, sender, link).await?);
    }
    Ok(views)
}

async fn view(app: &App, sender: Sender, link: Option<PhoneLink>) -> Result<SenderView, AppError> {
    let now = app.now();
    let pace =
        app.store.pace_state(sender.organization_id, sender.id).await?.unwrap_or_else(|| {
            PaceState::new(sender.organization_id, sender.id, &sender.zone, now)
        });
    let used = pace.used_today(&sender.zone, now);
    let status = status(&sender, link.as_ref(), used, app.liveness_now());
    Ok(SenderView { sender, link, pace, status })
}
