//! From what is so to the words that a client reads. Preview, explain, forecast and sending call the
//! same function, so a forecast is what is sent if nothing changes in between (I7).

mod dates;
mod values;
mod visits;

#[cfg(test)]
mod tests;

use crate::appointment::Appointment;
use crate::branch::Branch;
use crate::client::Client;
use crate::ids::{BranchId, TemplateId};
use crate::kind::NotificationKind;
use crate::organization::Organization;
use crate::planning::Variant;
use crate::service::Service;
use crate::staff::StaffMember;
use crate::standard_templates::standard_text;
use crate::template_choice::{Chosen, StoredTemplate, TemplateVariant, Wanted, choose};
use crate::variables::CATALOGUE;
use values::{Spoken, values};
use vestnik_template::sms::{self, SmsSize};
use vestnik_template::{Language, RenderError, Template, parse};

/// Everything that a message may speak of.
#[derive(Debug, Clone, Copy)]
pub struct ComposeInput<'a> {
    pub kind: NotificationKind,
    pub variant: Variant,
    /// The appointments that the message covers, in any order.
    pub appointments: &'a [&'a Appointment],
    /// What their facts, current and told, name; archived ones too.
    pub branches: &'a [Branch],
    pub staff: &'a [StaffMember],
    pub services: &'a [Service],
    pub organization: &'a Organization,
    pub client: &'a Client,
    /// The page where the client confirms, asks to move or cancels; `None` where there is none.
    pub link: Option<&'a str>,
    pub language: Language,
    /// The channel over which it goes; `None` while that is not known.
    pub channel: Option<&'a str>,
}

/// The saved texts, and whether they may be used.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'a> {
    /// Of the organization; those for other kinds, or replaced ones, do no harm.
    pub stored: &'a [StoredTemplate],
    /// T5: over the operator's route own texts are kept, but not used.
    pub only_standard: bool,
}

/// The words of a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Composed {
    /// As it is sent, byte for byte.
    pub text: String,
    /// What it takes as an SMS.
    pub sms: SmsSize,
    pub language: Language,
    /// The saved text that was used; `None`: the standard one.
    pub template_id: Option<TemplateId>,
    /// A saved text that applied but could not be filled in, so that the standard one stood in.
    pub unusable: Option<(TemplateId, RenderError)>,
}

/// Why there are no words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// None of the appointments is still to be spoken of.
    #[error("no appointment is left that the message could speak of")]
    NothingToTell,
    /// An appointment names a branch that was not given.
    #[error("the branch {0} is not among the organization's branches")]
    BranchUnknown(BranchId),
    /// A value is missing that nothing stands in for.
    #[error("{0}")]
    Unrenderable(RenderError),
}

/// The language in which a client is written to: the card's, else the organization's.
pub fn language_of(client: &Client, organization: &Organization) -> Language {
    client.language.unwrap_or(organization.language)
}

/// Words a message: chooses the text and fills it in.
///
/// # Errors
/// [`ComposeError`] if nothing is left to tell, or an appointment's branch is missing.
pub fn compose(input: &ComposeInput<'_>, texts: &Texts<'_>) -> Result<Composed, ComposeError> {
    let spoken = Spoken::of(input)?;
    let several = spoken.is_several();
    let wanted = Wanted {
        kind: input.kind,
        variant: input.variant,
        several,
        branch_id: Some(spoken.first.branch.id),
        language: input.language,
        channel: input.channel,
    };
    let values = values(input, &spoken);
    let mut unusable = None;
    if let Chosen::Own(own, template) = choose(texts.stored, &wanted, texts.only_standard) {
        match template.render(&values, input.language) {
            Ok(text) => return Ok(composed(input, &text, Some(own.id), None)),
            Err(error) => unusable = Some((own.id, error)),
        }
    }
    let variant = TemplateVariant::standard(input.kind, input.variant, several);
    let template = standard_template(input.kind, variant, input.language)?;
    let text = template.render(&values, input.language).map_err(ComposeError::Unrenderable)?;
    Ok(composed(input, &text, None, unusable))
}

/// Words a message by a text that may not be saved yet.
///
/// # Errors
/// As [`compose`]; `Unrenderable` if the text names a value that is missing here.
pub fn compose_draft(input: &ComposeInput<'_>, draft: &Template) -> Result<Composed, ComposeError> {
    let spoken = Spoken::of(input)?;
    let rendered = draft.render(&values(input, &spoken), input.language);
    Ok(composed(input, &rendered.map_err(ComposeError::Unrenderable)?, None, None))
}

fn composed(
    input: &ComposeInput<'_>,
    rendered: &str,
    template_id: Option<TemplateId>,
    unusable: Option<(TemplateId, RenderError)>,
) -> Composed {
    let text = sms::normalise(rendered);
    let sms = sms::size(&text);
    Composed { text, sms, language: input.language, template_id, unusable }
}

fn standard_template(
    kind: NotificationKind,
    variant: TemplateVariant,
    language: Language,
) -> Result<Template, ComposeError> {
    // The tests of the standard texts parse every one of them.
    parse(standard_text(kind, variant, language), &CATALOGUE)
        .map_err(|_| ComposeError::Unrenderable(RenderError::EmptyText))
}
