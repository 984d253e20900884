//! What handlers share.

use crate::rate_limit::SignInLimits;
use crate::trusted_proxies::AddressRange;
use std::sync::Arc;
use vestnik_app::App;
use vestnik_app::virtual_clock::VirtualClock;

/// Shared by every request; cheap to clone.
#[derive(Clone)]
pub struct ApiState {
    pub app: App,
    pub(crate) sign_in_limits: Arc<SignInLimits>,
    /// Do browsers reach us by HTTPS? Then the session cookie is `__Host-` and `Secure`.
    pub(crate) https: bool,
    /// The proxies before us, whose word about the caller's address is believed.
    pub(crate) trusted_proxies: Arc<[AddressRange]>,
    /// Changes once the service is asked to stop: open streams end then.
    pub(crate) stopping: tokio::sync::watch::Receiver<bool>,
    stop: Arc<tokio::sync::watch::Sender<bool>>,
    /// The clock behind `/dev/clock`, for trying things out.
    pub(crate) virtual_clock: Option<Arc<VirtualClock>>,
    /// Writes the metrics as Prometheus reads them.
    pub(crate) metrics: Option<Metrics>,
    /// Of a demo, whose login is known to everybody: it stands in the form of the start page.
    pub(crate) demo_login: Option<(&'static str, &'static str)>,
}

/// Writes the metrics of this process.
pub type Metrics = Arc<dyn Fn() -> String + Send + Sync>;

impl ApiState {
    pub fn new(app: App, https: bool) -> ApiState {
        let (stop, stopping) = tokio::sync::watch::channel(false);
        ApiState {
            app,
            sign_in_limits: Arc::new(SignInLimits::new()),
            https,
            trusted_proxies: Arc::from([]),
            stopping,
            stop: Arc::new(stop),
            virtual_clock: None,
            metrics: None,
            demo_login: None,
        }
    }

    /// Behind these proxies.
    #[must_use]
    pub fn with_trusted_proxies(mut self, proxies: &[AddressRange]) -> ApiState {
        self.trusted_proxies = Arc::from(proxies);
        self
    }

    /// With `/metrics`.
    #[must_use]
    pub fn with_metrics(mut self, metrics: Metrics) -> ApiState {
        self.metrics = Some(metrics);
        self
    }

    /// With `/dev/clock` over the clock that `app` was given.
    #[must_use]
    pub fn with_virtual_clock(mut self, clock: Arc<VirtualClock>) -> ApiState {
        self.virtual_clock = Some(clock);
        self
    }

    /// With a login that everybody may know, address and password: only for a demo.
    #[must_use]
    pub fn with_demo_login(mut self, email: &'static str, password: &'static str) -> ApiState {
        self.demo_login = Some((email, password));
        self
    }

    /// Ends open streams, so that a stop does not wait for phones.
    pub(crate) fn end_streams(&self) {
        self.stop.send_replace(true);
    }

    /// The name of the session cookie; `__Host-` is refused by browsers without HTTPS.
    pub(crate) fn session_cookie(&self) -> &'static str {
        if self.https { "__Host-vestnik_session" } else { "vestnik_session" }
    }
}
