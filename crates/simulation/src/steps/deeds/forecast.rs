//! Somebody asks what will be sent about a visit, in what words.

use super::super::invariant::Checked;
use super::super::model::{By, Forecast, ForecastKey};
use super::super::world::{World, read, surely};
use vestnik_app::messages::explain::explain_appointment;
use vestnik_domain::ids::{AppointmentId, OrganizationId, SenderId};

/// Of a hundred looks at a lane so many are at what it will say, too.
const LOOKED_AHEAD_PERCENT: u8 = 15;

impl World {
    pub(super) fn forecast(&mut self) -> Checked {
        let ahead =
            self.any_booking(|one, now| one.last().is_some_and(|last| last.facts.starts_at > now));
        ahead.map_or(Ok(()), |id| self.forecast_visit(id))
    }

    /// Right before a sender is given what waits at the head of its lane: what the plan says of it now is
    /// what goes.
    pub(in crate::steps) fn forecast_head(
        &mut self,
        organization: OrganizationId,
        sender: SenderId,
    ) -> Checked {
        if self.temper.phones_in_trouble || !self.chance.percent(LOOKED_AHEAD_PERCENT) {
            return Ok(());
        }
        let lane = surely(read(self.auditor.store.lane(organization, sender, 1))?)?;
        let covered = lane.first().and_then(|head| head.covers.first().copied());
        covered.map_or(Ok(()), |id| self.forecast_visit(id))
    }

    fn forecast_visit(&mut self, id: AppointmentId) -> Checked {
        let Some(caller) = self.caller_of(id, By::Staff) else { return Ok(()) };
        let explained = surely(read(explain_appointment(&self.auditor, &caller, id))?)?;
        let client = explained.appointment.client_id;
        for message in explained.planned {
            let Some(words) = message.words else { continue };
            let key = ForecastKey {
                organization: caller.organization_id,
                subject: message.planned.subject.to_string(),
                kind: message.planned.kind,
                occasion: message.planned.occasion,
            };
            let covers = message.planned.covers;
            self.model.forecast(key, Forecast { client, covers, text: words.text });
        }
        Ok(())
    }
}
