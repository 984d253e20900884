//! STOP: a number wants nothing more from this organization, whoever shares it. What is said lands in
//! one commit with the plans of everybody it concerns, and with the organization's version, so that
//! an intent which had not seen it loses (I6).

use crate::appointments::change::{Offer, decide_and_commit};
use crate::audit;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use crate::messages::replan::{LOOK_BACK, look};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use vestnik_domain::ids::{ClientId, OrganizationId};
use vestnik_domain::incoming::IncomingMessage;
use vestnik_domain::organization::Organization;
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_domain::stopped_number::{StoppedNumber, Word};
use vestnik_store::ChangeSet;

/// More people do not share a number.
const CLIENTS_MOST: i64 = 100;
/// As far as a phone's clock may be ahead of ours; a word dated later was said now. Otherwise a phone
/// whose clock is a year ahead could stop a number for that year, whatever it hears after that.
const PHONE_AHEAD_MOST: SignedDuration = SignedDuration::from_mins(5);

pub(crate) async fn is_stopped(
    app: &App,
    organization: OrganizationId,
    phone: &PhoneNumber,
) -> Result<bool, AppError> {
    let found = app.store.stopped_number(organization, phone).await?;
    Ok(found.is_some_and(|number| number.stopped))
}

/// The stop of a number, if it stands.
pub async fn stop_of(
    app: &App,
    caller: &Caller,
    phone: &PhoneNumber,
) -> Result<Option<StoppedNumber>, AppError> {
    let found = app.store.stopped_number(caller.organization_id, phone).await?;
    Ok(found.filter(|number| number.stopped))
}

/// One page of stopped numbers, in their order.
pub struct StoppedPage {
    pub numbers: Vec<StoppedNumber>,
    /// Where the next page begins: to be given as `after`; `None` on the last page.
    pub next: Option<PhoneNumber>,
}

/// The stopped numbers after `after`, at most `limit` (1 to 200).
pub async fn list_stopped(
    app: &App,
    caller: &Caller,
    after: Option<&str>,
    limit: i64,
) -> Result<StoppedPage, AppError> {
    let limit = limit.clamp(1, 200);
    let organization = caller.organization_id;
    // One more than asked for tells whether there is a next page.
    let mut numbers =
        app.store.stopped_numbers(organization, after.unwrap_or_default(), limit + 1).await?;
    let wanted = usize::try_from(limit).unwrap_or_default();
    let more = numbers.len() > wanted;
    numbers.truncate(wanted);
    let next = numbers.last().filter(|_| more).map(|number| number.phone.clone());
    Ok(StoppedPage { numbers, next })
}

/// Stops a number at the front desk, on the client's word. Twice is as once.
///
/// # Errors
/// A field error on `phone`.
pub async fn stop_number(
    app: &App,
    caller: &Caller,
    phone: &str,
) -> Result<StoppedNumber, AppError> {
    let mut fields = Fields::new();
    let read = crate::clients::phone::read(app, caller, &mut fields, "phone", phone).await?;
    if read.is_none() && phone.trim().is_empty() {
        fields.add("phone", "required", "Укажите номер", "give a phone number");
    }
    fields.finish()?;
    let phone = read.ok_or(AppError::NotFound("phone"))?;
    decide_and_commit(app, || async {
        let mut change_set = ChangeSet::new();
        let said = Said { phone: &phone, stopped: true, incoming: None };
        let number = match say(app, caller, said, &mut change_set).await? {
            Some(number) => number,
            None => standing(app, caller, &phone).await?,
        };
        Ok((change_set, number))
    })
    .await
}

/// Lifts a stop at the front desk; what was missed meanwhile is not sent.
///
/// # Errors
/// `NotFound` for a number that is not stopped.
pub async fn lift_stop(app: &App, caller: &Caller, phone: &str) -> Result<(), AppError> {
    let phone = PhoneNumber::from_e164(phone).map_err(|_| AppError::NotFound("stopped number"))?;
    decide_and_commit(app, || async {
        let mut change_set = ChangeSet::new();
        let said = Said { phone: &phone, stopped: false, incoming: None };
        match say(app, caller, said, &mut change_set).await? {
            Some(_) => Ok((change_set, ())),
            None => Err(AppError::NotFound("stopped number")),
        }
    })
    .await
}

