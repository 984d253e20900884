//! Whose record it is: a card that the journal's id is known for, one with that number, or a new one.

use crate::clients::{NAME_LETTERS_MOST, number_guard};
use crate::error::AppError;
use crate::import_run::names::one_line;
use crate::journals::apply::Bench;
use crate::journals::journal_caller;
use std::collections::BTreeMap;
use vestnik_domain::client::{Client, ClientSwitches};
use vestnik_domain::ids::ClientId;
use vestnik_domain::journal::{ExternalId, JournalClient, JournalLink, Seen, Thing};
use vestnik_domain::phone_number::{PhoneNumber, Region};

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

/// Finds or makes the card, and notes the journal's id for it.
pub(super) async fn person(
    bench: &mut Bench<'_>,
    link: &JournalLink,
    said: &JournalClient,
) -> Result<Person, AppError> {
    let app = bench.app;
    let organization = link.organization_id;
    let region = app
        .store
        .organization(organization)
        .await?
        .and_then(|organization| Region::parse(&organization.country))
        .unwrap_or(Region::RUSSIA);
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
    let card = match &known {
        Some(known) => app.store.client(organization, ClientId(known.internal_id)).await?,
        None => None,
    };
    // A card that was put away is not written to any more.
    let card = card.filter(|card| card.archived_at.is_none());
    let follows = card.is_some();
    let caller = journal_caller(organization);
    let guard = match &phone {
        Some(phone) => Some(number_guard::read(app, &caller, phone).await?),
        None => None,
    };
    let card = match (card, &phone) {
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
            if follows && let Some(known) = &known {
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
    if let Some(id) = &said.id {
        note(bench, &journal, id, known, &client, seen);
    }
    Ok(Person { client, card_changed, phone, phone_is_news })
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
