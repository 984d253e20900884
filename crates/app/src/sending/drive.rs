//! Senders that we call: the node that leased one turns the head of its lane into intents, hands the
//! texts to the carrier, and writes down what the carrier answered.
//!
//! Killed between an intent and its answer, the try stays in flight. Nobody repeats it: once its
//! submit time and a grace are over, the carrier is asked by our id where it keeps such a list, else
//! the sweep makes it unknown. An answer that only the database did not take is kept by the node, and
//! written down with the sender's next turn.

use super::intent::Outlet;
use super::{all_buckets, lease, receipts, report, together};
use crate::context::App;
use crate::error::AppError;
use crate::nodes::Standing;
use crate::outbound::LookUp;
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use vestnik_channels::contract::{Outcome, OutgoingText, Receipts};
use vestnik_channels::registry;
use vestnik_domain::delivery::{Delivery, DeliveryEvent, REPORT_GRACE};
use vestnik_domain::ids::{OrganizationId, SenderId};
use vestnik_domain::node::SenderLease;
use vestnik_domain::pace::PaceState;
use vestnik_domain::sender::Sender;

/// How many messages of a lane one turn looks at.
const LANE_MOST: i64 = 100;
const IN_FLIGHT_MOST: i64 = 1_000;
/// After the last moment of submitting, the answer of another process may still be on its way. Less
/// than the grace of the sweep, so that the carrier is asked before the try counts as unknown.
const ASK_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// One turn over every sender that this node drives or can take; says how much moved. Safe to run
/// twice and on two nodes. A process that is no node drives nothing.
pub async fn run_once(app: &App) -> Result<usize, AppError> {
    let mut moved = 0;
    for (organization, sender) in senders_with_work(app).await? {
        moved += drive(app, organization, sender).await?;
    }
    Ok(moved)
}

/// The senders that have something to do, whoever drives them.
pub async fn senders_with_work(app: &App) -> Result<Vec<(OrganizationId, SenderId)>, AppError> {
    if app.standing().is_none() || !app.may_send() {
        return Ok(Vec::new());
    }
    Ok(app.store.pushed_senders_with_work(&all_buckets()).await?)
}

/// One turn of one sender, if its lease is this node's; says how much moved.
pub async fn drive(
    app: &App,
    organization: OrganizationId,
    sender: SenderId,
) -> Result<usize, AppError> {
    let Some(standing) = app.standing().cloned() else { return Ok(0) };
    let Some(sender) = app.store.sender(organization, sender).await? else { return Ok(0) };
    if !app.may_send() || !app.serves(sender.channel) {
        return Ok(0);
    }
    // What a carrier said stays true, whoever drives the sender by now.
    let mut moved = write_down_kept(app, &standing, &sender).await?;
    let Some(lease) = lease::hold(app, &standing, organization, sender.id).await? else {
        return Ok(moved);
    };
    moved += ask_for_lost_answers(app, &sender).await?;
    if sender.archived_at.is_none() {
        moved += empty_lane(app, &standing, &sender, &lease).await?;
    }
    Ok(moved)
}

/// Commits intents for the head of the lane, as far as pace, limit, hours and window allow, and
/// submits each.
async fn empty_lane(
    app: &App,
    standing: &Standing,
    sender: &Sender,
    lease: &SenderLease,
) -> Result<usize, AppError> {
    let outlet = Outlet { sender, registration: lease.version, lease: Some(lease) };
    let now = app.now();
    let mut lane = app.store.lane(sender.organization_id, sender.id, LANE_MOST).await?;
    lane.retain(|message| !message.rests(now));
    let intended = together::intend(app, outlet, pace(app, sender).await?, &lane).await;
    // Handed over together: a slow answer holds up no other. There are no more of them than the window
    // lets in.
    let submits =
        intended.deliveries.iter().map(|delivery| submit(app, standing, sender, lease, delivery));
    let answers = join_all(submits).await;
    let answered: Vec<(Delivery, Outcome)> = intended.deliveries.into_iter().zip(answers).collect();
    let moved = answered.len();
    let failure = write_down_together(app, standing, sender, answered).await.err();
    intended.failure.or(failure).map_or(Ok(moved), Err)
}

/// Writes down what the carrier answered for several tries; what the database does not take is kept by
/// the node. The first failure is returned after the others were tried.
async fn write_down_together(
    app: &App,
    standing: &Standing,
    sender: &Sender,
    answered: Vec<(Delivery, Outcome)>,
) -> Result<(), AppError> {
    let events = answered.iter().map(|(delivery, outcome)| (delivery, event(sender, outcome)));
    let failures = report::apply_together(app, sender, events.collect()).await;
    let mut first = None;
    for ((delivery, outcome), failure) in answered.into_iter().zip(failures) {
        let parked = match (failure, carrier_id(sender, &outcome)) {
            (Some(error), _) => Err(error),
            (None, Some(carrier_id)) => receipts::take_in_parked(app, &delivery, carrier_id).await,
            (None, None) => Ok(()),
        };
        if let Err(error) = parked {
            if is_of_the_database(&error) {
                standing.keep_answer(delivery, outcome);
            }
            first = first.or(Some(error));
        }
    }
    first.map_or(Ok(()), Err)
}

