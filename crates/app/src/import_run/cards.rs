//! The organization's client cards in memory, so that a file of a hundred thousand lines does not ask
//! the database twice per line.

use super::names::folded;
use crate::context::{App, Caller};
use crate::error::AppError;
use std::collections::HashMap;
use vestnik_domain::client::Client;
use vestnik_domain::ids::ClientId;
use vestnik_domain::phone_number::PhoneNumber;

const PAGE: i64 = 5_000;

/// Cards in use, found by phone, by the id of the system they came from, or by name.
#[derive(Debug, Default)]
pub(super) struct Cards {
    by_id: HashMap<ClientId, Client>,
    by_phone: HashMap<PhoneNumber, ClientId>,
    by_external_id: HashMap<String, ClientId>,
    /// Only cards without a number: a namesake with one may be somebody else.
    by_name_alone: HashMap<String, ClientId>,
}

impl Cards {
    pub(super) async fn read(app: &App, caller: &Caller) -> Result<Cards, AppError> {
        let mut found = Vec::new();
        let mut before = ClientId(i64::MAX);
        loop {
            let page = app.store.clients(caller.organization_id, before, PAGE).await?;
            let Some(last) = page.last() else { break };
            before = last.id;
            found.extend(page);
        }
        // The oldest card of a number is the one that bookings find.
        let mut cards = Cards::default();
        found.into_iter().rev().for_each(|client| cards.put(client));
        Ok(cards)
    }

    /// A new card, or a new state of one.
    pub(super) fn put(&mut self, client: Client) {
        if let Some(phone) = &client.phone {
            // Also where an older card is only now given the number.
            let oldest = self.by_phone.entry(phone.clone()).or_insert(client.id);
            *oldest = client.id.min(*oldest);
        } else {
            self.by_name_alone.entry(folded(&client.name)).or_insert(client.id);
        }
        if let Some(external_id) = &client.external_id {
            self.by_external_id.entry(external_id.clone()).or_insert(client.id);
        }
        self.by_id.insert(client.id, client);
    }

    pub(super) fn with_phone(&self, phone: &PhoneNumber) -> Option<&Client> {
        self.by_id.get(self.by_phone.get(phone)?)
    }

    pub(super) fn with_external_id(&self, external_id: &str) -> Option<&Client> {
        self.by_id.get(self.by_external_id.get(external_id)?)
    }

    /// A card that has a name and no number.
    pub(super) fn with_name_alone(&self, name: &str) -> Option<&Client> {
        let found = self.by_id.get(self.by_name_alone.get(&folded(name))?)?;
        // It may have been given a number since.
        found.phone.is_none().then_some(found)
    }
}
