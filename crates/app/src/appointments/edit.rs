//! Moving an appointment, or changing its services, staff member, branch, number or note.

use super::change::{self, Offer, WantedFacts};
use super::guard::{self, TimeAsked};
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use crate::journals::write_back;
use crate::messages::replan::LookAsked;
use serde_json::json;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::ids::{AppointmentId, BranchId, ServiceId, StaffId};
use vestnik_domain::planning::{Edit, Notify, Side};
use vestnik_store::{Batch, ChangeSet};

/// What to change; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct EditAppointment {
    /// The version that the caller saw.
    pub version: i64,
    pub branch_id: Option<BranchId>,
    pub staff_id: Option<Option<StaffId>>,
    pub service_ids: Option<Vec<ServiceId>>,
    pub start: Option<String>,
    pub duration_min: Option<i64>,
    pub recipient_phone: Option<Option<String>>,
    pub note: Option<String>,
    pub force: bool,
    pub notify: Notify,
}

/// Edits; an edit that changes nothing answers with what stands.
///
/// # Errors
/// `version_conflict`, `time_taken`, or every field that is wrong.
pub async fn edit_appointment(
    app: &App,
    caller: &Caller,
    id: AppointmentId,
    command: EditAppointment,
) -> Result<Appointment, AppError> {
    change::decide_and_commit(app, || decide(app, caller, id, &command)).await
}

async fn decide(
    app: &App,
    caller: &Caller,
    id: AppointmentId,
    command: &EditAppointment,
) -> Result<(ChangeSet, Appointment), AppError> {
    let (before, offer) = change::current_and_offer(app, caller, id, Some(command.version)).await?;
    let mut fields = Fields::new();
    let facts = change::facts(&mut fields, &wanted(&before, command), &offer, Some(&before.facts));
    let note = fields.optional_text("note", command.note.as_deref().unwrap_or(&before.note), 2_000);
    let recipient_phone = match &command.recipient_phone {
        None => before.recipient_phone.clone(),
        Some(None) => None,
        Some(Some(text)) => {
            crate::clients::phone::read(app, caller, &mut fields, "recipient_phone", text).await?
        }
    };
    fields.finish()?;
    let Some(facts) = facts else {
        return Err(AppError::Internal("checked fields are missing".to_owned()));
    };

    let mut after = Appointment { facts, note, recipient_phone, ..before.clone() };
    let changes = changes(&before, &after);
    let mut change_set = ChangeSet::new();
    if changes.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok((change_set, before));
    }
    let now = app.now();
    let organization = caller.organization_id;
    let mut batch = app.store.batch();
    let time = move_time(&mut batch, caller, command, &before, &after, &offer);
    let client = batch.client(organization, before.client_id);
    let look = LookAsked::ask(&mut batch, organization, before.client_id, None, now);
    let mut answers = batch.read().await?;
    let client = answers.take(client)?.ok_or(AppError::NotFound("client"))?;
    let look = look.take(&mut answers, client, &offer, now)?;
    let look = look.with_recipient(app, after.recipient_phone.as_ref()).await?;
    let edit = Edit {
        before: &before.facts,
        after: &after.facts,
        by: Side::of(&caller.actor),
        notify: command.notify,
    };
    after.notification = before.notification.edited(edit, look.moment(&before, now));
    let guards = time.take(&mut answers, &after.facts, after.id, &offer.services)?;
    guard::raise(&mut change_set, guards);
    change::write(caller, &mut change_set, &before, &mut after, changes, now);
    look.add(app, std::slice::from_ref(&after), &mut change_set);
    write_back::put(app, caller, &before, &after, &mut change_set).await?;
    Ok((change_set, after))
}

fn wanted(before: &Appointment, command: &EditAppointment) -> WantedFacts {
    let facts = &before.facts;
    let services_differ = command.service_ids.as_ref().is_some_and(|ids| *ids != facts.service_ids);
    WantedFacts {
        branch_id: command.branch_id.unwrap_or(facts.branch_id),
        staff_id: command.staff_id.unwrap_or(facts.staff_id),
        service_ids: command.service_ids.clone().unwrap_or_else(|| facts.service_ids.clone()),
        // The instant, not the wall time: an hour that comes twice must stay the same one. Another
        // branch may have another zone; there the wall time is what was agreed.
        start: command.start.clone().unwrap_or_else(|| {
            if command.branch_id.is_some_and(|branch| branch != facts.branch_id) {
                facts.start_local.to_string()
            } else {
                facts.starts_at.to_string()
            }
        }),
        // Other services last otherwise, unless the caller says how long.
        duration_min: command.duration_min.or((!services_differ).then_some(facts.duration_min)),
    }
}

/// What differs, as the history keeps it: `{"field": [from, to]}`.
pub(crate) fn changes(before: &Appointment, after: &Appointment) -> serde_json::Value {
    let mut changes = serde_json::Map::new();
    let mut compare = |field: &str, from: serde_json::Value, to: serde_json::Value| {
        if from != to {
            changes.insert(field.to_owned(), json!([from, to]));
        }
    };
    let (from, to) = (&before.facts, &after.facts);
    compare("branch_id", json!(from.branch_id), json!(to.branch_id));
    compare("staff_id", json!(from.staff_id), json!(to.staff_id));
    compare("service_ids", json!(from.service_ids), json!(to.service_ids));
    compare("start_local", json!(from.start_local), json!(to.start_local));
    compare("starts_at", json!(from.starts_at), json!(to.starts_at));
    compare("duration_min", json!(from.duration_min), json!(to.duration_min));
    compare("recipient_phone", json!(before.recipient_phone), json!(after.recipient_phone));
    // The words of a note may be personal; that it changed is enough.
    compare("note", json!(before.note.is_empty()), json!(after.note.is_empty()));
    if before.note != after.note {
        changes.insert("note".to_owned(), json!(true));
    }
    serde_json::Value::Object(changes)
}

/// The time that it leaves and the time that it takes; nothing where both are the same.
fn move_time(
    batch: &mut Batch<'_>,
    caller: &Caller,
    command: &EditAppointment,
    before: &Appointment,
    after: &Appointment,
    offer: &Offer,
) -> TimeAsked {
    let mut time = TimeAsked::default();
    let takes_the_same = before.facts.staff_id == after.facts.staff_id
        && before.facts.starts_at == after.facts.starts_at
        && before.facts.duration_min == after.facts.duration_min
        && before.facts.service_ids == after.facts.service_ids;
    if takes_the_same || !after.holds_time() {
        return time;
    }
    for facts in [&before.facts, &after.facts] {
        if let Some(branch) = offer.branch(facts.branch_id) {
            time.touch(batch, caller, facts, branch, &offer.services);
        }
    }
    if !command.force {
        time.want(batch, caller, &after.facts, &offer.services);
    }
    time
}
