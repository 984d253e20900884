//! One record in two journals: what each holds of it, and what comes of both.

use crate::appointment::{Appointment, Facts, Status};
use crate::planning::same_services;
use serde::{Deserialize, Serialize};

/// What two journals tell each other of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JournalSide {
    pub status: Status,
    pub facts: Facts,
    pub note: String,
}

impl JournalSide {
    /// Our side.
    pub fn of(appointment: &Appointment) -> JournalSide {
        JournalSide {
            status: appointment.status,
            facts: appointment.facts.clone(),
            note: appointment.note.clone(),
        }
    }

    /// Nothing is left to tell between the two. Once both know of a cancellation, the rest of the
    /// record is of no interest.
    pub fn reads_same(&self, other: &JournalSide) -> bool {
        if self.status == Status::Cancelled && other.status == Status::Cancelled {
            return true;
        }
        self.status == other.status && self.note == other.note && self.same_facts(other)
    }

    pub fn same_facts(&self, other: &JournalSide) -> bool {
        let (one, other) = (&self.facts, &other.facts);
        one.branch_id == other.branch_id
            && one.starts_at == other.starts_at
            && one.duration_min == other.duration_min
            && one.staff_id == other.staff_id
            && same_services(one, other)
    }
}

/// What comes of two sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    pub side: JournalSide,
    /// The other journal does not hold it yet: it is still to be written there.
    pub outstanding: bool,
    /// A cancellation or a move of ours had to give way: people must know.
    pub overruled: bool,
}

/// Brings both sides together; `base` is what the other journal held when ours changed.
///
/// What one side alone changed counts. Where both changed the same, the other journal wins: it is
/// where staff look. A status that was set for a time which has moved there meanwhile is void.
pub fn merge(base: &JournalSide, ours: &JournalSide, theirs: &JournalSide) -> Merged {
    if theirs.status == Status::Cancelled && base.status != Status::Cancelled {
        // Gone there. A confirmation of ours needs no word to staff, the client will be told.
        let overruled = ours.status != Status::Cancelled && !ours.same_facts(base);
        return Merged { side: theirs.clone(), outstanding: false, overruled };
    }
    let moved_there = base.facts.starts_at != theirs.facts.starts_at;
    let status_stands = !moved_there && base.status == theirs.status;
    let status =
        if ours.status != base.status && status_stands { ours.status } else { theirs.status };

    let (base_facts, our_facts, their_facts) = (&base.facts, &ours.facts, &theirs.facts);
    let mut lost = false;
    let mut ours_count = |changed_here: bool, changed_there: bool, same: bool| {
        lost |= changed_here && changed_there && !same;
        changed_here && !changed_there
    };
    let mut facts = their_facts.clone();
    if ours_count(
        base_facts.starts_at != our_facts.starts_at,
        moved_there,
        our_facts.starts_at == their_facts.starts_at,
    ) {
        facts.starts_at = our_facts.starts_at;
        facts.start_local = our_facts.start_local;
    }
    if ours_count(
        base_facts.branch_id != our_facts.branch_id,
        base_facts.branch_id != their_facts.branch_id,
        our_facts.branch_id == their_facts.branch_id,
    ) {
        facts.branch_id = our_facts.branch_id;
    }
    if ours_count(
        base_facts.staff_id != our_facts.staff_id,
        base_facts.staff_id != their_facts.staff_id,
        our_facts.staff_id == their_facts.staff_id,
    ) {
        facts.staff_id = our_facts.staff_id;
    }
    if ours_count(
        !same_services(base_facts, our_facts),
        !same_services(base_facts, their_facts),
        same_services(our_facts, their_facts),
    ) {
        facts.service_ids.clone_from(&our_facts.service_ids);
    }
    if ours_count(
        base_facts.duration_min != our_facts.duration_min,
        base_facts.duration_min != their_facts.duration_min,
        our_facts.duration_min == their_facts.duration_min,
    ) {
        facts.duration_min = our_facts.duration_min;
    }
    let note_stands = base.note == theirs.note;
    let note = if note_stands { ours.note.clone() } else { theirs.note.clone() };

    let side = JournalSide { status, facts, note };
    let outstanding = !side.reads_same(theirs);
    let cancel_lost = ours.status == Status::Cancelled
        && base.status != Status::Cancelled
        && status != Status::Cancelled;
    Merged { side, outstanding, overruled: lost || cancel_lost }
}

/// The base of a merge while a write of ours is under way or its answer was lost: whatever of it
/// shows on the other side was our own doing, no change of theirs.
pub fn rebase(base: &JournalSide, written: &JournalSide, theirs: &JournalSide) -> JournalSide {
    let mut base = base.clone();
    if written.status == theirs.status {
        base.status = theirs.status;
    }
    if written.note == theirs.note {
        base.note.clone_from(&theirs.note);
    }
    let (written, theirs) = (&written.facts, &theirs.facts);
    if written.starts_at == theirs.starts_at {
        base.facts.starts_at = theirs.starts_at;
        base.facts.start_local = theirs.start_local;
    }
    if written.branch_id == theirs.branch_id {
        base.facts.branch_id = theirs.branch_id;
    }
    if written.staff_id == theirs.staff_id {
        base.facts.staff_id = theirs.staff_id;
    }
    if same_services(written, theirs) {
        base.facts.service_ids.clone_from(&theirs.service_ids);
    }
    if written.duration_min == theirs.duration_min {
        base.facts.duration_min = theirs.duration_min;
    }
    base
}

#[cfg(test)]
mod tests;
