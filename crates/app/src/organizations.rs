//! The caller's own organization: its name, language and country.

use crate::access::sign_up::country;
use crate::audit;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use vestnik_domain::Language;
use vestnik_domain::organization::Organization;
use vestnik_store::ChangeSet;

/// What to change; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct OrganizationEdit {
    /// The version that the caller saw.
    pub version: i64,
    pub name: Option<String>,
    pub language: Option<Language>,
    /// ISO 3166-1 code of the country whose numbers are written without a prefix.
    pub country: Option<String>,
}

/// What the audit keeps of an organization.
#[derive(serde::Serialize)]
struct Audited<'a> {
    name: &'a str,
    language: Language,
    country: &'a str,
}

impl<'a> Audited<'a> {
    fn of(organization: &'a Organization) -> Audited<'a> {
        Audited {
            name: &organization.name,
            language: organization.language,
            country: &organization.country,
        }
    }
}

/// The caller's organization; readable by everybody who signs in.
pub async fn get_organization(app: &App, caller: &Caller) -> Result<Organization, AppError> {
    app.store.organization(caller.organization_id).await?.ok_or(AppError::NotFound("organization"))
}

/// Changes the organization. Another language raises the plan generation: messages that were
/// planned in the old one are planned anew before they may go.
///
/// # Errors
/// Names every field that is wrong; `version_conflict` if somebody changed it meanwhile.
pub async fn edit_organization(
    app: &App,
    caller: &Caller,
    edit: OrganizationEdit,
) -> Result<Organization, AppError> {
    caller.need_owner()?;
    let before = get_organization(app, caller).await?;
    if before.version != edit.version {
        return Err(AppError::version_conflict(before.version));
    }
    let mut after = before.clone();
    let mut fields = Fields::new();
    if let Some(name) = &edit.name {
        after.name = fields.text("name", name, 200);
    }
    if let Some(code) = &edit.country {
        after.country = country(&mut fields, code);
    }
    after.language = edit.language.unwrap_or(before.language);
    fields.finish()?;
    if after == before {
        return Ok(before);
    }
    after.version += 1;
    if after.language != before.language {
        after.plan_generation += 1;
    }
    let mut change_set = ChangeSet::new();
    change_set.update(&after, before.version);
    let changes = audit::difference(&Audited::of(&before), &Audited::of(&after));
    audit::note(app, caller, &mut change_set, "organization.updated", after.id, changes);
    app.store.commit(change_set).await?;
    Ok(after)
}
