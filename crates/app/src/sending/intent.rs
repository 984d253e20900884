//! The intent of one message, decided: text, pace, what the client will have been told. It lands in one
//! commit where message, appointments, settings and pace are still what was read (`together`); only
//! after that may bytes leave.

use crate::appointments::change::Offer;
use crate::context::App;
use crate::error::AppError;
use crate::messages::replan::Look;
use crate::messages::words::Wording;
use crate::outbound::submit_until;
use crate::sending::report;
use crate::visits::link;
use vestnik_domain::appointment::{Appointment, Status};
use vestnik_domain::composition::Composed;
use vestnik_domain::delivery::{CountsFor, Delivery, DeliveryState};
use vestnik_domain::ids::DeliveryId;
use vestnik_domain::local_time::local;
use vestnik_domain::message::{Message, MessageState};
use vestnik_domain::node::SenderLease;
use vestnik_domain::pace::{LaneDecision, PaceState, WaitReason, admit, limit_decision};
use vestnik_domain::planning::{Again, Subject, Submission, stands_as_told};
use vestnik_domain::routing::valid_until;
use vestnik_domain::sender::Sender;
use vestnik_domain::task::VisitLink;
use vestnik_store::{ChangeSet, Urgency};

/// What a try goes out by.
#[derive(Clone, Copy)]
pub(crate) struct Outlet<'a> {
    pub(crate) sender: &'a Sender,
    /// The registration of its phone, or the fence of its lease.
    pub(crate) registration: i64,
    /// Of a sender that we call; a phone's request is its own right.
    pub(crate) lease: Option<&'a SenderLease>,
}

/// What is decided about the head of a lane.
pub(super) enum Decision {
    /// It goes once this has landed, together with the pace.
    Intend { delivery: Box<Delivery>, pace: PaceState, change_set: ChangeSet },
    /// It is no longer to be sent, or not now: this is to be written, and the lane goes on.
    PassOver(ChangeSet),
    /// Nothing may leave over this sender at the moment.
    Wait,
}

/// What the intent of a message is decided from.
pub(super) struct Ground<'a> {
    pub(super) wording: &'a Wording,
    pub(super) offer: &'a Offer,
    pub(super) look: &'a Look,
    /// The link of its visit's page, if it has one already.
    pub(super) link: Option<VisitLink>,
}

/// Decides about `message` over `outlet`, whose `pace` counts everything that was released before.
pub(super) async fn decide(
    app: &App,
    outlet: Outlet<'_>,
    pace: &PaceState,
    message: &Message,
    ground: Ground<'_>,
) -> Result<Decision, AppError> {
    let look = ground.look;
    let mut change_set = look.otherwise(app, Urgency::Dispatch);
    if !change_set.is_empty() {
        return Ok(Decision::PassOver(change_set));
    }
    let now = app.now();
    let Some(current) = look.messages().iter().find(|current| current.id == message.id) else {
        return Ok(Decision::PassOver(change_set));
    };
    if current.version != message.version || current.due_at > now {
        return Ok(Decision::PassOver(change_set));
    }
    let covered = look.covered(&message.covers);
    let retrying = matches!(message.state, MessageState::Retrying { .. });
    if retrying && let Some(change_set) = not_again(app, message, look, &covered).await? {
        return Ok(Decision::PassOver(change_set));
    }
    let untold: Vec<Appointment>;
    let spoken_of = if retrying {
        untold = covered.iter().map(|one| not_told(one, message, now)).collect();
        untold.iter().collect()
    } else {
        covered.clone()
    };
    let Some(composed) = words(app, message, ground, &spoken_of, &mut change_set) else {
        let mut nothing = ChangeSet::with_urgency(Urgency::Dispatch);
        nothing.change(&end(message, now, "nothing_to_tell"), message);
        return Ok(Decision::PassOver(nothing));
    };
    let admission = admit(outlet.sender, pace, parts_of(&composed), now);
    let after = match limit_decision(message.send_before, admission, now) {
        LaneDecision::Go(after) => after,
        // Longer than a whole day's limit: only other settings can save it, and the lane goes on.
        LaneDecision::WaitInLane { until: None, reason: WaitReason::DailyLimit, .. } => {
            return Ok(Decision::PassOver(ChangeSet::new()));
        }
        LaneDecision::WaitInLane { .. } => return Ok(Decision::Wait),
        LaneDecision::Skip { reason_code } => {
            let mut skip = ChangeSet::with_urgency(Urgency::Dispatch);
            if retrying {
                report::give_up(app, message, &mut skip).await?;
            } else {
                skip.change(&end(message, now, reason_code), message);
            }
            return Ok(Decision::PassOver(skip));
        }
    };
    let mut delivery = delivery(app, outlet, message, &covered, composed);
    if retrying {
        let tries = app.store.deliveries_of_message(message.organization_id, message.id).await?;
        delivery.attempt = i64::try_from(tries.len()).unwrap_or(i64::MAX);
        // A switch of the client that is saved at this moment ends no message that is being retried.
        change_set.expect(look.client(), look.client().version);
    }
    let submitted = Message {
        version: message.version + 1,
        state: MessageState::Submitted { at: now },
        retry_at: None,
        ..message.clone()
    };
    change_set.change(&submitted, message);
    change_set.insert(&delivery);
    for appointment in covered {
        if retrying {
            change_set.expect(appointment, appointment.version);
        } else {
            change_set.change(&told(appointment, message, now), appointment);
        }
    }
    Ok(Decision::Intend { delivery: Box::new(delivery), pace: after, change_set })
}

