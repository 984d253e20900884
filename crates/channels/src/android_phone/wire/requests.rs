//! What the phone sends us, typed. Unknown fields are passed over and `null` is absent; what we act on
//! is checked, and a refusal says what would be right.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::phone_date;
use super::sim_card::SimCard;
use crate::android_phone::fields::{self, Fields, WireError};

const MAX_NAME_CHARACTERS: usize = 128;
const MAX_PUSH_TOKEN_CHARACTERS: usize = 256;
const MAX_DEVICE_ID_CHARACTERS: usize = 64;
pub(crate) const MAX_MESSAGE_ID_CHARACTERS: usize = 36;
/// The app reports one message at a time; this only bounds the work of a stranger.
const MAX_REPORTS: usize = 1000;
const MIN_PASSWORD_CHARACTERS: usize = 14;
const MAX_PASSWORD_CHARACTERS: usize = 128;

/// `POST /device`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// Maker and model, cut to 128 characters; empty if the phone says none.
    pub name: String,
    /// The phone waits for a push of Google's, which we do not send: it must be told to listen to the
    /// event stream only.
    pub has_push_token: bool,
    /// Empty also without the permission to see them.
    pub sim_cards: Vec<SimCard>,
}

impl Register {
    pub fn decode(body: &[u8]) -> Result<Register, WireError> {
        let value = fields::json(body)?;
        let fields = Fields::of(&value, "")?;
        // A registration refused for a long name would crash the app on some phones.
        let name = fields.optional_text("name")?.unwrap_or_default();
        Ok(Register {
            name: name.chars().take(MAX_NAME_CHARACTERS).collect(),
            has_push_token: has_push_token(&fields)?,
            sim_cards: SimCard::read_list(fields.list("simCards")?)?,
        })
    }
}

/// `PATCH /device`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceUpdate {
    /// Must be the device of the token, otherwise 403.
    pub id: String,
    /// An absent push token means that the phone has none now: it listens to the event stream.
    pub has_push_token: bool,
    /// `None`: nothing was said about them.
    pub sim_cards: Option<Vec<SimCard>>,
}

impl DeviceUpdate {
    pub fn decode(body: &[u8]) -> Result<DeviceUpdate, WireError> {
        let value = fields::json(body)?;
        let fields = Fields::of(&value, "")?;
        let sim_cards = match fields.has("simCards") {
            true => Some(SimCard::read_list(fields.list("simCards")?)?),
            false => None,
        };
        Ok(DeviceUpdate {
            id: fields.word("id", MAX_DEVICE_ID_CHARACTERS)?.to_owned(),
            has_push_token: has_push_token(&fields)?,
            sim_cards,
        })
    }
}

fn has_push_token(fields: &Fields<'_>) -> Result<bool, WireError> {
    let token = fields.optional_text("pushToken")?.unwrap_or_default();
    if token.chars().count() > MAX_PUSH_TOKEN_CHARACTERS {
        let expected = format!("at most {MAX_PUSH_TOKEN_CHARACTERS} characters");
        return Err(fields.error("pushToken", expected));
    }
    Ok(!token.is_empty())
}

/// `PATCH /user/password`. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordChange {
    pub current: String,
    pub new: String,
}

impl PasswordChange {
    pub fn decode(body: &[u8]) -> Result<PasswordChange, WireError> {
        let value = fields::json(body)?;
        let fields = Fields::of(&value, "")?;
        let new = fields.word("newPassword", MAX_PASSWORD_CHARACTERS)?;
        if new.chars().count() < MIN_PASSWORD_CHARACTERS {
            let expected = format!("at least {MIN_PASSWORD_CHARACTERS} characters");
            return Err(fields.error("newPassword", expected));
        }
        let current = fields.word("currentPassword", MAX_PASSWORD_CHARACTERS)?;
        Ok(PasswordChange { current: current.to_owned(), new: new.to_owned() })
    }
}

impl fmt::Debug for PasswordChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordChange(…)")
    }
}

/// `order` of `GET /message`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PullOrder {
    OldestFirst,
    NewestFirst,
}

