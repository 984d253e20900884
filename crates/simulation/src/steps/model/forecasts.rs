//! I7: what was forecast is what is sent, word for word, if nothing changed in between.

use super::{Heard, Identified, Model};
use crate::steps::invariant::{Checked, Invariant, ensure};
use vestnik_domain::ids::{AppointmentId, ClientId, OrganizationId};
use vestnik_domain::kind::NotificationKind;

/// Which message a forecast speaks of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::steps) struct ForecastKey {
    pub(in crate::steps) organization: OrganizationId,
    pub(in crate::steps) subject: String,
    pub(in crate::steps) kind: NotificationKind,
    pub(in crate::steps) occasion: String,
}

#[derive(Debug, Clone)]
pub(in crate::steps) struct Forecast {
    pub(in crate::steps) client: ClientId,
    pub(in crate::steps) covers: Vec<AppointmentId>,
    pub(in crate::steps) text: String,
}

fn key_of(what: &Identified) -> ForecastKey {
    ForecastKey {
        organization: what.organization,
        subject: what.subject.clone(),
        kind: what.kind,
        occasion: what.occasion.clone(),
    }
}

impl Model {
    pub(in crate::steps) fn forecast(&mut self, key: ForecastKey, forecast: Forecast) {
        if !self.phones_in_trouble {
            self.forecasts.insert(key, forecast);
        }
    }

    /// Something of the organization changed, of which a text may speak.
    pub(in crate::steps) fn inputs_change(&mut self, organization: OrganizationId) {
        self.forecasts.retain(|key, _| key.organization != organization);
    }

    /// What a client is told changes what is told next.
    pub(super) fn told_changes(&mut self, what: &Identified) {
        let own = key_of(what);
        self.forecasts.retain(|key, forecast| forecast.client != what.client || *key == own);
    }

    pub(super) fn reads_as_forecast(&mut self, heard: &Heard) -> Checked {
        let Some(forecast) = self.forecasts.remove(&key_of(&heard.what)) else { return Ok(()) };
        // A visit of the day that has begun meanwhile is spoken of no more.
        if forecast.covers != heard.what.covers {
            return Ok(());
        }
        self.checked_forecasts += 1;
        ensure(forecast.text == heard.text, Invariant::Forecast, || {
            format!("«{}» was forecast, «{}» went", forecast.text, heard.text)
        })
    }
}
