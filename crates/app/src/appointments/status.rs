//! Statuses: confirmed, arrived, no-show, cancelled, and back.

use super::change::{self, Offer};
use super::guard;
use crate::context::{App, Caller};
use crate::error::AppError;
use crate::journals::write_back;
use crate::messages::replan;
use serde_json::json;
use vestnik_domain::access::Actor;
use vestnik_domain::appointment::{Appointment, CancelledBy, Status};
use vestnik_domain::ids::AppointmentId;
use vestnik_domain::planning::{Cancel, Notify, Restore, Side};
use vestnik_store::ChangeSet;

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
    let before = change::current(app, caller, id, command.version).await?;
    let mut change_set = ChangeSet::new();
    if before.status == command.status {
        return Ok((change_set, before));
    }
    let now = app.now();
    let offer = Offer::read(app, caller).await?;
    let client = crate::clients::get(app, caller, before.client_id).await?;
    let look = replan::look_at(app, caller, &client, &offer, now).await?;
    let moment = look.moment(&before, now);
    let by = Side::of(&caller.actor);
    let mut after = Appointment { status: command.status, cancelled_by: None, ..before.clone() };
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
        after.notification = after.notification.status_set(command.status, now);
    }
    hold_time(app, caller, command, &before, &after, &offer, &mut change_set).await?;
    let changes = json!({ "status": [before.status, after.status] });
    change::write(caller, &mut change_set, &before, &mut after, changes, now);
    look.add(app, std::slice::from_ref(&after), &mut change_set);
    write_back::put(app, caller, &before, &after, &mut change_set).await?;
    Ok((change_set, after))
}

/// Freeing and taking back time both raise the guards of its days.
async fn hold_time(
    app: &App,
    caller: &Caller,
    command: &SetStatus,
    before: &Appointment,
    after: &Appointment,
    offer: &Offer,
    change_set: &mut ChangeSet,
) -> Result<(), AppError> {
    if before.holds_time() == after.holds_time() {
        return Ok(());
    }
    let Some(branch) = offer.branch(after.facts.branch_id) else { return Ok(()) };
    let guards = guard::guards(app, caller, &after.facts, branch, &offer.services).await?;
    if after.holds_time() && !command.force {
        guard::refuse_overlap(app, caller, &after.facts, after.id, &offer.services).await?;
    }
    guard::raise(change_set, guards);
    Ok(())
}
