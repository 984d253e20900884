//! What surely failed may be tried once more: only while the rules of now still let it through, since
//! between two tries lie minutes to hours in which visits, switches and the hour change.

use super::gate;
use super::quiet_hours::{Admitted, QuietHours, Waiting};
use super::snapshot::{ExistingMessage, Snapshot};
use super::state::Known;
use super::visit::{Visit, is_ahead};
use crate::appointment::{Appointment, Status};
use crate::kind::NotificationKind;
use jiff::Timestamp;

/// May a message whose try surely failed go once more?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    Now,
    /// Its window is closed; this is the next edge.
    NotBefore(Timestamp),
    Never,
}

/// Decides it at `now`. Whether what it told still stands is not asked here.
pub fn again(snapshot: &Snapshot<'_>, message: &ExistingMessage, now: Timestamp) -> Again {
    let Some(on_since) = snapshot.settings.on_since else { return Again::Never };
    let mut covered: Vec<&Appointment> =
        snapshot.appointments.iter().filter(|one| message.covers.contains(&one.id)).collect();
    // What is long past is not in the snapshot: since the first try it was moved there.
    let all_known = covered.len() == message.covers.len() && !covered.is_empty();
    if !all_known || !covered.iter().all(|one| is_spoken_of(one, message.kind)) {
        return Again::Never;
    }
    covered.sort_by_key(|one| (one.visit_id, one.facts.starts_at, one.id));
    let mut visits = Vec::new();
    for members in covered.chunk_by(|one, other| one.visit_id == other.visit_id) {
        let Ok(visit) = Visit::of(members, snapshot, on_since, now) else { return Again::Never };
        let same_number = visit.recipient == Some(&message.recipient);
        if !same_number || gate::lets_through(snapshot, &visit, message.kind).is_err() {
            return Again::Never;
        }
        visits.push(visit);
    }
    match visits.iter().min_by_key(|visit| visit.start()) {
        Some(first) => {
            let start = nearest_start(first, &covered, message, now);
            by_quiet_hours(snapshot, first, start, message, now)
        }
        None => Again::Never,
    }
}

/// Nobody is reminded, or told of a change, who has come or did not come.
fn is_spoken_of(appointment: &Appointment, kind: NotificationKind) -> bool {
    let is_off = appointment.status == Status::Cancelled;
    match kind {
        NotificationKind::Cancelled => is_off,
        NotificationKind::Changed => is_off || is_ahead(appointment),
        _ => is_ahead(appointment),
    }
}

/// What it is urgent for: of news also the time that the client knew before its first try.
fn nearest_start(
    visit: &Visit<'_>,
    covered: &[&Appointment],
    message: &ExistingMessage,
    now: Timestamp,
) -> Timestamp {
    if !matches!(message.kind, NotificationKind::Changed | NotificationKind::Cancelled) {
        return visit.start();
    }
    let starts = covered.iter().flat_map(|one| {
        let before = one.notification.delivery_failed(message.id, now);
        let known = match before.known(&one.facts) {
            Known::Facts(facts) => Some(facts.starts_at),
            Known::Nothing | Known::Gone => None,
        };
        [Some(one.facts.starts_at), known]
    });
    starts.flatten().filter(|start| *start > now).min().unwrap_or(visit.start())
}

/// As for a message that waits for its first try (N12).
fn by_quiet_hours(
    snapshot: &Snapshot<'_>,
    visit: &Visit<'_>,
    start: Timestamp,
    message: &ExistingMessage,
    now: Timestamp,
) -> Again {
    let waiting = match message.kind {
        NotificationKind::Confirmation => return Again::Now,
        NotificationKind::Reminder | NotificationKind::ConfirmationRequest => Waiting::EarlierEdge,
        _ => Waiting::NextEdge,
    };
    let quiet_hours =
        QuietHours { window: snapshot.settings.service_window, zone: visit.branch.zone };
    let due_at = message.due_at.min(now);
    match quiet_hours.admit_overdue(waiting, due_at, start, now) {
        Admitted::At { at, .. } if at <= now => Again::Now,
        Admitted::At { at, .. } => Again::NotBefore(at),
        Admitted::Dropped { .. } => Again::Never,
    }
}
