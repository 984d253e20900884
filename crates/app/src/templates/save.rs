//! Saving an own text. A saved text is never overwritten, so that what was sent can still be
//! explained: the row before is retired, a new one inserted.

use super::Place;
use super::check_text::read_text;
use super::list::{TemplateInForce, in_force, locked_variables};
use crate::audit;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use jiff::Timestamp;
use serde_json::json;
use vestnik_domain::ids::TemplateId;
use vestnik_domain::organization::Organization;
use vestnik_domain::template_choice::StoredTemplate;
use vestnik_store::ChangeSet;

/// Saves a text for a place; it is used by the next message that is written there. Plans stay as
/// they are: a text decides neither whether nor when.
///
/// # Errors
/// Every problem of the text (`text`), an unknown variant, channel or branch; `changed_meanwhile`
/// if somebody else saved in the same moment.
pub async fn save_template(
    app: &App,
    caller: &Caller,
    place: Place,
    text: &str,
) -> Result<TemplateInForce, AppError> {
    caller.need_owner()?;
    let mut fields = Fields::new();
    place.check(app, caller, &mut fields).await?;
    let locked = locked_variables(app, caller, place.kind).await?;
    let read = read_text(&mut fields, text, place.kind, place.variant, &locked);
    fields.finish()?;
    let (text, _) = read.ok_or_else(|| AppError::Internal("a refused text went on".to_owned()))?;

    let mut stored = app.store.templates(caller.organization_id).await?;
    let before = in_force(&stored, place.clone(), &locked);
    if before.is_own && before.text == text {
        return Ok(before);
    }
    let now = app.now();
    let mut change_set = ChangeSet::new();
    // The retired row comes first: its place must be free before it is taken anew.
    retire(&mut stored, &place, now, &mut change_set);
    let new = StoredTemplate {
        organization_id: caller.organization_id,
        id: TemplateId(app.new_id()),
        version: 1,
        branch_id: place.branch_id,
        kind: place.kind,
        variant: place.variant,
        language: place.language,
        channel: place.channel.clone(),
        text,
        created_at: now,
        replaced_at: None,
    };
    change_set.insert(&new);
    let changes = json!({ "text": { "from": before.text, "to": new.text } });
    audit::note(app, caller, &mut change_set, "template.saved", &place, changes);
    touch_organization(app, caller, &mut change_set).await?;
    app.store.commit(change_set).await?;
    stored.push(new);
    Ok(in_force(&stored, place, &locked))
}

/// Takes the own text of a place out of force, also in `stored`; `false` if there is none.
pub(super) fn retire(
    stored: &mut Vec<StoredTemplate>,
    place: &Place,
    now: Timestamp,
    change_set: &mut ChangeSet,
) -> bool {
    let Some(position) = stored.iter().position(|one| place.holds(one)) else {
        return false;
    };
    let before = stored.remove(position);
    let version = before.version;
    let retired = StoredTemplate { version: version + 1, replaced_at: Some(now), ..before };
    change_set.update(&retired, version);
    true
}

/// An intent that is being written with the text of before loses against this save: it expects the
/// organization as it was.
pub(super) async fn touch_organization(
    app: &App,
    caller: &Caller,
    change_set: &mut ChangeSet,
) -> Result<(), AppError> {
    let organization = app
        .store
        .organization(caller.organization_id)
        .await?
        .ok_or(AppError::NotFound("organization"))?;
    let touched = Organization { version: organization.version + 1, ..organization.clone() };
    change_set.update(&touched, organization.version);
    Ok(())
}
