//! An SMS that came in: kept, shown on the client's card and visit, and left as a task for staff;
//! STOP and START are obeyed at once, in the same commit.

use crate::clients::home_region;
use crate::context::{App, Caller};
use crate::counters;
use crate::error::AppError;
use crate::messages::replan::LOOK_BACK;
use crate::stops::{self, Said};
use jiff::Timestamp;
use vestnik_channels::android_phone::webhooks::{ReceivedSms, dedupe_key};
use vestnik_domain::access::{Actor, Role};
use vestnik_domain::appointment::{Appointment, Status};
use vestnik_domain::client::Client;
use vestnik_domain::ids::{IncomingMessageId, OrganizationId, TaskId};
use vestnik_domain::incoming::IncomingMessage;
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_domain::sender::PhoneLink;
use vestnik_domain::stopped_number::{StopWord, stop_word};
use vestnik_domain::task::{Task, TaskKind};
use vestnik_store::{ChangeSet, CommitError};

/// So many may change the same client's messages at once before the phone has to come again.
const TRIES_MOST: u32 = 50;
/// More people do not share a number.
const CARDS_MOST: i64 = 100;
const VISITS_MOST: i64 = 20;

/// Takes the SMS in; the same one a second time changes nothing.
pub(super) async fn take_in(
    app: &App,
    link: &PhoneLink,
    sms: &ReceivedSms,
) -> Result<(), AppError> {
    let mut tries = 0;
    loop {
        let change_set = decide(app, link, sms).await?;
        match app.store.commit(change_set).await {
            Ok(()) => {
                counters::count(counters::INCOMING);
                return Ok(());
            }
            // The phone hands the same SMS over more than once.
            Err(CommitError::Conflict { table: "incoming_messages", .. }) => return Ok(()),
            Err(CommitError::Conflict { .. }) if tries < TRIES_MOST => tries += 1,
            Err(error) => return Err(error.into()),
        }
    }
}

async fn decide(app: &App, link: &PhoneLink, sms: &ReceivedSms) -> Result<ChangeSet, AppError> {
    let organization_id = link.organization_id;
    let from = sms.sender.clone().unwrap_or_default();
    let region = home_region(app, &Caller::system(organization_id)).await?;
    let phone = PhoneNumber::parse(&from, region).ok();
    let about = match &phone {
        Some(phone) => about(app, organization_id, phone).await?,
        None => None,
    };
    let message = IncomingMessage {
        organization_id,
        id: IncomingMessageId(app.new_id()),
        sender_id: link.sender_id,
        from,
        phone,
        client_id: about.as_ref().map(|about| about.client.id),
        dedupe_key: dedupe_key(&link.sender_id.to_string(), sms),
        text: sms.text.clone(),
        received_at: sms.received_at,
        at: app.now(),
    };
    let mut change_set = ChangeSet::new();
    change_set.insert(&message);
    if obeyed(app, &message, &mut change_set).await? {
        return Ok(change_set);
    }
    // Adverts and services write too; what a client writes wants a person.
    if let Some(about) = about {
        change_set.insert(&Task {
            organization_id,
            id: TaskId(app.new_id()),
            version: 1,
            kind: TaskKind::IncomingMessage,
            client_id: Some(about.client.id),
            visit_id: about.visit.as_ref().map(|visit| visit.visit_id),
            appointment_id: about.visit.as_ref().map(|visit| visit.id),
            incoming_message_id: Some(message.id),
            note: message.text.chars().take(500).collect(),
            created_at: app.now(),
            done_at: None,
            done_by: None,
        });
    }
    Ok(change_set)
}

/// Does what a command says; false if it is none, or says nothing new.
async fn obeyed(
    app: &App,
    message: &IncomingMessage,
    change_set: &mut ChangeSet,
) -> Result<bool, AppError> {
    let (Some(phone), Some(word)) = (&message.phone, stop_word(&message.text)) else {
        return Ok(false);
    };
    let client = Caller {
        organization_id: message.organization_id,
        role: Role::Administrator,
        actor: Actor::Client,
    };
    let stopped = word == StopWord::Stop;
    let said = Said { phone, stopped, incoming: Some(message) };
    let news = stops::say(app, &client, said, change_set).await?;
    // A second STOP leaves nobody anything to do either; one that came too late to count does.
    Ok(news.is_some() || (stopped && stops::is_stopped(app, client.organization_id, phone).await?))
}

/// Whose number it is, and the visit that they probably write about.
struct About {
    client: Client,
    visit: Option<Appointment>,
}

/// Whoever of those with this number, on their card or in a visit, comes next or came last; the oldest
/// card that is in use where none of them has a visit.
async fn about(
    app: &App,
    organization: OrganizationId,
    phone: &PhoneNumber,
) -> Result<Option<About>, AppError> {
    let now = app.now();
    let from = now.checked_sub(LOOK_BACK).unwrap_or(Timestamp::MIN);
    let store = &app.store;
    let mut visits =
        store.appointments_of_recipient(organization, phone, from, VISITS_MOST).await?;
    let cards = store.clients_by_phone(organization, phone, CARDS_MOST).await?;
    for card in &cards {
        visits.extend(store.appointments_of_client(organization, card.id, from).await?);
    }
    visits.sort_by_key(|visit| (visit.facts.starts_at, visit.id));
    let visit = nearest(visits, now);
    let client = match &visit {
        Some(visit) => store.client(organization, visit.client_id).await?,
        None => cards.into_iter().find(|card| card.archived_at.is_none()),
    };
    Ok(client.map(|client| About { client, visit }))
}

/// The next visit that stands, else the last one of these days.
fn nearest(mut visits: Vec<Appointment>, now: Timestamp) -> Option<Appointment> {
    visits.retain(|visit| visit.status != Status::Cancelled);
    let next = visits.iter().position(|visit| visit.facts.starts_at > now);
    match next {
        Some(place) => Some(visits.swap_remove(place)),
        None => visits.pop(),
    }
}
