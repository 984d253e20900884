//! The health that a phone reports with each ping. It only informs people, so what is missing or of
//! another shape is passed over, never refused.

use serde_json::Value;

use crate::android_phone::app_version::AppVersion;
use crate::android_phone::fields::Fields;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthStatus {
    Pass,
    Warn,
    Fail,
}

/// What the phone says of itself; `None`: it did not say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PhoneHealth {
    pub status: Option<HealthStatus>,
    pub app_version: Option<AppVersion>,
    /// 0 to 100.
    pub battery_percent: Option<u8>,
    pub is_charging: Option<bool>,
    pub is_online: Option<bool>,
    /// Messages that failed lately.
    pub failed_messages: Option<u64>,
}

impl PhoneHealth {
    pub(crate) fn read(payload: &Fields<'_>) -> PhoneHealth {
        let Ok(health) = payload.object("health") else {
            return PhoneHealth::default();
        };
        let text = |name| health.optional_text(name).ok().flatten();
        let checks = health.object("checks").ok();
        let observed = |name: &str| {
            let (_, check) = checks.as_ref()?.entries().find(|(key, _)| key.as_str() == name)?;
            observed_value(check)
        };
        let is_on = |name| observed(name).map(|value| value != 0.0);
        PhoneHealth {
            status: text("status").and_then(|status| match status {
                "pass" => Some(HealthStatus::Pass),
                "warn" => Some(HealthStatus::Warn),
                "fail" => Some(HealthStatus::Fail),
                _ => None,
            }),
            app_version: text("version").and_then(AppVersion::parse),
            battery_percent: observed("battery:level")
                .filter(|level| (0.0..=100.0).contains(level))
                .map(|level| level as u8),
            is_charging: is_on("battery:charging"),
            is_online: is_on("connection:status"),
            failed_messages: observed("messages:failed")
                .filter(|count| *count >= 0.0)
                .map(|count| count as u64),
        }
    }
}

/// The number of a check: its `observedValue`, also of the first in a list, or the bare number.
fn observed_value(check: &Value) -> Option<f64> {
    let check = check.as_array().map_or(Some(check), |list| list.first())?;
    let value = check.get("observedValue").unwrap_or(check);
    value.as_f64().or_else(|| value.as_bool().map(|is_on| if is_on { 1.0 } else { 0.0 }))
}
