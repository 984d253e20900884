//! `vestnik serve`.

use crate::configuration::Settings;
use crate::{logging, wiring};
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

/// `vestnik serve`.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    settings: Settings,
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
    let Serve { settings, dev_clock, dev_clock_from } = serve;
    let configuration = settings.resolve()?;
    logging::start(configuration.log_format);
    let store = wiring::open(&configuration.database).await?;
    let description = store.engine().describe().await?;
    let listener = TcpListener::bind(configuration.listen)
        .await
        .with_context(|| format!("cannot listen on {}", configuration.listen))?;
    let address = listener.local_addr()?;
    let clock = virtual_clock(dev_clock, dev_clock_from, configuration.listen)?;
    let app = wiring::app(store, &configuration, address, clock.clone())?;
    tracing::info!(%address, database = description, "serving");
    // From the first line that anybody can read on, a request to stop is heard.
    let terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be listened to")?;
    // For people and for scripts that started us on port 0.
    println!("listening on http://{address}");
    let (stop_loops, stopping) = tokio::sync::watch::channel(false);
    let loops = tokio::spawn(vestnik_worker::run(app.clone(), stopping));
    let mut state = ApiState::new(app, configuration.https)
        .with_metrics(wiring::metrics()?)
        .with_trusted_proxies(&configuration.trusted_proxies);
    if let Some(clock) = clock {
        println!("the business clock stands at {}; POST /dev/clock moves it", clock.now());
        state = state.with_virtual_clock(clock);
    }
    vestnik_api::serve(listener, state, stop_asked(terminate)).await?;
    stop_loops.send_replace(true);
    loops.await?;
    tracing::info!("stopped");
    Ok(())
}

/// The virtual clock, if it was asked for.
fn virtual_clock(
    wanted: bool,
    from: Option<Timestamp>,
    listen: SocketAddr,
) -> anyhow::Result<Option<Arc<VirtualClock>>> {
    if !wanted {
        return Ok(None);
    }
    if !listen.ip().is_loopback() {
        bail!("--dev-clock serves on loopback only, not on {listen}");
    }
    let from = from.unwrap_or_else(|| wiring::SystemClock.now());
    Ok(Some(Arc::new(VirtualClock::starting_at(from))))
}

/// Ends when the system or a person asks the process to stop.
async fn stop_asked(mut terminate: Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    tracing::info!("asked to stop");
}