/// Writes down the answers that the database did not take before; says how many. Doubled, it changes
/// nothing.
async fn write_down_kept(
    app: &App,
    standing: &Standing,
    sender: &Sender,
) -> Result<usize, AppError> {
    let (mut moved, mut failure) = (0, None);
    for (delivery, outcome) in standing.take_kept_answers(sender.id) {
        let written = match failure {
            None => write_down_if_there(app, sender, &delivery, &outcome).await,
            // The database has just failed; the others wait with it.
            Some(_) => Ok(false),
        };
        match written {
            Ok(true) => moved += 1,
            Ok(false) => standing.keep_answer(delivery, outcome),
            Err(error) if is_of_the_database(&error) => {
                standing.keep_answer(delivery, outcome);
                failure = Some(error);
            }
            // Kept, it would stand in the sender's way for ever.
            Err(error) => {
                tracing::error!(delivery = %delivery.id, %error, "an answer cannot be written down");
            }
        }
    }
    failure.map_or(Ok(moved), Err)
}

/// Writes a kept answer down; not if its try is not there, and may still come: a commit whose outcome
/// nobody knew may land after the database was asked for it.
async fn write_down_if_there(
    app: &App,
    sender: &Sender,
    delivery: &Delivery,
    outcome: &Outcome,
) -> Result<bool, AppError> {
    let may_come_until = delivery.valid_until.checked_add(REPORT_GRACE).unwrap_or(Timestamp::MAX);
    let found = app.store.delivery(delivery.organization_id, delivery.id).await?;
    if found.is_none() && app.now() < may_come_until {
        return Ok(false);
    }
    write_down(app, sender, delivery, outcome).await?;
    Ok(true)
}

fn is_of_the_database(error: &AppError) -> bool {
    matches!(error, AppError::Unavailable(_) | AppError::OutcomeUnknown(_))
}

async fn pace(app: &App, sender: &Sender) -> Result<PaceState, AppError> {
    let (organization, zone) = (sender.organization_id, &sender.zone);
    let found = app.store.pace_state(organization, sender.id).await?;
    Ok(found.unwrap_or_else(|| PaceState::new(organization, sender.id, zone, app.now())))
}

/// Hands the text over, after a last look at the lease and the clock.
async fn submit(
    app: &App,
    standing: &Standing,
    sender: &Sender,
    lease: &SenderLease,
    delivery: &Delivery,
) -> Outcome {
    let still_ours = standing.fence_of(sender.id) == Some(lease.version);
    if !still_ours || !app.may_send() || app.now() >= delivery.valid_until {
        return Outcome::NotSent { code: "too_late".to_owned() };
    }
    let text = OutgoingText {
        delivery_id: delivery.id.to_string(),
        recipient: delivery.recipient.clone(),
        text: delivery.text.clone(),
    };
    app.outbound().submit(sender, &text).await
}

/// Writes down what the carrier answered, and what follows from it.
async fn write_down(
    app: &App,
    sender: &Sender,
    delivery: &Delivery,
    outcome: &Outcome,
) -> Result<(), AppError> {
    report::apply(app, delivery, &event(sender, outcome)).await?;
    match carrier_id(sender, outcome) {
        Some(carrier_id) => receipts::take_in_parked(app, delivery, carrier_id).await,
        None => Ok(()),
    }
}

/// What an answer of this sender's carrier means for the try.
fn event(sender: &Sender, outcome: &Outcome) -> DeliveryEvent {
    match outcome {
        Outcome::Accepted { .. } if delivers_at_once(sender) => DeliveryEvent::ReceiptDelivered,
        _ => outcome.event(),
    }
}

/// The id by which receipts of the try come, where any come.
fn carrier_id<'o>(sender: &Sender, outcome: &'o Outcome) -> Option<&'o str> {
    match outcome {
        Outcome::Accepted { carrier_id } if !delivers_at_once(sender) => Some(carrier_id),
        _ => None,
    }
}

fn delivers_at_once(sender: &Sender) -> bool {
    registry::by_name(sender.channel.name())
        .is_some_and(|adapter| adapter.abilities().receipts == Receipts::AtOnce)
}

/// Tries whose answer never came: a process died or was paused. The carrier may know.
async fn ask_for_lost_answers(app: &App, sender: &Sender) -> Result<usize, AppError> {
    let mut moved = 0;
    let in_flight =
        app.store.deliveries_in_flight(sender.organization_id, sender.id, IN_FLIGHT_MOST).await?;
    for delivery in in_flight {
        let from = delivery.valid_until.checked_add(ASK_AFTER).unwrap_or(Timestamp::MAX);
        if app.now() < from {
            continue;
        }
        match app.outbound().look_up(sender, &delivery).await {
            LookUp::Known { carrier_id } => {
                write_down(app, sender, &delivery, &Outcome::Accepted { carrier_id }).await?;
                moved += 1;
            }
            LookUp::NotKnown => {
                report::apply(app, &delivery, &DeliveryEvent::NotSent).await?;
                moved += 1;
            }
            // The sweep ends it as unknown.
            LookUp::CannotTell => {}
        }
    }
    Ok(moved)
}
