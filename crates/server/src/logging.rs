//! Log lines: JSON for machines, text for a terminal. Message texts and full numbers stay out.

use crate::configuration::LogFormat;
use std::io::IsTerminal;
use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts logging to standard error; `RUST_LOG` chooses what is said.
pub(crate) fn start(format: Option<LogFormat>) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,refinery_core=warn"));
    let to_terminal = std::io::stderr().is_terminal();
    let format = format.unwrap_or(if to_terminal { LogFormat::Text } else { LogFormat::Json });
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first.
    let _ = match format {
        LogFormat::Json => {
            lines.json().flatten_event(true).finish().with(filter_fn(is_ours_or_brief)).try_init()
        }
        LogFormat::Text => lines.finish().with(filter_fn(is_ours_or_brief)).try_init(),
    };
}

/// Libraries say at `debug` what they carry: the parameters of statements, the addresses of requests.
/// Whatever `RUST_LOG` asks for, they are heard from `info` on; our own crates keep data out themselves.
fn is_ours_or_brief(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("vestnik") || *metadata.level() <= Level::INFO
}
