//! Planning one client's messages anew, in the same commit as the change that asks for it.
//!
//! A change first takes a [`look`] at the client (appointments, messages, settings), makes its
//! transition with [`Look::moment`], and then [`Look::add`]s to its change-set whatever the plan
//! now wants otherwise. So the journal and the messages never disagree, killed anywhere.

use crate::appointments::change::Offer;
use crate::context::{App, Caller};
use crate::error::AppError;
use crate::stops;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::branch::Branch;
use vestnik_domain::client::Client;
use vestnik_domain::ids::{AppointmentId, ClientId, MessageId, OrganizationId};
use vestnik_domain::message::{Message, MessageState};
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_domain::planning::{
    Again, BranchRules, Changes, ClientRules, EndedAs, ExistingMessage, Moment, Plan,
    SilenceReason, Snapshot, again, no_longer_wanted, plan, reconcile,
};
use vestnik_domain::settings::{BranchNotificationSettings, SettingsVersion};
use vestnik_store::{Answers, Asked, Batch, ChangeSet, Urgency};

/// Appointments that began longer ago have nothing to tell any more. Whoever looks for the clients that a
/// word concerns looks as far back.
pub(crate) const LOOK_BACK: SignedDuration = SignedDuration::from_hours(48);

/// One client as planning sees it.
pub struct Look {
    settings: Arc<SettingsVersion>,
    client: Client,
    branches: Arc<[(Branch, BranchNotificationSettings)]>,
    appointments: Vec<Appointment>,
    messages: Vec<Message>,
    existing: Vec<ExistingMessage>,
    /// Those of the numbers it speaks to that said STOP.
    stopped: Vec<PhoneNumber>,
    now: Timestamp,
    missed_before: Option<Timestamp>,
}

/// Reads what planning looks at, and plans as of now.
pub(crate) async fn look(
    app: &App,
    caller: &Caller,
    client: &Client,
    offer: &Offer,
) -> Result<Look, AppError> {
    look_at(app, caller, client, offer, app.now()).await
}

/// Reads what planning looks at, and plans as of `now`: the very instant that the change is dated
/// with, or what falls due at once would count as missed by the microseconds in between. By the settings
/// in force: `offer` may have been read long ago.
pub(crate) async fn look_at(
    app: &App,
    caller: &Caller,
    client: &Client,
    offer: &Offer,
    now: Timestamp,
) -> Result<Look, AppError> {
    let mut batch = app.store.batch();
    let stamp = batch.offer_stamp(caller.organization_id);
    let phone = client.phone.as_ref();
    let asked = LookAsked::ask(&mut batch, client.organization_id, client.id, phone, now);
    let mut answers = batch.read().await?;
    let offer = offer.as_of(app, caller, answers.take(stamp)?).await?;
    asked.take(&mut answers, client.clone(), &offer, now)
}

/// A look that is asked for in a batch.
pub(crate) struct LookAsked {
    appointments: Asked<Vec<Appointment>>,
    messages: Asked<Vec<Message>>,
    stopped: Asked<Vec<PhoneNumber>>,
}

impl LookAsked {
    /// `phone` is the card's number where the card is not stored as it will be.
    pub(crate) fn ask(
        batch: &mut Batch<'_>,
        organization: OrganizationId,
        client: ClientId,
        phone: Option<&PhoneNumber>,
        now: Timestamp,
    ) -> LookAsked {
        let from = now.checked_sub(LOOK_BACK).unwrap_or(Timestamp::MIN);
        // Messages first: whatever changes between the two reads has changed a message as well, and what
        // is planned by an older message loses. The other way round it would end a message that it knows
        // no appointment for, and nobody would notice.
        let messages = batch.messages_of_client(organization, client, from);
        LookAsked {
            messages,
            appointments: batch.appointments_of_client(organization, client, from),
            stopped: batch.stopped_of_client(organization, client, from, phone),
        }
    }

    /// # Errors
    /// 404 where the organization has no settings.
    pub(crate) fn take(
        self,
        answers: &mut Answers,
        client: Client,
        offer: &Offer,
        now: Timestamp,
    ) -> Result<Look, AppError> {
        let settings = Arc::clone(offer.settings()?);
        let branches = Arc::clone(offer.branch_rules());
        let appointments = answers.take(self.appointments)?;
        let messages = answers.take(self.messages)?;
        let stopped = answers.take(self.stopped)?;
        Ok(Look::of(settings, branches, client, appointments, messages, stopped, now))
    }
}

impl Look {
    pub(super) fn of(
        settings: Arc<SettingsVersion>,
        branches: Arc<[(Branch, BranchNotificationSettings)]>,
        client: Client,
        appointments: Vec<Appointment>,
        messages: Vec<Message>,
        stopped: Vec<PhoneNumber>,
        now: Timestamp,
    ) -> Look {
        Look {
            existing: messages.iter().map(Message::as_existing).collect(),
            settings,
            client,
            branches,
            appointments,
            messages,
            stopped,
            now,
            missed_before: None,
        }
    }

    /// For a sweep after a save of settings: what fell due since that instant is not missed.
    #[must_use]
    pub(crate) fn since(mut self, saved_at: Timestamp) -> Look {
        self.missed_before = Some(saved_at);
        self
    }

    /// As things stand once the number has said STOP, or START.
    #[must_use]
    pub(crate) fn with_stop(mut self, phone: &PhoneNumber, stopped: bool) -> Look {
        self.stopped.retain(|known| known != phone);
        if stopped {
            self.stopped.push(phone.clone());
        }
        self
    }

