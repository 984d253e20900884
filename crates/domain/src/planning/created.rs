//! N2 and N3: the first word about a booking, which carries the edits made before it went.

use super::changed::visit_known_since;
use super::context::{Changes, Context, Draft, Notice};
use super::gate;
use super::message::{Plan, Variant};
use super::silence::SilenceReason;
use super::snapshot::{ExistingMessage, ExistingState};
use super::state::{Announcement, Known, Told, ToldBy};
use super::visit::{Visit, is_ahead};
use super::why::Why;
use crate::appointment::{Appointment, Status};
use crate::kind::NotificationKind;
use jiff::Timestamp;

/// Plans «created» or the confirmation. `Some` means that it carries every change of the visit.
pub(super) fn plan(context: &Context<'_>, plan: &mut Plan, visit: &Visit<'_>) -> Option<Notice> {
    let kind = visit.announcement_kind();
    let unannounced: Vec<&Appointment> =
        visit.ahead().filter(|one| one.notification.known(&one.facts) == Known::Nothing).collect();
    let begun = unannounced.iter().all(|one| one.facts.starts_at <= context.now);
    if !unannounced.is_empty() && begun {
        let start = visit.local(visit.start());
        context.silence(plan, visit, kind, SilenceReason::PastVisit { start });
        return None;
    }
    let unannounced: Vec<&Appointment> =
        unannounced.into_iter().filter(|one| one.facts.starts_at > context.now).collect();
    // What was added to a visit is announced also where the announcement of the rest was missed: it was
    // skipped, say, since its sender was silent for too long.
    let timely: Vec<&Appointment> =
        unannounced.iter().copied().filter(|one| !is_missed(context, visit, one)).collect();
    let is_timely = !timely.is_empty();
    let unannounced = if is_timely { timely } else { unannounced };
    let (Some(booked_at), Some(start)) = (
        unannounced.iter().map(|one| one.notification.booked_at(one.created_at)).min(),
        unannounced.iter().map(|one| one.facts.starts_at).min(),
    ) else {
        context.silence(plan, visit, kind, why_not_announced(visit));
        return None;
    };
    if let Err(reason) = gate::lets_through(context.snapshot, visit, kind) {
        context.silence(plan, visit, kind, reason);
        return None;
    }
    if let Some(known_since) = visit_known_since(visit) {
        // An appointment added to a visit that the client knows of is a change (N4).
        let reason = if booked_at < known_since {
            SilenceReason::MomentPassed { due: visit.local(booked_at) }
        } else {
            SilenceReason::InAnnouncement { kind: NotificationKind::Changed }
        };
        context.silence(plan, visit, kind, reason);
        return None;
    }
    let last_at = last_change(&unannounced).unwrap_or(booked_at);
    let edited = last_at > booked_at;
    let (moment, due_at, mut why) = if kind == NotificationKind::Confirmation {
        // At once, also in quiet hours: the client has just booked and waits for the answer.
        (booked_at, booked_at, vec![Why::Booked])
    } else {
        let changes =
            Changes { first_at: booked_at, last_at, starts: vec![start], at_once_when_near: true };
        let settled = context.settled(visit, &changes);
        (settled.moment, settled.due_at, context.why_settled(visit, last_at, settled))
    };
    if edited {
        why.push(Why::CarriesEdits);
    }
    let draft = Draft {
        subject: visit.subject(),
        kind,
        variant: Variant::Plain,
        occasion: context.occasion(visit, kind, "cycle", visit.booking_cycle),
        moment,
        due_at,
        waited: is_timely,
        send_before: start,
        covers: unannounced.iter().map(|one| one.id).collect(),
        why,
    };
    let notice = context.propose(plan, visit, draft)?;
    if edited || visit.waits(context.snapshot.existing, NotificationKind::Changed).is_some() {
        context.silence(
            plan,
            visit,
            NotificationKind::Changed,
            SilenceReason::InAnnouncement { kind },
        );
    }
    Some(notice)
}

/// Is it too late to announce it? Not where news of it waits already, whose place the announcement takes
/// (under another key, or since nothing else of the visit is known any more). News of what was skipped as
/// announced is no announcement: its edits are told by themselves, as those of any other booking that the
/// client is taken to know of.
fn is_missed(context: &Context<'_>, visit: &Visit<'_>, one: &Appointment) -> bool {
    let booked_at = one.notification.booked_at(one.created_at);
    let speaks_of_it = |row: &ExistingMessage| row.covers.contains(&one.id);
    let is_announcement = |row: &ExistingMessage| {
        matches!(row.kind, NotificationKind::Confirmation | NotificationKind::Created)
    };
    let was_skipped = context.snapshot.existing.iter().any(|row| {
        row.state == ExistingState::Skipped
            && row.subject == visit.subject()
            && is_announcement(row)
            && speaks_of_it(row)
            && row.due_at >= booked_at
    });
    let mut news = visit.open_news(context.snapshot.existing);
    booked_at < context.missed_before
        && !news.any(|row| speaks_of_it(row) && (is_announcement(row) || !was_skipped))
}

/// When the last of these bookings was made or edited.
fn last_change(unannounced: &[&Appointment]) -> Option<Timestamp> {
    let changes = unannounced.iter().map(|one| {
        let booked_at = one.notification.booked_at(one.created_at);
        let edited_at = one.notification.burst.as_ref().map_or(booked_at, |burst| burst.last_at);
        booked_at.max(edited_at)
    });
    changes.max()
}

/// The reason for no «created» where no booking waits to be announced.
fn why_not_announced(visit: &Visit<'_>) -> SilenceReason {
    let first = visit.first;
    let state = &first.notification;
    let booked_at = state.booked_at(first.created_at);
    let closed_at = visit.local(state.announcement_closed_at.unwrap_or(booked_at));
    let told_by = state.told.as_ref().map(|told: &Told| told.by);
    match state.announcement {
        Announcement::Silent => SilenceReason::SilentByStaff { at: closed_at },
        Announcement::Imported => SilenceReason::ImportedCreated,
        Announcement::LetIn => SilenceReason::LetIn,
        Announcement::Missed => SilenceReason::MomentPassed { due: visit.local(booked_at) },
        Announcement::Withdrawn => SilenceReason::CancelledBeforeTold,
        Announcement::Submitted | Announcement::Pending if !is_ahead(first) => {
            match (first.status, told_by) {
                (_, Some(by)) => SilenceReason::Told { by, at: closed_at },
                (Status::Arrived, None) => SilenceReason::Arrived,
                (Status::NoShow, None) => SilenceReason::NoShow,
                (_, None) => SilenceReason::VisitCancelled,
            }
        }
        Announcement::Submitted | Announcement::Pending => match (told_by, state.failed_at) {
            (Some(by), _) => SilenceReason::Told { by, at: closed_at },
            (None, failed_at) => SilenceReason::DeliveryFailed {
                at: failed_at.map_or(closed_at, |at| visit.local(at)),
            },
        },
    }
}

/// By what a client learned of the visit's present state, if by something else than `kind`.
pub(super) fn told_otherwise(visit: &Visit<'_>, kind: NotificationKind) -> Option<SilenceReason> {
    let told = visit.first.notification.told.as_ref()?;
    (told.by != ToldBy::Message(kind))
        .then(|| SilenceReason::Told { by: told.by, at: visit.local(told.at) })
}
