//! The words of a message: the one place from which preview of the plan, forecast and sending take
//! them, so that what people were shown is what goes.

use crate::appointments::change::Offer;
use crate::context::{App, Caller};
use crate::error::AppError;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::client::Client;
use vestnik_domain::composition::{
    ComposeError, ComposeInput, Composed, Texts, compose, language_of,
};
use vestnik_domain::ids::OrganizationId;
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::organization::Organization;
use vestnik_domain::planning::Variant;
use vestnik_domain::template_choice::StoredTemplate;
use vestnik_store::{Answers, Asked, Batch};

/// What all messages of an organization are worded with.
pub(crate) struct Wording {
    pub(crate) organization: Organization,
    stored: Vec<StoredTemplate>,
}

/// A wording that is asked for in a batch.
pub(crate) struct WordingAsked {
    organization: Asked<Option<Organization>>,
    stored: Asked<Vec<StoredTemplate>>,
}

impl WordingAsked {
    pub(crate) fn ask(batch: &mut Batch<'_>, organization: OrganizationId) -> WordingAsked {
        WordingAsked {
            organization: batch.organization(organization),
            stored: batch.templates(organization),
        }
    }

    /// # Errors
    /// 404 where there is no such organization.
    pub(crate) fn take(self, answers: &mut Answers) -> Result<Wording, AppError> {
        let organization =
            answers.take(self.organization)?.ok_or(AppError::NotFound("organization"))?;
        Ok(Wording { organization, stored: answers.take(self.stored)? })
    }
}

impl Wording {
    pub(crate) async fn read(app: &App, caller: &Caller) -> Result<Wording, AppError> {
        let mut batch = app.store.batch();
        let asked = WordingAsked::ask(&mut batch, caller.organization_id);
        asked.take(&mut batch.read().await?)
    }

    /// May the text of this kind carry the link of the visit's page?
    pub(crate) fn may_carry_link(&self, app: &App, kind: NotificationKind) -> bool {
        let standard =
            matches!(kind, NotificationKind::Reminder | NotificationKind::ConfirmationRequest);
        app.has_links() && (standard || self.stored.iter().any(carries_link))
    }

    /// Words a message about `appointments` to a client.
    pub(crate) fn words(
        &self,
        client: &Client,
        offer: &Offer,
        (kind, variant): (NotificationKind, Variant),
        appointments: &[&Appointment],
        link: Option<&str>,
    ) -> Result<Composed, ComposeError> {
        let input = ComposeInput {
            kind,
            variant,
            appointments,
            branches: &offer.branches,
            staff: &offer.staff,
            services: &offer.services,
            organization: &self.organization,
            client,
            link,
            language: language_of(client, &self.organization),
            channel: None,
        };
        compose(&input, &Texts { stored: &self.stored, only_standard: false })
    }
}

fn carries_link(template: &StoredTemplate) -> bool {
    vestnik_template::parse(&template.text, &vestnik_domain::variables::CATALOGUE)
        .is_ok_and(|parsed| parsed.variables().contains(&"link"))
}
