//! Why a phone stopped, and what it says while it lives.

use std::io;

use super::loopback::LoopbackError;
use crate::phone::air::AirRecord;
use crate::phone::clock::ClockError;
use crate::phone::wire::reports::MessageReport;

#[derive(Debug, thiserror::Error)]
pub enum PhoneError {
    #[error(transparent)]
    Loopback(#[from] LoopbackError),
    #[error("сервер отказал: токен привязки не подходит")]
    LinkTokenRefused,
    #[error("сервер отказал в привязке: ответ {status}")]
    RegistrationRefused { status: u16 },
    /// The app fails on such an answer, too.
    #[error("сервер привязал телефон, но ответ не читается: {0}")]
    RegistrationUnreadable(String),
    #[error(transparent)]
    Clock(#[from] ClockError),
    #[error("журнал эфира не пишется: {0}")]
    Air(#[from] io::Error),
    /// What a real app does on it as well.
    #[error("приложение упало: {0}")]
    Crashed(&'static str),
}

/// What happens on the phone, for whoever looks on.
#[derive(Debug, Clone, PartialEq)]
pub enum PhoneNews {
    /// The server knows the phone; `anew` after `POST /device`.
    Linked {
        device_id: String,
        anew: bool,
    },
    /// The event stream is open.
    Listening,
    /// Pushed settings are in force.
    SettingsTaken,
    WebhooksTaken {
        count: usize,
    },
    OnAir(AirRecord),
    /// The server accepted this report.
    Reported(MessageReport),
    /// A webhook took this event.
    Posted {
        event: &'static str,
    },
    /// Something is not right; the phone goes on, and tries again where the app does.
    Complaint(String),
}
