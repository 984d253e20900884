//! N5 and N13: reminders of one visit, lead by lead, and what becomes of the late ones.
//!
//! A reminder's occasion is its lead and the start that it speaks of: moved visits are reminded
//! anew, and nothing else of a visit makes a second reminder.

use super::context::{Changes, Context, Notice};
use super::gate;
use super::message::{Subject, Variant};
use super::quiet_hours::{Admitted, Waiting};
use super::silence::SilenceReason;
use super::snapshot::{ExistingMessage, ExistingState};
use super::state::{StartSetBy, ToldBy};
use super::visit::{Visit, is_ahead};
use crate::appointment::{Facts, Status};
use crate::kind::NotificationKind;
use crate::local_time::{at_wall_time_days_before, minus_elapsed};
use crate::settings::{LateReminder, Lead};
use jiff::{SignedDuration, Timestamp};

/// «At once» goes with the settled «created», after it.
const AFTER_ANNOUNCEMENT: SignedDuration = SignedDuration::from_secs(1);

/// The reminders of one visit, before the visits of a day are merged.
pub(super) struct VisitReminders<'v, 'a> {
    pub visit: &'v Visit<'a>,
    /// `Err`: it has no reminders at all.
    pub leads: Result<Vec<Outcome>, SilenceReason>,
}

/// What becomes of one lead of one visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Outcome {
    OnTime(Moment),
    /// N13.
    AtOnce(Moment),
    /// Too late, or dropped; a message about the day may still list the visit (N14).
    Late(SilenceReason),
    /// The visit was reminded of, by itself or with its day.
    Sent(SilenceReason),
}

/// When a reminder goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moment {
    /// Without quiet hours.
    pub raw: Timestamp,
    pub moment: Timestamp,
    pub due_at: Timestamp,
    /// Does a row wait for it already, by itself or with its day?
    pub waited: bool,
}

/// When a lead of a visit falls due.
pub(super) enum LeadMoment {
    At(Moment),
    /// The start was set after this instant.
    InsideLead {
        raw: Timestamp,
    },
    Dropped(SilenceReason),
}

pub(super) fn occasion(lead: Lead, start: Timestamp) -> String {
    format!("{}@{start}", lead.key())
}

/// Decides every lead of one visit; `notice` is what this plan tells of it otherwise.
pub(super) fn of_visit<'v, 'a>(
    context: &Context<'_>,
    visit: &'v Visit<'a>,
    notice: Option<Notice>,
) -> VisitReminders<'v, 'a> {
    let leads = &context.snapshot.settings.reminder_leads;
    let decide = || {
        let late = |lead: &Lead| raw(visit, *lead) < start_set_at(visit);
        let nearest_late = leads.iter().copied().filter(late).max_by_key(|lead| raw(visit, *lead));
        leads.iter().map(|lead| outcome(context, visit, *lead, nearest_late, notice)).collect()
    };
    VisitReminders { visit, leads: has_reminders(context, visit).map(|()| decide()) }
}

fn has_reminders(context: &Context<'_>, visit: &Visit<'_>) -> Result<(), SilenceReason> {
    why_not_ahead(context, visit).map_or(Ok(()), Err)?;
    gate::lets_through(context.snapshot, visit, NotificationKind::Reminder)?;
    if visit.first.notification.without_reminders {
        return Err(SilenceReason::ImportedReminders);
    }
    if context.snapshot.settings.reminder_leads.is_empty() {
        return Err(SilenceReason::NoLeads);
    }
    Ok(())
}

/// Why nobody is to be expected any more; `None` while the visit lies ahead.
pub(super) fn why_not_ahead(context: &Context<'_>, visit: &Visit<'_>) -> Option<SilenceReason> {
    if visit.has_arrived() {
        return Some(SilenceReason::Arrived);
    }
    if !is_ahead(visit.first) {
        return Some(match visit.first.status {
            Status::NoShow => SilenceReason::NoShow,
            _ => SilenceReason::VisitCancelled,
        });
    }
    let start = visit.first.facts.start_local;
    (visit.start() <= context.now).then_some(SilenceReason::PastVisit { start })
}

fn outcome(
    context: &Context<'_>,
    visit: &Visit<'_>,
    lead: Lead,
    nearest_late: Option<Lead>,
    notice: Option<Notice>,
) -> Outcome {
    if let Some(at) = reminded_at(context, visit, lead) {
        return Outcome::Sent(SilenceReason::AlreadySent { at: visit.local(at) });
    }
    let raw = raw(visit, lead);
    if let Some(at) = changed_told_since(visit, raw) {
        return Outcome::Late(SilenceReason::CountedAsChanged { at: visit.local(at) });
    }
    let waiting_row_due = waiting_row(context, visit, lead).map(|row| row.due_at);
    match lead_moment(context, visit, lead, waiting_row_due) {
        LeadMoment::InsideLead { raw } => match nearest_late {
            Some(nearest) if nearest != lead && sends_late(context) => {
                Outcome::Late(SilenceReason::NearerLead { nearest })
            }
            _ => late(context, visit, lead, raw, notice),
        },
        LeadMoment::Dropped(reason) => Outcome::Late(reason),
        LeadMoment::At(moment)
            if moment.moment < context.missed_before && waiting_row_due.is_none() =>
        {
            Outcome::Late(SilenceReason::MomentPassed { due: visit.local(moment.moment) })
        }
        LeadMoment::At(moment) => match notice {
            // Both would go within the lead: the notice counts as the reminder.
            Some(Notice { kind: NotificationKind::Changed, due_at })
                if raw <= due_at && due_at <= moment.due_at =>
            {
                Outcome::Late(SilenceReason::CountedAsChanged { at: visit.local(due_at) })
            }
            _ => Outcome::OnTime(moment),
        },
    }
}

