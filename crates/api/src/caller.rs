//! Who asks: an API token in `Authorization: Bearer`, or the session cookie of the cabinet.

use crate::problem::Problem;
use crate::state::ApiState;
use crate::trusted_proxies::caller_address;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use std::net::{IpAddr, SocketAddr};
use vestnik_app::Caller;
use vestnik_app::access::authenticate;
use vestnik_domain::ids::SessionId;

/// A signed-in caller; a handler that takes it is scoped by its organization.
pub(crate) struct SignedIn(pub(crate) Caller);

/// A caller signed in by cookie.
pub(crate) struct SignedInBrowser(pub(crate) Caller);

/// The secret of `Authorization: Bearer`.
pub(crate) fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(secret.trim())
}

/// A browser's open session.
pub(crate) struct BrowserSession {
    pub(crate) caller: Caller,
    pub(crate) session_id: SessionId,
}

/// The value of one cookie.
fn cookie<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

impl FromRequestParts<ApiState> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<SignedIn, Problem> {
        if let Some(secret) = bearer(parts) {
            return Ok(SignedIn(authenticate::by_api_token(&state.app, secret).await?));
        }
        SignedInBrowser::from_request_parts(parts, state)
            .await
            .map(|SignedInBrowser(caller)| SignedIn(caller))
    }
}

impl FromRequestParts<ApiState> for SignedInBrowser {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &ApiState,
    ) -> Result<SignedInBrowser, Problem> {
        let BrowserSession { caller, .. } =
            BrowserSession::from_request_parts(parts, state).await?;
        Ok(SignedInBrowser(caller))
    }
}

impl FromRequestParts<ApiState> for BrowserSession {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &ApiState,
    ) -> Result<BrowserSession, Problem> {
        let secret = cookie(parts, state.session_cookie()).unwrap_or_default();
        let (caller, session) = authenticate::by_session(&state.app, secret).await?;
        Ok(BrowserSession { caller, session_id: session.id })
    }
}

/// The caller's address: the other end of the connection, or what a trusted proxy there says of its
/// own caller; none in tests without sockets.
pub(crate) struct PeerAddress(pub(crate) Option<IpAddr>);

impl FromRequestParts<ApiState> for PeerAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &ApiState,
    ) -> Result<PeerAddress, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let caller = peer.map(|peer| caller_address(&state.trusted_proxies, peer, &parts.headers));
        Ok(PeerAddress(caller))
    }
}