async fn standing(
    app: &App,
    caller: &Caller,
    phone: &PhoneNumber,
) -> Result<StoppedNumber, AppError> {
    stop_of(app, caller, phone).await?.ok_or(AppError::NotFound("stopped number"))
}

/// A word about a number.
pub(crate) struct Said<'a> {
    pub(crate) phone: &'a PhoneNumber,
    pub(crate) stopped: bool,
    /// The SMS that said so; `None` at the front desk.
    pub(crate) incoming: Option<&'a IncomingMessage>,
}

/// Adds to the commit what follows from the word; `None` if it says what stands already, or was said
/// before the word that stands: SMS may be handed over late.
pub(crate) async fn say(
    app: &App,
    caller: &Caller,
    said: Said<'_>,
    change_set: &mut ChangeSet,
) -> Result<Option<StoppedNumber>, AppError> {
    let organization_id = caller.organization_id;
    let before = app.store.stopped_number(organization_id, said.phone).await?;
    if before.as_ref().is_some_and(|number| number.stopped) == said.stopped {
        return Ok(None);
    }
    let now = app.now();
    let latest = now.checked_add(PHONE_AHEAD_MOST).unwrap_or(now);
    let dated = said.incoming.map(|incoming| incoming.received_at);
    let said_at = dated.filter(|at| *at <= latest).unwrap_or(now);
    let heard_by = said.incoming.map(|incoming| incoming.sender_id);
    let word = Word { stopped: said.stopped, said_at, heard_by };
    if let Some(before) = &before
        && word.is_older_than(standing_word(app, before).await?)
    {
        return Ok(None);
    }
    let version = before.as_ref().map_or(0, |number| number.version);
    let after = StoppedNumber {
        organization_id,
        phone: said.phone.clone(),
        version: version + 1,
        stopped: said.stopped,
        changed_at: said_at,
        changed_by: caller.actor,
        incoming_message_id: said.incoming.map(|incoming| incoming.id),
    };
    match before {
        None => change_set.insert(&after),
        Some(before) => change_set.update(&after, before.version),
    };
    raise_organization(app, organization_id, change_set).await?;
    let action = if said.stopped { "number.stopped" } else { "number.started" };
    let sms = serde_json::json!({ "incoming_message_id": after.incoming_message_id });
    audit::note(app, caller, change_set, action, said.phone, sms);
    let offer = Offer::read(app, caller).await?;
    for client in concerned(app, organization_id, said.phone).await? {
        let client = crate::clients::get(app, caller, client).await?;
        let look = look(app, caller, &client, &offer).await?.with_stop(said.phone, said.stopped);
        look.add(app, &[], change_set);
    }
    Ok(Some(after))
}

async fn standing_word(app: &App, number: &StoppedNumber) -> Result<Word, AppError> {
    let heard_by = match number.incoming_message_id {
        Some(id) => app.store.incoming_message(number.organization_id, id).await?,
        None => None,
    };
    Ok(Word {
        stopped: number.stopped,
        said_at: number.changed_at,
        heard_by: heard_by.map(|incoming| incoming.sender_id),
    })
}

/// Every intent expects the organization's version: one that read the number before this commit
/// conflicts with it.
async fn raise_organization(
    app: &App,
    id: OrganizationId,
    change_set: &mut ChangeSet,
) -> Result<(), AppError> {
    let before = app.store.organization(id).await?.ok_or(AppError::NotFound("organization"))?;
    let after = Organization { version: before.version + 1, ..before.clone() };
    change_set.update(&after, before.version);
    Ok(())
}

/// Whoever is written to at this number.
async fn concerned(
    app: &App,
    organization: OrganizationId,
    phone: &PhoneNumber,
) -> Result<BTreeSet<ClientId>, AppError> {
    let cards = app.store.clients_by_phone(organization, phone, CLIENTS_MOST).await?;
    let from = app.now().checked_sub(LOOK_BACK).unwrap_or(Timestamp::MIN);
    let visits =
        app.store.appointments_of_recipient(organization, phone, from, CLIENTS_MOST).await?;
    let of_cards = cards.into_iter().map(|client| client.id);
    Ok(of_cards.chain(visits.into_iter().map(|visit| visit.client_id)).collect())
}
