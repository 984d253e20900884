//! Visits that live in an external journal too: what people did there and here, and that both come to
//! one state, by no more changes and writes than people made.

use super::{Booking, Model};
use crate::steps::invariant::{Checked, Invariant, ensure};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use vestnik_domain::appointment::{Appointment, Facts, Status};
use vestnik_domain::ids::{AppointmentId, ClientId, ServiceId, StaffId};

/// What was entered there longer ago is not told as news any more.
const NEWS: SignedDuration = SignedDuration::from_hours(12);

/// What either journal says of a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::steps) struct Said {
    pub(in crate::steps) start: DateTime,
    pub(in crate::steps) staff: Option<StaffId>,
    pub(in crate::steps) services: Vec<ServiceId>,
    pub(in crate::steps) status: Status,
}

impl Said {
    fn here(facts: &Facts, status: Status) -> Said {
        Said {
            start: facts.start_local,
            staff: facts.staff_id,
            services: facts.service_ids.clone(),
            status,
        }
    }

    /// Once both say that it is off, nothing else matters.
    fn agrees(&self, other: &Said) -> bool {
        self == other || (self.status == Status::Cancelled && other.status == Status::Cancelled)
    }
}

/// One record of the journal.
#[derive(Debug, Clone)]
pub(super) struct Record {
    client: ClientId,
    made_at: Timestamp,
    /// As people there left it, oldest first.
    left: Vec<Said>,
    /// How many changes of people there may still be learned here; `None` if nobody can know.
    unlearned: Option<usize>,
    /// What the journal refused, which steps back here.
    refusals: usize,
}

/// What stands of one visit in the end.
#[derive(Debug, Clone)]
pub(in crate::steps) struct Outcome {
    pub(in crate::steps) here: Option<Appointment>,
    pub(in crate::steps) there: Said,
    /// How many of our writes landed there.
    pub(in crate::steps) writes: u32,
    /// It could not be written: people are to see to it.
    pub(in crate::steps) has_failed: bool,
    pub(in crate::steps) is_shown: bool,
}

/// All records, and when their branch was linked.
#[derive(Debug, Clone, Default)]
pub(super) struct Records {
    linked_at: Option<Timestamp>,
    by_id: BTreeMap<String, Record>,
    bookings: BTreeSet<AppointmentId>,
    /// Changes of a visit that came from there.
    learned: BTreeMap<AppointmentId, i64>,
}

impl Model {
    pub(in crate::steps) fn branch_is_linked(&mut self, at: Timestamp) {
        self.records.linked_at = Some(at);
    }

    /// People enter a record there.
    pub(in crate::steps) fn entered_there(
        &mut self,
        id: &str,
        client: ClientId,
        said: Said,
        at: Timestamp,
    ) {
        // The journal dates it to the second.
        let made_at = Timestamp::from_second(at.as_second()).unwrap_or(at);
        let unlearned = Some(0);
        let record = Record { client, made_at, left: vec![said], unlearned, refusals: 0 };
        self.records.by_id.insert(id.to_owned(), record);
    }

    /// People change a record there.
    pub(in crate::steps) fn changed_there(&mut self, id: &str, said: Said) {
        let Some(record) = self.records.by_id.get_mut(id) else { return };
        record.left.push(said);
        record.unlearned = record.unlearned.map(|unlearned| unlearned + 1);
    }

    /// The database forgot what was written there and heard from there.
    pub(super) fn journal_was_forgotten(&mut self) {
        for record in self.records.by_id.values_mut() {
            record.unlearned = None;
            // The tasks that said so are forgotten as well.
            record.refusals = 0;
        }
    }

    /// Was it entered there?
    pub(in crate::steps) fn is_of_journal(&self, id: AppointmentId) -> bool {
        self.records.bookings.contains(&id)
    }

    /// Is the row another than the model knows?
    pub(in crate::steps) fn is_news(&self, row: &Appointment) -> bool {
        self.bookings.get(&row.id).and_then(|known| Some((known, known.last()?))).is_none_or(
            |(known, last)| known.edit_version != row.edit_version || last.facts != row.facts,
        )
    }

    /// Nodes spoke with the journal about a record: what stands here now.
    pub(in crate::steps) fn heard_from_there(
        &mut self,
        id: &str,
        row: &Appointment,
        there: &Said,
        refusals: usize,
        at: Timestamp,
    ) -> Checked {
        let Some(record) = self.records.by_id.get(id).cloned() else { return Ok(()) };
        let here = Said::here(&row.facts, row.status);
        let Some(known) = self.bookings.get(&row.id).cloned() else {
            return self.first_seen(id, &record, row, there, at);
        };
        let rise = row.edit_version - known.edit_version;
        if rise == 0 {
            return self.off_at_its_own_time(&known, row, &here, there, &record);
        }
        self.came_from_there(&known, row, &here, there, &record)?;
        let refused = refusals.saturating_sub(record.refusals);
        let learned = usize::try_from(rise).unwrap_or(0).saturating_sub(refused);
        // The journal knows of writes that an older copy forgot, and brings them back as its own changes.
        let may_be =
            self.was_put_back() || record.unlearned.is_none_or(|unlearned| learned <= unlearned);
        ensure(may_be, Invariant::Journals, || {
            format!(
                "{} changed {rise} times by the journal, where people changed it {:?} times and {refused} changes of ours were refused: {here:?}",
                row.id, record.unlearned
            )
        })?;
        *self.records.learned.entry(row.id).or_default() += rise;
        if let Some(record) = self.records.by_id.get_mut(id) {
            record.unlearned = record.unlearned.map(|unlearned| unlearned.saturating_sub(learned));
            record.refusals = refusals;
        }
        self.journal_row(row, at, false)
    }

