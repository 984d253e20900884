//! How a phone becomes known to the server, and known again after a restart: the stored token first,
//! and a new sign-up by the link token only when that one is answered with 401.

use serde_json::{Value, json};

use super::server_api::CallFailure;
use super::{PhoneError, PhoneNews, SimulatedPhone, wait_ms};

const FIRST_RETRY_MS: u64 = 10_000;
const MAX_DOUBLINGS: u32 = 8;
const MAX_NAME_CHARACTERS: usize = 128;
const UNAUTHORIZED: u16 = 401;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Registration {
    pub(super) device_id: String,
    pub(super) token: String,
}

impl Registration {
    /// The app wants a login, too, though it does nothing with it here.
    pub(super) fn read(body: &[u8]) -> Result<Registration, String> {
        let body: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let text = |name: &str| {
            body.get(name).and_then(Value::as_str).ok_or_else(|| format!("{name}: ждали строку"))
        };
        text("login")?;
        Ok(Registration { device_id: text("id")?.to_owned(), token: text("token")?.to_owned() })
    }
}

/// How the app became known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// For the first time.
    FirstSignUp,
    /// It held a token before.
    Restart,
}

impl SimulatedPhone {
    pub(super) async fn register(&mut self) -> Result<Start, PhoneError> {
        let Some(known) = self.registration.clone() else {
            self.sign_up().await?;
            return Ok(Start::FirstSignUp);
        };
        let api = self.api.with_token(&known.token);
        let body = json!({"id": known.device_id, "simCards": self.sim_cards()});
        let mut tries = 0;
        loop {
            match api.update_device(&body).await {
                Ok(()) => {
                    self.linked(known, false);
                    return Ok(Start::Restart);
                }
                Err(CallFailure::Status(UNAUTHORIZED)) => {
                    self.sign_up().await?;
                    return Ok(Start::Restart);
                }
                Err(failure) => self.wait_to_retry(&failure, &mut tries).await,
            }
        }
    }

    async fn sign_up(&mut self) -> Result<(), PhoneError> {
        let name: String = self.options.behaviour.name.chars().take(MAX_NAME_CHARACTERS).collect();
        let body = json!({"name": name, "simCards": self.sim_cards()});
        let link_token = self.options.link_token.clone();
        let mut tries = 0;
        loop {
            match self.api.register(&link_token, &body).await {
                Ok(registration) => {
                    self.linked(registration, true);
                    return Ok(());
                }
                Err(CallFailure::Status(UNAUTHORIZED)) => return Err(PhoneError::LinkTokenRefused),
                Err(CallFailure::Unreadable(why)) => {
                    return Err(PhoneError::RegistrationUnreadable(why));
                }
                // Too many at once, or a server in trouble: later.
                Err(failure @ CallFailure::Status(429 | 500..)) => {
                    self.wait_to_retry(&failure, &mut tries).await;
                }
                Err(CallFailure::Status(status)) => {
                    return Err(PhoneError::RegistrationRefused { status });
                }
                Err(failure @ CallFailure::Unreachable(_)) => {
                    self.wait_to_retry(&failure, &mut tries).await;
                }
            }
        }
    }

    fn linked(&mut self, registration: Registration, anew: bool) {
        self.tell(&PhoneNews::Linked { device_id: registration.device_id.clone(), anew });
        self.api = self.api.with_token(&registration.token);
        self.registration = Some(registration);
    }

    async fn wait_to_retry(&self, failure: &CallFailure, tries: &mut u32) {
        self.complain(format!("привязка: {failure}"));
        let pause_ms = FIRST_RETRY_MS << (*tries).min(MAX_DOUBLINGS);
        *tries = tries.saturating_add(1);
        wait_ms(pause_ms / self.hurry()).await;
    }

    /// What the app tells of its SIM cards: all but the last four characters hidden.
    pub(super) fn sim_cards(&self) -> Value {
        let card = |number: u8| {
            json!({
                "slotIndex": number - 1,
                "simNumber": number,
                "phoneNumber": format!("****{:04}", 100 + u16::from(number)),
                "carrierName": "****dive",
            })
        };
        (1..=self.options.behaviour.sim_count).map(card).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_without_a_login_cannot_be_read() {
        let read = |body: Value| Registration::read(body.to_string().as_bytes());
        let sound = json!({"id": "d1", "token": "t1", "login": "QWERTY", "password": null});
        assert_eq!(read(sound).unwrap().token, "t1");
        assert_eq!(
            read(json!({"id": "d1", "token": "t1", "login": null})).unwrap_err(),
            "login: ждали строку"
        );
        assert!(read(json!([])).is_err() && read(json!({"login": "Q", "token": 7})).is_err());
        assert!(Registration::read(b"\xff").is_err());
    }
}
