//! Somebody asks what will be sent about a visit, in what words.

use super::super::invariant::Checked;
use super::super::model::{By, Forecast, ForecastKey};
use super::super::world::{World, read, surely};
use vestnik_app::messages::explain::explain_appointment;

impl World {
    pub(super) fn forecast(&mut self) -> Checked {
        let ahead =
            self.any_booking(|one, now| one.last().is_some_and(|last| last.facts.starts_at > now));
        let Some(id) = ahead else { return Ok(()) };
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
