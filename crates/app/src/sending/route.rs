//! Due messages into lanes. Takes no input but the time, and is safe to run twice or on two nodes:
//! every row is moved by its version.

use super::all_buckets;
use crate::appointments::change::Offer;
use crate::context::{App, Caller};
use crate::counters;
use crate::error::AppError;
use crate::messages::looks::LooksAsked;
use crate::round::{land_unless_lost, went_well};
use crate::senders::list::{SenderView, views};
use futures::future::join_all;
use std::collections::{BTreeMap, BTreeSet};
use vestnik_domain::appointment::Appointment;
use vestnik_domain::branch::Branch;
use vestnik_domain::delivery::Delivery;
use vestnik_domain::ids::{AppointmentId, ClientId, MessageId, OrganizationId, SenderId};
use vestnik_domain::message::{Message, MessageState};
use vestnik_domain::routing::{Candidate, FetchedBy, Routable, Route, route, somebody_takes};
use vestnik_store::{ChangeSet, CommitError, Urgency};

/// How many messages a round looks at together, about.
const PAGE_MOST: i64 = 2_000;
/// Organizations that are routed at the same time: as many as a database has connections for.
const AT_ONCE_MOST: usize = 16;

/// Routes what is due; says how much moved.
pub async fn run_once(app: &App) -> Result<usize, AppError> {
    if app.is_held() {
        return Ok(0);
    }
    let mut walk = app.store.walk_due(&all_buckets(), app.now(), PAGE_MOST).await?;
    let (mut moved, mut failed) = (0, BTreeSet::new());
    // What cannot be routed now stands at the front of its bucket, and is read past: it must not stop those
    // behind it. A bucket in which something moved is left; the next round begins it anew.
    while !walk.is_over() {
        let page = app.store.next_due_page(&mut walk).await?;
        for (organization, outcome) in route_page(app, page, &failed).await {
            let outcome = outcome.map(|routed| {
                moved += routed;
                if routed > 0 {
                    walk.leave(organization.bucket());
                }
            });
            if !went_well(outcome, &organization)? {
                failed.insert(organization);
            }
        }
    }
    Ok(moved)
}

/// Routes what is on the page of those organizations that have not failed in this round; says of each how
/// much moved.
async fn route_page(
    app: &App,
    page: Vec<Message>,
    failed: &BTreeSet<OrganizationId>,
) -> Vec<(OrganizationId, Result<usize, AppError>)> {
    let mut by_organization: BTreeMap<OrganizationId, Vec<Message>> = BTreeMap::new();
    for message in page {
        if !failed.contains(&message.organization_id) {
            by_organization.entry(message.organization_id).or_default().push(message);
        }
    }
    let organizations: Vec<(OrganizationId, Vec<Message>)> = by_organization.into_iter().collect();
    let mut outcomes = Vec::with_capacity(organizations.len());
    for some in organizations.chunks(AT_ONCE_MOST) {
        let routing = some.iter().map(|(organization, messages)| async move {
            (*organization, route_organization(app, *organization, messages).await)
        });
        outcomes.extend(join_all(routing).await);
    }
    outcomes
}

/// Puts what is due into lanes; says how much moved: what waits for a phone that may still send it does
/// not.
async fn route_organization(
    app: &App,
    organization: OrganizationId,
    messages: &[Message],
) -> Result<usize, AppError> {
    let senders = views(app, organization).await?;
    let offer = Offer::read(app, &Caller::system(organization)).await?;
    let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
    let about: Vec<AppointmentId> =
        messages.iter().flat_map(|message| message.covers.iter().copied()).collect();
    let mut batch = app.store.batch();
    let tries = batch.deliveries_of_messages(organization, &ids);
    let appointments = batch.appointments_by_id(organization, &about);
    let mut answers = batch.read().await?;
    let tries = answers.take(tries)?;
    let appointments: BTreeMap<AppointmentId, Appointment> =
        answers.take(appointments)?.into_iter().map(|one| (one.id, one)).collect();
    let (mut moved, mut at_once, mut for_a_phone) = (0, Vec::new(), Vec::new());
    for message in messages {
        let covered = message.covers.iter().filter_map(|id| appointments.get(id));
        let first = covered.min_by_key(|one| (one.facts.starts_at, one.id));
        let branch = first.and_then(|first| offer.branch(first.facts.branch_id));
        let fetched_by = fetched_by(message, &tries);
        let Some(routed) = routed(app, message, fetched_by, branch, &senders) else { continue };
        let lane = if is_driven(&routed, &senders) { &mut at_once } else { &mut for_a_phone };
        lane.push((message, routed));
    }
    // Before a sender that we call is given anything, its client is planned anew in the same breath. A phone
    // may ask much later, and only once: what it finds should be what is still wanted.
    moved += plan_anew(app, organization, &mut for_a_phone).await?;
    at_once.append(&mut for_a_phone);
    Ok(moved + commit(app, &at_once, &senders).await?)
}

