//! Where a phone takes its time from: the machine, or a server that is being tried out and whose clock
//! the phone must follow, since it judges by its own clock until when a message may go.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

use super::shell::loopback;

const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

#[async_trait]
pub trait PhoneClock: Send + Sync {
    async fn now(&self) -> Result<Timestamp, ClockError>;
}

#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// Passes by itself, when the server is back.
    #[error("часы не отвечают: {0}")]
    Silent(String),
    /// There is no such clock.
    #[error("часы отказали: {0}; ждали ответ {{\"now\": время RFC 3339}}, сервер с --dev-clock")]
    Refused(String),
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl PhoneClock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else is given")]
    async fn now(&self) -> Result<Timestamp, ClockError> {
        Ok(Timestamp::now())
    }
}

/// Follows `GET /dev/clock`; asks anew at every look.
pub struct DevClock {
    http: reqwest::Client,
    url: reqwest::Url,
}

impl DevClock {
    /// `url` is the whole address, `http://127.0.0.1:8080/dev/clock`; it must be on this machine.
    pub fn new(url: &str) -> Result<DevClock, loopback::LoopbackError> {
        let url = loopback::address(url)?;
        Ok(DevClock { http: loopback::client(Some(ANSWER_TIMEOUT))?, url })
    }
}

#[derive(Deserialize)]
struct ClockReply {
    now: Timestamp,
}

#[async_trait]
impl PhoneClock for DevClock {
    async fn now(&self) -> Result<Timestamp, ClockError> {
        let reply = self.http.get(self.url.clone()).send().await;
        let reply = reply.map_err(|error| ClockError::Silent(error.to_string()))?;
        let status = reply.status();
        if !status.is_success() {
            return Err(ClockError::Refused(format!("ответ {status}")));
        }
        let body = reply.bytes().await.map_err(|error| ClockError::Silent(error.to_string()))?;
        serde_json::from_slice::<ClockReply>(&body)
            .map(|reply| reply.now)
            .map_err(|error| ClockError::Refused(error.to_string()))
    }
}

/// The business clock of a server in the same process.
pub struct BusinessClock(pub Arc<dyn vestnik_app::Clock>);

#[async_trait]
impl PhoneClock for BusinessClock {
    async fn now(&self) -> Result<Timestamp, ClockError> {
        Ok(self.0.now())
    }
}