/// What is to be written where a message whose try surely failed does not go once more now.
async fn not_again(
    app: &App,
    message: &Message,
    look: &Look,
    covered: &[&Appointment],
) -> Result<Option<ChangeSet>, AppError> {
    let mut change_set = ChangeSet::with_urgency(Urgency::Dispatch);
    // What was to be said may no longer be the truth; a newer message says it.
    let stands = covered.iter().all(|appointment| stands_as_told(appointment, message.id));
    match look.again(message) {
        Again::Now if stands => return Ok(None),
        Again::NotBefore(at) if stands => {
            let resting =
                Message { version: message.version + 1, retry_at: Some(at), ..message.clone() };
            change_set.change(&resting, message);
        }
        // Switched off, come or not come: nobody wants to hear it any more.
        Again::Now | Again::NotBefore(_) | Again::Never => {
            report::give_up(app, message, &mut change_set).await?;
        }
    }
    Ok(Some(change_set))
}

fn end(message: &Message, now: jiff::Timestamp, reason: &str) -> Message {
    Message {
        version: message.version + 1,
        state: MessageState::Skipped { at: now, reason: reason.to_owned() },
        ..message.clone()
    }
}

/// The words, with the link of the visit's page where the text carries one (a new link is added to the
/// change-set); `None` if nothing is left to tell.
fn words(
    app: &App,
    message: &Message,
    ground: Ground<'_>,
    spoken_of: &[&Appointment],
    change_set: &mut ChangeSet,
) -> Option<Composed> {
    let Ground { wording, offer, look, link } = ground;
    let mut address = None;
    if let (Subject::Visit(visit), true) =
        (message.subject, wording.may_carry_link(app, message.kind))
    {
        let link = link.unwrap_or_else(|| {
            let made = link::make(app, message.organization_id, message.client_id, visit);
            change_set.insert(&made);
            made
        });
        address = Some(app.visit_address(&link.token));
    }
    let kind = (message.kind, message.variant);
    match wording.words(look.client(), offer, kind, spoken_of, address.as_deref()) {
        Ok(composed) => Some(composed),
        Err(error) => {
            tracing::warn!(%error, message = %message.id, "a message has no words");
            None
        }
    }
}

fn parts_of(composed: &Composed) -> i64 {
    i64::try_from(composed.sms.parts).unwrap_or(i64::MAX)
}

fn delivery(
    app: &App,
    Outlet { sender, registration, .. }: Outlet<'_>,
    message: &Message,
    covered: &[&Appointment],
    composed: Composed,
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
        parts: parts_of(&composed),
        text: composed.text,
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
        counts_for: Some(CountsFor {
            day: local(now, &sender.zone).date(),
            kind: message.kind,
            branch_id: covered.first().map(|one| one.facts.branch_id),
        }),
    }
}

/// As the appointment stood before a message whose try surely failed told of it: what goes again is said to
/// somebody who knows what they knew then.
fn not_told(appointment: &Appointment, message: &Message, now: jiff::Timestamp) -> Appointment {
    Appointment {
        notification: appointment.notification.before_telling(message.id, now),
        ..appointment.clone()
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
