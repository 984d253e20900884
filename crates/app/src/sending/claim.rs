//! A phone asks: it is given again what it has not answered, and then as much of its lane as pace,
//! limit, hours and window let through. Any node may do this: the pace row lets one claim through.

use super::intent::Outlet;
use super::{recall, together};
use crate::context::App;
use crate::error::AppError;
use vestnik_domain::delivery::Delivery;
use vestnik_domain::pace::PaceState;
use vestnik_domain::sender::{PhoneLink, Sender};

/// How many messages of the lane one request looks at.
const LANE_MOST: i64 = 50;
/// The app takes at most 100 messages in one list.
pub(crate) const IN_FLIGHT_MOST: i64 = 50;

/// What the phone is to send now.
pub(crate) async fn claim(
    app: &App,
    sender: &Sender,
    link: &PhoneLink,
) -> Result<Vec<Delivery>, AppError> {
    if !app.may_send() {
        return Ok(Vec::new());
    }
    let organization = sender.organization_id;
    let outlet = Outlet { sender, registration: link.registration, lease: None };
    let in_flight: Vec<Delivery> = app
        .store
        .deliveries_in_flight(organization, sender.id, IN_FLIGHT_MOST)
        .await?
        .into_iter()
        // What an older registration fetched the phone has forgotten; it must not go again.
        .filter(|delivery| delivery.sender_registration == link.registration)
        .collect();
    let mut given = recall::ask_where_due(app, organization, in_flight).await?;
    let pace = app
        .store
        .pace_state(organization, sender.id)
        .await?
        .unwrap_or_else(|| PaceState::new(organization, sender.id, &sender.zone, app.now()));
    let now = app.now();
    let undecided = recall::undecided(&given, link, now);
    let mut lane = app.store.lane(organization, sender.id, LANE_MOST).await?;
    lane.retain(|message| !message.rests(now) && !undecided.contains(&message.client_id));
    let intended = together::intend(app, outlet, pace, &lane).await;
    given.extend(intended.deliveries);
    match intended.failure {
        Some(error) if given.is_empty() => Err(error),
        // What went wrong with the rest of the lane keeps nothing from the phone that it is to have.
        Some(error) => {
            tracing::error!(sender = %sender.id, %error, "the lane was not gone through");
            Ok(given)
        }
        None => Ok(given),
    }
}
