//! N7: the request to confirm, while the status is waiting, and the notice after it was confirmed.

use super::context::{Context, Draft, why_moved};
use super::gate;
use super::message::{Plan, Variant};
use super::reminders::{LeadMoment, lead_moment, why_not_ahead};
use super::silence::SilenceReason;
use super::visit::Visit;
use super::why::Why;
use crate::appointment::{Appointment, Status};
use crate::kind::NotificationKind;

/// Plans the request: one lead before the visit, moved with it, skipped inside its lead.
pub(super) fn plan_request(context: &Context<'_>, plan: &mut Plan, visit: &Visit<'_>) {
    let kind = NotificationKind::ConfirmationRequest;
    if let Err(reason) = may_ask(context, visit) {
        context.silence(plan, visit, kind, reason);
        return;
    }
    let lead = context.snapshot.settings.confirmation_request_lead;
    let start = visit.start();
    let occasion = format!("{}@{start}", lead.key());
    let waiting_row_due = context
        .row(visit.subject(), kind, &occasion)
        .filter(|row| row.is_open())
        .map(|row| row.due_at);
    let start_set = visit.first.notification.start_set(visit.first.created_at);
    let moment = match lead_moment(context, visit, lead, waiting_row_due) {
        LeadMoment::InsideLead { .. } => {
            let reason = SilenceReason::InsideLead {
                lead,
                before_visit_min: minutes_between(start_set.at, start),
                moved: visit.first.notification.start_set.is_some(),
            };
            context.silence(plan, visit, kind, reason);
            return;
        }
        LeadMoment::Dropped(reason) => {
            context.silence(plan, visit, kind, reason);
            return;
        }
        LeadMoment::At(moment) => moment,
    };
    let mut why = vec![Why::BeforeVisit { lead, start: visit.first.facts.start_local }];
    why.extend(why_moved(visit, moment.raw, moment.due_at));
    let waiting = visit.upcoming().filter(|one| one.status == Status::Waiting);
    let draft = Draft {
        subject: visit.subject(),
        kind,
        variant: Variant::Plain,
        occasion,
        moment: moment.moment,
        due_at: moment.due_at,
        waited: false,
        send_before: start,
        covers: waiting.map(|one| one.id).collect(),
        why,
    };
    context.propose(plan, visit, draft);
}

fn may_ask(context: &Context<'_>, visit: &Visit<'_>) -> Result<(), SilenceReason> {
    why_not_ahead(context, visit).map_or(Ok(()), Err)?;
    gate::lets_through(context.snapshot, visit, NotificationKind::ConfirmationRequest)?;
    if visit.first.notification.without_reminders {
        return Err(SilenceReason::ImportedReminders);
    }
    if !visit.upcoming().any(|one| one.status == Status::Waiting) {
        return Err(SilenceReason::NotWaiting);
    }
    Ok(())
}

/// Plans the notice: at once after the whole visit was confirmed, once per start.
pub(super) fn plan_notice(context: &Context<'_>, plan: &mut Plan, visit: &Visit<'_>) {
    let kind = NotificationKind::ConfirmationNotice;
    let confirmed_at = visit
        .upcoming()
        .map(|one| one.notification.confirmed_at.filter(|_| one.status == Status::Confirmed))
        .collect::<Option<Vec<_>>>()
        .and_then(|confirmed| confirmed.into_iter().max());
    let barred = why_not_ahead(context, visit)
        .or_else(|| gate::lets_through(context.snapshot, visit, kind).err());
    let (Some(confirmed_at), None) = (confirmed_at, barred) else {
        context.silence(plan, visit, kind, barred.unwrap_or(SilenceReason::NotConfirmed));
        return;
    };
    let start = visit.start();
    let moment = context.next_edge(visit, confirmed_at, start);
    let due_at = context.overdue(visit, moment, start);
    let mut why = vec![Why::Confirmed];
    why.extend(why_moved(visit, confirmed_at, due_at));
    let draft = Draft {
        subject: visit.subject(),
        kind,
        variant: Variant::Plain,
        occasion: notice_occasion(context, visit),
        moment,
        due_at,
        waited: false,
        send_before: start,
        covers: visit.upcoming().map(|one: &Appointment| one.id).collect(),
        why,
    };
    context.propose(plan, visit, draft);
}

/// Once for each start and booking. The bookings are counted over the appointments of the last days: the
/// count may fall when one is long past, and then what was sent for this start still stands for it.
fn notice_occasion(context: &Context<'_>, visit: &Visit<'_>) -> String {
    let start = visit.start();
    let rows = context.snapshot.existing.iter().filter(|row| {
        row.kind == NotificationKind::ConfirmationNotice && row.subject == visit.subject()
    });
    let counted = rows.filter_map(|row| {
        let number = row.occasion.strip_prefix("cycle-")?.strip_suffix(&format!("@{start}"))?;
        number.parse::<u32>().ok()
    });
    let cycle = counted.max().unwrap_or(0).max(visit.booking_cycle);
    format!("cycle-{cycle}@{start}")
}

fn minutes_between(from: jiff::Timestamp, to: jiff::Timestamp) -> i64 {
    to.duration_since(from).as_mins().max(0)
}
