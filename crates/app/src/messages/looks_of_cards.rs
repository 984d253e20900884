//! Looks at many clients whose cards are known: the same few reads however many they are.

use super::replan::{LOOK_BACK, Look};
use crate::appointments::change::Offer;
use crate::error::AppError;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::client::Client;
use vestnik_domain::ids::{ClientId, OrganizationId};
use vestnik_domain::message::Message;
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_store::{Answers, Asked, Batch};

/// The most appointments that one client's plan looks at; nobody books more ahead.
const APPOINTMENTS_MOST: usize = 500;

/// Looks that are asked for in a batch.
pub(crate) struct CardLooksAsked {
    messages: Asked<Vec<Message>>,
    appointments: Asked<Vec<Appointment>>,
    stopped: Asked<Vec<PhoneNumber>>,
    now: Timestamp,
}

/// What stands of the clients.
pub(crate) struct CardLooks {
    messages: HashMap<ClientId, Vec<Message>>,
    appointments: HashMap<ClientId, Vec<Appointment>>,
    /// Of all of them together: planning only asks whether a recipient is among them.
    stopped: Vec<PhoneNumber>,
    now: Timestamp,
}

impl CardLooksAsked {
    /// `standing` are stored; of others, which are only about to be, nothing stands yet. `phones` are the
    /// numbers of all of them.
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
        let mut messages: HashMap<ClientId, Vec<Message>> = HashMap::new();
        for message in answers.take(self.messages)? {
            messages.entry(message.client_id).or_default().push(message);
        }
        let mut appointments: HashMap<ClientId, Vec<Appointment>> = HashMap::new();
        for appointment in answers.take(self.appointments)? {
            let of_client = appointments.entry(appointment.client_id).or_default();
            if of_client.len() < APPOINTMENTS_MOST {
                of_client.push(appointment);
            }
        }
        let stopped = answers.take(self.stopped)?;
        Ok(CardLooks { messages, appointments, stopped, now: self.now })
    }
}

impl CardLooks {
    /// The look at one of them, once.
    ///
    /// # Errors
    /// 404 where the organization has no settings.
    pub(crate) fn take(&mut self, client: Client, offer: &Offer) -> Result<Look, AppError> {
        let appointments = self.appointments.remove(&client.id).unwrap_or_default();
        let messages = self.messages.remove(&client.id).unwrap_or_default();
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
