//! Messages: why they are sent and why not, what the days ahead will bring.

mod explain;
mod forecast;
pub(crate) mod wire;

use crate::state::ApiState;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(explain::explain_appointment))
        .routes(routes!(forecast::forecast))
}
