//! Settings that the server pushes, `GET /settings`: all of them or, with one bad value, none.

use serde_json::Value;

use super::Flaw;

const DEFAULT_WEBHOOK_TRIES: u32 = 15;
const MINUTE_MS: u64 = 60_000;

/// What the app has of its settings; the rest has no effect on a simulated phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneSettings {
    /// The length of the window in which `limit_value` counts; `None`: no limit.
    pub limit_period_ms: Option<u64>,
    pub limit_value: u32,
    pub send_interval_min_s: u32,
    pub send_interval_max_s: u32,
    pub processing_order: ProcessingOrder,
    /// Works from the next start on; `None`: no pings.
    pub ping_interval_s: Option<u32>,
    pub signing_key: Option<String>,
    pub webhook_tries: u32,
    /// Another link token, for the next registration.
    pub private_token: Option<String>,
}

impl Default for PhoneSettings {
    fn default() -> PhoneSettings {
        PhoneSettings {
            limit_period_ms: None,
            limit_value: 0,
            send_interval_min_s: 0,
            send_interval_max_s: 0,
            processing_order: ProcessingOrder::NewestFirst,
            ping_interval_s: None,
            signing_key: None,
            webhook_tries: DEFAULT_WEBHOOK_TRIES,
            private_token: None,
        }
    }
}

/// Which of two messages of one priority goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProcessingOrder {
    NewestFirst,
    OldestFirst,
}

impl ProcessingOrder {
    /// As a pull asks for it.
    pub fn query(self) -> &'static str {
        match self {
            ProcessingOrder::NewestFirst => "lifo",
            ProcessingOrder::OldestFirst => "fifo",
        }
    }
}

impl PhoneSettings {
    /// These settings with what was pushed: a key that is missing is left as it is, `null` means the
    /// app's own value, a key unknown to the app is passed over.
    pub fn with(&self, pushed: &Value) -> Result<PhoneSettings, Flaw> {
        let flaw = |field: String, expected| Flaw { field, expected };
        let Value::Object(sections) = pushed else {
            return Err(flaw("body".to_owned(), "ждали объект JSON"));
        };
        let mut settings = self.clone();
        for (section, values) in sections {
            let Value::Object(values) = values else {
                return Err(flaw(section.clone(), "ждали объект JSON; null роняет приложение"));
            };
            for (key, value) in values {
                let field = format!("{section}.{key}");
                settings.set(&field, value).map_err(|expected| flaw(field, expected))?;
            }
        }
        Ok(settings)
    }

    /// The error says what would be right.
    fn set(&mut self, field: &str, value: &Value) -> Result<(), &'static str> {
        let own = PhoneSettings::default();
        match field {
            "messages.limit_period" => self.limit_period_ms = limit_period_ms(value)?,
            "messages.limit_value" => {
                self.limit_value = number(value, 0)?.unwrap_or(own.limit_value);
            }
            "messages.send_interval_min" => {
                self.send_interval_min_s = number(value, 0)?.unwrap_or(own.send_interval_min_s);
            }
            "messages.send_interval_max" => {
                self.send_interval_max_s = number(value, 0)?.unwrap_or(own.send_interval_max_s);
            }
            "messages.processing_order" => {
                self.processing_order = match name(value, &["LIFO", "FIFO"])? {
                    Some("FIFO") => ProcessingOrder::OldestFirst,
                    _ => ProcessingOrder::NewestFirst,
                };
            }
            "messages.sim_selection_mode" => {
                name(value, &["OSDefault", "RoundRobin", "Random"])?;
            }
            "messages.log_lifetime_days" => {
                number(value, 1)?;
            }
            "ping.interval_seconds" => self.ping_interval_s = number(value, 1)?,
            "gateway.notification_channel" => {
                name(value, &["AUTO", "SSE_ONLY"])?;
            }
            "gateway.cloud_url" => {
                text(value)?
                    .is_none_or(|url| url.starts_with("https://"))
                    .then_some(())
                    .ok_or("ждали адрес, который начинается с https://")?;
            }
            "gateway.private_token" => self.private_token = text(value)?.map(str::to_owned),
            "webhooks.signing_key" => self.signing_key = text(value)?.map(str::to_owned),
            "webhooks.retry_count" => {
                self.webhook_tries = number(value, 1)?.unwrap_or(own.webhook_tries);
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether the app, having taken these after `before`, asks its user to restart it.
    pub fn asks_for_restart_after(&self, before: &PhoneSettings) -> bool {
        self.ping_interval_s != before.ping_interval_s || self.private_token != before.private_token
    }
}

fn limit_period_ms(value: &Value) -> Result<Option<u64>, &'static str> {
    let periods = ["Disabled", "PerMinute", "Per30Minutes", "PerHour", "PerDay"];
    Ok(match name(value, &periods)? {
        Some("PerMinute") => Some(MINUTE_MS),
        Some("Per30Minutes") => Some(30 * MINUTE_MS),
        Some("PerHour") => Some(60 * MINUTE_MS),
        Some("PerDay") => Some(24 * 60 * MINUTE_MS),
        _ => None,
    })
}

fn text(value: &Value) -> Result<Option<&str>, &'static str> {
    if value.is_null() {
        Ok(None)
    } else {
        value.as_str().map(Some).ok_or("ждали строку")
    }
}

