//! `PATCH /message`: what became of the tries. 204 also for ids that nobody knows, or the phone would
//! repeat them ten times.

use super::authenticate::{LinkedPhone, linked_phone};
use super::{PhoneHeaders, PhoneReply};
use crate::context::App;
use crate::counters;
use crate::error::AppError;
use crate::round::land_unless_lost;
use crate::sending::report::apply;
use jiff::Timestamp;
use vestnik_channels::android_phone::delivery_events::delivery_event;
use vestnik_channels::android_phone::states::{PhoneState, TextParts};
use vestnik_channels::android_phone::wire::MessageStateReport;
use vestnik_domain::delivery::{Delivery, DeliveryEvent, DeliveryState, own_codes};
use vestnik_domain::ids::DeliveryId;
use vestnik_store::{ChangeSet, Urgency};

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
    match event(&delivery, &state, same_registration, app.now()) {
        Some(event) => apply(app, &delivery, &event).await,
        None => acknowledge(app, &delivery).await,
    }
}

/// What the phone's word means for this try; `None` for a mere acknowledgement.
fn event(
    delivery: &Delivery,
    state: &PhoneState,
    same_registration: bool,
    now: Timestamp,
) -> Option<DeliveryEvent> {
    match state {
        PhoneState::Pending => None,
        // After a new registration the phone says so of every id that it forgot.
        PhoneState::Cancelled if !same_registration => None,
        _ => {
            let parts = TextParts::of_count(usize::try_from(delivery.parts).unwrap_or(1));
            Some(match delivery_event(state, parts, now) {
                // Once its outcome was in doubt, «did not try» is a refusal: nothing goes again.
                DeliveryEvent::NotSent if delivery.state != DeliveryState::Processing => {
                    let code = own_codes::NOT_SENT.to_owned();
                    DeliveryEvent::RefusedPermanent { code }
                }
                event => event,
            })
        }
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
    change_set.change(&after, delivery);
    land_unless_lost(app, change_set).await?;
    Ok(())
}
