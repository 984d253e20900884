//! I6: nothing is intended for a number after its STOP.

use super::{Booking, Heard, Model, held_at};
use crate::steps::invariant::{Checked, Invariant, ensure};
use jiff::Timestamp;
use vestnik_domain::ids::OrganizationId;

impl Model {
    pub(in crate::steps) fn is_stopped(&self, organization: OrganizationId, number: &str) -> bool {
        let said = self.stops.get(&(organization, number.to_owned()));
        said.and_then(|said| said.last()).is_some_and(|(_, stopped)| *stopped)
    }

    /// Says whether that is news.
    pub(in crate::steps) fn number_says(
        &mut self,
        organization: OrganizationId,
        number: &str,
        stopped: bool,
        at: Timestamp,
    ) -> bool {
        if self.is_stopped(organization, number) == stopped {
            return false;
        }
        self.inputs_change(organization);
        let said = self.stops.entry((organization, number.to_owned()));
        said.or_insert_with(|| vec![(Timestamp::MIN, false)]).push((at, stopped));
        true
    }

    pub(super) fn not_stopped(&self, heard: &Heard) -> Checked {
        let what = &heard.what;
        let said = self.stops.get(&(what.organization, heard.number.clone()));
        let open = said.is_none_or(|said| held_at(said, what.intended_at).any(|stopped| !stopped));
        ensure(open, Invariant::Barred, || {
            format!(
                "{} {} went to {} after its STOP",
                what.kind.name(),
                what.delivery,
                heard.number
            )
        })
    }

    /// Did its client's number ever say STOP?
    pub(super) fn ever_stopped(&self, booking: &Booking) -> bool {
        self.clients.get(&booking.client).is_some_and(|client| {
            self.stops.contains_key(&(booking.organization, client.number.clone()))
        })
    }
}