    /// With what a number said that no appointment named before.
    pub(crate) async fn with_recipient(
        self,
        app: &App,
        phone: Option<&PhoneNumber>,
    ) -> Result<Look, AppError> {
        let Some(phone) = phone else { return Ok(self) };
        let stopped = stops::is_stopped(app, self.settings.organization_id, phone).await?;
        Ok(self.with_stop(phone, stopped))
    }

    /// As things stand once `message` is as given.
    #[must_use]
    pub(crate) fn with_message(mut self, message: &Message) -> Look {
        let rows = self.messages.iter_mut().zip(&mut self.existing);
        for (row, existing) in rows.filter(|(row, _)| row.id == message.id) {
            *row = message.clone();
            *existing = message.as_existing();
        }
        self
    }

    /// Why a message that may not have left yet should not reach the client any more; `None` if it
    /// still says what is so and nothing bars it.
    pub(crate) fn no_longer_wanted(&self, message: &Message) -> Option<SilenceReason> {
        self.with_snapshot(&self.appointments, |snapshot| {
            no_longer_wanted(snapshot, &message.as_existing())
        })
    }

    /// The moment of a change to `appointment`, for its transition.
    pub(crate) fn moment(&self, appointment: &Appointment, now: Timestamp) -> Moment {
        self.with_snapshot(&self.appointments, |snapshot| {
            snapshot.moment(appointment.visit_id, now)
        })
    }

    /// The plan as things stand.
    pub fn plan(&self) -> Plan {
        self.with_snapshot(&self.appointments, |snapshot| plan(snapshot, self.now))
    }

    /// May this message, whose try surely failed, go once more?
    pub(crate) fn again(&self, message: &Message) -> Again {
        let message = message.as_existing();
        self.with_snapshot(&self.appointments, |snapshot| again(snapshot, &message, self.now))
    }

    pub fn appointments(&self) -> &[Appointment] {
        &self.appointments
    }

    /// Those that a message covers.
    pub(crate) fn covered(&self, covers: &[AppointmentId]) -> Vec<&Appointment> {
        self.appointments.iter().filter(|one| covers.contains(&one.id)).collect()
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    pub fn settings(&self) -> &SettingsVersion {
        &self.settings
    }

    /// What planning wants otherwise by now, in a change-set of its own; it hangs on the card as read.
    pub(crate) fn otherwise(&self, app: &App, urgency: Urgency) -> ChangeSet {
        let mut change_set = ChangeSet::with_urgency(urgency);
        self.add(app, &[], &mut change_set);
        if !change_set.is_empty() {
            change_set.expect(&self.client, self.client.version);
        }
        change_set
    }

    /// Adds to the change-set what planning wants otherwise once `changed` are as given.
    pub(crate) fn add(&self, app: &App, changed: &[Appointment], change_set: &mut ChangeSet) {
        let mut appointments = self.appointments.clone();
        for new in changed {
            match appointments.iter_mut().find(|old| old.id == new.id) {
                Some(old) => *old = new.clone(),
                None => appointments.push(new.clone()),
            }
        }
        let plan = self.with_snapshot(&appointments, |snapshot| plan(snapshot, self.now));
        self.write(app, reconcile(&self.existing, &plan), change_set);
    }

    fn write(&self, app: &App, changes: Changes<'_>, change_set: &mut ChangeSet) {
        let organization = self.settings.organization_id;
        let generation = self.settings.generation;
        // Ends come first: a key must be free before it is taken anew.
        for end in changes.ended {
            let Some(before) = self.messages.iter().find(|message| message.id == end.id) else {
                continue;
            };
            let reason = end.reason.code().to_owned();
            let state = match end.ended_as {
                EndedAs::Cancelled => MessageState::Cancelled { at: self.now, reason },
                EndedAs::Skipped => MessageState::Skipped { at: self.now, reason },
            };
            let after = Message { version: before.version + 1, state, ..before.clone() };
            change_set.change(&after, before);
        }
        for moved in changes.moved {
            let Some(before) = self.messages.iter().find(|message| message.id == moved.id) else {
                continue;
            };
            let to = moved.to.clone();
            let after = Message {
                version: before.version + 1,
                variant: to.variant,
                recipient: to.recipient,
                covers: to.covers,
                due_at: to.due_at,
                send_before: to.send_before,
                state: MessageState::Planned,
                sender_id: None,
                retry_at: None,
                plan_generation: generation,
                planned_at: self.now,
                why: to.why,
                ..before.clone()
            };
            change_set.change(&after, before);
        }
        for planned in changes.insert {
            let id = MessageId(app.new_id());
            change_set.insert(&Message::planned(
                organization,
                id,
                self.client.id,
                planned.clone(),
                generation,
                self.now,
            ));
        }
    }

    fn with_snapshot<T>(
        &self,
        appointments: &[Appointment],
        look: impl FnOnce(&Snapshot<'_>) -> T,
    ) -> T {
        let branches: Vec<BranchRules<'_>> = self
            .branches
            .iter()
            .map(|(branch, settings)| BranchRules { id: branch.id, zone: &branch.zone, settings })
            .collect();
        look(&Snapshot {
            settings: &self.settings.settings,
            branches: &branches,
            client: ClientRules {
                id: self.client.id,
                phone: self.client.phone.as_ref(),
                switches: &self.client.switches,
                stopped: &self.stopped,
            },
            appointments,
            existing: &self.existing,
            missed_before: self.missed_before,
        })
    }
}
