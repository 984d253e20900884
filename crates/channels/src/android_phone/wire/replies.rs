//! What we answer about a device. Every field that the app requires is no `Option`; what is absent is
//! left out, never `null`.

use std::fmt;

use serde::Serialize;

use super::phone_date::PhoneDate;
use super::sim_card::SimCard;

/// 201 to `POST /device`. `Debug` shows the id alone.
#[derive(Clone, Serialize)]
pub struct RegisterReply {
    pub id: String,
    /// The device token: the bearer of every later call.
    pub token: String,
    /// The app fails without it, however the phone registered.
    pub login: String,
    /// Only for a user made just now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

impl fmt::Debug for RegisterReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegisterReply").field("id", &self.id).finish_non_exhaustive()
    }
}

/// 200 to `GET /device`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceReply {
    pub external_ip: String,
    /// Absent without a valid device token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<LinkedDevice>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkedDevice {
    pub id: String,
    pub name: String,
    pub created_at: PhoneDate,
    pub updated_at: PhoneDate,
    pub last_seen: PhoneDate,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sim_cards: Vec<SimCard>,
}

/// 200 to `GET /user/code`. `Debug` hides the code.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoginCodeReply {
    pub code: String,
    pub valid_until: PhoneDate,
}

impl fmt::Debug for LoginCodeReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginCodeReply")
            .field("valid_until", &self.valid_until)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registration_always_has_a_login_and_no_null() {
        let mut reply = RegisterReply {
            id: "dev_1".to_owned(),
            token: "device-token".to_owned(),
            login: "QWERTY".to_owned(),
            password: None,
        };
        insta::assert_snapshot!(serde_json::to_string(&reply).unwrap(), @r#"{"id":"dev_1","token":"device-token","login":"QWERTY"}"#);
        reply.password = Some("once-shown-word".to_owned());
        insta::assert_snapshot!(serde_json::to_string(&reply).unwrap(), @r#"{"id":"dev_1","token":"device-token","login":"QWERTY","password":"once-shown-word"}"#);
        assert!(!format!("{reply:?}").contains("device-token"));
    }

    #[test]
    fn a_device_is_shown_only_to_itself() {
        let at = PhoneDate("2026-03-04T12:15:05.123456Z".parse().unwrap());
        let mut reply = DeviceReply { external_ip: "203.0.113.7".to_owned(), device: None };
        insta::assert_snapshot!(serde_json::to_string(&reply).unwrap(), @r#"{"externalIp":"203.0.113.7"}"#);
        reply.device = Some(LinkedDevice {
            id: "dev_1".to_owned(),
            name: "Samsung/a15".to_owned(),
            created_at: at,
            updated_at: at,
            last_seen: at,
            sim_cards: vec![],
        });
        insta::assert_snapshot!(serde_json::to_string(&reply).unwrap(), @r#"{"externalIp":"203.0.113.7","device":{"id":"dev_1","name":"Samsung/a15","createdAt":"2026-03-04T12:15:05.123Z","updatedAt":"2026-03-04T12:15:05.123Z","lastSeen":"2026-03-04T12:15:05.123Z"}}"#);
    }

    #[test]
    fn a_login_code_has_its_date() {
        let valid_until = PhoneDate("2026-03-04T12:15:05Z".parse().unwrap());
        let reply = LoginCodeReply { code: "ab2c3d".to_owned(), valid_until };
        insta::assert_snapshot!(serde_json::to_string(&reply).unwrap(), @r#"{"code":"ab2c3d","validUntil":"2026-03-04T12:15:05.000Z"}"#);
        assert!(!format!("{reply:?}").contains("ab2c3d"));
    }
}
