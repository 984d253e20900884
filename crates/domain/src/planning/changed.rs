//! N4: what the client was told is no longer so.
//!
//! What counts is the difference between the facts told and the current ones, over all appointments
//! of the visit; bursts only say when it is told, and whether at all.

use super::context::{Changes, Context, Draft, Notice};
use super::created::told_otherwise;
use super::gate;
use super::message::{ChangedVariant, Plan, Variant};
use super::silence::{Silence, SilenceReason};
use super::state::{Announcement, Known, same_services, tells_same};
use super::visit::{Visit, is_ahead};
use crate::appointment::{Appointment, Facts, Status};
use crate::kind::NotificationKind;
use jiff::{SignedDuration, Timestamp};

/// One appointment of which the client knows something else than what is so.
pub(super) struct Difference<'a> {
    pub appointment: &'a Appointment,
    pub change: Change<'a>,
}

pub(super) enum Change<'a> {
    /// Booked into a visit that the client knows of.
    Added,
    /// Cancelled; what the client knows of it.
    Removed(&'a Facts),
    /// Edited; what the client knows of it.
    Edited(&'a Facts),
}

impl Difference<'_> {
    /// The start that bounds the message: the current one, of a cancelled appointment the told one.
    pub(super) fn speaks_until(&self) -> Timestamp {
        match self.change {
            Change::Removed(known) => known.starts_at,
            Change::Added | Change::Edited(_) => self.appointment.facts.starts_at,
        }
    }

    /// (first, last) change that waits to be told; `None` if staff said «не сообщать», or it failed.
    fn waiting(&self) -> Option<(Timestamp, Timestamp)> {
        let state = &self.appointment.notification;
        let burst = state.burst.as_ref().map(|burst| (burst.first_at, burst.last_at));
        match self.change {
            Change::Added => {
                let booked_at = state.booked_at(self.appointment.created_at);
                Some((booked_at, burst.map_or(booked_at, |(_, last_at)| last_at.max(booked_at))))
            }
            Change::Removed(_) | Change::Edited(_) => burst,
        }
    }

    /// The told and the new start.
    fn starts(&self) -> [Timestamp; 2] {
        let current = self.appointment.facts.starts_at;
        match self.change {
            Change::Added => [current, current],
            Change::Removed(known) | Change::Edited(known) => [known.starts_at, current],
        }
    }
}

