//! `GET /message`: the request is the drive.

use super::authenticate::linked_phone;
use super::{PhoneHeaders, PhoneReply};
use crate::context::App;
use crate::error::AppError;
use crate::sending::claim::{IN_FLIGHT_MOST, claim};
use crate::sending::recall;
use vestnik_channels::android_phone::wire::{OfferedMessage, PullOrder, offer};
use vestnik_domain::delivery::Delivery;
use vestnik_domain::ids::{OrganizationId, SenderId};
use vestnik_domain::pace::{Admission, PaceState, admit};

/// What the phone is to send now; the same until it has acknowledged it.
pub async fn pull(
    app: &App,
    headers: PhoneHeaders<'_>,
    order: Option<&str>,
) -> Result<PhoneReply, AppError> {
    let phone = match linked_phone(app, headers).await? {
        Ok(phone) => phone,
        Err(reply) => return Ok(reply),
    };
    if let Err(error) = PullOrder::parse(order) {
        return Ok(PhoneReply::refused(400, &error.to_string()));
    }
    let given = claim(app, &phone.sender, &phone.link).await?;
    let mut list = Vec::with_capacity(given.len());
    for delivery in given.iter().filter(|delivery| is_still_listed(delivery)) {
        let id = wire_id(delivery);
        let offered = OfferedMessage {
            id: &id,
            recipient: &delivery.recipient,
            text: &delivery.text,
            sim_number: phone
                .sender
                .settings
                .sim_number
                .and_then(|number| u8::try_from(number).ok()),
            priority: 0,
            valid_until: delivery.valid_until,
            created_at: delivery.intended_at,
            is_cancelling: delivery.recall_asked_at.is_some(),
        };
        match offer(&offered, phone.version()) {
            Ok(Some(message)) => list.push(message),
            Ok(None) => {}
            // One bad element would make the app refuse the whole list for ever.
            Err(error) => {
                tracing::error!(delivery = %delivery.id, %error, "not offered to a phone")
            }
        }
    }
    PhoneReply::json(200, &list)
}

/// The id under which the phone knows a try.
fn wire_id(delivery: &Delivery) -> String {
    delivery.id.to_string()
}

/// Until the phone says that it has it; what it is asked to drop, until it says what became of it.
fn is_still_listed(delivery: &Delivery) -> bool {
    let asked_to_drop = delivery.recall_asked_at.is_some();
    delivery.handed_to_radio_at.is_none() && (asked_to_drop || delivery.acknowledged_at.is_none())
}

/// The ids, as the phone knows them, of what it is asked to drop.
pub(crate) async fn asked_to_drop(
    app: &App,
    organization: OrganizationId,
    sender: SenderId,
    registration: i64,
) -> Result<Vec<String>, AppError> {
    let in_flight = app.store.deliveries_in_flight(organization, sender, IN_FLIGHT_MOST).await?;
    let of_registration =
        in_flight.into_iter().filter(|one| one.sender_registration == registration).collect();
    let asked = recall::ask_where_due(app, organization, of_registration).await?;
    let open = asked
        .iter()
        .filter(|one| one.recall_asked_at.is_some() && one.handed_to_radio_at.is_none());
    Ok(open.map(wire_id).collect())
}

/// How far into the lane a stream looks for something that does not rest.
const LANE_LOOK: i64 = 10;

/// Would a pull bring anything now?
pub(crate) async fn something_to_pull(
    app: &App,
    organization: OrganizationId,
    sender: SenderId,
) -> Result<bool, AppError> {
    if !app.may_send() {
        return Ok(false);
    }
    let now = app.now();
    let lane = app.store.lane(organization, sender, LANE_LOOK).await?;
    if lane.iter().all(|message| message.retry_at.is_some_and(|at| now < at)) {
        return Ok(false);
    }
    let Some(sender) = app.store.sender(organization, sender).await? else { return Ok(false) };
    let pace = app
        .store
        .pace_state(organization, sender.id)
        .await?
        .unwrap_or_else(|| PaceState::new(organization, sender.id, &sender.zone, now));
    Ok(matches!(admit(&sender, &pace, 1, now), Admission::Now(_)))
}