/// When `lead` of the visit falls due, by quiet hours too. `waiting_row_due`: the due time of the
/// row that waits for it, if there is one.
pub(super) fn lead_moment(
    context: &Context<'_>,
    visit: &Visit<'_>,
    lead: Lead,
    waiting_row_due: Option<Timestamp>,
) -> LeadMoment {
    let raw = raw(visit, lead);
    let start_set_at = start_set_at(visit);
    if raw < start_set_at {
        return LeadMoment::InsideLead { raw };
    }
    // An edge is past for what is planned now; what waits keeps the edge it was given, and what
    // was missed is measured by the edge that it would have had.
    let not_before = match waiting_row_due {
        Some(row_due) => row_due.min(context.now),
        None if raw >= context.missed_before => context.missed_before,
        None => start_set_at,
    };
    admitted(context, visit, raw, not_before, waiting_row_due.is_some())
}

fn admitted(
    context: &Context<'_>,
    visit: &Visit<'_>,
    raw: Timestamp,
    not_before: Timestamp,
    waited: bool,
) -> LeadMoment {
    let quiet_hours = context.quiet_hours(visit);
    let start = visit.start();
    let dropped = |next_edge: Timestamp| {
        LeadMoment::Dropped(SilenceReason::QuietHours {
            due: visit.local(raw),
            next_edge: visit.local(next_edge),
            start: visit.first.facts.start_local,
        })
    };
    let moment = match quiet_hours.admit(Waiting::EarlierEdge, raw, start, not_before) {
        Admitted::At { at, .. } => at,
        Admitted::Dropped { next_edge } => return dropped(next_edge),
    };
    match quiet_hours.admit_overdue(Waiting::EarlierEdge, moment, start, context.now) {
        Admitted::At { at, .. } => LeadMoment::At(Moment { raw, moment, due_at: at, waited }),
        Admitted::Dropped { next_edge } => dropped(next_edge),
    }
}

/// N13: the start was set when the reminder's moment had passed.
fn late(
    context: &Context<'_>,
    visit: &Visit<'_>,
    lead: Lead,
    raw: Timestamp,
    notice: Option<Notice>,
) -> Outcome {
    // A row of the day only lists this visit; one of its own waits to go at once.
    let own_row_due = waiting_row(context, visit, lead)
        .filter(|row| row.subject == visit.subject())
        .map(|row| row.due_at);
    let state = &visit.first.notification;
    let start_set = state.start_set(visit.first.created_at);
    let setting = context.snapshot.settings.late_reminder;
    let skipped = SilenceReason::InsideLead {
        lead,
        before_visit_min: visit.start().duration_since(start_set.at).as_mins().max(0),
        moved: start_set.by == StartSetBy::StaffMove,
    };
    match start_set.by {
        StartSetBy::Silently => return Outcome::Late(SilenceReason::StartSetSilently),
        StartSetBy::Client => return Outcome::Late(SilenceReason::StartSetByClient),
        StartSetBy::Import => return Outcome::Late(SilenceReason::ImportedInsideLead),
        StartSetBy::Booking | StartSetBy::StaffMove => {}
    }
    let told = state.told.as_ref().filter(|told| {
        told.at >= start_set.at && told.facts.as_ref().is_some_and(|facts| same_start(visit, facts))
    });
    let announced = match (notice, told.map(|told| told.by)) {
        (Some(Notice { kind: NotificationKind::Changed, due_at }), _) => {
            return Outcome::Late(SilenceReason::CountedAsChanged { at: visit.local(due_at) });
        }
        (Some(Notice { kind, due_at }), _) => Some((kind, Some(plus(due_at, AFTER_ANNOUNCEMENT)))),
        (None, Some(ToldBy::Message(kind))) if is_announcement(kind) => Some((kind, own_row_due)),
        (None, Some(by)) => {
            let at = told.map_or(start_set.at, |told| told.at);
            return Outcome::Late(SilenceReason::Told { by, at: visit.local(at) });
        }
        (None, None) => None,
    };
    match (setting, announced) {
        (LateReminder::Skip, _) => Outcome::Late(skipped),
        (LateReminder::Merge, Some((kind, _))) => Outcome::Late(SilenceReason::MergedInto { kind }),
        (LateReminder::AtOnce, Some((_, None))) => {
            Outcome::Late(SilenceReason::MomentPassed { due: visit.local(raw) })
        }
        // Not missed: it goes after an announcement that waits, or waits itself.
        (LateReminder::AtOnce, Some((_, Some(at)))) => at_once(context, visit, at, true),
        (LateReminder::Merge | LateReminder::AtOnce, None) => {
            let changes = Changes {
                first_at: start_set.at,
                last_at: start_set.at,
                starts: vec![visit.start()],
                at_once_when_near: true,
            };
            let settled = context.settled(visit, &changes);
            at_once(context, visit, settled.raw, own_row_due.is_some())
        }
    }
}

