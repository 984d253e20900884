//! The bodies that the phone and we exchange: requests are read leniently where the app's versions
//! differ and strictly where a guess would cost a message; replies are types that cannot say what the
//! app misreads.

mod mobile_message;
mod phone_date;
mod replies;
mod requests;
mod sim_card;

pub use super::fields::WireError;
pub use mobile_message::{
    MAX_MESSAGES_PER_PULL, MAX_TEXT_UNITS, MessageError, MobileMessage, OfferedMessage, offer,
};
pub use phone_date::PhoneDate;
pub use replies::{DeviceReply, LinkedDevice, LoginCodeReply, RegisterReply};
pub use requests::{
    DeviceUpdate, MessageStateReport, PasswordChange, PullOrder, RecipientState, Register,
    WireState,
};
pub use sim_card::SimCard;
