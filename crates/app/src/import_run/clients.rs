//! A line about a client: a new card, or what an existing one lacks.

use super::chunk::{Chunk, Outcome};
use super::desk::Desk;
use super::names::{one_line, plain_lines};
use super::problems::Objection;
use crate::appointments::book::EXTERNAL_ID_LETTERS_MOST;
use crate::clients::{NAME_LETTERS_MOST, NOTE_LETTERS_MOST};
use crate::import::{ClientRow, Column};
use std::collections::BTreeMap;
use vestnik_domain::client::{Client, ClientSwitches};
use vestnik_domain::ids::ClientId;
use vestnik_domain::phone_number::PhoneNumber;

/// A row whose texts may be kept as they are.
struct Clean<'a> {
    row: &'a ClientRow,
    name: String,
    note: String,
    external_id: Option<String>,
}

pub(super) fn land(desk: &mut Desk<'_>, chunk: &mut Chunk, line: u32, row: &ClientRow) {
    let Some(clean) = clean(desk, chunk, line, row) else { return };
    let Some(card) = known(desk, &clean) else {
        let archived = clean.external_id.as_deref().filter(|id| chunk.standing.is_archived(id));
        if let Some(id) = archived {
            let objection = Objection::ClientArchived;
            let problem = desk.object(line, Some(Column::ExternalId), id, objection);
            chunk.landed.problems.push(problem);
            chunk.note(Outcome::Unchanged);
            return;
        }
        let client = completed(desk, &new_card(desk, clean.name.clone(), None), &clean);
        chunk.note(Outcome::Landed);
        desk.add_card(chunk, client);
        return;
    };
    let mut after = completed(desk, card, &clean);
    if after == *card {
        chunk.note(Outcome::Unchanged);
        return;
    }
    after.version += 1;
    if card.phone.is_none()
        && let Some(phone) = &after.phone
    {
        desk.take_number(chunk, phone);
    }
    chunk.change_set.update(&after, card.version);
    chunk.note(Outcome::Landed);
    desk.cards.put(after);
}

pub(super) fn own_id(row: &ClientRow) -> Option<String> {
    row.external_id.as_deref().map(one_line).filter(|id| !id.is_empty())
}

/// A card that nobody has yet, not in the change-set.
pub(super) fn new_card(desk: &Desk<'_>, name: String, phone: Option<PhoneNumber>) -> Client {
    Client {
        organization_id: desk.caller.organization_id,
        id: ClientId(desk.app.new_id()),
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
        created_at: desk.app.now(),
        archived_at: None,
    }
}

/// `None` when a text is longer than a card can hold; the problem is noted.
fn clean<'a>(
    desk: &Desk<'_>,
    chunk: &mut Chunk,
    line: u32,
    row: &'a ClientRow,
) -> Option<Clean<'a>> {
    let clean = Clean {
        row,
        name: one_line(&row.name),
        note: plain_lines(&row.note),
        external_id: own_id(row),
    };
    let texts = [
        (Column::Name, clean.name.as_str(), NAME_LETTERS_MOST),
        (Column::Note, clean.note.as_str(), NOTE_LETTERS_MOST),
        (
            Column::ExternalId,
            clean.external_id.as_deref().unwrap_or_default(),
            EXTERNAL_ID_LETTERS_MOST,
        ),
    ];
    let mut fits = true;
    for (column, text, most) in texts {
        if text.chars().count() > most {
            fits = false;
            let objection = Objection::TooLong { most };
            chunk.landed.problems.push(desk.object(line, Some(column), text, objection));
        }
    }
    fits.then_some(clean)
}

/// The card that a line speaks of: by the id of the system it came from, else by phone, else, for a
/// line without either, by name.
fn known<'d>(desk: &'d Desk<'_>, clean: &Clean<'_>) -> Option<&'d Client> {
    if let Some(id) = &clean.external_id
        && let Some(card) = desk.cards.with_external_id(id)
    {
        return Some(card);
    }
    if let Some(phone) = &clean.row.phone {
        // Another id over there is another person who shares the number: a mother and her child.
        let is_other = |card: &&Client| clean.external_id.is_some() && card.external_id.is_some();
        return desk.cards.with_phone(phone).filter(|card| !is_other(card));
    }
    let by_name = || desk.cards.with_name_alone(&clean.name);
    if clean.external_id.is_none() { by_name() } else { None }
}

/// The card with what it lacks and the line knows; what people wrote there stays.
fn completed(desk: &Desk<'_>, card: &Client, clean: &Clean<'_>) -> Client {
    let mut after = card.clone();
    if after.name.is_empty() {
        after.name.clone_from(&clean.name);
    }
    if after.note.is_empty() {
        after.note.clone_from(&clean.note);
    }
    let phone_is_free = |phone: &&PhoneNumber| {
        clean.external_id.is_some() || desk.cards.with_phone(phone).is_none()
    };
    after.phone = after.phone.or_else(|| clean.row.phone.as_ref().filter(phone_is_free).cloned());
    after.email = after.email.or_else(|| clean.row.email.clone());
    after.birthday = after.birthday.or(clean.row.birthday);
    after.external_id = after.external_id.or_else(|| clean.external_id.clone());
    after
}
