//! What all rules share while one client is planned: the moment, the rows that exist, the outcome.

use super::message::{MessageClass, Plan, PlannedMessage, Subject, Variant};
use super::quiet_hours::{Admitted, QuietHours, Waiting};
use super::settle::Settling;
use super::silence::{Silence, SilenceReason};
use super::snapshot::{ExistingMessage, ExistingState, Snapshot};
use super::visit::Visit;
use super::why::Why;
use crate::ids::AppointmentId;
use crate::kind::NotificationKind;
use crate::settings::Lead;
use jiff::Timestamp;

#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub snapshot: &'a Snapshot<'a>,
    pub now: Timestamp,
    /// Earlier moments without a row were missed.
    pub missed_before: Timestamp,
}

/// A message on its way into the plan.
pub(super) struct Draft {
    pub subject: Subject,
    pub kind: NotificationKind,
    pub variant: Variant,
    pub occasion: String,
    /// When it should have gone at first: what must not have been missed.
    pub moment: Timestamp,
    /// When it goes; later than `moment` if its window closed while it waited.
    pub due_at: Timestamp,
    /// Does a row of another key wait to say the same? It was not missed then.
    pub waited: bool,
    pub send_before: Timestamp,
    pub covers: Vec<AppointmentId>,
    pub why: Vec<Why>,
}

/// What is told of a visit in this plan, apart from reminders.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Notice {
    pub kind: NotificationKind,
    pub due_at: Timestamp,
}

/// When settled changes are told.
#[derive(Clone, Copy)]
pub(super) struct Settled {
    /// Without quiet hours.
    pub raw: Timestamp,
    pub moment: Timestamp,
    pub due_at: Timestamp,
}

/// A burst of changes with the starts that it speaks of.
#[derive(Clone)]
pub(super) struct Changes {
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    /// The told and the new ones.
    pub starts: Vec<Timestamp>,
    /// «Created» and «cancelled» go at once when the visit is near.
    pub at_once_when_near: bool,
}

impl Changes {
    /// The visit that they are to be told before, looked at from `at`.
    fn start_after(&self, at: Timestamp) -> Option<Timestamp> {
        self.starts.iter().copied().filter(|start| *start > at).min()
    }
}

impl<'a> Context<'a> {
    pub(super) fn silence(
        &self,
        plan: &mut Plan,
        visit: &Visit<'_>,
        kind: NotificationKind,
        reason: SilenceReason,
    ) {
        self.silence_lead(plan, visit, kind, None, reason);
    }

    pub(super) fn silence_lead(
        &self,
        plan: &mut Plan,
        visit: &Visit<'_>,
        kind: NotificationKind,
        lead: Option<Lead>,
        reason: SilenceReason,
    ) {
        plan.silences.push(Silence {
            visit_id: visit.id,
            appointment_id: visit.first.id,
            kind,
            lead,
            reason,
        });
    }

