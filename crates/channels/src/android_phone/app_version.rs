//! Which version of the app a phone runs, and what that version understands. The app never says what
//! it can do, so its User-Agent decides; what a version does not know must not be sent to it.

use std::fmt;

const USER_AGENT_PREFIX: &str = "me.capcom.smsgateway/";

/// A version of the app, `1.68.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AppVersion {
    pub major: u32,
    pub minor: u32,
    pub patch: u32,
}

impl AppVersion {
    /// The oldest that may be linked: the first that can be held to the event stream.
    pub const MINIMUM: AppVersion = AppVersion::new(1, 53, 0);
    /// From here on messages can be called back.
    pub const RECOMMENDED: AppVersion = AppVersion::new(1, 67, 0);

    pub const fn new(major: u32, minor: u32, patch: u32) -> AppVersion {
        AppVersion { major, minor, patch }
    }

    /// Reads `1.68`, `v1.68.0`, `1.68.0-rc1`; `None` for anything else.
    pub fn parse(text: &str) -> Option<AppVersion> {
        let text = text.trim();
        let text = text.strip_prefix('v').unwrap_or(text);
        let numbers = text.split(['-', '+']).next()?;
        let mut parts = numbers.split('.').map(number);
        let version = AppVersion::new(
            parts.next()??,
            parts.next()??,
            match parts.next() {
                Some(patch) => patch?,
                None => 0,
            },
        );
        parts.next().is_none().then_some(version)
    }

    /// The version that a User-Agent names. `None` for every other client: the event stream is opened
    /// by a library under its own name (`okhttp/4.10.0`), whose version is not the app's.
    pub fn of_user_agent(user_agent: &str) -> Option<AppVersion> {
        let rest = user_agent.trim().strip_prefix(USER_AGENT_PREFIX)?;
        AppVersion::parse(rest.split_whitespace().next()?)
    }

    pub fn support(self) -> Support {
        if self < AppVersion::MINIMUM {
            Support::TooOld
        } else if self < AppVersion::RECOMMENDED {
            Support::Usable
        } else {
            Support::Recommended
        }
    }
}

impl fmt::Display for AppVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

fn number(digits: &str) -> Option<u32> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

/// How far a version may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// The phone must be updated before it can send.
    TooOld,
    /// It sends, but cannot call a message back.
    Usable,
    Recommended,
}

/// What came into the protocol at some version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// Webhooks carry a signature, and the key can be pushed.
    SignedWebhooks,
    /// Settings are read from the server.
    PushedSettings,
    /// The phone listens to the event stream.
    EventStream,
    /// `processing_order` in the settings, `order` in a pull.
    ProcessingOrder,
    /// `notification_channel` may be `SSE_ONLY`.
    EventStreamOnly,
    /// The webhook `system:ping`. Its first version is not written down; all that may be linked have it.
    PingWebhook,
    /// The webhook `app:started`.
    AppStartedWebhook,
    /// `state` of a message in a pull, `Cancelling`, the event `MessageCancelled`.
    Cancelling,
}

impl Feature {
    /// The first version that has it.
    pub fn since(self) -> AppVersion {
        match self {
            Feature::SignedWebhooks => AppVersion::new(1, 33, 0),
            Feature::PushedSettings => AppVersion::new(1, 37, 0),
            Feature::EventStream => AppVersion::new(1, 43, 0),
            Feature::ProcessingOrder => AppVersion::new(1, 46, 0),
            Feature::EventStreamOnly => AppVersion::new(1, 53, 0),
            Feature::PingWebhook => AppVersion::MINIMUM,
            Feature::AppStartedWebhook => AppVersion::new(1, 66, 0),
            Feature::Cancelling => AppVersion::new(1, 67, 0),
        }
    }

    /// Whether a phone understands it. A phone of unknown version is trusted with nothing.
    pub fn known_to(self, version: Option<AppVersion>) -> bool {
        version.is_some_and(|version| version >= self.since())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_app_names_its_version() {
        let v = AppVersion::new;
        for (user_agent, version) in [
            ("me.capcom.smsgateway/1.68.0", Some(v(1, 68, 0))),
            ("me.capcom.smsgateway/1.53", Some(v(1, 53, 0))),
            ("me.capcom.smsgateway/v1.69.2-rc.1 (Android 15)", Some(v(1, 69, 2))),
            ("okhttp/4.10.0", None),
            ("me.capcom.smsgateway/", None),
            ("me.capcom.smsgateway/1", None),
            ("me.capcom.smsgateway/1.2.3.4", None),
            ("me.capcom.smsgateway/1.+6", None),
            ("me.capcom.smsgateway/1.99999999999", None),
            ("", None),
        ] {
            assert_eq!(AppVersion::of_user_agent(user_agent), version, "{user_agent}");
        }
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        for (text, support) in [
            ("1.9.0", Support::TooOld),
            ("1.52.9", Support::TooOld),
            ("1.53.0", Support::Usable),
            ("1.66.3", Support::Usable),
            ("1.67.0", Support::Recommended),
            ("2.0.0", Support::Recommended),
        ] {
            assert_eq!(AppVersion::parse(text).unwrap().support(), support, "{text}");
        }
    }

    #[test]
    fn a_feature_begins_at_its_version() {
        let cancelling = |text| Feature::Cancelling.known_to(AppVersion::parse(text));
        assert!(!cancelling("1.66.9") && cancelling("1.67.0") && !cancelling("okhttp/4.10.0"));
        assert!(!Feature::SignedWebhooks.known_to(None));
    }
}
