//! Imported visits: the client counts as knowing them, «created» never goes, and reminders only if
//! they were asked for.

use super::booking::Booking;
use super::{Heard, Model};
use crate::steps::invariant::{Checked, Invariant, ensure};
use jiff::Timestamp;
use vestnik_domain::ids::AppointmentId;
use vestnik_domain::kind::NotificationKind;

impl Model {
    pub(in crate::steps) fn imported(&mut self, id: AppointmentId, reminders: bool, at: Timestamp) {
        self.imports.insert(id, reminders);
        let facts = self.bookings.get(&id).and_then(Booking::last).map(|last| last.facts.clone());
        self.client_knows(id, at, facts);
    }

    pub(super) fn is_imported(&self, id: AppointmentId) -> bool {
        self.imports.contains_key(&id)
    }

    pub(super) fn reminders_are_off(&self, id: AppointmentId) -> bool {
        self.imports.get(&id) == Some(&false)
    }

    /// Nothing speaks only of visits that were imported and left as they were, but reminders that
    /// were asked for.
    pub(super) fn not_by_import(&self, heard: &Heard) -> Checked {
        let what = &heard.what;
        let untouched = |id: &AppointmentId| {
            self.is_imported(*id)
                && self.bookings.get(id).is_some_and(|booking| booking.changes.len() == 1)
        };
        let asked = what.kind == NotificationKind::Reminder
            && what.covers.iter().any(|id| !self.reminders_are_off(*id));
        let all_untouched = !what.covers.is_empty() && what.covers.iter().all(untouched);
        ensure(asked || !all_untouched, Invariant::Imports, || {
            format!(
                "{} {} speaks of visits that were only imported",
                what.kind.name(),
                what.delivery
            )
        })
    }
}
