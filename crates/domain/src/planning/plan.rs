//! The one function that decides: for sending, explaining and forecasting alike.

use super::cancelled;
use super::changed;
use super::confirmation;
use super::context::{Context, Notice};
use super::created;
use super::merging;
use super::message::Plan;
use super::reminders;
use super::silence::{Silence, SilenceReason};
use super::snapshot::Snapshot;
use super::visit::Visit;
use crate::appointment::{Appointment, Source, Status};
use crate::kind::NotificationKind;
use jiff::Timestamp;

/// Every message that should exist for the client at `now` and has not been sent and, for every
/// notification that should not exist, the reason.
///
/// What fell due before `now` and waits in `snapshot.existing` stays planned, so a message may be
/// planned anew right before it goes; what fell due without a row was missed and stays unsent.
pub fn plan(snapshot: &Snapshot<'_>, now: Timestamp) -> Plan {
    let mut plan = Plan { planned_at: now, ..Plan::default() };
    let mut appointments: Vec<&Appointment> = snapshot.appointments.iter().collect();
    let Some(on_since) = snapshot.settings.on_since else {
        for appointment in appointments {
            bar(&mut plan, appointment, SilenceReason::BlockOff);
        }
        return plan;
    };
    appointments.sort_by_key(|one| (one.visit_id, one.facts.starts_at, one.id));
    let context =
        Context { snapshot, now, missed_before: snapshot.missed_before.unwrap_or(now).min(now) };
    let mut days: Vec<(Visit<'_>, Option<Notice>)> = Vec::new();
    for members in appointments.chunk_by(|one, other| one.visit_id == other.visit_id) {
        match Visit::of(members, snapshot, on_since, now) {
            Ok(visit) => {
                for (appointment, reason) in &visit.barred {
                    bar(&mut plan, appointment, *reason);
                }
                let notice = plan_notice(&context, &mut plan, &visit);
                days.extend(visit.into_days(snapshot).into_iter().map(|day| (day, notice)));
            }
            Err(barred) => {
                for (appointment, reason) in barred {
                    bar(&mut plan, appointment, reason);
                }
            }
        }
    }
    days.sort_by_key(|(day, _)| (day.start(), day.id));
    for (day, _) in &days {
        confirmation::plan_request(&context, &mut plan, day);
        confirmation::plan_notice(&context, &mut plan, day);
    }
    let reminders: Vec<_> =
        days.iter().map(|(day, notice)| reminders::of_visit(&context, day, *notice)).collect();
    merging::plan(&context, &mut plan, &reminders);
    plan
}

/// What is told of the visit's booking, change or cancellation: at most one of them.
fn plan_notice(context: &Context<'_>, plan: &mut Plan, visit: &Visit<'_>) -> Option<Notice> {
    if let Some(notice) = created::plan(context, plan, visit) {
        return Some(notice);
    }
    let differences = changed::differences(context, visit);
    changed::explain_untold_cancellations(plan, visit, &differences);
    if changed::nothing_left(visit) {
        cancelled::plan(context, plan, visit, &differences)
    } else {
        changed::plan(context, plan, visit, &differences)
    }
}

/// The appointment has no notification of any kind.
fn bar(plan: &mut Plan, appointment: &Appointment, reason: SilenceReason) {
    let told_as = match appointment.status {
        Status::Cancelled => NotificationKind::Cancelled,
        _ => NotificationKind::Changed,
    };
    let announced_as = match appointment.source {
        Source::Client => NotificationKind::Confirmation,
        _ => NotificationKind::Created,
    };
    for kind in [
        announced_as,
        told_as,
        NotificationKind::Reminder,
        NotificationKind::ConfirmationRequest,
        NotificationKind::ConfirmationNotice,
    ] {
        plan.silences.push(Silence {
            visit_id: appointment.visit_id,
            appointment_id: appointment.id,
            kind,
            lead: None,
            reason,
        });
    }
}
