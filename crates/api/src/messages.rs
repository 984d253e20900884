//! Messages: what was sent and what became of it, why they are sent and why not, what the days ahead
//! will bring, and what clients wrote back.

mod daily;
mod explain;
mod forecast;
mod incoming;
mod list;
mod query;
mod timeline;
mod view;
pub(crate) mod wire;

pub use incoming::IncomingMessageBody;

#[cfg(test)]
mod tests;

use crate::state::ApiState;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(explain::explain_appointment))
        .routes(routes!(forecast::forecast))
        .routes(routes!(list::list_messages))
        .routes(routes!(list::count_messages))
        .routes(routes!(daily::daily_totals))
        .routes(routes!(timeline::message_timeline))
        .routes(routes!(incoming::list_incoming))
}
