//! `PATCH /message`: what became of the tries. 204 also for ids that nobody knows, or the phone would
//! repeat them ten times.

use super::authenticate::{LinkedPhone, linked_phone};
use super::{PhoneHeaders, PhoneReply};
use crate::context::App;
use crate::counters;
use crate::error::AppError;
use crate::sending::report::apply;
use jiff::{SignedDuration, Timestamp};
use vestnik_channels::android_phone::phone_error::{FailureKind, PhoneFailure};
use vestnik_channels::android_phone::states::PhoneState;
use vestnik_channels::android_phone::wire::MessageStateReport;
use vestnik_domain::delivery::{Delivery, DeliveryEvent, DeliveryState};
use vestnik_domain::ids::DeliveryId;
use vestnik_domain::message_status::passes_by_itself;
use vestnik_store::{ChangeSet, CommitError, Urgency};

/// What the network refuses for a moment is tried again after this time.
const RETRY_AFTER: SignedDuration = SignedDuration::from_secs(90);

/// Takes in a list of states.
pub async fn report(
    app: &App,
    headers: PhoneHeaders<'_>,
    body: &[u8],
) -> Result<PhoneReply, AppError> {
    let phone = match linked_phone(app, headers).await? {
        Ok(phone) => phone,
        Err(reply) => return Ok(reply),
    };
    let reports = match MessageStateReport::decode_list(body) {
        Ok(reports) => reports,
        Err(error) => return Ok(PhoneReply::refused(400, &error.to_string())),
    };
    for report in &reports {
        counters::count(counters::REPORTS);
        take_in(app, &phone, report).await?;
    }
    Ok(PhoneReply::empty(204))
}

async fn take_in(
    app: &App,
    phone: &LinkedPhone,
    report: &MessageStateReport,
) -> Result<(), AppError> {
    let Ok(id) = report.id.parse::<DeliveryId>() else { return Ok(()) };
    let Some(delivery) = app.store.delivery(phone.link.organization_id, id).await? else {
        return Ok(());
    };
    // A phone speaks of its own tries alone.
    if delivery.sender_id != phone.sender.id {
        return Ok(());
    }
    let Some(state) = PhoneState::of_report(report) else { return Ok(()) };
    let same_registration = delivery.sender_registration == phone.link.registration;
    match event(&delivery, state, same_registration, app.now()) {
        Some(event) => apply(app, &delivery, &event).await,
        None => acknowledge(app, &delivery).await,
    }
}

/// What the phone's word means; `None` for a mere acknowledgement.
fn event(
    delivery: &Delivery,
    state: PhoneState,
    same_registration: bool,
    now: Timestamp,
) -> Option<DeliveryEvent> {
    match state {
        PhoneState::Pending => None,
        // After a new registration the phone says so of every id that it forgot.
        PhoneState::Cancelled if !same_registration => None,
        PhoneState::Cancelled => Some(DeliveryEvent::CancelConfirmed),
        PhoneState::Processed => Some(DeliveryEvent::PhoneProcessed),
        PhoneState::Sent => Some(DeliveryEvent::Accepted { carrier_id: None }),
        PhoneState::Delivered => Some(DeliveryEvent::ReceiptDelivered),
        PhoneState::DeliveredInPart(_) => Some(DeliveryEvent::ReceiptDeliveredInPart),
        PhoneState::Failed(failure) => Some(failed(delivery, &failure, now)),
    }
}

fn failed(delivery: &Delivery, failure: &PhoneFailure, now: Timestamp) -> DeliveryEvent {
    let code = failure.code.to_owned();
    match failure.kind {
        FailureKind::Expired if delivery.state == DeliveryState::Processing => {
            DeliveryEvent::NotSent
        }
        FailureKind::NotDelivered { .. } => DeliveryEvent::ReceiptUndelivered { code },
        // One part that was refused did not leave; of several some may have.
        FailureKind::Refused if delivery.parts == 1 && passes_by_itself(&code) => {
            let at = now.checked_add(RETRY_AFTER).unwrap_or(Timestamp::MAX);
            DeliveryEvent::RefusedRetryAt { at, code }
        }
        FailureKind::Expired | FailureKind::Refused => DeliveryEvent::RefusedPermanent { code },
    }
}

/// The phone has it: from now on it is not listed.
async fn acknowledge(app: &App, delivery: &Delivery) -> Result<(), AppError> {
    if delivery.acknowledged_at.is_some() {
        return Ok(());
    }
    let after = Delivery {
        version: delivery.version + 1,
        acknowledged_at: Some(app.now()),
        ..delivery.clone()
    };
    let mut change_set = ChangeSet::with_urgency(Urgency::Dispatch);
    change_set.update(&after, delivery.version);
    match app.store.commit(change_set).await {
        Ok(()) | Err(CommitError::Conflict { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
