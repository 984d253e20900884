//! Appointments of this run that the database does not show yet: those of the open chunk, or in a
//! dry run all of them.

use jiff::Timestamp;
use std::collections::HashMap;
use vestnik_domain::appointment::{Appointment, Facts};
use vestnik_domain::ids::{BranchId, ClientId, ServiceId, StaffId};

/// By what a visit without an id is known again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Sameness {
    client_id: ClientId,
    branch_id: BranchId,
    staff_id: Option<StaffId>,
    starts_at: Timestamp,
    service_ids: Vec<ServiceId>,
}

impl Sameness {
    pub(super) fn of(client_id: ClientId, facts: &Facts) -> Sameness {
        let mut service_ids = facts.service_ids.clone();
        service_ids.sort_unstable();
        Sameness {
            client_id,
            branch_id: facts.branch_id,
            staff_id: facts.staff_id,
            starts_at: facts.starts_at,
            service_ids,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Uncommitted {
    by_external_id: HashMap<String, Facts>,
    by_sameness: HashMap<Sameness, usize>,
}

impl Uncommitted {
    pub(super) fn add(&mut self, appointment: &Appointment) {
        let facts = &appointment.facts;
        if let Some(external_id) = &appointment.external_id {
            self.by_external_id.insert(external_id.clone(), facts.clone());
        }
        *self.by_sameness.entry(Sameness::of(appointment.client_id, facts)).or_default() += 1;
    }

    pub(super) fn with_external_id(&self, external_id: &str) -> Option<&Facts> {
        self.by_external_id.get(external_id)
    }

    pub(super) fn count(&self, sameness: &Sameness) -> usize {
        self.by_sameness.get(sameness).copied().unwrap_or_default()
    }
}
