//! Calling back what a phone has fetched and not given to its radio yet: a visit was cancelled or
//! moved meanwhile, a switch was turned off, the client said STOP.
//!
//! Whether something is to be called back follows from the books alone, so nothing is lost when a
//! process dies between the change and the asking. The phone is asked until it says what became of
//! it: dropped, and then the client was not told and is planned anew in the same commit; or sent
//! after all, and then what was told stands and planning tells the rest.

use crate::appointments::change::Offer;
use crate::context::{App, Caller};
use crate::error::AppError;
use crate::messages::replan::look;
use crate::sending::report::untell;
use jiff::Timestamp;
use std::collections::BTreeSet;
use vestnik_channels::android_phone::app_version::{AppVersion, Feature};
use vestnik_domain::appointment::Appointment;
use vestnik_domain::delivery::Delivery;
use vestnik_domain::ids::{ClientId, OrganizationId};
use vestnik_domain::message::{Message, MessageState};
use vestnik_domain::sender::PhoneLink;
use vestnik_store::{ChangeSet, CommitError, Urgency};

/// Marks those of a phone's tries in flight that it is to be asked to drop; gives all of them back
/// as they are then.
pub(crate) async fn ask_where_due(
    app: &App,
    organization: OrganizationId,
    in_flight: Vec<Delivery>,
) -> Result<Vec<Delivery>, AppError> {
    if in_flight.is_empty() {
        return Ok(in_flight);
    }
    let offer = Offer::read(app, &Caller::system(organization)).await?;
    let mut looked_at = Vec::with_capacity(in_flight.len());
    for delivery in in_flight {
        let may_be_asked =
            delivery.recall_asked_at.is_none() && delivery.handed_to_radio_at.is_none();
        looked_at.push(if may_be_asked && !is_wanted(app, &delivery, &offer).await? {
            mark(app, delivery).await?
        } else {
            delivery
        });
    }
    Ok(looked_at)
}

/// Clients of whom the phone has yet to say whether it dropped their message: what they hear next
/// depends on it, so it waits. A phone that cannot be asked is not waited for.
pub(crate) fn undecided(
    in_flight: &[Delivery],
    link: &PhoneLink,
    now: Timestamp,
) -> BTreeSet<ClientId> {
    let version = link.app_version.as_deref().and_then(AppVersion::parse);
    if !Feature::Cancelling.known_to(version) {
        return BTreeSet::new();
    }
    let open = in_flight.iter().filter(|delivery| {
        delivery.recall_asked_at.is_some()
            && delivery.handed_to_radio_at.is_none()
            && now < delivery.valid_until
    });
    open.map(|delivery| delivery.client_id).collect()
}

async fn is_wanted(app: &App, delivery: &Delivery, offer: &Offer) -> Result<bool, AppError> {
    let caller = Caller::system(delivery.organization_id);
    let Some(message) = app.store.message(delivery.organization_id, delivery.message_id).await?
    else {
        return Ok(true);
    };
    let client = crate::clients::get(app, &caller, message.client_id).await?;
    let look = look(app, &caller, &client, offer).await?;
    Ok(look.no_longer_wanted(&message).is_none())
}

/// Writes the wish down; if the try moved on meanwhile, the next look sees how it stands.
async fn mark(app: &App, delivery: Delivery) -> Result<Delivery, AppError> {
    let after = Delivery {
        version: delivery.version + 1,
        recall_asked_at: Some(app.now()),
        ..delivery.clone()
    };
    let mut change_set = ChangeSet::with_urgency(Urgency::Dispatch);
    change_set.change(&after, &delivery);
    match app.store.commit(change_set).await {
        Ok(()) => Ok(after),
        Err(CommitError::Conflict { .. }) => {
            let fresh = app.store.delivery(delivery.organization_id, delivery.id).await?;
            Ok(fresh.unwrap_or(delivery))
        }
        Err(error) => Err(error.into()),
    }
}

/// The phone dropped a try that it was asked to drop. Adds what follows to the commit: the message
/// ends, what was told steps back, and the client is planned anew; or, if what it says has become
/// true again meanwhile, it goes once more.
pub(super) async fn confirmed(
    app: &App,
    delivery: &Delivery,
    change_set: &mut ChangeSet,
) -> Result<(), AppError> {
    let organization = delivery.organization_id;
    let Some(message) = app.store.message(organization, delivery.message_id).await? else {
        return Ok(());
    };
    let MessageState::Submitted { at: submitted_at } = message.state else {
        return untell(app, &message, change_set).await;
    };
    let caller = Caller::system(organization);
    let offer = Offer::read(app, &caller).await?;
    let client = crate::clients::get(app, &caller, message.client_id).await?;
    // What fell due together with it is not missed: the client has not had it.
    let look = look(app, &caller, &client, &offer).await?.since(message.due_at);
    let now = app.now();
    let reason = look.no_longer_wanted(&message);
    if reason.is_none() && now < message.send_before {
        let again = Message {
            version: message.version + 1,
            state: MessageState::Retrying { at: submitted_at },
            retry_at: Some(now),
            ..message.clone()
        };
        change_set.change(&again, &message);
        return Ok(());
    }
    let reason = reason.map_or("expired", |reason| reason.code()).to_owned();
    let ended = Message {
        version: message.version + 1,
        state: MessageState::Cancelled { at: now, reason },
        ..message.clone()
    };
    change_set.change(&ended, &message);
    let mut changed = Vec::new();
    for before in look.appointments().iter().filter(|one| message.covers.contains(&one.id)) {
        let after = Appointment {
            version: before.version + 1,
            notification: before.notification.recalled(message.id, now),
            ..before.clone()
        };
        if after.notification != before.notification {
            change_set.change(&after, before);
            changed.push(after);
        }
    }
    look.with_message(&ended).add(app, &changed, change_set);
    Ok(())
}
