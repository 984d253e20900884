//! What clients wrote to the salon's numbers, until dialogs read it.

use crate::context::{App, Caller};
use crate::error::AppError;
use vestnik_domain::ids::IncomingMessageId;
use vestnik_domain::incoming::IncomingMessage;

/// One page of received SMS, newest first.
pub struct IncomingPage {
    pub messages: Vec<IncomingMessage>,
    /// Where the next page begins: to be given as `before`; `None` on the last page.
    pub next: Option<IncomingMessageId>,
}

/// The newest received SMS before `before`, at most `limit` (1 to 200).
pub async fn list_incoming(
    app: &App,
    caller: &Caller,
    before: Option<IncomingMessageId>,
    limit: i64,
) -> Result<IncomingPage, AppError> {
    let before = before.unwrap_or(IncomingMessageId(i64::MAX));
    let limit = limit.clamp(1, 200);
    // One more than asked for tells whether there is a next page.
    let mut messages =
        app.store.incoming_messages(caller.organization_id, before, limit + 1).await?;
    let wanted = usize::try_from(limit).unwrap_or_default();
    let more = messages.len() > wanted;
    messages.truncate(wanted);
    let next = messages.last().filter(|_| more).map(|message| message.id);
    Ok(IncomingPage { messages, next })
}