impl PullOrder {
    /// Absent: newest first, as the app's default is.
    pub fn parse(order: Option<&str>) -> Result<PullOrder, WireError> {
        match order {
            Some("fifo") => Ok(PullOrder::OldestFirst),
            Some("lifo") | None => Ok(PullOrder::NewestFirst),
            Some(_) => Err(WireError::new("order", "`fifo` or `lifo`")),
        }
    }
}

/// A state as the wire names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WireState {
    Pending,
    Cancelling,
    Cancelled,
    Processed,
    Sent,
    Delivered,
    Failed,
}

impl WireState {
    pub fn parse(name: &str) -> Option<WireState> {
        Some(match name {
            "Pending" => WireState::Pending,
            "Cancelling" => WireState::Cancelling,
            "Cancelled" => WireState::Cancelled,
            "Processed" => WireState::Processed,
            "Sent" => WireState::Sent,
            "Delivered" => WireState::Delivered,
            "Failed" => WireState::Failed,
            _ => return None,
        })
    }

    fn read(fields: &Fields<'_>) -> Result<WireState, WireError> {
        WireState::parse(fields.text("state")?).ok_or_else(|| {
            fields.error(
                "state",
                "Pending, Cancelling, Cancelled, Processed, Sent, Delivered or Failed",
            )
        })
    }
}

/// One element of `PATCH /message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageStateReport {
    pub id: String,
    pub state: WireState,
    /// One, as we give every message one recipient; may be empty for a message that the phone does not
    /// know.
    pub recipients: Vec<RecipientState>,
    /// When each state was first reached, in the order of states, by the phone's own clock:
    /// information, never the truth. Dates that cannot be read are left out.
    pub reached: Vec<(WireState, Timestamp)>,
}

#[derive(Clone, PartialEq, Eq)]
pub struct RecipientState {
    pub phone_number: String,
    pub state: WireState,
    pub error: Option<String>,
}

impl fmt::Debug for RecipientState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecipientState")
            .field("state", &self.state)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl MessageStateReport {
    /// All reports of a body. Whether an id is known is not asked: the answer is 204 either way, or the
    /// phone repeats the report ten times.
    pub fn decode_list(body: &[u8]) -> Result<Vec<MessageStateReport>, WireError> {
        let value = fields::json(body)?;
        let elements = fields::elements(&value, "")?;
        if elements.len() > MAX_REPORTS {
            return Err(WireError::new("body", format!("at most {MAX_REPORTS} reports")));
        }
        elements
            .into_iter()
            .map(|(path, value)| MessageStateReport::read(&Fields::of(value, &path)?))
            .collect()
    }

    fn read(fields: &Fields<'_>) -> Result<MessageStateReport, WireError> {
        let mut recipients = Vec::new();
        for (path, value) in fields.list("recipients")? {
            let recipient = Fields::of(value, &path)?;
            recipients.push(RecipientState {
                phone_number: recipient.text("phoneNumber")?.to_owned(),
                state: WireState::read(&recipient)?,
                error: recipient.optional_text("error")?.map(str::to_owned),
            });
        }
        let mut reached = Vec::new();
        if fields.has("states") {
            for (name, value) in fields.object("states")?.entries() {
                let date = value.as_str().and_then(phone_date::read);
                reached.extend(WireState::parse(name).zip(date));
            }
        }
        reached.sort();
        Ok(MessageStateReport {
            id: fields.word("id", MAX_MESSAGE_ID_CHARACTERS)?.to_owned(),
            state: WireState::read(fields)?,
            recipients,
            reached,
        })
    }

    /// How far the phone's clock is from ours, judged by the newest state and the moment at which its
    /// report came; positive: the phone is ahead. A report that came late looks like a clock behind.
    pub fn phone_clock_ahead(&self, received_at: Timestamp) -> Option<SignedDuration> {
        let newest = self.reached.iter().map(|(_, at)| *at).max()?;
        Some(newest.duration_since(received_at))
    }
}

#[cfg(test)]
mod tests;
