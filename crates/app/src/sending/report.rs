//! What phones and carriers say of a try, and what follows for the message, the sender and what the
//! client was told. Any word may come late, twice, or out of order: the table of the delivery decides.

use crate::context::App;
use crate::error::AppError;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::delivery::{Delivery, DeliveryEffect, DeliveryEvent};
use vestnik_domain::message::{Message, MessageState};
use vestnik_store::{ChangeSet, CommitError, Urgency};

/// So many writers may race for one try before the word is given back to whoever brought it.
const TRIES_MOST: u32 = 20;

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
        for effect in &step.effects {
            follow(app, &step.delivery, *effect, &mut change_set).await?;
        }
        match app.store.commit(change_set).await {
            Ok(()) => return Ok(()),
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

async fn follow(
    app: &App,
    delivery: &Delivery,
    effect: DeliveryEffect,
    change_set: &mut ChangeSet,
) -> Result<(), AppError> {
    match effect {
        DeliveryEffect::ToldFailed => told_failed(app, delivery, change_set).await,
        DeliveryEffect::RetryAt(at) => retry(app, delivery, at, change_set).await,
        // A cascade of one step has no next one; what was told stands as it was written.
        DeliveryEffect::ToldStands
        | DeliveryEffect::NextStep { .. }
        | DeliveryEffect::StopLaterSteps
        | DeliveryEffect::CountSent
        | DeliveryEffect::UncountSent => Ok(()),
    }
}

/// The client was surely not told: what they know steps back.
async fn told_failed(
    app: &App,
    delivery: &Delivery,
    change_set: &mut ChangeSet,
) -> Result<(), AppError> {
    let organization = delivery.organization_id;
    let Some(message) = app.store.message(organization, delivery.message_id).await? else {
        return Ok(());
    };
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

/// The same message may go once more, while there is time.
async fn retry(
    app: &App,
    delivery: &Delivery,
    at: jiff::Timestamp,
    change_set: &mut ChangeSet,
) -> Result<(), AppError> {
    let Some(message) = app.store.message(delivery.organization_id, delivery.message_id).await?
    else {
        return Ok(());
    };
    let submitted = matches!(message.state, MessageState::Submitted { .. });
    if !submitted || at >= message.send_before {
        return Ok(());
    }
    let again = Message {
        version: message.version + 1,
        state: MessageState::Planned,
        sender_id: None,
        due_at: at.max(message.due_at),
        ..message.clone()
    };
    change_set.update(&again, message.version);
    Ok(())
}
