//! All routes, and the OpenAPI document made from them.

use crate::state::ApiState;
use crate::{
    access, appointments, catalogue, dev_clock, document, health, import, journals, messages,
    operator, phone_gateway, senders, settings, start_page, stopped_numbers, tasks, templates,
    visit_page,
};
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{StatusCode, Uri};
use axum::routing::get;
use axum::{Json, Router};
use tower::ServiceExt as _;
use tower_http::csrf::CsrfLayer;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem::Problem;

/// A JSON body may have this many bytes; files have limits of their own.
const BODY_BYTES_MOST: usize = 256 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(title = "Vestnik", description = "Tells the clients of salons what they need to know about their visit."),
    components(schemas(Problem)),
    security(("api_token" = []))
)]
struct Document;

fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .routes(routes!(access::sign_up::sign_up))
        .routes(routes!(access::sessions::create_session, access::sessions::list_sessions))
        .routes(routes!(access::sessions::end_session))
        .routes(routes!(access::users::create_user, access::users::list_users))
        .routes(routes!(access::users::disable_user))
        .routes(routes!(access::api_tokens::create_api_token, access::api_tokens::list_api_tokens))
        .routes(routes!(access::api_tokens::revoke_api_token))
        .merge(catalogue::routes())
        .merge(appointments::routes())
        .merge(senders::routes())
        .merge(settings::routes())
        .merge(import::routes())
        .merge(messages::routes())
        .merge(operator::routes())
        .merge(stopped_numbers::routes())
        .merge(tasks::routes())
        .merge(templates::routes())
        .merge(journals::routes())
}

/// The OpenAPI 3.1 document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = routes().into_openapi();
    let components = document.components.get_or_insert_with(Default::default);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("api_token", SecurityScheme::Http(bearer));
    document::complete(&mut document);
    document
}

/// The service.
pub fn router(state: ApiState) -> Router {
    let document = openapi();
    let (router, _) = routes().split_for_parts();
    let dev = state.virtual_clock.clone().map(|clock| dev_clock::routes(state.app.clone(), clock));
    let service = router
        .merge(phone_gateway::routes())
        .merge(journals::hook_routes())
        .merge(visit_page::routes())
        .merge(start_page::routes())
        .route("/metrics", get(health::metrics))
        .route("/api/openapi.json", get(move || std::future::ready(Json(document.clone()))))
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MOST))
        // Other sites cannot make a signed-in browser change anything here.
        .layer(CsrfLayer::new())
        .with_state(state)
        .merge(dev.unwrap_or_default());
    // People type a slash too many into the app's settings: `//device` is `/device`.
    Router::new().fallback_service(service.map_request(without_double_slashes))
}

fn without_double_slashes(mut request: Request) -> Request {
    let uri = request.uri();
    if !uri.path().contains("//") {
        return request;
    }
    let mut path = uri.path().to_owned();
    while path.contains("//") {
        path = path.replace("//", "/");
    }
    if let Some(query) = uri.query() {
        path = format!("{path}?{query}");
    }
    if let Ok(uri) = path.parse() {
        *request.uri_mut() = uri;
    }
    request
}

async fn unknown_path(uri: Uri) -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "not_found",
        "Такой страницы нет",
        format!("there is nothing at {}", uri.path()),
    )
}

async fn wrong_method(uri: Uri) -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "Так обратиться сюда нельзя",
        format!("{} does not know this method", uri.path()),
    )
}
