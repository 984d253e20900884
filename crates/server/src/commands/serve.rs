//! `vestnik serve`, and what it shares with `vestnik demo`: a service that listens, works off its loops
//! and stops when asked.

use crate::configuration::{Configuration, Settings};
use crate::logging;
use crate::node::{self, JoinedNode};
use crate::wiring::{self, Wired};
use anyhow::{Context, bail};
use clap::Args;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use vestnik_api::ApiState;
use vestnik_app::Clock;
use vestnik_app::virtual_clock::VirtualClock;
use vestnik_store::Store;

/// `vestnik serve`.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    dev_clock: DevClock,
}

/// A business clock that stands still.
#[derive(Debug, Args)]
pub(crate) struct DevClock {
    /// For trying things out: business time stands still and goes forward by POST /dev/clock.
    /// Loopback only, one process.
    #[arg(long)]
    dev_clock: bool,
    /// Where that time begins, like 2026-03-02T09:00:00Z [default: now].
    #[arg(long, requires = "dev_clock")]
    dev_clock_from: Option<Timestamp>,
}

/// Serves until it is asked to stop; then finishes what is under way.
pub(crate) async fn run(serve: Serve) -> anyhow::Result<()> {
    let Serve { settings, dev_clock } = serve;
    let configuration = settings.resolve()?;
    logging::start(configuration.log_format);
    let service = Service::open(&configuration).await?;
    let clock = dev_clock.clock(configuration.listen, None)?;
    let wired = wiring::app(service.store.clone(), &configuration, service.address).await?;
    let wired = match &clock {
        Some(clock) => wired.with_business_clock(clock.clone()),
        None => wired,
    };
    service.run(wired, &configuration, clock).await
}

impl DevClock {
    /// The virtual clock, if it was asked for; it begins no earlier than what is stored.
    ///
    /// # Errors
    /// Unless the service is this machine's alone.
    pub(crate) fn clock(
        &self,
        listen: SocketAddr,
        stored: Option<Timestamp>,
    ) -> anyhow::Result<Option<Arc<VirtualClock>>> {
        if !self.dev_clock {
            return Ok(None);
        }
        if !listen.ip().is_loopback() {
            bail!("--dev-clock serves on loopback only, not on {listen}");
        }
        let from = self.dev_clock_from.unwrap_or_else(|| wiring::SystemClock.now());
        let from = stored.map_or(from, |stored| stored.max(from));
        Ok(Some(Arc::new(VirtualClock::starting_at(from))))
    }
}

/// A service that has its database and its address, but does not serve yet.
pub(crate) struct Service {
    pub(crate) store: Store,
    pub(crate) address: SocketAddr,
    /// Of a demo: address and password for the start page.
    pub(crate) demo_login: Option<(&'static str, &'static str)>,
    description: String,
    listener: TcpListener,
    terminate: Signal,
}

impl Service {
    /// Opens the database and takes the address.
    pub(crate) async fn open(configuration: &Configuration) -> anyhow::Result<Service> {
        // From the first line that anybody can read on, a request to stop is heard.
        let terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be listened to")?;
        let store = wiring::open(&configuration.database).await?;
        let description = store.engine().describe().await?;
        let listener = TcpListener::bind(configuration.listen)
            .await
            .with_context(|| format!("cannot listen on {}", configuration.listen))?;
        let address = listener.local_addr()?;
        Ok(Service { store, address, demo_login: None, description, listener, terminate })
    }

    /// Serves until it is asked to stop; then finishes what is under way.
    pub(crate) async fn run(
        self,
        wired: Wired,
        configuration: &Configuration,
        clock: Option<Arc<VirtualClock>>,
    ) -> anyhow::Result<()> {
        let Service { address, demo_login, description, listener, terminate, .. } = self;
        let JoinedNode { app, heartbeat } =
            node::join(wired.app, wired.clock, configuration).await?;
        tracing::info!(%address, database = description, "serving");
        // For people and for scripts that started us on port 0.
        println!("listening on http://{address}");
        let (stop_loops, stopping) = tokio::sync::watch::channel(false);
        let loops = tokio::spawn(vestnik_worker::run(app.clone(), heartbeat, stopping));
        let mut state = ApiState::new(app.clone(), configuration.https)
            .with_metrics(wiring::metrics()?)
            .with_trusted_proxies(&configuration.trusted_proxies);
        if let Some((email, password)) = demo_login {
            state = state.with_demo_login(email, password);
        }
        if let Some(clock) = clock {
            println!("the business clock stands at {}; POST /dev/clock moves it", clock.now());
            state = state.with_virtual_clock(clock);
        }
        vestnik_api::serve(listener, state, stop_asked(terminate)).await?;
        stop_loops.send_replace(true);
        loops.await?;
        // Others take over at once what this node drove.
        vestnik_app::nodes::leave(&app).await?;
        tracing::info!("stopped");
        Ok(())
    }
}

/// Ends when the system or a person asks the process to stop.
async fn stop_asked(mut terminate: Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    tracing::info!("asked to stop");
}
