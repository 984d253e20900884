//! Taking a card out of use.

use super::find_clients::get_client;
use crate::context::{App, Caller};
use crate::error::AppError;
use vestnik_domain::client::Client;
use vestnik_domain::ids::ClientId;
use vestnik_store::ChangeSet;

/// Archives a client: lists and searches leave the card out, its number is free for another one,
/// booked visits stay. Done twice it is as once.
pub async fn archive_client(app: &App, caller: &Caller, id: ClientId) -> Result<Client, AppError> {
    let before = get_client(app, caller, id).await?;
    if before.archived_at.is_some() {
        return Ok(before);
    }
    let after =
        Client { version: before.version + 1, archived_at: Some(app.now()), ..before.clone() };
    let mut change_set = ChangeSet::new();
    change_set.update(&after, before.version);
    app.store.commit(change_set).await?;
    Ok(after)
}
