//! The gateway of linked phones: what the app on a phone asks and tells, over the private-server
//! protocol of the SMSGate app (`channels::android_phone` knows its wire).

mod authenticate;
pub mod device;
mod incoming;
pub mod pull;
pub mod register;
pub mod report;
pub mod user;
pub mod webhook;

use crate::error::AppError;

/// What a phone is answered: a status and, mostly, JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct PhoneReply {
    pub status: u16,
    pub body: Option<serde_json::Value>,
}

impl PhoneReply {
    pub(crate) fn empty(status: u16) -> PhoneReply {
        PhoneReply { status, body: None }
    }

    pub(crate) fn json<T: serde::Serialize>(status: u16, body: &T) -> Result<PhoneReply, AppError> {
        let body = serde_json::to_value(body)
            .map_err(|error| AppError::Internal(format!("a phone's reply: {error}")))?;
        Ok(PhoneReply { status, body: Some(body) })
    }

    /// A refusal in the protocol's own shape.
    pub(crate) fn refused(status: u16, words: &str) -> PhoneReply {
        PhoneReply { status, body: Some(serde_json::json!({ "message": words })) }
    }
}

/// The headers that the gateway looks at.
#[derive(Debug, Clone, Copy, Default)]
pub struct PhoneHeaders<'a> {
    pub authorization: Option<&'a str>,
    pub user_agent: Option<&'a str>,
}
