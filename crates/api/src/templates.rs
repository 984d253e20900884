//! Templates: the texts of notifications.

mod preview;
mod texts;
mod variables;
mod wire;

#[cfg(test)]
mod tests;

use crate::state::ApiState;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The verbs of this group.
pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(texts::list_templates, texts::save_template, texts::restore_template))
        .routes(routes!(preview::preview_template))
        .routes(routes!(variables::list_variables))
}