/// Does it go into the lane of a sender that we call?
fn is_driven(routed: &Message, senders: &[SenderView]) -> bool {
    let lane = senders.iter().find(|view| Some(view.sender.id) == routed.sender_id);
    lane.is_some_and(|view| !view.sender.channel.is_pull())
}

/// Plans the clients of these messages anew, and leaves of them those whose plan stands; what another plan
/// left is routed in the next round. Says how many plans changed.
async fn plan_anew(
    app: &App,
    organization: OrganizationId,
    routed: &mut Vec<(&Message, Message)>,
) -> Result<usize, AppError> {
    let clients: BTreeSet<ClientId> = routed.iter().map(|(before, _)| before.client_id).collect();
    if clients.is_empty() {
        return Ok(0);
    }
    let mut batch = app.store.batch();
    let looks = LooksAsked::ask(&mut batch, organization, clients.clone(), app.now());
    let mut answers = batch.read().await?;
    let looks = looks.take(app, &Caller::system(organization), &mut answers).await?;
    let (mut changed, mut stand) = (0, BTreeSet::new());
    for client in clients {
        let look = match looks.of(client) {
            Ok(look) => look,
            Err(error) => {
                went_well(Err(error), &client)?;
                continue;
            }
        };
        let otherwise = look.otherwise(app, Urgency::Dispatch);
        if otherwise.is_empty() {
            stand.extend(look.messages().iter().map(|message| (message.id, message.version)));
        } else {
            changed += usize::from(land_unless_lost(app, otherwise).await?);
        }
    }
    routed.retain(|(before, _)| stand.contains(&(before.id, before.version)));
    Ok(changed)
}

/// All of them at once; if one was changed by somebody else, each by itself. Says how many landed: a node
/// that only ever comes too late is to rest like one that finds nothing.
async fn commit(
    app: &App,
    routed: &[(&Message, Message)],
    senders: &[SenderView],
) -> Result<usize, AppError> {
    let mut together = ChangeSet::with_urgency(Urgency::Dispatch);
    for (before, after) in routed {
        together.change(after, *before);
    }
    together.group_by_table();
    if routed.iter().any(|(_, after)| waits_for_a_sender(after)) {
        expect_links(&mut together, senders);
    }
    let landed = match app.store.commit(together).await {
        Ok(()) => routed.len(),
        Err(CommitError::Conflict { .. } | CommitError::Refused(_)) => {
            let mut landed = 0;
            for (before, after) in routed {
                let mut change_set = ChangeSet::with_urgency(Urgency::Dispatch);
                change_set.change(after, *before);
                if waits_for_a_sender(after) {
                    expect_links(&mut change_set, senders);
                }
                let outcome = land_unless_lost(app, change_set).await;
                went_well(outcome.map(|own| landed += usize::from(own)), &before.id)?;
            }
            landed
        }
        Err(error) => return Err(error.into()),
    };
    (0..landed).for_each(|_| counters::count(counters::ROUTED));
    Ok(landed)
}

fn waits_for_a_sender(routed: &Message) -> bool {
    routed.state == MessageState::Routed && routed.sender_id.is_none()
}

/// A phone that is linked at this very moment takes what waits for a sender with it, as far as it is there by
/// then: so what is only about to wait must not land behind its back.
fn expect_links(change_set: &mut ChangeSet, senders: &[SenderView]) {
    for link in senders.iter().filter_map(|view| view.link.as_ref()) {
        change_set.expect(link, link.version);
    }
}

