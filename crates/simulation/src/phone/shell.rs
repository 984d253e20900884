//! A [`Handset`] with a clock and the server's HTTP: registers, listens, pulls, reports. Nothing is
//! decided here but when to call, and no answer of a server makes it panic.
//!
//! One future does it all. When it is dropped the app is gone in the middle of whatever it did, as a
//! phone's app is; the phone's memory stays in [`SimulatedPhone`] for the next start.

mod errands;
mod error;
mod event_stream;
mod life;
pub mod loopback;
mod registration;
mod remote;
mod server_api;
#[cfg(test)]
mod tests;

pub use error::{PhoneError, PhoneNews};
pub use remote::PhoneRemote;

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::air::AirLog;
use super::behaviour::PhoneBehaviour;
use super::clock::{ClockError, PhoneClock, SystemClock};
use super::handset::Handset;
use super::moment::Moment;
use super::wire::webhooks::Webhook;
use crate::chance::Chance;
use errands::Errands;
use registration::Registration;
use remote::Command;
use server_api::ServerApi;

/// Under the server's root.
const MOBILE_API: &str = "/api/mobile/v1";
/// Between two looks at a clock that does not answer.
const CLOCK_RETRY_MS: u64 = 500;
/// Characters of the key with which an app signs before the server pushes one.
const OWN_KEY_CHARACTERS: usize = 8;

pub struct PhoneOptions {
    /// The server's root, `http://127.0.0.1:8080`; on this machine only.
    pub server: String,
    /// What the salon shows for linking a phone.
    pub link_token: String,
    pub behaviour: PhoneBehaviour,
    pub clock: Arc<dyn PhoneClock>,
    pub air: AirLog,
    /// Called for everything that a spectator may want to see; must not block.
    pub on_news: Arc<dyn Fn(&PhoneNews) + Send + Sync>,
}

impl PhoneOptions {
    /// A phone of usual behaviour by the machine's clock, with its air in memory.
    pub fn new(server: &str, link_token: &str) -> PhoneOptions {
        PhoneOptions {
            server: server.to_owned(),
            link_token: link_token.to_owned(),
            behaviour: PhoneBehaviour::default(),
            clock: Arc::new(SystemClock),
            air: AirLog::in_memory(),
            on_news: Arc::new(|_| {}),
        }
    }
}

/// One phone with its app installed. Each [`run`](SimulatedPhone::run) is one start of the app; a new
/// `SimulatedPhone` is a re-installed one, which knows no ids.
pub struct SimulatedPhone {
    options: PhoneOptions,
    api: ServerApi,
    handset: Handset,
    chance: Chance,
    own_key: String,
    registration: Option<Registration>,
    webhooks: Vec<Webhook>,
    errands: Errands,
    switched_on: Instant,
    last_clock: Option<Timestamp>,
    commands: mpsc::UnboundedReceiver<Command>,
    remote: PhoneRemote,
}

impl SimulatedPhone {
    pub fn new(options: PhoneOptions) -> Result<SimulatedPhone, PhoneError> {
        let api = ServerApi::new(&options.server, MOBILE_API)?;
        let mut chance = Chance::new(options.behaviour.seed);
        let (sender, commands) = mpsc::unbounded_channel();
        Ok(SimulatedPhone {
            api,
            handset: Handset::new(&options.behaviour, &mut chance),
            own_key: chance.hex(OWN_KEY_CHARACTERS),
            chance,
            options,
            registration: None,
            webhooks: Vec::new(),
            errands: Errands::default(),
            switched_on: monotonic_now(),
            last_clock: None,
            commands,
            remote: PhoneRemote::new(sender),
        })
    }

    /// A hand on the phone, for as long as the phone exists.
    pub fn remote(&self) -> PhoneRemote {
        self.remote.clone()
    }

    /// Another link token, for the next registration: the salon links the phone anew.
    pub fn set_link_token(&mut self, link_token: &str) {
        self.options.link_token = link_token.to_owned();
    }

    /// Starts the app and lives until `stop` resolves.
    ///
    /// Ends early with an error when the phone cannot be linked or the app crashed; it may be run
    /// again. A server that is away is no error: the app tries again, as the real one does.
    pub async fn run(&mut self, stop: impl Future<Output = ()>) -> Result<(), PhoneError> {
        tokio::select! {
            () = stop => Ok(()),
            end = self.live() => end,
        }
    }

    fn tell(&self, news: &PhoneNews) {
        (self.options.on_news)(news);
    }

    fn complain(&self, words: String) {
        self.tell(&PhoneNews::Complaint(words));
    }

    fn hurry(&self) -> u64 {
        u64::from(self.options.behaviour.hurry.max(1))
    }

    /// A clock that falls silent later shows what it showed last; at first there must be one.
    async fn moment(&mut self) -> Result<Moment, PhoneError> {
        let clock = loop {
            match (self.options.clock.now().await, self.last_clock) {
                (Ok(now), _) => break now,
                (Err(_), Some(last)) => break last,
                (Err(refused @ ClockError::Refused(_)), None) => return Err(refused.into()),
                (Err(silent @ ClockError::Silent(_)), None) => {
                    self.complain(silent.to_string());
                    wait_ms(CLOCK_RETRY_MS).await;
                }
            }
        };
        self.last_clock = Some(clock);
        let real_ms = monotonic_now().duration_since(self.switched_on).as_millis();
        let real_ms = u64::try_from(real_ms).unwrap_or(u64::MAX);
        Ok(Moment { clock, elapsed_ms: real_ms.saturating_mul(self.hurry()) })
    }
}

#[expect(clippy::disallowed_methods, reason = "the phone's stopwatch begins here")]
fn monotonic_now() -> Instant {
    Instant::now()
}

/// The one place of this crate that lets real time pass.
#[expect(clippy::disallowed_methods, reason = "a phone that waits has nothing else to wait for")]
async fn wait_ms(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}
