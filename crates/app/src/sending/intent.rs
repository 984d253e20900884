//! The intent: text, pace, what the client will have been told, in one commit where message,
//! appointments, settings and pace are still what was read. Only after it may bytes leave.

use crate::appointments::change::Offer;
use crate::context::{App, Caller};
use crate::counters;
use crate::error::AppError;
use crate::messages::replan::{Look, look};
use crate::messages::words::Wording;
use crate::outbound::submit_until;
use crate::sending::report;
use crate::visits::link;
use vestnik_domain::appointment::{Appointment, Status};
use vestnik_domain::composition::Composed;
use vestnik_domain::delivery::{Delivery, DeliveryState};
use vestnik_domain::ids::DeliveryId;
use vestnik_domain::message::{Message, MessageState};
use vestnik_domain::node::SenderLease;
use vestnik_domain::pace::{LaneDecision, PaceState, WaitReason, admit, limit_decision};
use vestnik_domain::planning::{Again, Subject, Submission, stands_as_told};
use vestnik_domain::routing::valid_until;
use vestnik_domain::sender::Sender;
use vestnik_store::{ChangeSet, CommitError, Urgency};

/// What became of the head of a lane.
pub(crate) enum Intent {
    /// It is committed: these bytes may leave.
    Committed { delivery: Box<Delivery>, pace: PaceState },
    /// The message is no longer to be sent, or not now: the lane goes on with the next.
    PassedOver,
    /// Nothing may leave over this sender at the moment.
    Wait,
}

/// What a try goes out by.
#[derive(Clone, Copy)]
pub(crate) struct Outlet<'a> {
    pub(crate) sender: &'a Sender,
    /// The registration of its phone, or the fence of its lease.
    pub(crate) registration: i64,
    /// Of a sender that we call; a phone's request is its own right.
    pub(crate) lease: Option<&'a SenderLease>,
}

/// Tries to commit the intent of `message` by `outlet`.
pub(crate) async fn intend(
    app: &App,
    outlet: Outlet<'_>,
    pace: &PaceState,
    message: &Message,
) -> Result<Intent, AppError> {
    let Outlet { sender, registration, lease } = outlet;
    let caller = Caller::system(message.organization_id);
    let wording = Wording::read(app, &caller).await?;
    let offer = Offer::read(app, &caller).await?;
    let client = crate::clients::get(app, &caller, message.client_id).await?;
    let look = look(app, &caller, &client, &offer).await?;
    let mut change_set = look.otherwise(app, Urgency::Dispatch);
    if !change_set.is_empty() {
        return passed_over(app, change_set).await;
    }
    let now = app.now();
    let Some(current) = look.messages().iter().find(|current| current.id == message.id) else {
        return Ok(Intent::PassedOver);
    };
    if current.version != message.version || current.due_at > now {
        return Ok(Intent::PassedOver);
    }
    let retrying = matches!(message.state, MessageState::Retrying { .. });
    let covered: Vec<&Appointment> = look
        .appointments()
        .iter()
        .filter(|appointment| message.covers.contains(&appointment.id))
        .collect();
    if retrying && !covered.iter().all(|appointment| stands_as_told(appointment, message.id)) {
        // What was to be said is no longer the truth; a newer message says it.
        report::give_up(app, message, &mut change_set).await?;
        return passed_over(app, change_set).await;
    }
    if retrying {
        match look.again(message) {
            Again::Now => {}
            Again::NotBefore(at) => {
                let resting =
                    Message { version: message.version + 1, retry_at: Some(at), ..message.clone() };
                change_set.update(&resting, message.version);
                return passed_over(app, change_set).await;
            }
            // Switched off, come or not come: nobody wants to hear it any more.
            Again::Never => {
                report::give_up(app, message, &mut change_set).await?;
                return passed_over(app, change_set).await;
            }
        }
    }
    let composed = words(app, message, &look, &offer, &wording, &mut change_set).await?;
    let Some(composed) = composed else {
        change_set.update(&end(message, now, "nothing_to_tell"), message.version);
        return passed_over(app, change_set).await;
    };
    let parts = i64::try_from(composed.sms.parts).unwrap_or(i64::MAX);
    let after = match limit_decision(message.send_before, admit(sender, pace, parts, now), now) {
        LaneDecision::Go(after) => after,
        // Longer than a whole day's limit: only other settings can save it, and the lane goes on.
        LaneDecision::WaitInLane { until: None, reason: WaitReason::DailyLimit, .. } => {
            return Ok(Intent::PassedOver);
        }
        LaneDecision::WaitInLane { .. } => return Ok(Intent::Wait),
        LaneDecision::Skip { reason_code } => {
            let mut skip = ChangeSet::with_urgency(Urgency::Dispatch);
            if retrying {
                report::give_up(app, message, &mut skip).await?;
            } else {
                skip.update(&end(message, now, reason_code), message.version);
            }
            return passed_over(app, skip).await;
        }
    };
    let mut delivery = delivery(app, sender, registration, message, composed, parts);
    if retrying {
        let tries = app.store.deliveries_of_message(message.organization_id, message.id).await?;
        delivery.attempt = i64::try_from(tries.len()).unwrap_or(i64::MAX);
    }
    let submitted = Message {
        version: message.version + 1,
        state: MessageState::Submitted { at: now },
        retry_at: None,
        ..message.clone()
    };
    change_set.update(&submitted, message.version);
    change_set.insert(&delivery);
    change_set.update(&after, pace.version);
    change_set.expect(&wording.organization, wording.organization.version);
    if let Some(lease) = lease {
        change_set.expect(lease, lease.version);
    }
    if retrying {
        // A switch of the client that is saved at this moment ends no message that is being retried.
        change_set.expect(look.client(), look.client().version);
    }
    for appointment in covered {
        if retrying {
            change_set.expect(appointment, appointment.version);
        } else {
            change_set.update(&told(appointment, message, now), appointment.version);
        }
    }
    match app.store.commit(change_set).await {
        Ok(()) => {
            counters::count(counters::INTENTS);
            Ok(Intent::Committed { delivery: Box::new(delivery), pace: after })
        }
        Err(CommitError::Conflict { .. }) => Ok(Intent::PassedOver),
        // It may have landed, and then it is to leave: nobody else would hand it over.
        Err(CommitError::OutcomeUnknown(words)) => {
            let landed = app.store.delivery(delivery.organization_id, delivery.id).await?;
            match landed {
                Some(delivery) => {
                    Ok(Intent::Committed { delivery: Box::new(delivery), pace: after })
                }
                None => Err(AppError::OutcomeUnknown(words)),
            }
        }
        Err(error) => Err(error.into()),
    }
}

