//! Looks at many clients of one organization: the same few reads however many they are.

use super::replan::{LOOK_BACK, Look};
use crate::appointments::change::Offer;
use crate::context::{App, Caller};
use crate::error::AppError;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::client::Client;
use vestnik_domain::ids::{ClientId, OrganizationId};
use vestnik_domain::message::Message;
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_store::{APPOINTMENTS_OF_CLIENT_MOST, Answers, Asked, Batch, Grouped, OfferStamp};

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

/// Looks at clients by their ids, asked for in a batch.
pub(crate) struct LooksAsked {
    stamp: Asked<OfferStamp>,
    clients: BTreeSet<ClientId>,
    looks: CardLooksAsked,
    cards: Asked<Grouped<ClientId, Client>>,
}

impl LooksAsked {
    /// Asks in the order of a look at one client, the cards last.
    pub(crate) fn ask(
        batch: &mut Batch<'_>,
        organization: OrganizationId,
        clients: BTreeSet<ClientId>,
        now: Timestamp,
    ) -> LooksAsked {
        let ids: Vec<ClientId> = clients.iter().copied().collect();
        LooksAsked {
            stamp: batch.offer_stamp(organization),
            looks: CardLooksAsked::ask(batch, organization, &ids, &[], now),
            cards: batch.clients_by_id(organization, &ids),
            clients,
        }
    }

    pub(crate) async fn take(
        self,
        app: &App,
        caller: &Caller,
        answers: &mut Answers,
    ) -> Result<Looks, AppError> {
        let offer = Offer::by_stamp(app, caller, answers.take(self.stamp)?).await?;
        let mut looks = self.looks.take(answers)?;
        let mut cards = answers.take(self.cards)?;
        let mut take_one = |id: ClientId| {
            let card = cards.remove(&id).transpose()?.and_then(|found| found.into_iter().next());
            looks.take(card.ok_or(AppError::NotFound("client"))?, &offer)
        };
        let of_clients = self.clients.into_iter().map(|id| (id, take_one(id))).collect();
        Ok(Looks { offer, of_clients })
    }
}

/// Looks at clients whose cards are known, asked for in a batch.
pub(crate) struct CardLooksAsked {
    messages: Asked<Grouped<ClientId, Message>>,
    appointments: Asked<Grouped<ClientId, Appointment>>,
    stopped: Asked<Vec<PhoneNumber>>,
    now: Timestamp,
}

/// What stands of the clients.
pub(crate) struct CardLooks {
    messages: Grouped<ClientId, Message>,
    appointments: Grouped<ClientId, Appointment>,
    /// Of all of them together: planning only asks whether a recipient is among them.
    stopped: Vec<PhoneNumber>,
    now: Timestamp,
}

impl CardLooksAsked {
    /// `standing` are stored; of others, which are only about to be, nothing stands yet. `phones` are the
    /// numbers of cards that are not stored as they will be.
    pub(crate) fn ask(
        batch: &mut Batch<'_>,
        organization: OrganizationId,
        standing: &[ClientId],
        phones: &[PhoneNumber],
        now: Timestamp,
    ) -> CardLooksAsked {
        let from = now.checked_sub(LOOK_BACK).unwrap_or(Timestamp::MIN);
        // Messages first, as in a look at one client.
        let messages = batch.messages_of_clients(organization, standing, from);
        CardLooksAsked {
            messages,
            appointments: batch.appointments_of_clients(organization, standing, from),
            stopped: batch.stopped_of_clients(organization, standing, from, phones),
            now,
        }
    }

    pub(crate) fn take(self, answers: &mut Answers) -> Result<CardLooks, AppError> {
        let messages = answers.take(self.messages)?;
        let appointments = answers.take(self.appointments)?;
        let stopped = answers.take(self.stopped)?;
        Ok(CardLooks { messages, appointments, stopped, now: self.now })
    }
}

impl CardLooks {
    /// The look at one of them, once.
    ///
    /// # Errors
    /// 404 where the organization has no settings; if what stands of this client cannot be read.
    pub(crate) fn take(&mut self, client: Client, offer: &Offer) -> Result<Look, AppError> {
        let mut appointments =
            self.appointments.remove(&client.id).transpose()?.unwrap_or_default();
        appointments.truncate(usize::from(APPOINTMENTS_OF_CLIENT_MOST));
        let messages = self.messages.remove(&client.id).transpose()?.unwrap_or_default();
        Ok(Look::of(
            Arc::clone(offer.settings()?),
            Arc::clone(offer.branch_rules()),
            client,
            appointments,
            messages,
            self.stopped.clone(),
            self.now,
        ))
    }
}