fn at_once(context: &Context<'_>, visit: &Visit<'_>, at: Timestamp, waited: bool) -> Outcome {
    match admitted(context, visit, at, at, waited) {
        LeadMoment::At(Moment { moment, .. }) if moment < context.missed_before && !waited => {
            Outcome::Late(SilenceReason::MomentPassed { due: visit.local(moment) })
        }
        LeadMoment::At(moment) => Outcome::AtOnce(moment),
        LeadMoment::InsideLead { raw } => {
            Outcome::Late(SilenceReason::MomentPassed { due: visit.local(raw) })
        }
        LeadMoment::Dropped(reason) => Outcome::Late(reason),
    }
}

fn sends_late(context: &Context<'_>) -> bool {
    context.snapshot.settings.late_reminder != LateReminder::Skip
}

fn is_announcement(kind: NotificationKind) -> bool {
    matches!(kind, NotificationKind::Created | NotificationKind::Confirmation)
}

/// The start minus the lead: days keep the wall time, minutes are elapsed time.
fn raw(visit: &Visit<'_>, lead: Lead) -> Timestamp {
    let facts = &visit.first.facts;
    match lead {
        Lead::Minutes(minutes) => {
            minus_elapsed(facts.starts_at, SignedDuration::from_mins(minutes))
        }
        Lead::Days(days) => {
            let days = u32::try_from(days).unwrap_or(u32::MAX);
            at_wall_time_days_before(facts.start_local, days, visit.branch.zone)
        }
    }
}

fn start_set_at(visit: &Visit<'_>) -> Timestamp {
    visit.first.notification.start_set(visit.first.created_at).at
}

fn same_start(visit: &Visit<'_>, facts: &Facts) -> bool {
    facts.start_local == visit.first.facts.start_local
}

/// When «changed» told this start, if it went within the lead.
fn changed_told_since(visit: &Visit<'_>, raw: Timestamp) -> Option<Timestamp> {
    let told = visit.first.notification.told.as_ref()?;
    let tells_this_start = told.facts.as_ref().is_some_and(|facts| same_start(visit, facts));
    (tells_this_start && told.by == ToldBy::Message(NotificationKind::Changed) && told.at >= raw)
        .then_some(told.at)
}

/// When this lead of this start was reminded of, by itself or with its day.
fn reminded_at(context: &Context<'_>, visit: &Visit<'_>, lead: Lead) -> Option<Timestamp> {
    let set_at = start_set_at(visit);
    rows(context, visit, lead).find_map(|row| match row.state {
        ExistingState::Submitted { at } if row.subject == visit.subject() || at >= set_at => {
            Some(at)
        }
        _ => None,
    })
}

/// The row that waits to remind of it, by itself or with its day. A day's row whose lead counts from
/// a later visit only lists this one as a late one; its own moment has passed all the same.
fn waiting_row<'a>(
    context: &Context<'a>,
    visit: &Visit<'_>,
    lead: Lead,
) -> Option<&'a ExistingMessage> {
    rows(context, visit, lead).find(|row| {
        row.is_open()
            && (row.subject == visit.subject()
                || start_of(&row.occasion).is_some_and(|anchor| visit.start() >= anchor))
    })
}

/// Reads the start back from what [`occasion`] wrote.
fn start_of(occasion: &str) -> Option<Timestamp> {
    occasion.split_once('@')?.1.parse().ok()
}

/// Reminders of this lead for this start; those of a whole day name only the first start, so they
/// count by the visits they cover.
fn rows<'a>(
    context: &Context<'a>,
    visit: &Visit<'_>,
    lead: Lead,
) -> impl Iterator<Item = &'a ExistingMessage> {
    let own = visit.subject();
    let occasion = occasion(lead, visit.start());
    let first_id = visit.first.id;
    context.snapshot.existing.iter().filter(move |row| {
        row.kind == NotificationKind::Reminder
            && match row.subject {
                Subject::Visit(_) => row.subject == own && row.occasion == occasion,
                Subject::ClientDay(..) => {
                    row.variant == Variant::Lead(lead) && row.covers.contains(&first_id)
                }
            }
    })
}

fn plus(at: Timestamp, elapsed: SignedDuration) -> Timestamp {
    at.checked_add(elapsed).unwrap_or(Timestamp::MAX)
}
