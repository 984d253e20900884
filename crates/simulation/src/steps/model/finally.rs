//! «Eventually»: once nothing happens any more, the last word that each client got is the truth.

use super::booking::{same_to_client, stands};
use super::telling::is_on;
use super::{Booking, Model};
use crate::steps::invariant::{Checked, Invariant, Violation, ensure};
use jiff::Timestamp;
use std::collections::BTreeMap;
use vestnik_domain::appointment::Status;
use vestnik_domain::ids::AppointmentId;
use vestnik_domain::kind::NotificationKind;

/// The kinds by which a client learns of a visit itself.
const NEWS: [NotificationKind; 4] = [
    NotificationKind::Confirmation,
    NotificationKind::Created,
    NotificationKind::Changed,
    NotificationKind::Cancelled,
];

impl Model {
    /// The end of a history. `skipped`: news that did not go, with its reason.
    pub(in crate::steps) fn finish(
        &mut self,
        skipped: &BTreeMap<AppointmentId, String>,
        now: Timestamp,
    ) -> Checked {
        let mut checked = 0;
        for booking in self.bookings.values() {
            if self.why_not_checked(booking, now) {
                continue;
            }
            // What was skipped was wrong only if nothing later told the truth.
            if let (Some(reason), Err(_)) =
                (skipped.get(&booking.id), self.knows_what_is_so(booking))
            {
                ensure(self.phones_in_trouble, Invariant::Eventually, || {
                    format!("with a healthy phone news of {} did not go: {reason}", booking.id)
                })?;
                continue;
            }
            if self.is_in_doubt(booking.id) {
                let may_be = self.phones_in_trouble || self.was_left_with_a_node(booking.id);
                ensure(may_be, Invariant::Eventually, || {
                    format!("a healthy sender was given news of {} and never sent it", booking.id)
                })?;
                continue;
            }
            self.knows_what_is_so(booking)?;
            checked += 1;
        }
        self.checked_visits = checked;
        self.reminders_came(now)
    }

    /// Are there rules that silence something of it, or is it past?
    fn why_not_checked(&self, booking: &Booking, now: Timestamp) -> bool {
        let Some(last) = booking.last() else { return true };
        last.facts.starts_at <= now
            || !(stands(last.status) || last.status == Status::Cancelled)
            || self.excused.contains_key(&booking.id)
            || !self.always_on(booking, &NEWS)
    }

    /// Were these kinds on for it all the time, by every switch, since it was booked?
    pub(super) fn always_on(&self, booking: &Booking, kinds: &[NotificationKind]) -> bool {
        let created_at = booking.created_at();
        let Some(settings) = self.settings.get(&booking.organization) else { return false };
        let before = settings.partition_point(|(at, _)| *at <= created_at);
        let in_force = settings.iter().skip(before.saturating_sub(1));
        // One SMS speaks of the whole visit, and goes by the switches of one of its branches.
        let states: Vec<_> = self
            .bookings
            .values()
            .filter(|one| one.visit == booking.visit)
            .flat_map(|one| &one.changes)
            .collect();
        let by_settings = in_force.clone().all(|(_, set)| {
            set.settings.on_since.is_some_and(|since| since <= booking.made_at)
                && kinds.iter().all(|kind| states.iter().all(|state| is_on(set, *kind, state)))
        });
        let by_client = self.clients.get(&booking.client).is_some_and(|client| {
            client.switches.iter().all(|(_, set)| {
                !set.all_off && kinds.iter().all(|kind| !set.kinds_off.contains(kind))
            })
        });
        by_settings && by_client && !self.ever_stopped(booking)
    }

    fn knows_what_is_so(&self, booking: &Booking) -> Checked {
        let Some(last) = booking.last() else { return Ok(()) };
        let told = self.told.get(&booking.id).and_then(|told| told.last());
        let known = told.map(|tell| &tell.facts);
        let right = match (last.status, known) {
            (Status::Cancelled, None | Some(None)) => true,
            // What they knew of was over by then.
            (Status::Cancelled, Some(Some(facts))) => facts.starts_at <= last.at,
            (_, Some(Some(facts))) => same_to_client(facts, &last.facts),
            (_, _) => false,
        };
        if right {
            return Ok(());
        }
        let known = match known {
            None => "nothing".to_owned(),
            Some(None) => "that it is off".to_owned(),
            Some(Some(facts)) => format!("{} with {:?}", facts.start_local, facts.staff_id),
        };
        Err(Violation::new(
            Invariant::Eventually,
            format!(
                "of {} ({}, {} with {:?}, last changed at {}) the client was told last {known}",
                booking.id,
                last.status.name(),
                last.facts.start_local,
                last.facts.staff_id,
                last.at
            ),
        ))
    }
}
