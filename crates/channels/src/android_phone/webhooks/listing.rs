//! Which webhooks a phone is told to call. One event that its version does not know makes it drop the
//! whole list and ask again for ever.

use serde::Serialize;

use crate::android_phone::app_version::{AppVersion, Feature};

const MAX_URL_CHARACTERS: usize = 256;

/// An address that the app accepts. Its path holds a secret of the phone.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookUrl(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookUrlError {
    #[error("the address for reports of a phone must begin with https:// (or http://127.0.0.1)")]
    NotHttps,
    #[error(
        "the address for reports of a phone: at most {MAX_URL_CHARACTERS} characters without spaces"
    )]
    Malformed,
}

impl WebhookUrl {
    /// Takes `https://…`; plain http only to the phone's own machine, where a simulated phone runs.
    pub fn parse(text: &str) -> Result<WebhookUrl, WebhookUrlError> {
        let (rest, is_plain) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (rest, false),
            (None, Some(rest)) => (rest, true),
            (None, None) => return Err(WebhookUrlError::NotHttps),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let visible = rest.bytes().all(|byte| byte.is_ascii_graphic());
        if authority.is_empty() || !visible || text.len() > MAX_URL_CHARACTERS {
            return Err(WebhookUrlError::Malformed);
        }
        let host = authority.split(':').next().unwrap_or_default();
        if is_plain && host != "127.0.0.1" {
            return Err(WebhookUrlError::NotHttps);
        }
        Ok(WebhookUrl(text.to_owned()))
    }
}

impl std::fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookUrl(…)")
    }
}

/// One element of `GET /webhooks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WebhookEntry {
    id: &'static str,
    url: UrlText,
    event: &'static str,
}

#[derive(Clone, PartialEq, Eq, Serialize)]
struct UrlText(String);

impl std::fmt::Debug for UrlText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// What we ask for: id (ours, the same for ever), event, and since when the app knows it; `None`: every
/// version does.
const WANTED: [(&str, &str, Option<Feature>); 3] = [
    ("vestnik-sms-received", "sms:received", None),
    ("vestnik-system-ping", "system:ping", Some(Feature::PingWebhook)),
    ("vestnik-app-started", "app:started", Some(Feature::AppStartedWebhook)),
];

/// 200 to `GET /webhooks` for a phone that runs `version`; unknown: incoming messages alone.
pub fn webhook_list(version: Option<AppVersion>, url: &WebhookUrl) -> Vec<WebhookEntry> {
    WANTED
        .into_iter()
        .filter(|(_, _, since)| since.is_none_or(|feature| feature.known_to(version)))
        .map(|(id, event, _)| WebhookEntry { id, url: UrlText(url.0.clone()), event })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url() -> WebhookUrl {
        WebhookUrl::parse("https://vestnik.example/api/mobile/v1/reports/s3cret").unwrap()
    }

    fn events(version: &str) -> Vec<&'static str> {
        let list = webhook_list(AppVersion::parse(version), &url());
        list.into_iter().map(|entry| entry.event).collect()
    }

    #[test]
    fn a_version_is_asked_only_for_what_it_knows() {
        assert_eq!(events("1.68.0"), ["sms:received", "system:ping", "app:started"]);
        assert_eq!(events("1.65.9"), ["sms:received", "system:ping"]);
        assert_eq!(events("of another app"), ["sms:received"]);
    }

    #[test]
    fn the_list_is_what_the_app_reads() {
        let list = webhook_list(Some(AppVersion::RECOMMENDED), &url());
        let expected: serde_json::Value =
            serde_json::from_str(include_str!("../fixtures/webhook_list.json")).unwrap();
        assert_eq!(serde_json::to_value(&list).unwrap(), expected);
        assert!(!format!("{list:?} {:?}", url()).contains("s3cret"));
    }

    #[test]
    fn an_address_is_https_or_this_very_machine() {
        for good in ["https://a.b/x", "https://192.168.0.7:8443", "http://127.0.0.1:8080/x"] {
            assert!(WebhookUrl::parse(good).is_ok(), "{good}");
        }
        for (bad, error) in [
            ("http://a.b/x", WebhookUrlError::NotHttps),
            ("http://127.0.0.1.evil.example/x", WebhookUrlError::NotHttps),
            ("http://127.0.0.1@evil.example/x", WebhookUrlError::NotHttps),
            ("ftp://a.b", WebhookUrlError::NotHttps),
            ("", WebhookUrlError::NotHttps),
            ("https://", WebhookUrlError::Malformed),
            ("https:///path", WebhookUrlError::Malformed),
            ("https://a.b/x y", WebhookUrlError::Malformed),
            (&format!("https://a.b/{}", "x".repeat(250)), WebhookUrlError::Malformed),
        ] {
            assert_eq!(WebhookUrl::parse(bad), Err(error), "{bad}");
        }
    }
}
