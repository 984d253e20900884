//! `/` until the cabinet comes: where to go from here.

use axum::response::Html;

const PAGE: &str = include_str!("start_page.html");

/// A plain page with links.
pub(crate) async fn start_page() -> Html<&'static str> {
    Html(PAGE)
}
