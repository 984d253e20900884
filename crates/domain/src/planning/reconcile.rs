//! N16: the rows that exist against the plan. Nothing is revived, nothing submitted is touched.

use super::message::{Plan, PlannedMessage, Subject, Variant};
use super::silence::SilenceReason;
use super::snapshot::ExistingMessage;
use crate::ids::MessageId;

/// What is to be written so that the rows are the plan.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changes<'p> {
    pub insert: Vec<&'p PlannedMessage>,
    /// The same key, planned otherwise.
    pub moved: Vec<Move<'p>>,
    pub ended: Vec<End>,
    /// Rows that are as planned.
    pub kept: Vec<MessageId>,
}

/// A row takes over everything of `to` but its key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Move<'p> {
    pub id: MessageId,
    pub to: &'p PlannedMessage,
}

/// A row that will not be sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct End {
    pub id: MessageId,
    pub ended_as: EndedAs,
    pub reason: SilenceReason,
}

/// How people see it: «Отменено» or «Не отправлено».
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedAs {
    /// There is nothing left to tell.
    Cancelled,
    /// There was, but a rule, a switch or the time stopped it.
    Skipped,
}

impl Changes<'_> {
    /// Are the rows the plan already?
    pub fn is_empty(&self) -> bool {
        self.insert.is_empty() && self.moved.is_empty() && self.ended.is_empty()
    }
}

/// Compares the rows of the planned client with the plan made from a snapshot that held them.
pub fn reconcile<'p>(existing: &[ExistingMessage], plan: &'p Plan) -> Changes<'p> {
    let mut changes = Changes::default();
    let mut found = vec![false; plan.messages.len()];
    for row in existing.iter().filter(|row| row.is_open()) {
        let planned = plan
            .messages
            .iter()
            .position(|planned| row.has_key(planned.subject, planned.kind, &planned.occasion));
        let Some((position, to)) =
            planned.and_then(|position| Some((position, plan.messages.get(position)?)))
        else {
            changes.ended.push(end(row, plan));
            continue;
        };
        if let Some(mark) = found.get_mut(position) {
            *mark = true;
        }
        if is_as_planned(row, to) {
            changes.kept.push(row.id);
        } else {
            changes.moved.push(Move { id: row.id, to });
        }
    }
    let missing = plan.messages.iter().zip(found).filter(|(_, found)| !found);
    changes.insert = missing.map(|(planned, _)| planned).collect();
    changes
}

fn is_as_planned(row: &ExistingMessage, planned: &PlannedMessage) -> bool {
    row.due_at == planned.due_at
        && row.send_before == planned.send_before
        && row.variant == planned.variant
        && row.recipient == planned.recipient
        && row.covers == planned.covers
}

fn end(row: &ExistingMessage, plan: &Plan) -> End {
    if plan.planned_at >= row.send_before {
        return End { id: row.id, ended_as: EndedAs::Skipped, reason: SilenceReason::Expired };
    }
    let reason = reason_of(row, plan).unwrap_or(SilenceReason::Replaced);
    End { id: row.id, ended_as: ended_as(reason), reason }
}

/// The silence that speaks of the row, the more exact one first.
fn reason_of(row: &ExistingMessage, plan: &Plan) -> Option<SilenceReason> {
    let lead = match row.variant {
        Variant::Lead(lead) => Some(lead),
        Variant::Plain | Variant::Changed(_) => None,
    };
    let about_row = |silence: &&super::silence::Silence| {
        silence.kind == row.kind
            && (silence.lead.is_none() || silence.lead == lead)
            && match row.subject {
                Subject::Visit(visit_id) => silence.visit_id == visit_id,
                Subject::ClientDay(..) => row.covers.contains(&silence.appointment_id),
            }
    };
    let mut silences = plan.silences.iter().filter(about_row);
    let replaced = plan.messages.iter().any(|planned| {
        planned.kind == row.kind
            && planned.variant == row.variant
            && planned.covers.iter().any(|id| row.covers.contains(id))
    });
    // A visit that left a merged message, or joined one, is planned under another key.
    if replaced && matches!(row.subject, Subject::ClientDay(..)) {
        return Some(SilenceReason::Replaced);
    }
    silences.next().map(|silence| silence.reason)
}

fn ended_as(reason: SilenceReason) -> EndedAs {
    match reason {
        SilenceReason::BranchUnknown
        | SilenceReason::ClientOff
        | SilenceReason::ClientKindOff
        | SilenceReason::Stopped
        | SilenceReason::NoPhone
        | SilenceReason::PastVisit { .. }
        | SilenceReason::MomentPassed { .. }
        | SilenceReason::QuietHours { .. }
        | SilenceReason::Expired => EndedAs::Skipped,
        _ => EndedAs::Cancelled,
    }
}
