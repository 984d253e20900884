//! Which visit a client most likely writes about: the next one that stands, else the last one of these
//! days, of whoever has the number.

use super::{Booking, Model};
use jiff::{SignedDuration, Timestamp};
use vestnik_domain::appointment::Status;
use vestnik_domain::ids::{AppointmentId, OrganizationId};

/// Visits that began earlier are long over.
const THESE_DAYS: SignedDuration = SignedDuration::from_hours(48);

impl Model {
    pub(in crate::steps) fn has_number(&self, organization: OrganizationId, number: &str) -> bool {
        self.clients
            .values()
            .any(|client| client.organization == organization && client.number == number)
    }

    pub(in crate::steps) fn written_about(
        &self,
        organization: OrganizationId,
        number: &str,
        now: Timestamp,
    ) -> Option<AppointmentId> {
        let of_number = |booking: &&Booking| {
            booking.organization == organization
                && self.clients.get(&booking.client).is_some_and(|client| client.number == number)
        };
        let mut starts: Vec<(Timestamp, AppointmentId)> = self
            .bookings
            .values()
            .filter(of_number)
            .filter_map(|booking| Some((booking.id, booking.last()?)))
            .filter(|(_, last)| last.status != Status::Cancelled)
            .map(|(id, last)| (last.facts.starts_at, id))
            .filter(|(starts_at, _)| *starts_at >= now - THESE_DAYS)
            .collect();
        starts.sort_unstable();
        let next = starts.iter().find(|(starts_at, _)| *starts_at > now);
        next.or(starts.last()).map(|(_, id)| *id)
    }
}
