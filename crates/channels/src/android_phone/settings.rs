//! What we push into the app's settings. The app takes all or nothing: one name that it does not know,
//! or a section that is `null`, and the whole push is lost, so only what the version knows is written.

use serde::Serialize;

use super::app_version::{AppVersion, Feature};
use super::signing_key::SigningKey;

const PING_INTERVALS_S: std::ops::RangeInclusive<u32> = 30..=3600;
const MAX_SEND_INTERVAL_S: u32 = 600;

/// What a linked phone should be set to. Pace, daily limit and hours are kept on our side, so the app's
/// own limit is switched off; its pauses between messages are a courtesy to the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneSettings {
    /// How often the phone calls us even if nothing happens.
    pub ping_interval_s: u32,
    /// A pause of random length between two messages.
    pub send_interval_min_s: u32,
    pub send_interval_max_s: u32,
    /// How long the phone remembers ids: the reason why nothing is sent twice.
    pub log_lifetime_days: u32,
    pub signing_key: SigningKey,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    #[error("ping_interval_s: 30 to 3600 expected")]
    PingInterval,
    #[error(
        "send_interval_max_s: at least send_interval_min_s and at most {MAX_SEND_INTERVAL_S} expected"
    )]
    SendInterval,
    #[error(
        "log_lifetime_days: at least {retry_horizon_days} expected, the days in which a message may be handed out again"
    )]
    LogLifetime { retry_horizon_days: u32 },
}

/// 200 to `GET /settings`: sections that are empty are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SettingsReply {
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<Messages>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ping: Option<Ping>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gateway: Option<Gateway>,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhooks: Option<Webhooks>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Messages {
    limit_period: &'static str,
    send_interval_min: u32,
    send_interval_max: u32,
    log_lifetime_days: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    processing_order: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Ping {
    interval_seconds: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Gateway {
    notification_channel: &'static str,
}

#[derive(Clone, PartialEq, Eq, Serialize)]
struct Webhooks {
    signing_key: String,
}

impl std::fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Webhooks(…)")
    }
}

impl PhoneSettings {
    /// The usual settings: a call every two minutes, pauses of 3 to 8 seconds, ids kept for a month.
    pub fn usual(signing_key: SigningKey) -> PhoneSettings {
        PhoneSettings {
            ping_interval_s: 120,
            send_interval_min_s: 3,
            send_interval_max_s: 8,
            log_lifetime_days: 30,
            signing_key,
        }
    }

    /// Whether the app would take them and keep its memory for as long as we may repeat ourselves.
    pub fn check(&self, retry_horizon_days: u32) -> Result<(), SettingsError> {
        if !PING_INTERVALS_S.contains(&self.ping_interval_s) {
            return Err(SettingsError::PingInterval);
        }
        if !(self.send_interval_min_s..=MAX_SEND_INTERVAL_S).contains(&self.send_interval_max_s) {
            return Err(SettingsError::SendInterval);
        }
        if self.log_lifetime_days < retry_horizon_days.max(1) {
            return Err(SettingsError::LogLifetime {
                retry_horizon_days: retry_horizon_days.max(1),
            });
        }
        Ok(())
    }

    /// What a phone of this version is told; `{}` if it cannot be told anything for sure.
    pub fn reply(&self, version: Option<AppVersion>) -> SettingsReply {
        let knows = |feature: Feature| feature.known_to(version);
        if !knows(Feature::PushedSettings) {
            return SettingsReply::default();
        }
        SettingsReply {
            messages: Some(Messages {
                limit_period: "Disabled",
                send_interval_min: self.send_interval_min_s,
                send_interval_max: self.send_interval_max_s,
                log_lifetime_days: self.log_lifetime_days,
                processing_order: knows(Feature::ProcessingOrder).then_some("FIFO"),
            }),
            ping: Some(Ping { interval_seconds: self.ping_interval_s }),
            gateway: knows(Feature::EventStreamOnly)
                .then_some(Gateway { notification_channel: "SSE_ONLY" }),
            webhooks: knows(Feature::SignedWebhooks)
                .then(|| Webhooks { signing_key: self.signing_key.reveal().to_owned() }),
        }
    }
}

impl SettingsReply {
    /// From when on the phone signs with our key, once it has read this.
    pub fn carries_signing_key(&self) -> bool {
        self.webhooks.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> PhoneSettings {
        PhoneSettings::usual(SigningKey::new(&"k7".repeat(16)).unwrap())
    }

    fn written(version: &str) -> serde_json::Value {
        serde_json::to_value(settings().reply(AppVersion::parse(version))).unwrap()
    }

    #[test]
    fn a_phone_is_told_what_its_version_knows() {
        let expected: serde_json::Value =
            serde_json::from_str(include_str!("fixtures/settings.json")).unwrap();
        assert_eq!(written("1.68.0"), expected);
        assert_eq!(written("1.53.0"), expected);

        let older = written("1.52.0");
        assert!(older.get("gateway").is_none());
        assert_eq!(older["messages"]["processing_order"], "FIFO");
        let older = written("1.45.0");
        assert!(older["messages"].get("processing_order").is_none());
        for version in ["1.36.0", "okhttp/4.10.0"] {
            assert_eq!(written(version), serde_json::json!({}), "{version}");
        }
    }

    #[test]
    fn no_section_and_no_value_is_null() {
        for minor in 30..70 {
            let reply = settings().reply(Some(AppVersion::new(1, minor, 0)));
            assert!(!serde_json::to_string(&reply).unwrap().contains("null"), "1.{minor}");
            assert_eq!(reply.carries_signing_key(), minor >= 37, "1.{minor}");
        }
    }

    #[test]
    fn the_usual_settings_are_sound_and_others_are_checked() {
        assert_eq!(settings().check(7), Ok(()));
        let wrong = |change: fn(&mut PhoneSettings)| {
            let mut settings = settings();
            change(&mut settings);
            settings.check(7).unwrap_err()
        };
        assert_eq!(wrong(|s| s.ping_interval_s = 0), SettingsError::PingInterval);
        assert_eq!(wrong(|s| s.send_interval_max_s = 2), SettingsError::SendInterval);
        assert_eq!(wrong(|s| s.send_interval_max_s = 601), SettingsError::SendInterval);
        let too_short = SettingsError::LogLifetime { retry_horizon_days: 7 };
        assert_eq!(wrong(|s| s.log_lifetime_days = 6), too_short);
    }

    #[test]
    fn the_key_does_not_show_in_debug() {
        assert!(!format!("{:?}", settings().reply(Some(AppVersion::RECOMMENDED))).contains("k7"));
        assert!(!format!("{:?}", settings()).contains("k7k7"));
    }
}
