//! N6: nothing of the visit is left. It names the time that the client was told.

use super::changed::{Difference, changes, why_not_waiting};
use super::context::{Context, Draft, Notice};
use super::gate;
use super::message::{Plan, Variant};
use super::silence::SilenceReason;
use super::state::ToldBy;
use super::visit::Visit;
use crate::appointment::Status;
use crate::kind::NotificationKind;

/// Plans «cancelled» for a visit of which nothing is left; `differences` are the cancellations that
/// the client does not know of.
pub(super) fn plan(
    context: &Context<'_>,
    plan: &mut Plan,
    visit: &Visit<'_>,
    differences: &[Difference<'_>],
) -> Option<Notice> {
    let kind = NotificationKind::Cancelled;
    if visit.waits(context.snapshot.existing, NotificationKind::Changed).is_some() {
        context.silence(plan, visit, NotificationKind::Changed, SilenceReason::VisitCancelled);
    }
    if differences.is_empty() {
        if let Some(reason) = why_not(visit) {
            context.silence(plan, visit, kind, reason);
        }
        return None;
    }
    let ahead: Vec<&Difference<'_>> =
        differences.iter().filter(|one| one.speaks_until() > context.now).collect();
    let Some(send_before) = ahead.iter().map(|one| one.speaks_until()).min() else {
        let start = visit.local(visit.start());
        context.silence(plan, visit, kind, SilenceReason::PastVisit { start });
        return None;
    };
    // Of several branches that of the first appointment counts of which the message speaks.
    let spoken_of = ahead.iter().map(|one| one.appointment);
    let first = spoken_of.min_by_key(|one| (one.facts.starts_at, one.id)).unwrap_or(visit.first);
    let visit = &visit.beginning_with(first, context.snapshot);
    let Some(changes) = changes(&ahead, true) else {
        context.silence(plan, visit, kind, why_not_waiting(visit, &ahead));
        return None;
    };
    if let Err(reason) = gate::lets_through(context.snapshot, visit, kind) {
        context.silence(plan, visit, kind, reason);
        return None;
    }
    let settled = context.settled(visit, &changes);
    let draft = Draft {
        subject: visit.subject(),
        kind,
        variant: Variant::Plain,
        occasion: context.occasion(visit, kind, "cycle", visit.booking_cycle),
        moment: settled.moment,
        due_at: settled.due_at,
        waited: visit.a_notice_waits(context.snapshot.existing),
        send_before,
        covers: ahead.iter().map(|one| one.appointment.id).collect(),
        why: context.why_settled(visit, changes.last_at, settled),
    };
    context.propose(plan, visit, draft)
}

/// Why the client need not be told, where the client knows of the cancellation.
fn why_not(visit: &Visit<'_>) -> Option<SilenceReason> {
    let mut cancelled = visit.eligible.iter().filter(|one| one.status == Status::Cancelled);
    cancelled.find_map(|one| {
        let told = one.notification.told.as_ref().filter(|told| told.facts.is_none())?;
        Some(match told.by {
            ToldBy::Client => SilenceReason::ClientDidIt,
            by => SilenceReason::Told { by, at: visit.local(told.at) },
        })
    })
}
