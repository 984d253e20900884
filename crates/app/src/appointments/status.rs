//! Statuses: confirmed, arrived, no-show, cancelled, and back.

use super::change::{self, Offer};
use super::guard::{self, TimeAsked};
use crate::context::{App, Caller};
use crate::error::AppError;
use crate::journals::write_back;
use crate::messages::replan::LookAsked;
use serde_json::json;
use vestnik_domain::access::Actor;
use vestnik_domain::appointment::{Appointment, CancelledBy, Status};
use vestnik_domain::ids::AppointmentId;
use vestnik_domain::planning::{Cancel, Notify, Restore, Side};
use vestnik_store::{Batch, ChangeSet};

/// The status to set. Leaving `cancelled` brings the appointment back.
#[derive(Debug, Clone)]
pub struct SetStatus {
    /// The version that the caller saw; `None` where the caller cannot know it (a link, an answer).
    pub version: Option<i64>,
    pub status: Status,
    /// On bringing back: over another appointment.
    pub force: bool,
    pub notify: Notify,
}

/// Sets the status; setting the one that stands changes nothing.
///
/// # Errors
/// `version_conflict`; `time_taken` when bringing back what somebody else took meanwhile.
pub async fn set_status(
    app: &App,
    caller: &Caller,
    id: AppointmentId,
    command: SetStatus,
) -> Result<Appointment, AppError> {
    change::decide_and_commit(app, || decide(app, caller, id, &command)).await
}

async fn decide(
    app: &App,
    caller: &Caller,
    id: AppointmentId,
    command: &SetStatus,
) -> Result<(ChangeSet, Appointment), AppError> {
    let (before, offer) = change::current_and_offer(app, caller, id, command.version).await?;
    let mut change_set = ChangeSet::new();
    if before.status == command.status {
        return Ok((change_set, before));
    }
    let now = app.now();
    let mut after = Appointment { status: command.status, cancelled_by: None, ..before.clone() };
    let organization = caller.organization_id;
    let mut batch = app.store.batch();
    let time = hold_time(&mut batch, caller, command, &before, &after, &offer);
    let client = batch.client(organization, before.client_id);
    let look = LookAsked::ask(&mut batch, organization, before.client_id, None, now);
    let mut answers = batch.read().await?;
    let client = answers.take(client)?.ok_or(AppError::NotFound("client"))?;
    let look = look.take(&mut answers, client, &offer, now)?;
    let moment = look.moment(&before, now);
    let by = Side::of(&caller.actor);
    if command.status == Status::Cancelled {
        after.cancelled_by = Some(match caller.actor {
            Actor::Client => CancelledBy::Client,
            _ => CancelledBy::Staff,
        });
        let cancel = Cancel { facts: &before.facts, by, notify: command.notify };
        after.notification = before.notification.cancelled(cancel, moment);
    } else {
        if before.status == Status::Cancelled {
            let restore = Restore { facts: &before.facts, by, notify: command.notify };
            after.notification = before.notification.restored(restore, moment);
        }
        after.notification = after.notification.status_set(before.status, command.status, moment);
    }
    let guards = time.take(&mut answers, &after.facts, after.id, &offer.services)?;
    guard::raise(&mut change_set, guards);
    let changes = json!({ "status": [before.status, after.status] });
    change::write(caller, &mut change_set, &before, &mut after, changes, now);
    look.add(app, std::slice::from_ref(&after), &mut change_set);
    write_back::put(app, caller, &before, &after, &mut change_set).await?;
    Ok((change_set, after))
}

/// Freeing and taking back time both raise the guards of its days.
fn hold_time(
    batch: &mut Batch<'_>,
    caller: &Caller,
    command: &SetStatus,
    before: &Appointment,
    after: &Appointment,
    offer: &Offer,
) -> TimeAsked {
    let mut time = TimeAsked::default();
    if before.holds_time() == after.holds_time() {
        return time;
    }
    let Some(branch) = offer.branch(after.facts.branch_id) else { return time };
    time.touch(batch, caller, &after.facts, branch, &offer.services);
    if after.holds_time() && !command.force {
        time.want(batch, caller, &after.facts, &offer.services);
    }
    time
}
