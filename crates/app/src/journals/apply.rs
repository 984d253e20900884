//! Letting an appointment stand as a journal has it: the same transitions, guards, history and plan,
//! in one commit, as when staff change it here, but for the refusal of overlaps: the journal has
//! decided already.

use super::journal_caller;
use crate::appointments::change::{self, Offer};
use crate::appointments::{edit, guard};
use crate::context::App;
use crate::error::AppError;
use crate::messages::replan;
use jiff::Timestamp;
use serde_json::json;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::client::Client;
use vestnik_domain::journal::{JournalSide, follow};
use vestnik_store::ChangeSet;
use vestnik_store::tables::appointments::StaffDay;

/// What one decision is made with.
pub(super) struct Bench<'a> {
    pub(super) app: &'a App,
    pub(super) offer: Offer,
    /// One moment for the change and its plan.
    pub(super) now: Timestamp,
    pub(super) change_set: ChangeSet,
    /// Raised once each, at the end.
    guards: Vec<StaffDay>,
}

impl<'a> Bench<'a> {
    pub(super) fn new(app: &'a App, offer: Offer) -> Bench<'a> {
        Bench { app, offer, now: app.now(), change_set: ChangeSet::new(), guards: Vec::new() }
    }

    /// `wanted` is the appointment with whatever is not told of between journals (ids, number)
    /// already as it is to be; `client` is its card as it is to be. True if anything changed that a
    /// history would tell.
    pub(super) async fn apply(
        &mut self,
        client: &Client,
        before: &Appointment,
        wanted: Appointment,
        side: &JournalSide,
    ) -> Result<bool, AppError> {
        let same = JournalSide::of(before).reads_same(side)
            && before.recipient_phone == wanted.recipient_phone;
        if same {
            if wanted != *before {
                let after = Appointment { version: before.version + 1, ..wanted };
                self.change_set.update(&after, before.version);
            }
            return Ok(false);
        }
        let caller = journal_caller(before.organization_id);
        let look = replan::look_at(self.app, &caller, client, &self.offer, self.now)
            .await?
            .with_recipient(self.app, wanted.recipient_phone.as_ref())
            .await?;
        let mut after = follow(&wanted, side, look.moment(before, self.now));
        for one in [before, &after] {
            self.guard(one).await?;
        }
        let mut changes = edit::changes(before, &after);
        if before.status != after.status
            && let Some(changes) = changes.as_object_mut()
        {
            changes.insert("status".to_owned(), json!([before.status, after.status]));
        }
        let now = self.now;
        change::write(&caller, &mut self.change_set, before, &mut after, changes, now);
        look.add(self.app, std::slice::from_ref(&after), &mut self.change_set);
        Ok(true)
    }

    /// A new appointment with its plan.
    pub(super) async fn book(
        &mut self,
        client: &Client,
        appointment: &Appointment,
    ) -> Result<(), AppError> {
        let caller = journal_caller(appointment.organization_id);
        self.guard(appointment).await?;
        if let Some(branch) = self.offer.branch(appointment.facts.branch_id) {
            // Its zone must not change between the reading of the wall time and the commit.
            self.change_set.expect(branch, branch.version);
        }
        self.change_set.insert(appointment);
        let look = replan::look_at(self.app, &caller, client, &self.offer, self.now)
            .await?
            .with_recipient(self.app, appointment.recipient_phone.as_ref())
            .await?;
        look.add(self.app, std::slice::from_ref(appointment), &mut self.change_set);
        Ok(())
    }

    /// The client's card alone changed: their messages may go elsewhere now.
    pub(super) async fn replan(&mut self, client: &Client) -> Result<(), AppError> {
        let caller = journal_caller(client.organization_id);
        let look = replan::look_at(self.app, &caller, client, &self.offer, self.now).await?;
        look.add(self.app, &[], &mut self.change_set);
        Ok(())
    }

    /// The days whose time it takes, so that a booking here at this very moment sees it.
    async fn guard(&mut self, appointment: &Appointment) -> Result<(), AppError> {
        // Nobody books in the past, so nothing there needs a guard.
        if !appointment.holds_time() || appointment.ends_at() <= self.now {
            return Ok(());
        }
        let caller = journal_caller(appointment.organization_id);
        let facts = &appointment.facts;
        let Some(branch) = self.offer.branch(facts.branch_id) else { return Ok(()) };
        let days = guard::guards(self.app, &caller, facts, branch, &self.offer.services).await?;
        self.guards.extend(days);
        Ok(())
    }

    /// Everything that was decided.
    pub(super) fn finish(mut self) -> ChangeSet {
        guard::raise(&mut self.change_set, self.guards);
        self.change_set
    }
}
