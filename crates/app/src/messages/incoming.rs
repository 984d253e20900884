//! What clients wrote to the salon's numbers, until dialogs read it.

use crate::context::{App, Caller};
use crate::error::AppError;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::ids::{ClientId, IncomingMessageId};
use vestnik_domain::incoming::IncomingMessage;

/// One page of received SMS, newest first.
pub struct IncomingPage {
    pub messages: Vec<IncomingMessage>,
    /// Where the next page begins: to be given as `before`; `None` on the last page.
    pub next: Option<IncomingMessageId>,
}

/// The newest received SMS before `before`, at most `limit` (1 to 200), of one client or of all.
///
/// # Errors
/// `NotFound` for a client that is not there.
pub async fn list_incoming(
    app: &App,
    caller: &Caller,
    client: Option<ClientId>,
    before: Option<IncomingMessageId>,
    limit: i64,
) -> Result<IncomingPage, AppError> {
    let organization = caller.organization_id;
    let before = before.unwrap_or(IncomingMessageId(i64::MAX));
    let limit = limit.clamp(1, 200);
    // One more than asked for tells whether there is a next page.
    let mut messages = match client {
        Some(client) => {
            let client = crate::clients::get(app, caller, client).await?;
            app.store.incoming_of_client(organization, client.id, before, limit + 1).await?
        }
        None => app.store.incoming_messages(organization, before, limit + 1).await?,
    };
    let wanted = usize::try_from(limit).unwrap_or_default();
    let more = messages.len() > wanted;
    messages.truncate(wanted);
    let next = messages.last().filter(|_| more).map(|message| message.id);
    Ok(IncomingPage { messages, next })
}

/// A visit shows so many at most.
const OF_APPOINTMENT_MOST: i64 = 50;

/// What the client wrote since the appointment was booked, newest first.
pub async fn incoming_of_appointment(
    app: &App,
    appointment: &Appointment,
) -> Result<Vec<IncomingMessage>, AppError> {
    let newest = IncomingMessageId(i64::MAX);
    let (organization, client) = (appointment.organization_id, appointment.client_id);
    let mut messages =
        app.store.incoming_of_client(organization, client, newest, OF_APPOINTMENT_MOST).await?;
    messages.retain(|message| message.at >= appointment.created_at);
    Ok(messages)
}