/// Plans «changed» for a visit whose announcement does not wait.
pub(super) fn plan(
    context: &Context<'_>,
    plan: &mut Plan,
    visit: &Visit<'_>,
    differences: &[Difference<'_>],
) -> Option<Notice> {
    let kind = NotificationKind::Changed;
    let open = visit.waits(context.snapshot.existing, kind).is_some();
    if differences.is_empty() {
        if open {
            let reason = told_otherwise(visit, kind).unwrap_or(SilenceReason::EditUndone);
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
    let Some(changes) = changes(&ahead, false) else {
        context.silence(plan, visit, kind, why_not_waiting(visit, &ahead));
        return None;
    };
    if let Err(reason) = gate::lets_through(context.snapshot, visit, kind) {
        context.silence(plan, visit, kind, reason);
        return None;
    }
    let settled = context.settled(visit, &changes);
    let removed = ahead.iter().filter(|one| matches!(one.change, Change::Removed(_)));
    let mut covered: Vec<&Appointment> =
        visit.upcoming().chain(removed.map(|one| one.appointment)).collect();
    covered.sort_by_key(|one| (one.facts.starts_at, one.id));
    let draft = Draft {
        subject: visit.subject(),
        kind,
        variant: Variant::Changed(variant(&ahead)),
        occasion: context.occasion(visit, kind, "burst", visit.bursts_told),
        moment: settled.moment,
        due_at: settled.due_at,
        waited: visit.a_notice_waits(context.snapshot.existing),
        send_before,
        covers: covered.iter().map(|one| one.id).collect(),
        why: context.why_settled(visit, changes.last_at, settled),
    };
    context.propose(plan, visit, draft)
}

/// An appointment that was cancelled before the client knew of it is never spoken of.
pub(super) fn explain_untold_cancellations(
    plan: &mut Plan,
    visit: &Visit<'_>,
    differences: &[Difference<'_>],
) {
    let told = |one: &Appointment| {
        one.notification.told.is_some()
            || differences.iter().any(|other| other.appointment.id == one.id)
    };
    let untold = visit.eligible.iter().filter(|one| one.status == Status::Cancelled && !told(one));
    plan.silences.extend(untold.map(|one| Silence {
        visit_id: visit.id,
        appointment_id: one.id,
        kind: NotificationKind::Cancelled,
        lead: None,
        reason: SilenceReason::CancelledBeforeTold,
    }));
}

/// Every difference between what the client knows and what is so. The client's presence and a
/// no-show are no difference.
pub(super) fn differences<'a>(context: &Context<'_>, visit: &Visit<'a>) -> Vec<Difference<'a>> {
    let known_since = visit_known_since(visit);
    let settle = SignedDuration::from_secs(context.snapshot.settings.settle_s);
    let changed = |appointment: &'a Appointment| {
        let state = &appointment.notification;
        let known = state.known(&appointment.facts);
        let booked_at = state.booked_at(appointment.created_at);
        if appointment.status == Status::Cancelled {
            let Known::Facts(facts) = known else { return None };
            // Booked and cancelled within the settle time: nothing, also where «created» is off. When an
            // imported visit was booked nobody knows; the client has long known of it.
            let at_once = state.told.is_none()
                && state.announcement != Announcement::Imported
                && state.cancellation.is_some_and(|cancellation| {
                    cancellation.at <= booked_at.checked_add(settle).unwrap_or(Timestamp::MAX)
                });
            return (!at_once).then_some(Change::Removed(facts));
        }
        if !is_ahead(appointment) {
            return None;
        }
        let known = match known {
            Known::Facts(facts) => facts,
            Known::Nothing | Known::Gone if known_since.is_some_and(|at| booked_at >= at) => {
                return Some(Change::Added);
            }
            Known::Nothing | Known::Gone => state.as_booked(&appointment.facts),
        };
        (!tells_same(known, &appointment.facts)).then_some(Change::Edited(known))
    };
    visit
        .eligible
        .iter()
        .filter_map(|&appointment| {
            changed(appointment).map(|change| Difference { appointment, change })
        })
        .collect()
}

/// Is nothing of the visit left to come to, so that its cancellation is to be told?
pub(super) fn nothing_left(visit: &Visit<'_>) -> bool {
    visit.upcoming().next().is_none()
        && visit.eligible.iter().any(|one| one.status == Status::Cancelled)
}

/// The burst over all that waits; `None` if nothing does.
pub(super) fn changes(ahead: &[&Difference<'_>], at_once_when_near: bool) -> Option<Changes> {
    let waiting = || ahead.iter().filter_map(|one| one.waiting());
    let first_at = waiting().map(|(first_at, _)| first_at).min()?;
    let last_at = waiting().map(|(_, last_at)| last_at).max()?;
    let starts = ahead.iter().flat_map(|one| one.starts()).collect();
    Some(Changes { first_at, last_at, starts, at_once_when_near })
}

/// Why a difference is not told.
pub(super) fn why_not_waiting(visit: &Visit<'_>, ahead: &[&Difference<'_>]) -> SilenceReason {
    let states = || ahead.iter().map(|one| &one.appointment.notification);
    let failed_at = states().filter_map(|state| state.failed_at).max();
    let silent_at = states().filter_map(|state| state.silent_at).max();
    match (failed_at, silent_at) {
        (Some(at), _) => SilenceReason::DeliveryFailed { at: visit.local(at) },
        (None, Some(at)) => SilenceReason::SilentByStaff { at: visit.local(at) },
        (None, None) if visit_known_since(visit).is_some() => SilenceReason::LetIn,
        (None, None) => SilenceReason::EditUndone,
    }
}

/// Since when the client counts as knowing of the visit: bookings that are still unannounced are
/// news if they were made since then; older ones missed their announcement together with the one
/// that is known although nothing told it. `None`: the client knows nothing of the visit.
pub(super) fn visit_known_since(visit: &Visit<'_>) -> Option<Timestamp> {
    let known = visit
        .eligible
        .iter()
        .filter(|one| matches!(one.notification.known(&one.facts), Known::Facts(_)));
    let since = known.map(|one| {
        match (one.notification.announcement, one.notification.announcement_closed_at) {
            (Announcement::Missed, Some(at)) => at,
            _ => Timestamp::MIN,
        }
    });
    since.max()
}

fn variant(ahead: &[&Difference<'_>]) -> ChangedVariant {
    let (mut moved, mut staff, mut services, mut other) = (false, false, false, false);
    for difference in ahead {
        match difference.change {
            Change::Edited(known) => {
                let current = &difference.appointment.facts;
                moved |= known.start_local != current.start_local;
                staff |= known.staff_id != current.staff_id;
                services |= !same_services(known, current);
                other |= known.branch_id != current.branch_id;
            }
            Change::Added | Change::Removed(_) => other = true,
        }
    }
    match (moved, staff, services, other) {
        (true, false, false, false) => ChangedVariant::Moved,
        (false, true, false, false) => ChangedVariant::StaffChanged,
        (false, false, true, false) => ChangedVariant::ServicesChanged,
        _ => ChangedVariant::Several,
    }
}
