//! The listening side: connections, and an end that loses nothing.

use crate::router::router;
use crate::state::ApiState;
use std::future::Future;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Serves until `stop` ends; then takes no new connections and finishes what is under way.
pub async fn serve(
    listener: TcpListener,
    state: ApiState,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let streams = state.clone();
    let stop = async move {
        stop.await;
        streams.end_streams();
    };
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}
