//! Due messages into lanes. Takes no input but the time, and is safe to run twice or on two nodes:
//! every row is moved by its version.

use super::all_buckets;
use crate::appointments::change::Offer;
use crate::context::{App, Caller};
use crate::counters;
use crate::error::AppError;
use crate::messages::replan::{Look, look};
use crate::senders::list::{SenderView, views};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use vestnik_domain::delivery::Delivery;
use vestnik_domain::ids::{ClientId, MessageId, OrganizationId, SenderId};
use vestnik_domain::message::{Message, MessageState};
use vestnik_domain::routing::{Candidate, FetchedBy, Routable, Route, route, somebody_takes};
use vestnik_store::{ChangeSet, CommitError, Urgency};

/// How many messages one round looks at.
const ROUND_MOST: i64 = 200;

/// Routes what is due; says how many rows it looked at.
pub async fn run_once(app: &App) -> Result<usize, AppError> {
    if app.is_held() {
        return Ok(0);
    }
    let due = app.store.due_messages(&all_buckets(), app.now(), ROUND_MOST).await?;
    let count = due.len();
    let mut by_client: BTreeMap<(OrganizationId, ClientId), Vec<Message>> = BTreeMap::new();
    for message in due {
        by_client.entry((message.organization_id, message.client_id)).or_default().push(message);
    }
    let mut senders: BTreeMap<OrganizationId, Vec<SenderView>> = BTreeMap::new();
    for ((organization, client), messages) in by_client {
        let of_organization = match senders.entry(organization) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(views(app, organization).await?),
        };
        route_client(app, organization, client, &messages, of_organization).await?;
    }
    Ok(count)
}

/// Plans the client anew; what then still stands and is due goes into a lane.
async fn route_client(
    app: &App,
    organization: OrganizationId,
    client: ClientId,
    messages: &[Message],
    senders: &[SenderView],
) -> Result<(), AppError> {
    let caller = Caller::system(organization);
    let offer = Offer::read(app, &caller).await?;
    let client = crate::clients::get(app, &caller, client).await?;
    let look = look(app, &caller, &client, &offer).await?;
    let mut change_set = look.otherwise(app, Urgency::Dispatch);
    if !change_set.is_empty() {
        // The plan is otherwise by now; the next round routes what it left.
        return settle(app.store.commit(change_set).await);
    }
    let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
    let tries = app.store.deliveries_of_messages(organization, &ids).await?;
    for message in messages {
        let Some(current) = look.messages().iter().find(|current| current.id == message.id) else {
            continue;
        };
        if current.state != MessageState::Planned {
            continue;
        }
        let fetched_by = fetched_by(current, &tries);
        if let Some(routed) = routed(app, current, fetched_by, &look, &offer, senders) {
            counters::count(counters::ROUTED);
            change_set.update(&routed, current.version);
        }
    }
    settle(app.store.commit(change_set).await)
}

/// Somebody else was faster: the next round sees what they made of it.
fn settle(outcome: Result<(), CommitError>) -> Result<(), AppError> {
    match outcome {
        Ok(()) | Err(CommitError::Conflict { .. }) => Ok(()),
        Err(error) => Err(error.into()),
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
    look: &Look,
    offer: &Offer,
    senders: &[SenderView],
) -> Option<Message> {
    let branch = look
        .appointments()
        .iter()
        .find(|appointment| message.covers.contains(&appointment.id))
        .and_then(|appointment| offer.branch(appointment.facts.branch_id));
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
        change_set.update(&planned, message.version);
        settle(app.store.commit(change_set).await)?;
    }
    Ok(())
}
