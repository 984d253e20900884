//! Does an SMS tell its client anything that they did not know?

use super::booking::{same_to_client, stands};
use super::{Heard, Model};
use crate::steps::invariant::{Checked, Invariant, ensure};
use jiff::Timestamp;
use vestnik_domain::appointment::Facts;
use vestnik_domain::ids::AppointmentId;

impl Model {
    /// Was it brought back since `at`, where its announcement was skipped? It counts as known then, so
    /// that its end is news.
    fn was_on_unheard(&self, id: AppointmentId, at: Timestamp) -> bool {
        self.excused.contains_key(&id)
            && self.bookings.get(&id).is_some_and(|booking| {
                booking.changes.iter().any(|state| state.at > at && stands(state.status))
            })
    }

    /// N4: an edit undone makes no message.
    pub(super) fn tells_something_new(
        &self,
        heard: &Heard,
        tells: &[(AppointmentId, Option<Facts>)],
    ) -> Checked {
        let news = tells.iter().any(|(id, facts)| {
            let Some(last) = self.told.get(id).and_then(|told| told.last()) else { return true };
            match (&last.facts, facts) {
                (Some(before), Some(after)) => !same_to_client(before, after),
                (None, None) => self.was_on_unheard(*id, last.intended_at),
                _ => true,
            }
        });
        let in_doubt = tells.iter().any(|(id, _)| self.is_in_doubt(*id));
        ensure(news || in_doubt, Invariant::Undone, || {
            format!("«{}» tells nothing that was not told before", heard.text)
        })
    }

    /// Was something about it given away and not seen on the air, or did the carrier say that it could
    /// not deliver it? What was told steps back then.
    pub(super) fn is_in_doubt(&self, id: AppointmentId) -> bool {
        self.given
            .values()
            .any(|what| what.covers.contains(&id) && !self.came_through(what.delivery))
    }

    /// Did a node die or stand still between the intent and the carrier? Then nobody knows, and
    /// people see «исход неизвестен».
    pub(super) fn was_left_with_a_node(&self, id: AppointmentId) -> bool {
        self.nodes_die
            && self.given.values().any(|what| {
                what.covers.contains(&id)
                    && self.senders.get(&what.sender).is_some_and(|sender| sender.is_pushed)
                    && !self.on_air.contains_key(&what.delivery)
            })
    }
}
