//! What time alone does: tries whose deadline passed, messages whose time is over. Takes no input
//! but the time, and is safe to run twice.

use super::{all_buckets, receipts, report};
use crate::context::App;
use crate::counters;
use crate::error::AppError;
use crate::round::{land_unless_lost, went_well};
use crate::senders::list::views;
use vestnik_domain::delivery::Delivery;
use vestnik_domain::message::{Message, MessageState};
use vestnik_domain::routing::RouteReason;
use vestnik_store::{ChangeSet, Urgency};

const ROUND_MOST: i64 = 200;

/// Moves on what is overdue; says how many rows it moved.
pub async fn run_once(app: &App) -> Result<usize, AppError> {
    if app.is_held() {
        return Ok(0);
    }
    let now = app.now();
    let mut count = 0;
    for delivery in app.store.deliveries_past_deadline(&all_buckets(), now, ROUND_MOST).await? {
        let id = delivery.id;
        if went_well(end(app, delivery).await, &id)? {
            count += 1;
        }
    }
    for message in app.store.messages_past_send_before(&all_buckets(), now, ROUND_MOST).await? {
        let skipped = skip(app, &message).await.map(|landed| count += usize::from(landed));
        went_well(skipped, &message.id)?;
    }
    Ok(count)
}

async fn end(app: &App, delivery: Delivery) -> Result<(), AppError> {
    // A process may have died between the carrier's answer and the receipts that overtook it.
    let delivery = match &delivery.carrier_id {
        None => delivery,
        Some(carrier_id) => {
            receipts::take_in_parked(app, &delivery, carrier_id).await?;
            let fresh = app.store.delivery(delivery.organization_id, delivery.id).await?;
            fresh.unwrap_or(delivery)
        }
    };
    match delivery.deadline().filter(|(at, _)| *at <= app.now()) {
        Some((_, event)) => report::apply(app, &delivery, &event).await,
        None => Ok(()),
    }
}

/// It had not left in time; the reason is how its sender stands. Says whether that was written.
async fn skip(app: &App, message: &Message) -> Result<bool, AppError> {
    if matches!(message.state, MessageState::Retrying { .. }) {
        let mut change_set = ChangeSet::with_urgency(Urgency::Dispatch);
        report::give_up(app, message, &mut change_set).await?;
        return land_unless_lost(app, change_set).await;
    }
    let reason = match message.sender_id {
        None => RouteReason::NoSender,
        Some(id) => views(app, message.organization_id)
            .await?
            .iter()
            .find(|view| view.sender.id == id)
            .map_or(RouteReason::Expired, |view| RouteReason::of_expiry(&view.status)),
    };
    let skipped = Message {
        version: message.version + 1,
        state: MessageState::Skipped { at: app.now(), reason: reason.code().to_owned() },
        ..message.clone()
    };
    let mut change_set = ChangeSet::with_urgency(Urgency::Dispatch);
    change_set.change(&skipped, message);
    let landed = land_unless_lost(app, change_set).await?;
    if landed {
        counters::count(counters::SKIPPED);
    }
    Ok(landed)
}
