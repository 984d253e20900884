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
use std::collections::BTreeSet;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::client::Client;
use vestnik_domain::ids::MessageId;
use vestnik_domain::message::{Message, MessageState};
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_domain::planning::{
    Again, BranchRules, Changes, ClientRules, EndedAs, ExistingMessage, Moment, Plan,
    SilenceReason, Snapshot, again, no_longer_wanted, plan, reconcile,
};
use vestnik_domain::settings::{BranchNotificationSettings, SettingsVersion};
use vestnik_store::ChangeSet;

/// Appointments that began longer ago have nothing to tell any more. Whoever looks for the clients that a
/// word concerns looks as far back.
pub(crate) const LOOK_BACK: SignedDuration = SignedDuration::from_hours(48);

/// One client as planning sees it.
pub struct Look {
    settings: SettingsVersion,
    client: Client,
    branches: Vec<(vestnik_domain::branch::Branch, BranchNotificationSettings)>,
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
/// with, or what falls due at once would count as missed by the microseconds in between.
pub(crate) async fn look_at(
    app: &App,
    caller: &Caller,
    client: &Client,
    offer: &Offer,
    now: Timestamp,
) -> Result<Look, AppError> {
    let organization = caller.organization_id;
    let from = now.checked_sub(LOOK_BACK).unwrap_or(Timestamp::MIN);
    let settings = app.store.settings(organization).await?.ok_or(AppError::NotFound("settings"))?;
    let appointments = app.store.appointments_of_client(organization, client.id, from).await?;
    let messages = app.store.messages_of_client(organization, client.id, from).await?;
    let branches = offer
        .branches
        .iter()
        .map(|branch| {
            let own = settings.branches.get(&branch.id).cloned().unwrap_or_default();
            (branch.clone(), own)
        })
        .collect();
    let own = appointments.iter().filter_map(|one| one.recipient_phone.as_ref());
    let numbers: BTreeSet<&PhoneNumber> = own.chain(&client.phone).collect();
    let mut stopped = Vec::new();
    for number in numbers {
        if stops::is_stopped(app, organization, number).await? {
            stopped.push(number.clone());
        }
    }
    Ok(Look {
        stopped,
        existing: messages.iter().map(Message::as_existing).collect(),
        client: client.clone(),
        settings,
        branches,
        appointments,
        messages,
        now,
        missed_before: None,
    })
}

impl Look {
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

    pub fn client(&self) -> &Client {
        &self.client
    }

    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    pub fn settings(&self) -> &SettingsVersion {
        &self.settings
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
            change_set.update(&after, before.version);
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
            change_set.update(&after, before.version);
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
