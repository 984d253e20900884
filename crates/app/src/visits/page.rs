//! What the visit's page shows.

use crate::context::{App, Caller};
use crate::error::AppError;
use vestnik_domain::access::{Actor, Role};
use vestnik_domain::appointment::{Appointment, Status};
use vestnik_domain::branch::Branch;
use vestnik_domain::client::Client;
use vestnik_domain::organization::Organization;
use vestnik_domain::service::Service;
use vestnik_domain::staff::StaffMember;
use vestnik_domain::task::VisitLink;

/// A visit as its client sees it.
pub struct VisitPage {
    pub link: VisitLink,
    pub organization: Organization,
    pub client: Client,
    /// Those that stand, in order of time; never empty.
    pub appointments: Vec<Appointment>,
    pub branches: Vec<Branch>,
    pub staff: Vec<StaffMember>,
    pub services: Vec<Service>,
}

impl VisitPage {
    /// Everything of the visit is confirmed.
    pub fn is_confirmed(&self) -> bool {
        self.appointments.iter().all(|appointment| appointment.status == Status::Confirmed)
    }

    /// The client as a caller: what is done on the page is done by the client.
    pub(crate) fn caller(&self) -> Caller {
        Caller {
            organization_id: self.link.organization_id,
            role: Role::Administrator,
            actor: Actor::Client,
        }
    }
}

/// Opens the page; changes nothing.
///
/// # Errors
/// `NotFound("visit")` for an unknown token, and once the visit is over or cancelled.
pub async fn open_page(app: &App, token: &str) -> Result<VisitPage, AppError> {
    let gone = || AppError::NotFound("visit");
    let link = app.store.visit_link(token).await?.ok_or_else(gone)?;
    let organization = link.organization_id;
    let appointments: Vec<Appointment> = app
        .store
        .appointments_of_visit(organization, link.client_id, link.visit_id)
        .await?
        .into_iter()
        .filter(|appointment| appointment.holds_time() && app.now() < appointment.ends_at())
        .collect();
    if appointments.is_empty() {
        return Err(gone());
    }
    Ok(VisitPage {
        organization: app.store.organization(organization).await?.ok_or_else(gone)?,
        client: app.store.client(organization, link.client_id).await?.ok_or_else(gone)?,
        branches: app.store.branches(organization).await?,
        staff: app.store.staff(organization).await?,
        services: app.store.services(organization).await?,
        appointments,
        link,
    })
}
