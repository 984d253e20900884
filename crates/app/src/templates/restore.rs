//! Taking an own text back, so that the wider one or the standard one applies again.

use super::list::{TemplateInForce, in_force, locked_variables};
use super::save::{retire, touch_organization};
use super::{Place, need_branch};
use crate::audit;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use serde_json::json;
use vestnik_store::ChangeSet;

/// Removes the own text of a place and answers what applies now: for a branch the organization's
/// text, if that has one. Done twice it is as once.
///
/// # Errors
/// An unknown variant or channel; 404 for a branch that is not there; `changed_meanwhile` if somebody saved in the same moment.
pub async fn restore_standard(
    app: &App,
    caller: &Caller,
    place: Place,
) -> Result<TemplateInForce, AppError> {
    caller.need_owner()?;
    need_branch(app, caller, place.branch_id).await?;
    let mut fields = Fields::new();
    place.check(app, caller, &mut fields).await?;
    fields.finish()?;
    let locked = locked_variables(app, caller, place.kind).await?;
    let mut stored = app.store.templates(caller.organization_id).await?;
    let before = in_force(&stored, place.clone(), &locked);
    let mut change_set = ChangeSet::new();
    if !retire(&mut stored, &place, app.now(), &mut change_set) {
        return Ok(before);
    }
    let after = in_force(&stored, place.clone(), &locked);
    let changes = json!({ "text": { "from": before.text, "to": after.text } });
    audit::note(app, caller, &mut change_set, "template.restored", &place, changes);
    touch_organization(app, caller, &mut change_set).await?;
    app.store.commit(change_set).await?;
    Ok(after)
}
