//! What phones and carriers say of a try, and what follows for the message, the sender and what the
//! client was told. Any word may come late, twice, or out of order: the table of the delivery decides.

use crate::context::App;
use crate::counters;
use crate::error::AppError;
use crate::sending::recall;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::delivery::{Delivery, DeliveryEffect, DeliveryEvent, DeliveryState};
use vestnik_domain::message::{Message, MessageState};
use vestnik_store::{ChangeSet, CommitError, Urgency};

/// So many writers may race for one try before the word is given back to whoever brought it.
const TRIES_MOST: u32 = 20;

/// A message is tried this many times at most.
const ATTEMPTS_MOST: i64 = 5;

/// Applies one event to a try; safe to repeat.
pub(crate) async fn apply(
    app: &App,
    delivery: &Delivery,
    event: &DeliveryEvent,
) -> Result<(), AppError> {
    let mut current = delivery.clone();
    for _ in 0..TRIES_MOST {
        let step = current.step(event, app.now());
        if !step.changes(&current) {
            return Ok(());
        }
        let mut change_set = ChangeSet::with_urgency(Urgency::Dispatch);
        change_set.update(&step.delivery, current.version);
        pace(app, &current, &step.delivery, &step.effects, &mut change_set).await?;
        let tries_again = retry(app, &step.delivery, &step.effects, &mut change_set).await?;
        for effect in &step.effects {
            match effect {
                DeliveryEffect::ToldFailed
                    if matches!(event, DeliveryEvent::CancelConfirmed)
                        && current.recall_asked_at.is_some() =>
                {
                    recall::confirmed(app, &step.delivery, &mut change_set).await?;
                }
                // As long as it may still go, the client counts as told: planning lets it be.
                DeliveryEffect::ToldFailed if !tries_again => {
                    told_failed(app, &step.delivery, &mut change_set).await?;
                }
                DeliveryEffect::StopLaterSteps => {
                    stop_retrying(app, &step.delivery, &mut change_set).await?;
                }
                // A cascade of one step has no next one; what was told stands as it was written.
                DeliveryEffect::ToldFailed
                | DeliveryEffect::RetryAt(_)
                | DeliveryEffect::ToldStands
                | DeliveryEffect::NextStep { .. }
                | DeliveryEffect::CountSent
                | DeliveryEffect::UncountSent => {}
            }
        }
        match app.store.commit(change_set).await {
            Ok(()) => {
                count_end(&current, &step.delivery);
                return Ok(());
            }
            Err(CommitError::Conflict { .. }) => {
                let Some(fresh) = app.store.delivery(current.organization_id, current.id).await?
                else {
                    return Ok(());
                };
                current = fresh;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(AppError::Unavailable("a try is being changed by too many at once".to_owned()))
}

fn count_end(before: &Delivery, after: &Delivery) {
    if before.state == after.state {
        return;
    }
    match after.state {
        DeliveryState::Delivered => counters::count(counters::DELIVERED),
        DeliveryState::Undelivered => counters::count(counters::UNDELIVERED),
        DeliveryState::Unknown => counters::count(counters::UNKNOWN),
        DeliveryState::Processing | DeliveryState::Submitted | DeliveryState::Read => {}
    }
}

/// The window, and parts that are given back or counted after all.
async fn pace(
    app: &App,
    before: &Delivery,
    after: &Delivery,
    effects: &[DeliveryEffect],
    change_set: &mut ChangeSet,
) -> Result<(), AppError> {
    let Some(state) = app.store.pace_state(before.organization_id, before.sender_id).await? else {
        return Ok(());
    };
    let Some(sender) = app.store.sender(before.organization_id, before.sender_id).await? else {
        return Ok(());
    };
    let mut next = state.clone();
    if before.is_in_flight() && !after.is_in_flight() {
        next = next.answered();
    }
    for effect in effects {
        next = match effect {
            DeliveryEffect::UncountSent => {
                next.give_back(&sender.zone, before.parts, before.intended_at)
            }
            DeliveryEffect::CountSent => {
                next.count_again(&sender.zone, before.parts, before.intended_at)
            }
            _ => next,
        };
    }
    if next != state {
        next.version = state.version + 1;
        change_set.update(&next, state.version);
    }
    Ok(())
}

/// The client was surely not told: what they know steps back.
async fn told_failed(
    app: &App,
    delivery: &Delivery,
    change_set: &mut ChangeSet,
) -> Result<(), AppError> {
    match app.store.message(delivery.organization_id, delivery.message_id).await? {
        Some(message) => untell(app, &message, change_set).await,
        None => Ok(()),
    }
}

pub(super) async fn untell(
    app: &App,
    message: &Message,
    change_set: &mut ChangeSet,
) -> Result<(), AppError> {
    let organization = message.organization_id;
    for id in &message.covers {
        let Some(appointment) = app.store.appointment(organization, *id).await? else { continue };
        let after = Appointment {
            version: appointment.version + 1,
            notification: appointment.notification.delivery_failed(message.id, app.now()),
            ..appointment.clone()
        };
        if after.notification != appointment.notification {
            change_set.update(&after, appointment.version);
        }
    }
    Ok(())
}

/// The same message may go once more over the same sender, after a rest and while there is time; says
/// whether it will. A phone that refuses again and again (no balance, a wrong clock) is not asked for
/// ever.
async fn retry(
    app: &App,
    delivery: &Delivery,
    effects: &[DeliveryEffect],
    change_set: &mut ChangeSet,
) -> Result<bool, AppError> {
    let at = effects.iter().find_map(|effect| match effect {
        DeliveryEffect::RetryAt(at) => Some(*at),
        _ => None,
    });
    let (Some(at), Some(message)) =
        (at, app.store.message(delivery.organization_id, delivery.message_id).await?)
    else {
        return Ok(false);
    };
    let MessageState::Submitted { at: submitted_at } = message.state else { return Ok(false) };
    if delivery.attempt + 1 >= ATTEMPTS_MOST || at >= message.send_before {
        return Ok(false);
    }
    let again = Message {
        version: message.version + 1,
        state: MessageState::Retrying { at: submitted_at },
        retry_at: Some(at),
        ..message.clone()
    };
    change_set.update(&again, message.version);
    Ok(true)
}

/// The client has it after all: it is not tried again.
async fn stop_retrying(
    app: &App,
    delivery: &Delivery,
    change_set: &mut ChangeSet,
) -> Result<(), AppError> {
    let found = app.store.message(delivery.organization_id, delivery.message_id).await?;
    if let Some(message) = found
        && let Some(submitted) = no_longer_retrying(&message)
    {
        change_set.update(&submitted, message.version);
    }
    Ok(())
}

/// Ends the retrying of a message without having sent it: the client was not told.
pub(crate) async fn give_up(
    app: &App,
    message: &Message,
    change_set: &mut ChangeSet,
) -> Result<(), AppError> {
    let Some(submitted) = no_longer_retrying(message) else { return Ok(()) };
    change_set.update(&submitted, message.version);
    untell(app, message, change_set).await
}

fn no_longer_retrying(message: &Message) -> Option<Message> {
    let MessageState::Retrying { at } = message.state else { return None };
    Some(Message {
        version: message.version + 1,
        state: MessageState::Submitted { at },
        retry_at: None,
        ..message.clone()
    })
}
