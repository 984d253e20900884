//! The days ahead as a calendar: what goes to whom, when, and what does not and why. It is the plan
//! of every client with a visit in those days, by the function that sends.

use super::explain::{WordedMessage, worded};
use super::replan::look;
use super::words::Wording;
use crate::appointments::change::Offer;
use crate::context::{App, Caller};
use crate::error::AppError;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::client::Client;
use vestnik_domain::ids::{BranchId, ClientId};
use vestnik_domain::planning::Silence;

/// The longest stretch of a forecast, and the standard one.
pub const DAYS: i64 = 7;
/// A reminder may go this long before its visit; visits further ahead are not looked at.
const LONGEST_LEAD: SignedDuration = SignedDuration::from_hours(24 * 31);
/// The most appointments of one branch that a forecast looks at.
const APPOINTMENTS_MOST: i64 = 2_000;

/// One client's part of the forecast.
pub struct ForecastOfClient {
    pub client: Client,
    /// Due within the stretch, with the words.
    pub planned: Vec<WordedMessage>,
    /// About visits that begin within the stretch.
    pub silences: Vec<Silence>,
    pub appointments: Vec<Appointment>,
}

/// The forecast for `days` days from now (1 to 7), of one branch or of all.
pub async fn forecast(
    app: &App,
    caller: &Caller,
    branch: Option<BranchId>,
    days: i64,
) -> Result<(Timestamp, Timestamp, Vec<ForecastOfClient>), AppError> {
    if !(1..=DAYS).contains(&days) {
        return Err(AppError::field(
            "days",
            "out_of_range",
            "Прогноз — на срок от 1 до 7 дней",
            "must be 1 to 7",
        ));
    }
    let offer = Offer::read(app, caller).await?;
    if let Some(branch) = branch
        && offer.branch(branch).is_none()
    {
        return Err(AppError::NotFound("branch"));
    }
    let from = app.now();
    let to = from.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX);
    let clients = clients_with_visits(app, caller, &offer, branch, from, to).await?;
    let wording = Wording::read(app, caller).await?;
    let mut all = Vec::with_capacity(clients.len());
    for client_id in clients {
        let client = crate::clients::get(app, caller, client_id).await?;
        let look = look(app, caller, &client, &offer).await?;
        let plan = look.plan();
        let begins_within = |silence: &Silence| {
            look.appointments().iter().any(|appointment| {
                appointment.id == silence.appointment_id
                    && (from..to).contains(&appointment.facts.starts_at)
            })
        };
        let silences =
            plan.silences.iter().filter(|silence| begins_within(silence)).copied().collect();
        let planned = plan.messages.into_iter().filter(|planned| planned.due_at < to).collect();
        let part = ForecastOfClient {
            planned: worded(app, &wording, &look, &offer, planned),
            silences,
            appointments: look.appointments().to_vec(),
            client,
        };
        if !part.planned.is_empty() || !part.silences.is_empty() {
            all.push(part);
        }
    }
    Ok((from, to, all))
}

/// The clients whose visits may be spoken of in the stretch, in the order of their first visit.
async fn clients_with_visits(
    app: &App,
    caller: &Caller,
    offer: &Offer,
    branch: Option<BranchId>,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<ClientId>, AppError> {
    let until = to.checked_add(LONGEST_LEAD).unwrap_or(Timestamp::MAX);
    let mut first: BTreeMap<ClientId, Timestamp> = BTreeMap::new();
    for one in offer.branches.iter().filter(|one| branch.is_none_or(|wanted| wanted == one.id)) {
        let appointments = app
            .store
            .appointments_between(caller.organization_id, one.id, from, until, APPOINTMENTS_MOST)
            .await?;
        for appointment in appointments {
            let start = appointment.facts.starts_at;
            let earliest = first.entry(appointment.client_id).or_insert(start);
            *earliest = (*earliest).min(start);
        }
    }
    let mut clients: Vec<(Timestamp, ClientId)> =
        first.into_iter().map(|(client, start)| (start, client)).collect();
    clients.sort_unstable();
    Ok(clients.into_iter().map(|(_, client)| client).collect())
}