async fn passed_over(app: &App, change_set: ChangeSet) -> Result<Intent, AppError> {
    match app.store.commit(change_set).await {
        Ok(()) | Err(CommitError::Conflict { .. }) => Ok(Intent::PassedOver),
        Err(error) => Err(error.into()),
    }
}

fn end(message: &Message, now: jiff::Timestamp, reason: &str) -> Message {
    Message {
        version: message.version + 1,
        state: MessageState::Skipped { at: now, reason: reason.to_owned() },
        ..message.clone()
    }
}

/// The words, with the link of the visit's page where the text carries one; `None` if nothing is
/// left to tell.
async fn words(
    app: &App,
    message: &Message,
    look: &Look,
    offer: &Offer,
    wording: &Wording,
    change_set: &mut ChangeSet,
) -> Result<Option<Composed>, AppError> {
    let mut address = None;
    if let (Subject::Visit(visit), true) =
        (message.subject, wording.may_carry_link(app, message.kind))
    {
        let (organization, client) = (message.organization_id, message.client_id);
        let made = link::find_or_add(app, organization, client, visit, change_set).await?;
        address = Some(app.visit_address(&made.token));
    }
    let kind = (message.kind, message.variant);
    match wording.words(look, offer, kind, &message.covers, address.as_deref()) {
        Ok(composed) => Ok(Some(composed)),
        Err(error) => {
            tracing::warn!(%error, message = %message.id, "a message has no words");
            Ok(None)
        }
    }
}

fn delivery(
    app: &App,
    sender: &Sender,
    registration: i64,
    message: &Message,
    composed: Composed,
    parts: i64,
) -> Delivery {
    let now = app.now();
    let is_pull = sender.channel.is_pull();
    Delivery {
        organization_id: message.organization_id,
        id: DeliveryId(app.new_id()),
        version: 1,
        message_id: message.id,
        step: 0,
        attempt: 0,
        sender_id: sender.id,
        sender_registration: registration,
        client_id: message.client_id,
        recipient: message.recipient.clone(),
        text: composed.text,
        parts,
        state: DeliveryState::Processing,
        delivered_in_part: false,
        carrier_id: None,
        error_code: None,
        intended_at: now,
        // A phone may have it as soon as the answer is on its way, whether or not that arrives.
        fetched_at: is_pull.then_some(now),
        acknowledged_at: None,
        handed_to_radio_at: None,
        submitted_at: None,
        ended_at: None,
        valid_until: if is_pull {
            valid_until(message.send_before, now)
        } else {
            submit_until(message.send_before, now)
        },
        price_kopecks: None,
        recall_asked_at: None,
    }
}

fn told(appointment: &Appointment, message: &Message, now: jiff::Timestamp) -> Appointment {
    let cancelled = appointment.status == Status::Cancelled;
    let submission = Submission {
        kind: message.kind,
        message_id: message.id,
        tells: (!cancelled).then_some(&appointment.facts),
        at: now,
    };
    Appointment {
        version: appointment.version + 1,
        notification: appointment.notification.submitted(submission),
        ..appointment.clone()
    }
}
