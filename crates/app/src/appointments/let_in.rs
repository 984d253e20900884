//! Letting an older visit in by hand (N1).

use super::change::{self, Offer};
use crate::context::{App, Caller};
use crate::error::AppError;
use crate::messages::replan;
use serde_json::json;
use vestnik_domain::appointment::{Appointment, Status};
use vestnik_domain::ids::AppointmentId;
use vestnik_store::ChangeSet;

/// From now on an appointment that is older than the switching-on of the block is notified of,
/// without «created». One that counts already stays as it is.
///
/// # Errors
/// `notifications_off` while the block is off; `appointment_cancelled`; `version_conflict`.
pub async fn let_in(
    app: &App,
    caller: &Caller,
    id: AppointmentId,
    version: Option<i64>,
) -> Result<Appointment, AppError> {
    change::decide_and_commit(app, || decide(app, caller, id, version)).await
}

async fn decide(
    app: &App,
    caller: &Caller,
    id: AppointmentId,
    version: Option<i64>,
) -> Result<(ChangeSet, Appointment), AppError> {
    let before = change::current(app, caller, id, version).await?;
    if before.status == Status::Cancelled {
        return Err(AppError::conflict(
            "appointment_cancelled",
            "Запись отменена: сначала верните её",
            "the appointment is cancelled; bring it back first",
        ));
    }
    let now = app.now();
    let mut change_set = ChangeSet::new();
    let offer = Offer::read(app, caller).await?;
    let client = crate::clients::get(app, caller, before.client_id).await?;
    let look = replan::look_at(app, caller, &client, &offer, now).await?;
    let Some(on_since) = look.settings().settings.on_since else {
        return Err(AppError::conflict(
            "notifications_off",
            "Уведомления клиентов выключены: сначала включите их",
            "notifications are off; switch them on first",
        ));
    };
    let counts = |at| at >= on_since;
    if counts(before.journal_created_at) || before.notification.let_in_at.is_some_and(counts) {
        return Ok((change_set, before));
    }
    let mut after = before.clone();
    after.notification = before.notification.let_in(now);
    change::write(caller, &mut change_set, &before, &mut after, json!({ "let_in": true }), now);
    look.add(app, std::slice::from_ref(&after), &mut change_set);
    Ok((change_set, after))
}
