//! The texts of notifications: which are in force, saving own ones, the standard ones back, previews.

mod check_text;
mod list;
mod preview;
mod restore;
mod save;

pub use list::{Origin, TemplateInForce, list_templates};
pub use preview::{Preview, PreviewRequest, preview_template};
pub use restore::restore_standard;
pub use save::save_template;
pub use vestnik_template::VariableSpec;
pub use vestnik_template::sms::SmsSize;

use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use std::fmt;
use vestnik_domain::Language;
use vestnik_domain::branch::Branch;
use vestnik_domain::ids::BranchId;
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::template_choice::{CHANNELS, StoredTemplate, TemplateVariant};

/// No organization sends through the operator's route by now; where one does, own texts rest (T5).
const ONLY_STANDARD: bool = false;

/// Where a text stands; at most one own text is in force at each place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub kind: NotificationKind,
    pub variant: TemplateVariant,
    pub language: Language,
    /// `None`: any channel.
    pub channel: Option<String>,
    /// `None`: the whole organization.
    pub branch_id: Option<BranchId>,
}

impl Place {
    fn holds(&self, stored: &StoredTemplate) -> bool {
        stored.replaced_at.is_none()
            && stored.kind == self.kind
            && stored.variant == self.variant
            && stored.language == self.language
            && stored.channel == self.channel
            && stored.branch_id == self.branch_id
    }

    /// Refuses a variant that the kind does not have, an unknown channel, a stranger's branch. The
    /// branch, where one is named.
    async fn check(
        &self,
        app: &App,
        caller: &Caller,
        fields: &mut Fields,
    ) -> Result<Option<Branch>, AppError> {
        if !self.variant.belongs_to(self.kind) {
            let words: Vec<String> = TemplateVariant::all(self.kind, &[])
                .into_iter()
                .map(|variant| format!("«{}»", variant.key()))
                .collect();
            let words = words.join(", ");
            fields.add(
                "variant",
                "variant_unknown",
                format!(
                    "У этого вида есть тексты {words}; у напоминаний — и по сроку, например 1d"
                ),
                format!("this kind has the texts {words}; reminders also one per lead, such as 1d"),
            );
        }
        if self.channel.as_deref().is_some_and(|channel| !CHANNELS.contains(&channel)) {
            let words = CHANNELS.join(", ");
            fields.add(
                "channel",
                "channel_unknown",
                format!("Такого канала нет; есть {words}"),
                format!("there is no such channel; there are {words}"),
            );
        }
        check_branch(app, caller, fields, self.branch_id).await
    }
}

/// Refuses a branch that is not the caller's, where the address names it.
async fn need_branch(app: &App, caller: &Caller, id: Option<BranchId>) -> Result<(), AppError> {
    let Some(id) = id else { return Ok(()) };
    let found = app.store.branch(caller.organization_id, id).await?;
    found.map(|_| ()).ok_or(AppError::NotFound("branch"))
}

/// The branch of this id; what is not the caller's does not exist.
async fn check_branch(
    app: &App,
    caller: &Caller,
    fields: &mut Fields,
    id: Option<BranchId>,
) -> Result<Option<Branch>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let found = app.store.branch(caller.organization_id, id).await?;
    if found.is_none() {
        fields.add("branch_id", "branch_unknown", "Такого филиала нет", "there is no such branch");
    }
    Ok(found)
}

/// The place as the audit names it: `reminder/1d/ru`, `created//en/sms/brn_…`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.kind.name(), self.variant.key(), self.language)?;
        if let Some(channel) = &self.channel {
            write!(f, "/{channel}")?;
        }
        self.branch_id.map_or(Ok(()), |branch| write!(f, "/{branch}"))
    }
}
