//! An appointment as it was acknowledged, change by change.

use super::Model;
use crate::steps::invariant::{Checked, Invariant, ensure};
use jiff::Timestamp;
use vestnik_domain::appointment::{Appointment, Facts, Status};
use vestnik_domain::ids::{AppointmentId, ClientId, OrganizationId, VisitId};

/// Who changed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::steps) enum By {
    Staff,
    Client,
}

/// One state of an appointment, from `at` on.
#[derive(Debug, Clone)]
pub(in crate::steps) struct Change {
    pub(in crate::steps) at: Timestamp,
    pub(in crate::steps) facts: Facts,
    pub(in crate::steps) status: Status,
}

#[derive(Debug, Clone)]
pub(in crate::steps) struct Booking {
    pub(in crate::steps) id: AppointmentId,
    pub(in crate::steps) organization: OrganizationId,
    pub(in crate::steps) client: ClientId,
    pub(in crate::steps) visit: VisitId,
    pub(in crate::steps) edit_version: i64,
    /// When it was first entered, in whatever journal.
    pub(in crate::steps) made_at: Timestamp,
    /// Never empty: the booking comes first.
    pub(in crate::steps) changes: Vec<Change>,
}

/// Do both read the same to a client? The length is not told.
pub(in crate::steps) fn same_to_client(one: &Facts, other: &Facts) -> bool {
    let services = |facts: &Facts| {
        let mut ids = facts.service_ids.clone();
        ids.sort_unstable();
        ids
    };
    one.branch_id == other.branch_id
        && one.start_local == other.start_local
        && one.staff_id == other.staff_id
        && services(one) == services(other)
}

pub(in crate::steps) fn stands(status: Status) -> bool {
    matches!(status, Status::Waiting | Status::Confirmed)
}

impl Booking {
    pub(in crate::steps) fn last(&self) -> Option<&Change> {
        self.changes.last()
    }

    pub(in crate::steps) fn created_at(&self) -> Timestamp {
        self.changes.first().map_or(Timestamp::MAX, |change| change.at)
    }

    /// The states that may have stood at `at`: the one before and every one made in that instant.
    pub(in crate::steps) fn states_at(&self, at: Timestamp) -> impl Iterator<Item = &Change> {
        let before = self.changes.partition_point(|change| change.at < at);
        self.changes.iter().skip(before.saturating_sub(1)).take_while(move |change| change.at <= at)
    }

    pub(in crate::steps) fn count(&self, counts: impl Fn(&Change, &Change) -> bool) -> usize {
        self.changes.windows(2).filter(|pair| matches!(pair, [a, b] if counts(a, b))).count()
    }
}

impl Model {
    /// A row of the journal after a step: a new booking, or another state of a known one.
    pub(in crate::steps) fn journal_row(
        &mut self,
        row: &Appointment,
        at: Timestamp,
        silent: bool,
    ) -> Checked {
        self.inputs_change(row.organization_id);
        let change = Change { at, facts: row.facts.clone(), status: row.status };
        match self.bookings.get_mut(&row.id) {
            Some(known) => {
                ensure(row.edit_version >= known.edit_version, Invariant::Acknowledged, || {
                    format!(
                        "{} fell from version {} to {}",
                        row.id, known.edit_version, row.edit_version
                    )
                })?;
                if row.edit_version > known.edit_version {
                    known.edit_version = row.edit_version;
                    known.changes.push(change);
                }
            }
            None => {
                let booking = Booking {
                    id: row.id,
                    organization: row.organization_id,
                    client: row.client_id,
                    visit: row.visit_id,
                    edit_version: row.edit_version,
                    made_at: at,
                    changes: vec![change],
                };
                self.bookings.insert(row.id, booking);
            }
        }
        if silent {
            self.excuse(row.id, "changed without telling");
        }
        Ok(())
    }

    /// A row of the journal that nobody should have changed.
    pub(in crate::steps) fn journal_unchanged(&self, row: &Appointment) -> Checked {
        let Some(known) = self.bookings.get(&row.id) else {
            return ensure(false, Invariant::Acknowledged, || format!("nobody booked {}", row.id));
        };
        let same = known.edit_version == row.edit_version
            && known
                .last()
                .is_some_and(|last| last.facts == row.facts && last.status == row.status);
        ensure(same, Invariant::Acknowledged, || {
            let last = known.last().map(|last| (&last.facts, last.status));
            format!(
                "{} stands at version {} as {:?} {:?}, acknowledged was version {} {last:?}",
                row.id, row.edit_version, row.facts, row.status, known.edit_version
            )
        })
    }
}
