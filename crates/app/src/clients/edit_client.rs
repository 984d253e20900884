//! Changing a card.

use super::card::{
    NAME_LETTERS_MOST, NOTE_LETTERS_MOST, read_birthday, read_email, refuse_known_phone,
};
use super::find_clients::get_client;
use super::{number_guard, phone};
use crate::appointments::change::Offer;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use crate::messages::replan;
use std::collections::BTreeSet;
use vestnik_domain::Language;
use vestnik_domain::client::Client;
use vestnik_domain::ids::ClientId;
use vestnik_domain::kind::NotificationKind;
use vestnik_store::ChangeSet;

/// What to change; the outer `None` leaves a field as it is, an inner one clears it.
#[derive(Debug, Clone, Default)]
pub struct ClientEdit {
    /// The version that the caller saw.
    pub version: i64,
    pub name: Option<String>,
    pub phone: Option<Option<String>>,
    pub email: Option<Option<String>>,
    pub birthday: Option<Option<String>>,
    pub note: Option<String>,
    pub language: Option<Option<Language>>,
    pub all_off: Option<bool>,
    pub kinds_off: Option<BTreeSet<NotificationKind>>,
    /// Take the number although another card has it.
    pub allow_duplicate: bool,
}

/// Changes a client.
///
/// # Errors
/// Names every field that is wrong; `version_conflict` if somebody changed the card meanwhile;
/// `client_exists` if another card has the new number.
pub async fn edit_client(
    app: &App,
    caller: &Caller,
    id: ClientId,
    edit: ClientEdit,
) -> Result<Client, AppError> {
    let before = get_client(app, caller, id).await?;
    if before.version != edit.version {
        return Err(AppError::version_conflict(before.version));
    }
    let mut after = before.clone();
    let mut fields = Fields::new();
    if let Some(name) = &edit.name {
        after.name = fields.text("name", name, NAME_LETTERS_MOST);
    }
    if let Some(typed) = &edit.phone {
        let typed = typed.as_deref().unwrap_or_default();
        after.phone = phone::read(app, caller, &mut fields, "phone", typed).await?;
    }
    if let Some(email) = &edit.email {
        after.email = read_email(&mut fields, email.as_deref());
    }
    if let Some(birthday) = &edit.birthday {
        after.birthday = read_birthday(app, &mut fields, birthday.as_deref());
    }
    if let Some(note) = &edit.note {
        after.note = fields.optional_text("note", note, NOTE_LETTERS_MOST);
    }
    after.language = edit.language.unwrap_or(before.language);
    after.switches.all_off = edit.all_off.unwrap_or(before.switches.all_off);
    if let Some(kinds) = edit.kinds_off {
        after.switches.kinds_off = kinds;
    }
    fields.finish()?;
    if after == before {
        return Ok(before);
    }
    let new_phone = after.phone.as_ref().filter(|phone| Some(*phone) != before.phone.as_ref());
    let mut change_set = ChangeSet::new();
    if let Some(phone) = new_phone {
        let guard = number_guard::read(app, caller, phone).await?;
        if !edit.allow_duplicate {
            refuse_known_phone(app, caller, phone, Some(id)).await?;
        }
        number_guard::raise(&mut change_set, &guard);
    }
    after.version += 1;
    change_set.update(&after, before.version);
    // Another number, switch or language changes what is to be sent, and to where.
    let offer = Offer::read(app, caller).await?;
    replan::look(app, caller, &after, &offer).await?.add(app, &[], &mut change_set);
    app.store.commit(change_set).await?;
    Ok(after)
}
