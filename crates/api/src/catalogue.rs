//! What a salon sets up, its clients, and the audit of settings.

mod audit;
mod branches;
mod clients;
mod list;
mod organization;
mod services;
mod staff;
mod working_time;

#[cfg(test)]
mod tests;

pub(crate) use audit::ActorBody;
pub(crate) use list::ListBody;

use crate::state::ApiState;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The verbs of this group.
pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(organization::get_organization, organization::edit_organization))
        .routes(routes!(branches::create_branch, branches::list_branches))
        .routes(routes!(branches::get_branch, branches::edit_branch))
        .routes(routes!(branches::archive_branch))
        .routes(routes!(branches::restore_branch))
        .routes(routes!(staff::create_staff_member, staff::list_staff))
        .routes(routes!(staff::get_staff_member, staff::edit_staff_member))
        .routes(routes!(staff::archive_staff_member))
        .routes(routes!(staff::restore_staff_member))
        .routes(routes!(services::create_service, services::list_services))
        .routes(routes!(services::get_service, services::edit_service))
        .routes(routes!(services::archive_service))
        .routes(routes!(services::restore_service))
        .routes(routes!(clients::create_client, clients::list_clients))
        .routes(routes!(clients::get_client, clients::edit_client))
        .routes(routes!(clients::archive_client))
        .routes(routes!(clients::record_consent))
        .routes(routes!(audit::list_audit))
}
