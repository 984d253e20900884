//! N14: the visits of one client on one day make one reminder that lists them all.
//!
//! The lead counts from the first visit that can still be reminded in time; late ones are listed
//! too. A visit that joins a day already reminded gets its own reminder.

use super::context::{Context, Draft, why_moved};
use super::message::{Plan, Subject, Variant};
use super::reminders::{Moment, Outcome, VisitReminders, occasion};
use super::silence::SilenceReason;
use super::visit::Visit;
use super::why::Why;
use crate::kind::NotificationKind;
use crate::settings::Lead;

const KIND: NotificationKind = NotificationKind::Reminder;

/// Puts the reminders of all visits into the plan.
pub(super) fn plan(context: &Context<'_>, plan: &mut Plan, visits: &[VisitReminders<'_, '_>]) {
    for VisitReminders { visit, leads } in visits {
        if let Err(reason) = leads {
            context.silence(plan, visit, KIND, *reason);
        }
    }
    let groups = groups(context, visits);
    for (position, lead) in context.snapshot.settings.reminder_leads.iter().enumerate() {
        for group in &groups {
            let members: Vec<Member<'_, '_>> = group
                .iter()
                .filter_map(|(visit, outcomes)| Some((*visit, *outcomes.get(position)?)))
                .collect();
            if !plan_day(context, plan, *lead, &members) {
                for (visit, outcome) in members {
                    plan_own(context, plan, *lead, visit, outcome);
                }
            }
        }
    }
}

type Member<'v, 'a> = (&'v Visit<'a>, Outcome);
type Group<'v, 'a> = Vec<(&'v Visit<'a>, &'v [Outcome])>;

/// Visits of the same recipient and local day together; each alone if the setting is off.
fn groups<'v, 'a>(
    context: &Context<'_>,
    visits: &'v [VisitReminders<'_, 'a>],
) -> Vec<Group<'v, 'a>> {
    let mut groups: Vec<Group<'v, 'a>> = Vec::new();
    for reminders in visits {
        let Ok(outcomes) = &reminders.leads else {
            continue;
        };
        let visit = reminders.visit;
        let same_day = |group: &&mut Group<'v, 'a>| {
            group.first().is_some_and(|(other, _)| {
                other.recipient == visit.recipient && day(other) == day(visit)
            })
        };
        let found =
            groups.iter_mut().find(same_day).filter(|_| context.snapshot.settings.merge_same_day);
        match found {
            Some(group) => group.push((visit, outcomes)),
            None => groups.push(vec![(visit, outcomes)]),
        }
    }
    groups
}

fn day(visit: &Visit<'_>) -> jiff::civil::Date {
    visit.first.facts.start_local.date()
}

/// One reminder about the day; `false` if each visit is reminded of by itself.
fn plan_day(
    context: &Context<'_>,
    plan: &mut Plan,
    lead: Lead,
    members: &[Member<'_, '_>],
) -> bool {
    if members.iter().any(|(_, outcome)| matches!(outcome, Outcome::Sent(_))) {
        return false;
    }
    let on_time = members.iter().filter_map(|(visit, outcome)| match outcome {
        Outcome::OnTime(moment) => Some((*visit, *moment)),
        _ => None,
    });
    let Some((anchor, moment)) = on_time.min_by_key(|(visit, _)| visit.start()) else {
        return false;
    };
    // What has begun when it goes is no news, and must not end it.
    let to_come =
        |visit: &Visit<'_>| visit.upcoming().any(|one| one.facts.starts_at > moment.due_at);
    let is_listed = |(visit, outcome): &Member<'_, '_>| {
        matches!(outcome, Outcome::OnTime(_) | Outcome::Late(_)) && to_come(visit)
    };
    let listed = || members.iter().filter(|member| is_listed(member));
    let visits = listed().count();
    let subject = Subject::ClientDay(context.snapshot.client.id, day(anchor));
    let occasion = occasion(lead, anchor.start());
    // Two numbers of one client on one day may share lead and start; the second goes by itself.
    if visits < 2 || plan.find(subject, KIND, &occasion).is_some() {
        return false;
    }
    let mut covered: Vec<_> = listed()
        .flat_map(|(visit, _)| visit.upcoming())
        .filter(|one| one.facts.starts_at > moment.due_at)
        .collect();
    covered.sort_by_key(|one| (one.facts.starts_at, one.id));
    let first_start = covered.first().map_or(anchor.start(), |one| one.facts.starts_at);
    let mut why = why(anchor, lead, moment);
    why.push(Why::DayOfVisits { visits: i64::try_from(visits).unwrap_or(i64::MAX) });
    let draft = Draft {
        subject,
        kind: KIND,
        variant: Variant::Lead(lead),
        occasion,
        moment: moment.moment,
        due_at: moment.due_at,
        waited: moment.waited,
        send_before: first_start,
        covers: covered.iter().map(|one| one.id).collect(),
        why,
    };
    context.propose(plan, anchor, draft);
    for member in members {
        let (visit, outcome) = member;
        match outcome {
            _ if !is_listed(member) => plan_own(context, plan, lead, visit, *outcome),
            _ if visit.id == anchor.id => {}
            _ => {
                let reason = SilenceReason::InDayMessage {
                    first_start: anchor.local(first_start),
                    due: visit.local(moment.due_at),
                };
                context.silence_lead(plan, visit, KIND, Some(lead), reason);
            }
        }
    }
    true
}

fn plan_own(
    context: &Context<'_>,
    plan: &mut Plan,
    lead: Lead,
    visit: &Visit<'_>,
    outcome: Outcome,
) {
    let (moment, why) = match outcome {
        Outcome::OnTime(moment) => (moment, why(visit, lead, moment)),
        Outcome::AtOnce(moment) => {
            let mut why = vec![Why::AtOnce { lead }];
            why.extend(why_moved(visit, moment.raw, moment.due_at));
            (moment, why)
        }
        Outcome::Late(reason) | Outcome::Sent(reason) => {
            context.silence_lead(plan, visit, KIND, Some(lead), reason);
            return;
        }
    };
    let draft = Draft {
        subject: visit.subject(),
        kind: KIND,
        variant: Variant::Lead(lead),
        occasion: occasion(lead, visit.start()),
        moment: moment.moment,
        due_at: moment.due_at,
        waited: moment.waited,
        send_before: visit.start(),
        covers: visit.upcoming().map(|one| one.id).collect(),
        why,
    };
    context.propose(plan, visit, draft);
}

fn why(visit: &Visit<'_>, lead: Lead, moment: Moment) -> Vec<Why> {
    let mut why = vec![Why::BeforeVisit { lead, start: visit.first.facts.start_local }];
    why.extend(why_moved(visit, moment.raw, moment.due_at));
    why
}
