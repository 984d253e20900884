//! A1 and A2: messages with what became of them, searched and filtered, newest first.

use super::scan::{CHUNK_MOST, SCAN_MOST, Scan};
use crate::context::{App, Caller};
use crate::error::AppError;
use jiff::Timestamp;
use vestnik_domain::delivery::Delivery;
use vestnik_domain::ids::{BranchId, ClientId, MessageId};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::message::Message;
use vestnik_domain::message_status::{MessageOutcome, MessageStatus};
use vestnik_domain::sender::{Channel, Sender};

/// What to look for; an absent part lets everything through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MessageFilter {
    /// Due at or after it.
    pub from: Option<Timestamp>,
    /// Due before it.
    pub to: Option<Timestamp>,
    /// Of a visit in this branch, by what the visit is now.
    pub branch_id: Option<BranchId>,
    pub kind: Option<NotificationKind>,
    /// Of the sender in whose lane it waits or through which it went: what still waits for its time
    /// has none.
    pub channel: Option<Channel>,
    pub status: Option<MessageStatus>,
    /// Any part of the recipient's number, two digits or more, as people write it.
    pub phone: Option<String>,
    pub client_id: Option<ClientId>,
}

/// A message and what became of it.
#[derive(Debug)]
pub struct MessageView {
    pub message: Message,
    /// Every try, oldest first.
    pub deliveries: Vec<Delivery>,
    pub outcome: MessageOutcome,
    /// The one of the last try, or in whose lane it waits.
    pub sender: Option<Sender>,
}

/// One page, newest first.
#[derive(Debug)]
pub struct MessagePage {
    pub items: Vec<MessageView>,
    /// Where the next page begins: to be given as `before`; `None` when there is no more. A page may
    /// be shorter than asked for, or empty, and still have a next one.
    pub next: Option<MessageId>,
}

/// The newest messages before `before` that pass the filter, at most `limit` (1 to 200).
///
/// # Errors
/// A field error for a phone that has no digits or a period that ends before it begins; not found for
/// a branch or client that is not there.
pub async fn list_messages(
    app: &App,
    caller: &Caller,
    filter: &MessageFilter,
    before: Option<MessageId>,
    limit: i64,
) -> Result<MessagePage, AppError> {
    let limit = usize::try_from(limit.clamp(1, 200)).unwrap_or_default();
    let mut scan = Scan::begin(app, caller, filter, before).await?;
    let mut items: Vec<MessageView> = Vec::new();
    let mut looked_at = 0;
    while looked_at < SCAN_MOST {
        let Some(chunk) = scan.next_chunk(CHUNK_MOST).await? else {
            return Ok(MessagePage { items, next: None });
        };
        looked_at += chunk.looked_at;
        for view in chunk.passed {
            if items.len() == limit {
                let next = items.last().map(|last| last.message.id);
                return Ok(MessagePage { items, next });
            }
            items.push(view);
        }
    }
    Ok(MessagePage { items, next: scan.before() })
}
