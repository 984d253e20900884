//! Looks at several clients of one organization, in one visit to the database.

use super::replan::{Look, LookAsked};
use crate::appointments::change::Offer;
use crate::context::{App, Caller};
use crate::error::AppError;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use vestnik_domain::client::Client;
use vestnik_domain::ids::{ClientId, OrganizationId};
use vestnik_store::{Answers, Asked, Batch, OfferStamp};

/// What several clients look like, and by which offer.
pub(crate) struct Looks {
    pub(crate) offer: Offer,
    of_clients: BTreeMap<ClientId, Result<Look, AppError>>,
}

impl Looks {
    /// The look at one of the clients that were asked for.
    ///
    /// # Errors
    /// If this client alone cannot be read.
    pub(crate) fn of(&self, client: ClientId) -> Result<&Look, AppError> {
        match self.of_clients.get(&client) {
            Some(look) => look.as_ref().map_err(AppError::clone),
            None => Err(AppError::NotFound("client")),
        }
    }
}

/// Looks that are asked for in a batch.
pub(crate) struct LooksAsked {
    stamp: Asked<OfferStamp>,
    clients: Vec<(ClientId, LookAsked, Asked<Option<Client>>)>,
    now: Timestamp,
}

impl LooksAsked {
    /// Asks in the order of a look at one client, the card last.
    pub(crate) fn ask(
        batch: &mut Batch<'_>,
        organization: OrganizationId,
        clients: &BTreeSet<ClientId>,
        now: Timestamp,
    ) -> LooksAsked {
        let stamp = batch.offer_stamp(organization);
        let ask = |client: &ClientId| {
            // As the number of the card counts what is stored.
            let look = LookAsked::ask(batch, organization, *client, None, now);
            (*client, look, batch.client(organization, *client))
        };
        LooksAsked { stamp, clients: clients.iter().map(ask).collect(), now }
    }

    pub(crate) async fn take(
        self,
        app: &App,
        caller: &Caller,
        answers: &mut Answers,
    ) -> Result<Looks, AppError> {
        let offer = Offer::by_stamp(app, caller, answers.take(self.stamp)?).await?;
        let mut of_clients = BTreeMap::new();
        for (id, look, card) in self.clients {
            of_clients.insert(id, take_one(look, card, answers, &offer, self.now));
        }
        Ok(Looks { offer, of_clients })
    }
}

fn take_one(
    look: LookAsked,
    card: Asked<Option<Client>>,
    answers: &mut Answers,
    offer: &Offer,
    now: Timestamp,
) -> Result<Look, AppError> {
    let card = answers.take(card)?.ok_or(AppError::NotFound("client"))?;
    look.take(answers, card, offer, now)
}
