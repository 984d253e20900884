//! `vestnik serve`.

use crate::configuration::Settings;
use crate::{logging, wiring};
use anyhow::Context;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use vestnik_api::ApiState;

/// Serves until it is asked to stop; then finishes what is under way.
pub(crate) async fn run(settings: Settings) -> anyhow::Result<()> {
    let configuration = settings.resolve()?;
    logging::start(configuration.log_format);
    let store = wiring::open(&configuration.database).await?;
    let description = store.engine().describe().await?;
    let listener = TcpListener::bind(configuration.listen)
        .await
        .with_context(|| format!("cannot listen on {}", configuration.listen))?;
    let address = listener.local_addr()?;
    let app = wiring::app(store, &configuration, address)?;
    tracing::info!(%address, database = description, "serving");
    // For people and for scripts that started us on port 0.
    println!("listening on http://{address}");
    let (stop_loops, stopping) = tokio::sync::watch::channel(false);
    let loops = tokio::spawn(vestnik_worker::run(app.clone(), stopping));
    let state = ApiState::new(app, configuration.https);
    vestnik_api::serve(listener, state, stop_asked()).await?;
    stop_loops.send_replace(true);
    loops.await?;
    tracing::info!("stopped");
    Ok(())
}

/// Ends when the system or a person asks the process to stop.
async fn stop_asked() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        // Without the signal only ctrl-c is left.
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    tracing::info!("asked to stop");
}