/// The phone that may still send an earlier try.
fn fetched_by(message: &Message, tries: &[Delivery]) -> Option<FetchedBy> {
    let open = tries.iter().filter(|one| one.message_id == message.id && !one.state.is_final());
    let last = open.filter(|one| one.fetched_at.is_some()).max_by_key(|one| one.valid_until)?;
    Some(FetchedBy { sender_id: last.sender_id, valid_until: last.valid_until })
}

/// The row in its lane; `None` while another phone may still send it: the next rounds ask again.
fn routed(
    app: &App,
    message: &Message,
    fetched_by: Option<FetchedBy>,
    branch: Option<&Branch>,
    senders: &[SenderView],
) -> Option<Message> {
    let routable = Routable {
        recipient: &message.recipient,
        send_before: message.send_before,
        chosen_sender_id: branch.and_then(|branch| branch.sender_id),
        fetched_by,
    };
    let (state, sender_id) = match route(routable, &candidates(senders), app.now()) {
        Route::Lane(sender_id) => (MessageState::Routed, Some(sender_id)),
        Route::Hold { until: Some(_), .. } => return None,
        // It leaves the queue of due messages all the same: nothing blocked stands in others' way.
        Route::Hold { .. } => (MessageState::Routed, None),
        Route::Skip(reason) => {
            let reason = reason.code().to_owned();
            (MessageState::Skipped { at: app.now(), reason }, None)
        }
    };
    Some(Message { version: message.version + 1, state, sender_id, ..message.clone() })
}

/// Messages that were routed in the very moment in which a sender came or went, or whose rerouting a
/// process did not live to finish: they go back to be routed anew. Safe to run twice.
pub async fn reroute_stranded(app: &App) -> Result<usize, AppError> {
    if app.is_held() {
        return Ok(0);
    }
    for organization in app.store.organizations_with_stranded(&all_buckets()).await? {
        let views = views(app, organization).await?;
        if !somebody_takes(&candidates(&views)) {
            continue;
        }
        reroute_held(app, organization).await?;
        for view in views.iter().filter(|view| view.sender.archived_at.is_some()) {
            reroute_lane(app, organization, view.sender.id).await?;
        }
    }
    // What is left waits for a sender: there is nothing to hurry for.
    Ok(0)
}

fn candidates(senders: &[SenderView]) -> Vec<Candidate<'_>> {
    let open = senders.iter().filter(|view| view.sender.archived_at.is_none());
    open.map(|view| Candidate {
        sender: &view.sender,
        status: view.status,
        ever_linked: ever_linked(view),
    })
    .collect()
}

/// Was a phone ever linked to it? Always true for a sender that is no phone.
fn ever_linked(view: &SenderView) -> bool {
    let by_phone = view.link.as_ref().is_some_and(|link| link.registration > 0);
    !view.sender.channel.is_pull() || by_phone
}

/// Gives what is held for want of a sender another chance.
pub(crate) async fn reroute_held(app: &App, organization: OrganizationId) -> Result<(), AppError> {
    let held = app.store.messages_without_sender(organization, 1_000).await?;
    back_to_planned(app, held).await
}

/// Takes everything out of a lane, to be routed anew.
pub(crate) async fn reroute_lane(
    app: &App,
    organization: OrganizationId,
    sender: SenderId,
) -> Result<(), AppError> {
    let waiting = app.store.lane(organization, sender, 1_000).await?;
    back_to_planned(app, waiting).await
}

async fn back_to_planned(app: &App, messages: Vec<Message>) -> Result<(), AppError> {
    for message in messages {
        // What is being retried stays with its sender; it ends there.
        if message.state != MessageState::Routed {
            continue;
        }
        let planned = Message {
            version: message.version + 1,
            state: MessageState::Planned,
            sender_id: None,
            retry_at: None,
            ..message.clone()
        };
        let mut change_set = ChangeSet::with_urgency(Urgency::Dispatch);
        change_set.change(&planned, &message);
        land_unless_lost(app, change_set).await?;
    }
    Ok(())
}