    /// The row of this key that was submitted, or else the one that waits.
    pub(super) fn row(
        &self,
        subject: Subject,
        kind: NotificationKind,
        occasion: &str,
    ) -> Option<&'a ExistingMessage> {
        self.snapshot.existing.iter().find(|message| {
            message.has_key(subject, kind, occasion)
                && matches!(message.state, ExistingState::Planned | ExistingState::Submitted { .. })
        })
    }

    /// The occasion of news of a visit: `counted` over its appointments, but always after what was
    /// sent. Appointments that are long past are no longer counted, and a number must not come back.
    pub(super) fn occasion(
        &self,
        visit: &Visit<'_>,
        kind: NotificationKind,
        word: &str,
        counted: u32,
    ) -> String {
        let of_kind = self
            .snapshot
            .existing
            .iter()
            .filter(|row| row.kind == kind && row.subject == visit.subject());
        let numbered = || {
            of_kind.clone().filter_map(|row| {
                let number = row.occasion.strip_prefix(word)?.strip_prefix('-')?;
                Some((number.parse::<u32>().ok()?, row.state))
            })
        };
        let sent = numbered().filter(|(_, state)| matches!(state, ExistingState::Submitted { .. }));
        let free = sent.map(|(number, _)| number + 1).max().unwrap_or(0);
        let waits = numbered()
            .find(|(number, state)| *number >= free && matches!(state, ExistingState::Planned));
        let number = waits.map_or(counted.max(free), |(number, _)| number);
        format!("{word}-{number}")
    }

    pub(super) fn quiet_hours<'v>(&self, visit: &Visit<'v>) -> QuietHours<'v> {
        QuietHours { window: self.snapshot.settings.service_window, zone: visit.branch.zone }
    }

    /// N4 and N12 together. The 10 minutes count from the quiet-hours edge where the first change
    /// waits for one.
    pub(super) fn settled(&self, visit: &Visit<'_>, changes: &Changes) -> Settled {
        let visit_start = changes.start_after(changes.last_at);
        let start = visit_start.unwrap_or(Timestamp::MAX);
        let settling = Settling {
            first_at: self.next_edge(visit, changes.first_at, start),
            last_at: changes.last_at,
            settle_s: self.snapshot.settings.settle_s,
            visit_start,
        };
        let raw =
            if changes.at_once_when_near { settling.due_or_at_once() } else { settling.due() };
        let moment = self.next_edge(visit, raw, start);
        // What it was urgent for may be past by now.
        let start = changes.start_after(self.now).unwrap_or(Timestamp::MAX);
        Settled { raw, moment, due_at: self.overdue(visit, moment, start) }
    }

    /// When a message that waits for the next edge may go.
    pub(super) fn next_edge(
        &self,
        visit: &Visit<'_>,
        at: Timestamp,
        start: Timestamp,
    ) -> Timestamp {
        match self.quiet_hours(visit).admit(Waiting::NextEdge, at, start, at) {
            Admitted::At { at, .. } => at,
            Admitted::Dropped { next_edge } => next_edge,
        }
    }

    /// The same when it has not left by now.
    pub(super) fn overdue(&self, visit: &Visit<'_>, at: Timestamp, start: Timestamp) -> Timestamp {
        match self.quiet_hours(visit).admit_overdue(Waiting::NextEdge, at, start, self.now) {
            Admitted::At { at, .. } => at,
            Admitted::Dropped { next_edge } => next_edge,
        }
    }

    /// The steps from the last change to the due time, in words.
    pub(super) fn why_settled(
        &self,
        visit: &Visit<'_>,
        last_at: Timestamp,
        settled: Settled,
    ) -> Vec<Why> {
        let settle_s = self.snapshot.settings.settle_s;
        let mut why = vec![Why::Settled { last_change: visit.local(last_at), settle_s }];
        why.extend(why_moved(visit, settled.raw, settled.due_at));
        why
    }

    /// Puts the message into the plan, or the reason why it cannot go.
    pub(super) fn propose(
        &self,
        plan: &mut Plan,
        visit: &Visit<'_>,
        draft: Draft,
    ) -> Option<Notice> {
        let lead = match draft.variant {
            Variant::Lead(lead) if draft.kind == NotificationKind::Reminder => Some(lead),
            _ => None,
        };
        let row = self.row(draft.subject, draft.kind, &draft.occasion);
        let mut due_at = draft.due_at;
        let refused = match row.map(|row| (row.state, row.due_at)) {
            Some((ExistingState::Submitted { at }, _)) => {
                Some(SilenceReason::AlreadySent { at: visit.local(at) })
            }
            // What is overdue stays so; when exactly it was due no longer matters.
            Some((_, row_due_at)) => {
                if row_due_at <= self.now && due_at <= self.now {
                    due_at = row_due_at;
                }
                None
            }
            None if draft.moment < self.missed_before && !draft.waited => {
                Some(SilenceReason::MomentPassed { due: visit.local(draft.moment) })
            }
            None => None,
        };
        let expired = self.now >= draft.send_before || due_at >= draft.send_before;
        let past =
            expired.then(|| SilenceReason::PastVisit { start: visit.local(draft.send_before) });
        let Some(recipient) = visit.recipient else {
            self.silence_lead(plan, visit, draft.kind, lead, SilenceReason::NoPhone);
            return None;
        };
        if let Some(reason) = refused.or(past) {
            self.silence_lead(plan, visit, draft.kind, lead, reason);
            return None;
        }
        plan.messages.push(PlannedMessage {
            subject: draft.subject,
            kind: draft.kind,
            variant: draft.variant,
            occasion: draft.occasion,
            due_at,
            send_before: draft.send_before,
            recipient: recipient.clone(),
            covers: draft.covers,
            class: MessageClass::of(draft.kind),
            why: draft.why,
        });
        Some(Notice { kind: draft.kind, due_at })
    }
}

/// The step of quiet hours, if they moved it.
pub(super) fn why_moved(visit: &Visit<'_>, from: Timestamp, to: Timestamp) -> Option<Why> {
    (from != to).then(|| Why::QuietHours { from: visit.local(from), to: visit.local(to) })
}
