//! The journal: appointments, their times and statuses.

mod body;
mod book;
mod change;
mod read;

#[cfg(test)]
pub(crate) mod test_salon;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod tests_races;
#[cfg(test)]
mod tests_times;

use crate::state::ApiState;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The verbs of this group.
pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(book::create_appointment, read::list_appointments))
        .routes(routes!(read::get_appointment, change::edit_appointment))
        .routes(routes!(change::set_appointment_status))
        .routes(routes!(change::cancel_appointment))
        .routes(routes!(change::let_appointment_in))
}
