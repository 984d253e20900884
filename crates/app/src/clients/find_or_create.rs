//! The client of a booking: a card that is there, or a new one.

use super::card::NAME_LETTERS_MOST;
use super::number_guard;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use std::collections::BTreeMap;
use vestnik_domain::client::{Client, ClientSwitches};
use vestnik_domain::ids::ClientId;
use vestnik_store::ChangeSet;

/// Whom a booking is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantedClient {
    Existing(ClientId),
    /// By name and phone, as a client says them: the phone decides whether there is a card.
    Described {
        name: String,
        phone: Option<String>,
    },
}

/// The card, or a new one that is added to the change-set. `None` when a field error was noted:
/// `client_id`, `client.name` or `client.phone`.
pub async fn find_or_create(
    app: &App,
    caller: &Caller,
    fields: &mut Fields,
    change_set: &mut ChangeSet,
    wanted: &WantedClient,
) -> Result<Option<Client>, AppError> {
    match wanted {
        WantedClient::Existing(id) => {
            let card = app.store.client(caller.organization_id, *id).await?;
            Ok(existing(fields, change_set, card))
        }
        WantedClient::Described { name, phone } => {
            described(app, caller, fields, change_set, name, phone.as_deref()).await
        }
    }
}

/// The card as it was read, if it may be booked for; else a field error is noted.
pub(crate) fn existing(
    fields: &mut Fields,
    change_set: &mut ChangeSet,
    card: Option<Client>,
) -> Option<Client> {
    let Some(client) = card else {
        fields.add("client_id", "client_unknown", "Такого клиента нет", "there is no such client");
        return None;
    };
    if client.archived_at.is_some() {
        fields.add(
            "client_id",
            "client_archived",
            "Карточка этого клиента в архиве. Запишите его по имени и телефону",
            "this client is archived; book with `client` {name, phone} instead",
        );
        return None;
    }
    // The plan speaks to this number under these switches: both must hold at the commit.
    change_set.expect(&client, client.version);
    Some(client)
}

async fn described(
    app: &App,
    caller: &Caller,
    fields: &mut Fields,
    change_set: &mut ChangeSet,
    name: &str,
    phone: Option<&str>,
) -> Result<Option<Client>, AppError> {
    let text = phone.map(str::trim).filter(|text| !text.is_empty());
    let phone = match text {
        None => None,
        Some(text) => {
            let Some(phone) = super::phone::read(app, caller, fields, "client.phone", text).await?
            else {
                return Ok(None);
            };
            Some(phone)
        }
    };
    let mut guard = None;
    if let Some(phone) = &phone {
        guard = Some(number_guard::read(app, caller, phone).await?);
        if let Some(known) = app.store.client_by_phone(caller.organization_id, phone).await? {
            change_set.expect(&known, known.version);
            return Ok(Some(known));
        }
    }
    let mut own = Fields::new();
    let name = own.text("client.name", name, NAME_LETTERS_MOST);
    if let Err(AppError::Invalid(errors)) = own.finish() {
        errors.into_iter().for_each(|error| fields.push(error));
        return Ok(None);
    }
    let client = Client {
        organization_id: caller.organization_id,
        id: ClientId(app.new_id()),
        version: 1,
        name,
        phone,
        email: None,
        birthday: None,
        note: String::new(),
        language: None,
        switches: ClientSwitches::default(),
        consents: BTreeMap::new(),
        external_id: None,
        created_at: app.now(),
        archived_at: None,
    };
    change_set.insert(&client);
    if let Some(guard) = &guard {
        number_guard::raise(change_set, guard);
    }
    Ok(Some(client))
}
