//! Whose record it is: the client that it had, while nothing says otherwise; the card that the journal's
//! id is known for; one with that number; or a new one.

use crate::clients::{NAME_LETTERS_MOST, home_region, number_guard};
use crate::error::AppError;
use crate::import_run::names::one_line;
use crate::journals::apply::Bench;
use crate::journals::journal_caller;
use std::collections::BTreeMap;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::client::{Client, ClientSwitches};
use vestnik_domain::ids::ClientId;
use vestnik_domain::journal::{ExternalId, JournalClient, JournalLink, Seen, Thing};
use vestnik_domain::phone_number::PhoneNumber;

/// The client of a record.
pub(super) struct Person {
    /// The card as it is once this lands.
    pub(super) client: Client,
    pub(super) card_changed: bool,
    /// The number in the record, if it can be read.
    phone: Option<PhoneNumber>,
    /// The journal names another number than before.
    pub(super) phone_is_news: bool,
}

impl Person {
    /// The record's own number; `None` where the card's is meant.
    pub(super) fn recipient(&self) -> Option<PhoneNumber> {
        self.phone.clone().filter(|phone| self.client.phone.as_ref() != Some(phone))
    }
}

/// Finds or makes the card, and notes the journal's id for it. `standing` is the record's appointment,
/// if there is one already.
pub(super) async fn person(
    bench: &mut Bench<'_>,
    link: &JournalLink,
    said: &JournalClient,
    standing: Option<&Appointment>,
) -> Result<Person, AppError> {
    let app = bench.app;
    let organization = link.organization_id;
    let caller = journal_caller(organization);
    let region = home_region(app, &caller).await?;
    let read = |text: &Option<String>| {
        text.as_deref().and_then(|text| PhoneNumber::parse(text, region).ok())
    };
    let phone = read(&said.phone);
    let seen = Seen {
        name: one_line(&said.name).chars().take(NAME_LETTERS_MOST).collect(),
        phone: said.phone.clone(),
    };
    let journal = link.journal();
    let known = match &said.id {
        Some(id) => app.store.external_id(organization, &journal, Thing::Client, id).await?,
        None => None,
    };
    let by_id = match &known {
        Some(known) => app.store.client(organization, ClientId(known.internal_id)).await?,
        None => None,
    };
    let held = match standing {
        Some(standing) => app.store.client(organization, standing.client_id).await?,
        None => None,
    };
    let guard = match &phone {
        Some(phone) => Some(number_guard::read(app, &caller, phone).await?),
        None => None,
    };
    let is_named =
        |card: &Client| known.as_ref().is_some_and(|known| known.internal_id == card.id.0);
    // A card that was put away keeps the visits that it has, and gets no new ones.
    let held = held.filter(|card| {
        let is_still = |standing| is_still(card, standing, said, phone.as_ref());
        is_named(card) || standing.is_some_and(is_still)
    });
    let is_held = held.is_some();
    let by_id = by_id.filter(|card| card.archived_at.is_none());
    let card = match (held.or(by_id), &phone) {
        (None, Some(phone)) => app.store.client_by_phone(organization, phone).await?,
        (card, _) => card,
    };

    let phone_is_news = known.as_ref().is_none_or(|known| known.seen.phone != seen.phone);
    let (client, card_changed) = match card {
        None => {
            let client = new_card(bench, link, seen.name.clone(), phone.clone());
            bench.change_set.insert(&client);
            if let Some(guard) = &guard {
                number_guard::raise(&mut bench.change_set, guard);
            }
            (client, false)
        }
        Some(before) => {
            let mut after = before.clone();
            if is_named(&before)
                && let Some(known) = &known
            {
                // What changed there is followed; what people changed here is left alone.
                if known.seen.name != seen.name && !seen.name.is_empty() {
                    after.name.clone_from(&seen.name);
                }
                if phone_is_news && before.phone == read(&known.seen.phone) && phone.is_some() {
                    after.phone.clone_from(&phone);
                }
            }
            let changed = after != before;
            if changed {
                after.version += 1;
                bench.change_set.update(&after, before.version);
                if let Some(guard) = guard.filter(|_| after.phone != before.phone) {
                    number_guard::raise(&mut bench.change_set, &guard);
                }
            } else {
                // The plan speaks to this number under these switches: both must hold at the commit.
                bench.change_set.expect(&before, before.version);
            }
            (after, changed)
        }
    };
    let names_another = is_held && known.is_some() && !is_named(&client);
    if let Some(id) = said.id.as_ref().filter(|_| !names_another) {
        note(bench, &journal, id, known, &client, seen);
    }
    Ok(Person { client, card_changed, phone, phone_is_news })
}

/// Is the record still of the client that it had? One without an id says nothing of another person unless
/// it names another number. Where the card was put away, the journal's id may mean a newer card of
/// the same person by now, and that is no reason to call the visit off.
fn is_still(
    card: &Client,
    standing: &Appointment,
    said: &JournalClient,
    phone: Option<&PhoneNumber>,
) -> bool {
    let told_at = standing.recipient_phone.as_ref().or(card.phone.as_ref());
    match phone {
        Some(_) => phone == told_at && (said.id.is_none() || card.archived_at.is_some()),
        None => said.id.is_none(),
    }
}

fn new_card(
    bench: &Bench<'_>,
    link: &JournalLink,
    name: String,
    phone: Option<PhoneNumber>,
) -> Client {
    Client {
        organization_id: link.organization_id,
        id: ClientId(bench.app.new_id()),
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
        created_at: bench.now,
        archived_at: None,
    }
}

fn note(
    bench: &mut Bench<'_>,
    journal: &str,
    id: &str,
    known: Option<ExternalId>,
    client: &Client,
    seen: Seen,
) {
    match known {
        None => {
            bench.change_set.insert(&ExternalId {
                organization_id: client.organization_id,
                journal: journal.to_owned(),
                thing: Thing::Client,
                external_id: id.to_owned(),
                version: 1,
                internal_id: client.id.0,
                seen,
            });
        }
        Some(known) if known.seen != seen || known.internal_id != client.id.0 => {
            let after = ExternalId {
                version: known.version + 1,
                internal_id: client.id.0,
                seen,
                ..known.clone()
            };
            bench.change_set.update(&after, known.version);
        }
        Some(_) => {}
    }
}
