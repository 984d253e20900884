//! What phones and carriers say of a try, and what follows for the message, the sender and what the
//! client was told. Any word may come late, twice, or out of order: the table of the delivery decides.

use crate::context::App;
use crate::counters;
use crate::error::AppError;
use crate::sending::recall;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::daily_total;
use vestnik_domain::delivery::{Delivery, DeliveryEffect, DeliveryEvent, DeliveryState, Step};
use vestnik_domain::message::{Message, MessageState};
use vestnik_domain::pace::PaceState;
use vestnik_domain::sender::Sender;
use vestnik_store::tables::daily_totals::{self, DAILY_TOTALS};
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
        change_set.change(&step.delivery, &current);
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
        count([(&current, &step.delivery)], &mut change_set);
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

/// Applies an event each to several tries of one sender, in one commit where nothing more follows from
/// them; where one of these lost a race, each on its own. Says of each, in their order, what went wrong.
pub(crate) async fn apply_together(
    app: &App,
    sender: &Sender,
    told: Vec<(&Delivery, DeliveryEvent)>,
) -> Vec<Option<AppError>> {
    let now = app.now();
    let steps: Vec<Step> = told.iter().map(|(before, event)| before.step(event, now)).collect();
    let plain = |place: usize| {
        let (Some((before, _)), Some(step)) = (told.get(place), steps.get(place)) else {
            return None;
        };
        follows_nothing(before, step).then_some((*before, step))
    };
    let together: Vec<(&Delivery, &Step)> = (0..told.len()).filter_map(plain).collect();
    let landed = match together.len() {
        0 | 1 => Ok(false),
        _ => commit_together(app, sender, &together).await,
    };
    let mut failures = Vec::with_capacity(told.len());
    for (place, (before, event)) in told.iter().enumerate() {
        failures.push(match (&landed, plain(place)) {
            (Ok(true), Some(_)) => None,
            (Err(error), Some(_)) => Some(error.clone()),
            (Ok(false), Some(_)) | (_, None) => apply(app, before, event).await.err(),
        });
    }
    failures
}

/// Does the step concern the try and its window alone? Nobody has spoken of a try that is in flight, so
/// the message of one that is now proven is not being tried anew.
fn follows_nothing(before: &Delivery, step: &Step) -> bool {
    step.effects.iter().all(|effect| match effect {
        DeliveryEffect::ToldStands | DeliveryEffect::NextStep { .. } => true,
        DeliveryEffect::StopLaterSteps => before.state == DeliveryState::Processing,
        DeliveryEffect::ToldFailed
        | DeliveryEffect::RetryAt(_)
        | DeliveryEffect::CountSent
        | DeliveryEffect::UncountSent => false,
    })
}

/// Whether they landed; not if any of them is no longer what was read.
async fn commit_together(
    app: &App,
    sender: &Sender,
    steps: &[(&Delivery, &Step)],
) -> Result<bool, AppError> {
    let mut change_set = ChangeSet::with_urgency(Urgency::Dispatch);
    let mut answered = 0;
    for (before, step) in steps {
        if step.changes(before) {
            change_set.change(&step.delivery, *before);
        }
        if before.is_in_flight() && !step.delivery.is_in_flight() {
            answered += 1;
        }
    }
    if change_set.is_empty() {
        return Ok(true);
    }
    change_set.group_by_table();
    let state = app.store.pace_state(sender.organization_id, sender.id).await?;
    if let Some(state) = state.filter(|_| answered > 0) {
        let next = (0..answered).fold(state.clone(), |next, _| next.answered());
        change_set.change(&PaceState { version: state.version + 1, ..next }, &state);
    }
    count(steps.iter().map(|(before, step)| (*before, &step.delivery)), &mut change_set);
    match app.store.commit(change_set).await {
        Ok(()) => {
            steps.iter().for_each(|(before, step)| count_end(before, &step.delivery));
            Ok(true)
        }
        Err(CommitError::Conflict { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Takes the tries from under what they came to before and counts them anew. Last in its commit: the totals
/// of a day are the rows that many writers meet at.
fn count<'a>(
    steps: impl IntoIterator<Item = (&'a Delivery, &'a Delivery)>,
    change_set: &mut ChangeSet,
) {
    let mut steps = steps.into_iter().peekable();
    let Some((first, _)) = steps.peek() else { return };
    let organization = first.organization_id;
    for (of, by) in daily_total::changes(steps) {
        // No floor: an outcome must not be lost to a sum.
        change_set.add(&DAILY_TOTALS, daily_totals::key(organization, &of), "count", by, i64::MIN);
    }
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
        change_set.change(&next, &state);
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
            change_set.change(&after, &appointment);
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
    change_set.change(&again, &message);
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
        change_set.change(&submitted, &message);
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
    change_set.change(&submitted, message);
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