fn name<'a>(value: &'a Value, known: &[&str]) -> Result<Option<&'a str>, &'static str> {
    match text(value)? {
        Some(name) if !known.contains(&name) => Err("имя неизвестно приложению"),
        known => Ok(known),
    }
}

/// The app reads a number with a fraction and cuts it off.
fn number(value: &Value, least: u32) -> Result<Option<u32>, &'static str> {
    const WRONG: &str = "число не того вида или вне границ";
    if value.is_null() {
        return Ok(None);
    }
    let whole = value.as_i64().or_else(|| value.as_f64().map(|number| number.trunc() as i64));
    let whole = whole.and_then(|whole| u32::try_from(whole).ok()).ok_or(WRONG)?;
    if whole < least { Err(WRONG) } else { Ok(Some(whole)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_push_changes_only_what_it_names() {
        let pushed = json!({
            "messages": {"send_interval_min": 3, "send_interval_max": 8.9, "limit_period": "PerDay",
                "processing_order": "FIFO", "work_hours_enabled": true},
            "ping": {"interval_seconds": 60}, "webhooks": {"signing_key": "k7"}, "later": {},
        });
        let settings = PhoneSettings::default().with(&pushed).unwrap();
        assert_eq!((settings.send_interval_min_s, settings.send_interval_max_s), (3, 8));
        assert_eq!(settings.processing_order, ProcessingOrder::OldestFirst);
        assert_eq!(settings.limit_period_ms, Some(86_400_000));
        assert!(settings.asks_for_restart_after(&PhoneSettings::default()));
        let again = settings.with(&json!({"ping": {"interval_seconds": null}})).unwrap();
        assert_eq!(again, PhoneSettings { ping_interval_s: None, ..settings.clone() });
        assert_eq!(settings.with(&json!({})).unwrap(), settings);
    }

    #[test]
    fn one_bad_value_refuses_the_push_and_is_named() {
        for (pushed, field) in [
            (json!([]), "body"),
            (json!({"messages": null}), "messages"),
            (json!({"messages": {"limit_period": "PerWeek"}}), "messages.limit_period"),
            (json!({"messages": {"limit_value": -1}}), "messages.limit_value"),
            (json!({"messages": {"processing_order": "RANDOM"}}), "messages.processing_order"),
            (json!({"messages": {"log_lifetime_days": 0}}), "messages.log_lifetime_days"),
            (json!({"ping": {"interval_seconds": 0}}), "ping.interval_seconds"),
            (json!({"ping": {"interval_seconds": "60"}}), "ping.interval_seconds"),
            (json!({"ping": {"interval_seconds": 1e300}}), "ping.interval_seconds"),
            (json!({"gateway": {"notification_channel": "SSE"}}), "gateway.notification_channel"),
            (json!({"gateway": {"cloud_url": "http://a.test"}}), "gateway.cloud_url"),
            (json!({"webhooks": {"signing_key": 1}}), "webhooks.signing_key"),
        ] {
            let refused = PhoneSettings::default().with(&pushed).unwrap_err();
            assert_eq!(refused.field, field, "{pushed}");
        }
    }
}
