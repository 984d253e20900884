//! Every text with what is in force in its place.

use super::{ONLY_STANDARD, Place, need_branch};
use crate::context::{App, Caller};
use crate::error::AppError;
use jiff::Timestamp;
use std::collections::BTreeSet;
use vestnik_domain::Language;
use vestnik_domain::ids::{BranchId, TemplateId};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::planning::Variant;
use vestnik_domain::standard_templates::standard_text;
use vestnik_domain::template_choice::{Chosen, StoredTemplate, TemplateVariant, Wanted, choose};
use vestnik_domain::variables::required;

/// Where the text in force comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Branch,
    Organization,
    Standard,
}

/// One place and the text that applies there.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateInForce {
    pub place: Place,
    pub text: String,
    pub origin: Origin,
    /// The saved text stands at this very place, rather than at a wider one.
    pub is_own: bool,
    /// `None` for a standard text.
    pub template_id: Option<TemplateId>,
    pub saved_at: Option<Timestamp>,
    pub standard_text: &'static str,
    /// Canonical names of the variables that a text here cannot do without.
    pub required: Vec<String>,
}

/// All texts as they apply to the organization, or to one branch; each place for which a text was
/// saved for one channel stands beside its general one.
///
/// # Errors
/// 404 for a branch that is not there.
pub async fn list_templates(
    app: &App,
    caller: &Caller,
    branch_id: Option<BranchId>,
) -> Result<Vec<TemplateInForce>, AppError> {
    need_branch(app, caller, branch_id).await?;
    let settings = app.store.settings(caller.organization_id).await?;
    let settings = settings.ok_or(AppError::NotFound("settings"))?;
    let stored = app.store.templates(caller.organization_id).await?;
    let mut places = BTreeSet::new();
    for kind in NotificationKind::ALL {
        for variant in TemplateVariant::all(kind, &settings.settings.reminder_leads) {
            for language in Language::ALL {
                places.insert(Place { kind, variant, language, channel: None, branch_id });
            }
        }
    }
    // Also what was saved for one channel, or for a lead that is not set any more.
    let here = |one: &&StoredTemplate| one.branch_id.is_none() || one.branch_id == branch_id;
    places.extend(stored.iter().filter(here).map(|one| Place {
        kind: one.kind,
        variant: one.variant,
        language: one.language,
        channel: one.channel.clone(),
        branch_id,
    }));
    let settings = settings.settings;
    Ok(places
        .into_iter()
        .map(|place| {
            let locked = settings.locked(place.kind);
            in_force(&stored, place, &locked)
        })
        .collect())
}

/// The variables that the organization asks for in texts of a kind.
pub(super) async fn locked_variables(
    app: &App,
    caller: &Caller,
    kind: NotificationKind,
) -> Result<BTreeSet<String>, AppError> {
    let version = app.store.settings(caller.organization_id).await?;
    Ok(version.map(|version| version.settings.locked(kind)).unwrap_or_default())
}

/// The text that applies at a place: of this or a wider one, or the standard one.
pub(super) fn in_force(
    stored: &[StoredTemplate],
    place: Place,
    locked: &BTreeSet<String>,
) -> TemplateInForce {
    let standard_text = standard_text(place.kind, place.variant, place.language);
    let mut required: Vec<String> =
        required(place.kind, place.variant).iter().map(|name| (*name).to_owned()).collect();
    required
        .extend(locked.iter().filter(|name| !required.contains(name)).cloned().collect::<Vec<_>>());
    let wanted = wanted(&place);
    match choose(stored, &wanted, ONLY_STANDARD) {
        Chosen::Own(own, _) => TemplateInForce {
            text: own.text.clone(),
            origin: if own.branch_id.is_some() { Origin::Branch } else { Origin::Organization },
            is_own: place.holds(own),
            template_id: Some(own.id),
            saved_at: Some(own.created_at),
            place,
            standard_text,
            required,
        },
        Chosen::Standard(text) => TemplateInForce {
            place,
            text: text.to_owned(),
            origin: Origin::Standard,
            is_own: false,
            template_id: None,
            saved_at: None,
            standard_text,
            required,
        },
    }
}

fn wanted(place: &Place) -> Wanted<'_> {
    let (variant, several) = match place.variant {
        TemplateVariant::One(variant) => (variant, false),
        TemplateVariant::Visits => (Variant::Plain, true),
    };
    Wanted {
        kind: place.kind,
        variant,
        several,
        branch_id: place.branch_id,
        language: place.language,
        channel: place.channel.as_deref(),
    }
}