    /// A refused move of a visit that is off steps back without a word: brought back it must not be a
    /// wrong time.
    fn off_at_its_own_time(
        &mut self,
        known: &Booking,
        row: &Appointment,
        here: &Said,
        there: &Said,
        record: &Record,
    ) -> Checked {
        let is_off = row.status == Status::Cancelled
            && known.last().is_some_and(|last| last.status == Status::Cancelled);
        ensure(is_off, Invariant::Acknowledged, || {
            format!("{} became {here:?} without a new version", row.id)
        })?;
        let stood = known.last().map(|last| Said::here(&last.facts, last.status));
        if stood.as_ref() != Some(here) {
            self.came_from_there(known, row, here, there, record)?;
        }
        if let Some(last) =
            self.bookings.get_mut(&row.id).and_then(|booking| booking.changes.last_mut())
        {
            last.facts.clone_from(&row.facts);
        }
        Ok(())
    }

    /// Nobody is on the way: where both say the same, only people can make them differ.
    pub(in crate::steps) fn nobody_is_on_the_way(
        &mut self,
        id: &str,
        row: &Appointment,
        there: &Said,
    ) {
        if let Some(record) = self.records.by_id.get_mut(id)
            && Said::here(&row.facts, row.status) == *there
        {
            record.unlearned = Some(0);
        }
    }

    fn first_seen(
        &mut self,
        id: &str,
        record: &Record,
        row: &Appointment,
        there: &Said,
        at: Timestamp,
    ) -> Checked {
        let here = Said::here(&row.facts, row.status);
        let is_so = row.client_id == record.client
            && (record.left.iter().any(|left| left.agrees(&here)) || there.agrees(&here));
        ensure(is_so, Invariant::Journals, || {
            format!(
                "the record {id} of {} became {} of {}: {here:?}, there it was {:?}",
                record.client, row.id, row.client_id, record.left
            )
        })?;
        self.journal_row(row, at, false)?;
        self.records.bookings.insert(row.id);
        if let Some(booking) = self.bookings.get_mut(&row.id) {
            booking.made_at = record.made_at.min(at);
        }
        let stood_before = self.records.linked_at.is_none_or(|at| record.made_at < at);
        if stood_before || at.duration_since(record.made_at) > NEWS {
            // The client knows of it; «created» would be no news.
            self.imported(row.id, true, at);
        }
        Ok(())
    }

    /// The end: what the journal says of a visit is what stands here.
    pub(in crate::steps) fn both_agree(&self, id: &str, outcome: &Outcome) -> Checked {
        let Outcome { here, there, writes, has_failed, is_shown } = outcome;
        let Some(row) = here else {
            // It was off there before anybody here heard of it.
            return ensure(there.status == Status::Cancelled, Invariant::Journals, || {
                format!("the record {id} never came here: {there:?}")
            });
        };
        if *has_failed {
            ensure(*is_shown, Invariant::Journals, || {
                format!("{} could not be written to the journal, and no task says so", row.id)
            })?;
        } else {
            let said = Said::here(&row.facts, row.status);
            ensure(said.agrees(there), Invariant::Journals, || {
                format!(
                    "{} stands as {said:?}, the record {id} in the journal as {there:?}",
                    row.id
                )
            })?;
        }
        if self.was_put_back() {
            return Ok(());
        }
        let learned = self.records.learned.get(&row.id).copied().unwrap_or(0);
        let made_here = row.edit_version - 1 - learned;
        ensure(i64::from(*writes) <= made_here, Invariant::Journals, || {
            format!(
                "{} was changed here {made_here} times, and written to the journal {writes} times",
                row.id
            )
        })
    }

    /// A change by the journal changed something, and to what stood there once.
    fn came_from_there(
        &self,
        known: &Booking,
        row: &Appointment,
        here: &Said,
        there: &Said,
        record: &Record,
    ) -> Checked {
        let Some(last) = known.last() else { return Ok(()) };
        let before = Said::here(&last.facts, last.status);
        ensure(before != *here, Invariant::Undone, || {
            format!("{} was changed by the journal and is what it was: {here:?}", row.id)
        })?;
        // An older copy steps back to what it had written there before.
        let written = known.changes.iter().filter(|_| self.was_put_back());
        let written: Vec<Said> =
            written.map(|change| Said::here(&change.facts, change.status)).collect();
        let sources = || record.left.iter().chain([there, &before]).chain(&written);
        let is_known = sources().any(|said| said.start == here.start)
            && sources().any(|said| said.staff == here.staff)
            && sources().any(|said| said.services == here.services)
            && sources().any(|said| said.status == here.status);
        ensure(is_known, Invariant::Journals, || {
            format!("{} became {here:?} by the journal, where it never stood so", row.id)
        })
    }
}
