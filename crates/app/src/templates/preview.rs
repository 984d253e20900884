//! What a client would read: by a text that may not be saved yet, of a real appointment or with
//! sample values.

use super::check_text::read_text;
use super::list::{in_force, locked_variables};
use super::{ONLY_STANDARD, Place};
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use vestnik_domain::Language;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::branch::Branch;
use vestnik_domain::composition::{
    ComposeError, ComposeInput, Texts, compose, compose_draft, language_of,
};
use vestnik_domain::ids::{AppointmentId, BranchId, TemplateId};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::organization::Organization;
use vestnik_domain::planning::Variant;
use vestnik_domain::template_choice::TemplateVariant;
use vestnik_domain::variables::{SampleKind, sample};
use vestnik_template::sms::{self, SmsSize, Transliteration};
use vestnik_template::{RenderError, Template};

/// What to preview.
#[derive(Debug, Clone)]
pub struct PreviewRequest {
    pub kind: NotificationKind,
    pub variant: TemplateVariant,
    /// `None`: the client's, of samples the organization's.
    pub language: Option<Language>,
    /// `None`: any channel.
    pub channel: Option<String>,
    /// Of samples: the branch whose name and address they take.
    pub branch_id: Option<BranchId>,
    /// `None`: the text in force.
    pub text: Option<String>,
    /// `None`: sample values.
    pub appointment_id: Option<AppointmentId>,
}

/// The words and what they cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    pub text: String,
    pub language: Language,
    pub sms: SmsSize,
    /// The same in Latin letters, where that saves parts.
    pub transliteration: Option<Transliteration>,
    /// The saved text that was used; `None`: the standard one, or the draft.
    pub template_id: Option<TemplateId>,
}

impl Preview {
    fn of(text: String, language: Language, template_id: Option<TemplateId>) -> Preview {
        let sms = sms::size(&text);
        Preview { transliteration: sms::transliterate(&text), text, language, sms, template_id }
    }
}

/// Words a text without sending or saving anything. A link is always a sample.
///
/// # Errors
/// Every problem of the text, unknown ids and words by their fields; `nothing_to_tell` if this kind
/// has nothing to say of that appointment.
pub async fn preview_template(
    app: &App,
    caller: &Caller,
    request: PreviewRequest,
) -> Result<Preview, AppError> {
    let organization = app.store.organization(caller.organization_id).await?;
    let organization = organization.ok_or(AppError::NotFound("organization"))?;
    let appointment = find_appointment(app, caller, request.appointment_id).await?;
    let mut fields = Fields::new();
    let place = Place {
        kind: request.kind,
        variant: request.variant,
        language: request.language.unwrap_or(organization.language),
        channel: request.channel.clone(),
        branch_id: request.branch_id,
    };
    let branch = place.check(app, caller, &mut fields).await?;
    let locked = locked_variables(app, caller, request.kind).await?;
    let draft = request.text.as_deref().and_then(|text| {
        read_text(&mut fields, text, request.kind, request.variant, &locked)
            .map(|(_, template)| template)
    });
    fields.finish()?;
    match appointment {
        Some(appointment) => {
            of_appointment(app, caller, &request, &organization, appointment, draft).await
        }
        None => {
            let stored = app.store.templates(caller.organization_id).await?;
            of_samples(
                &organization.name,
                branch.as_ref(),
                draft,
                in_force(&stored, place, &locked),
            )
        }
    }
}

async fn find_appointment(
    app: &App,
    caller: &Caller,
    id: Option<AppointmentId>,
) -> Result<Option<Appointment>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let found = app.store.appointment(caller.organization_id, id).await?;
    found.map(Some).ok_or_else(|| {
        AppError::field(
            "appointment_id",
            "appointment_unknown",
            "Такой записи нет",
            "there is no such appointment",
        )
    })
}

fn of_samples(
    organization_name: &str,
    branch: Option<&Branch>,
    draft: Option<Template>,
    in_force: super::TemplateInForce,
) -> Result<Preview, AppError> {
    let language = in_force.place.language;
    let mut values = sample(SampleKind::Usual, language);
    if let Some(branch) = branch {
        values.insert("branch", branch.commercial_name.as_deref().unwrap_or(organization_name));
        values.insert("address", &branch.address);
    }
    let (template, id) = match draft {
        Some(draft) => (draft, None),
        None => {
            let text = &in_force.text;
            let read = vestnik_template::parse(text, &vestnik_domain::variables::CATALOGUE);
            let unreadable =
                || AppError::Internal(format!("the text in force is unreadable: {text}"));
            (read.map_err(|_| unreadable())?, in_force.template_id)
        }
    };
    let rendered = template.render(&values, language).map_err(|error| unrenderable(&error))?;
    Ok(Preview::of(sms::normalise(&rendered), language, id))
}

async fn of_appointment(
    app: &App,
    caller: &Caller,
    request: &PreviewRequest,
    organization: &Organization,
    appointment: Appointment,
    draft: Option<Template>,
) -> Result<Preview, AppError> {
    let organization_id = caller.organization_id;
    let client = app.store.client(organization_id, appointment.client_id).await?;
    let client = client.ok_or(AppError::NotFound("client"))?;
    let language = request.language.unwrap_or_else(|| language_of(&client, organization));
    let visit = if request.variant.lists_visits() {
        app.store.appointments_of_visit(organization_id, client.id, appointment.visit_id).await?
    } else {
        vec![appointment]
    };
    let appointments: Vec<&Appointment> = visit.iter().collect();
    let input = ComposeInput {
        kind: request.kind,
        variant: match request.variant {
            TemplateVariant::One(variant) => variant,
            TemplateVariant::Visits => Variant::Plain,
        },
        appointments: &appointments,
        branches: &app.store.branches(organization_id).await?,
        staff: &app.store.staff(organization_id).await?,
        services: &app.store.services(organization_id).await?,
        organization,
        client: &client,
        link: sample(SampleKind::Usual, language).get("link").copied(),
        language,
        channel: request.channel.as_deref(),
    };
    let composed = match &draft {
        Some(draft) => compose_draft(&input, draft),
        None => {
            let stored = app.store.templates(organization_id).await?;
            compose(&input, &Texts { stored: &stored, only_standard: ONLY_STANDARD })
        }
    };
    let composed = composed.map_err(|error| match error {
        ComposeError::Unrenderable(error) => unrenderable(&error),
        ComposeError::NothingToTell => AppError::conflict(
            "nothing_to_tell",
            "Об этой записи такое уведомление ничего не скажет: она отменена",
            "this kind has nothing to say of the appointment: it is cancelled",
        ),
        ComposeError::BranchUnknown(_) => AppError::Internal(error.to_string()),
    })?;
    Ok(Preview::of(composed.text, language, composed.template_id))
}

fn unrenderable(error: &RenderError) -> AppError {
    AppError::field(
        "text",
        error.code(),
        error.message(Language::Russian),
        error.message(Language::English),
    )
}
