//! A new card.

use super::card::{
    NAME_LETTERS_MOST, NOTE_LETTERS_MOST, read_birthday, read_email, refuse_known_phone,
};
use super::{number_guard, phone};
use crate::appointments::change::decide_and_commit;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use std::collections::BTreeMap;
use vestnik_domain::Language;
use vestnik_domain::client::{Client, ClientSwitches};
use vestnik_domain::ids::ClientId;
use vestnik_store::ChangeSet;

/// What is known of a new client; the name is enough.
#[derive(Debug, Clone, Default)]
pub struct NewClient {
    pub name: String,
    /// In any usual spelling; without a plus it is read in the way of the organization's country.
    pub phone: Option<String>,
    pub email: Option<String>,
    /// `1990-05-17`, or `--05-17` without the year.
    pub birthday: Option<String>,
    pub note: String,
    /// `None` means the organization's language.
    pub language: Option<Language>,
    pub switches: ClientSwitches,
    /// Make the card although another one has the number (a mother and her children).
    pub allow_duplicate: bool,
}

/// Adds a client.
///
/// # Errors
/// Names every field that is wrong; `client_exists` if a card has the number already.
pub async fn create_client(app: &App, caller: &Caller, new: NewClient) -> Result<Client, AppError> {
    decide_and_commit(app, || decide(app, caller, &new)).await
}

async fn decide(
    app: &App,
    caller: &Caller,
    new: &NewClient,
) -> Result<(ChangeSet, Client), AppError> {
    let mut fields = Fields::new();
    let name = fields.text("name", &new.name, NAME_LETTERS_MOST);
    let typed = new.phone.as_deref().unwrap_or_default();
    let phone = phone::read(app, caller, &mut fields, "phone", typed).await?;
    let client = Client {
        organization_id: caller.organization_id,
        id: ClientId(app.new_id()),
        version: 1,
        name,
        phone,
        email: read_email(&mut fields, new.email.as_deref()),
        birthday: read_birthday(app, &mut fields, new.birthday.as_deref()),
        note: fields.optional_text("note", &new.note, NOTE_LETTERS_MOST),
        language: new.language,
        switches: new.switches.clone(),
        consents: BTreeMap::new(),
        external_id: None,
        created_at: app.now(),
        archived_at: None,
    };
    fields.finish()?;
    let mut change_set = ChangeSet::new();
    change_set.insert(&client);
    if let Some(phone) = &client.phone {
        let guard = number_guard::read(app, caller, phone).await?;
        if !new.allow_duplicate {
            refuse_known_phone(app, caller, phone, None).await?;
        }
        number_guard::raise(&mut change_set, &guard);
    }
    Ok((change_set, client))
}
