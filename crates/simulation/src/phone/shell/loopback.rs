//! The only connections that a simulated peer may open: to this very machine. No redirect is followed
//! and no proxy asked, so that an answer cannot send it elsewhere.

use std::time::Duration;

use reqwest::{Client, ClientBuilder, Url, redirect};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug, thiserror::Error)]
pub enum LoopbackError {
    #[error(
        "адрес {0} не годится: смоделированный телефон соединяется только с этой же машиной, \
         ждали вроде http://127.0.0.1:8080"
    )]
    Elsewhere(String),
    #[error("соединения не открываются: {0}")]
    Client(#[from] reqwest::Error),
}

/// The address, if it is http on this machine.
pub fn address(url: &str) -> Result<Url, LoopbackError> {
    let elsewhere = || LoopbackError::Elsewhere(url.to_owned());
    let address: Url = url.parse().map_err(|_| elsewhere())?;
    let host = address.host_str().unwrap_or_default();
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    let here = host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback());
    if here && address.scheme() == "http" { Ok(address) } else { Err(elsewhere()) }
}

/// A client whose whole calls take at most `timeout`; `None`: as long as they take.
pub(crate) fn client(timeout: Option<Duration>) -> Result<Client, LoopbackError> {
    let builder = match timeout {
        Some(timeout) => builder().timeout(timeout),
        None => builder(),
    };
    Ok(builder.build()?)
}

/// A client whose whole calls take at most `timeout`, in which the other side is silent for at most
/// `silence`.
pub(crate) fn impatient_client(
    timeout: Duration,
    silence: Duration,
) -> Result<Client, LoopbackError> {
    Ok(builder().timeout(timeout).read_timeout(silence).build()?)
}

fn builder() -> ClientBuilder {
    Client::builder().no_proxy().redirect(redirect::Policy::none()).connect_timeout(CONNECT_TIMEOUT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_called() {
        for (url, here) in [
            ("http://127.0.0.1:8080", true),
            ("http://127.8.8.8:1/x", true),
            ("http://localhost:8080/", true),
            ("http://[::1]:8080", true),
            ("https://127.0.0.1", false),
            ("http://192.168.0.2:8080", false),
            ("http://localhost.example.test", false),
            ("http://127.0.0.1@example.test", false),
            ("http://0.0.0.0:8080", false),
            ("file:///etc/hosts", false),
            ("телефон", false),
            ("", false),
        ] {
            assert_eq!(address(url).is_ok(), here, "{url}");
        }
    }
}
