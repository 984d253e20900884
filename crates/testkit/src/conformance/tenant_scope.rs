//! Every read that takes an organization finds nothing of another one (I9): each verb of the store
//! has a case here, and a verb without one fails the suite by name.

use crate::{Salon, a_monday_morning};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::path::Path;
use std::pin::Pin;
use vestnik_domain::access::{ApiToken, Session};
use vestnik_domain::appointment::Appointment;
use vestnik_domain::audit::AuditEntry;
use vestnik_domain::delivery::Delivery;
use vestnik_domain::effect::EffectKind;
use vestnik_domain::ids::{
    AuditId, ClientId, IncomingMessageId, MessageId, OrganizationId, TaskId,
};
use vestnik_domain::incoming::IncomingMessage;
use vestnik_domain::journal::{JournalLink, Thing};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::message::{Message, MessageState};
use vestnik_domain::sender::Sender;
use vestnik_domain::task::Task;
use vestnik_store::tables::appointments::StaffDay;
use vestnik_store::tables::messages::WantedMessages;
use vestnik_store::tables::numbers::ClientNumber;
use vestnik_store::{ChangeSet, Grouped, OfferStamp, Store, statements};

/// Statements that cannot know the organization yet, since they are how it is found.
const GLOBAL: &[&str] = &[
    "user_by_email",
    "session_by_secret",
    "api_token_by_secret",
    "visit_link",
    "phone_link_by_link_token",
    "phone_link_by_device_token",
    "phone_link_by_sender",
    "link_code",
    // The loops of a node, which serve all organizations of their buckets.
    "organizations_to_sweep",
    // Whoever runs the installation asks the doctor about all of them.
    "organizations_of_bucket",
    "senders_in_flight",
    "senders_with_lanes",
    "next_deadline",
    "next_due_message",
    "next_send_before",
    "buckets_with_due",
    "due_messages",
    "messages_past_send_before",
    "deliveries_past_deadline",
    "pushed_senders_with_work",
    "organizations_with_stranded",
    // The installation and its nodes belong to no organization.
    "instance",
    "node",
    "nodes_alive",
    "journal_links_to_poll",
    "due_effects",
    "next_due_message",
    "next_deadline",
    "next_send_before",
];

/// A salon with one row of everything that a verb can look for.
struct Owner {
    salon: Salon,
    session: Session,
    api_token: ApiToken,
    audit_entry: AuditEntry,
    appointment: Appointment,
    message: Message,
    task: Task,
    sender: Sender,
    delivery: Delivery,
    incoming: IncomingMessage,
    staff_day: StaffDay,
    journal_link: JournalLink,
}

type Count<'a> = Pin<Box<dyn Future<Output = usize> + Send + 'a>>;

/// A verb's name, and how many things it finds of the owner's when asked under an organization.
struct Look {
    verb: &'static str,
    count: for<'a> fn(&'a Store, OrganizationId, &'a Owner) -> Count<'a>,
}

trait Found {
    fn found(self) -> usize;
}

impl<T> Found for Option<T> {
    fn found(self) -> usize {
        usize::from(self.is_some())
    }
}

impl<T> Found for Vec<T> {
    fn found(self) -> usize {
        self.len()
    }
}

impl<K, R> Found for Grouped<K, R> {
    fn found(self) -> usize {
        self.len()
    }
}

impl Found for StaffDay {
    fn found(self) -> usize {
        usize::from(self.version > 0)
    }
}

impl Found for OfferStamp {
    fn found(self) -> usize {
        usize::from(self != OfferStamp::default())
    }
}

impl Found for ClientNumber {
    fn found(self) -> usize {
        usize::from(self.version > 0)
    }
}

macro_rules! looks {
    (|$owner:ident| $($verb:ident($($parameter:expr),*);)*) => {
        &[$(Look {
            verb: stringify!($verb),
            count: |store, organization, $owner| {
                // Some verbs need nothing of the owner but the organization.
                let _ = $owner;
                Box::pin(async move {
                    store.$verb(organization $(, $parameter)*).await.unwrap().found()
                })
            },
        }),*]
    };
}

macro_rules! batched {
    (|$owner:ident| $($verb:ident($($parameter:expr),*);)*) => {
        &[$(Look {
            verb: stringify!($verb),
            count: |store, organization, $owner| {
                let _ = $owner;
                Box::pin(async move {
                    let mut batch = store.batch();
                    let asked = batch.$verb(organization $(, $parameter)*);
                    batch.read().await.unwrap().take(asked).unwrap().found()
                })
            },
        }),*]
    };
}

/// The verbs of a batch.
const BATCHED: &[Look] = batched! { |owner|
    offer_stamp();
    branches();
    staff();
    services();
    settings();
    client(owner.salon.client.id);
    client_by_phone(owner.salon.client.phone.as_ref().unwrap());
    client_number(owner.salon.client.phone.as_ref().unwrap());
    appointment(owner.appointment.id);
    appointment_by_external_id("a1");
    appointments_of_client(owner.salon.client.id, a_monday_morning());
    messages_of_client(owner.salon.client.id, a_monday_morning());
    stopped_of_client(owner.salon.client.id, a_monday_morning(), None);
    idempotency_key("key");
    organization();
    templates();
    deliveries_of_messages(&[owner.message.id]);
    appointments_by_id(&[owner.appointment.id]);
    staff_day(owner.salon.staff.id, owner.staff_day.date);
    appointments_of_staff(
        owner.salon.branch.id, owner.salon.staff.id, a_monday_morning(), a_monday_morning() + 24.hours()
    );
    appointments_by_external_ids(&["a1".to_owned()]);
    appointments_of_clients(&[owner.salon.client.id], a_monday_morning());
    appointments_of_staff_members(
        owner.salon.branch.id, &[owner.salon.staff.id], a_monday_morning(), a_monday_morning() + 24.hours()
    );
    clients_by_external_ids(&["c1".to_owned()]);
    clients_by_phones(&[owner.salon.client.phone.clone().unwrap()]);
    client_numbers(&[owner.salon.client.phone.clone().unwrap()]);
    staff_days(&[owner.salon.staff.id], &[owner.staff_day.date]);
    messages_of_clients(&[owner.salon.client.id], a_monday_morning());
    stopped_of_clients(&[owner.salon.client.id], a_monday_morning(), &[]);
    clients_by_id(&[owner.salon.client.id]);
    links_of_visits(&[owner.appointment.visit_id]);
};

const LOOKS: &[Look] = looks! { |owner|
    organization();
    user(owner.salon.owner.id);
    users();
    open_sessions(owner.salon.owner.id, a_monday_morning());
    api_token(owner.api_token.id);
    api_tokens();
    audit(AuditId(i64::MAX), 10);
    idempotency_key("key");
    settings();
    branches();
    branch(owner.salon.branch.id);
    staff();
    staff_member(owner.salon.staff.id);
    services();
    service(owner.salon.service.id);
    client(owner.salon.client.id);
    clients(ClientId(i64::MAX), 10);
    clients_by_digits("900", ClientId(i64::MAX), 10);
    clients_by_name("АЛЕНА", ClientId(i64::MAX), 10);
    client_by_phone(owner.salon.client.phone.as_ref().unwrap());
    client_by_external_id("c1");
    appointment(owner.appointment.id);
    appointment_by_external_id("a1");
    appointments_between(owner.salon.branch.id, a_monday_morning(), a_monday_morning() + 24.hours(), 10);
    appointments_of_client(owner.salon.client.id, a_monday_morning());
    appointments_of_visit(owner.salon.client.id, owner.appointment.visit_id);
    appointment_events(owner.appointment.id);
    messages_of_client(owner.salon.client.id, a_monday_morning());
    message(owner.message.id);
    planned_messages_between(a_monday_morning(), a_monday_morning() + 24.hours(), 10);
    tasks(TaskId(i64::MAX), 10, true);
    task(owner.task.id);
    link_of_visit(owner.appointment.visit_id);
    templates();
    appointments_by_id(&[owner.appointment.id]);
    messages_page(&any_messages(), MessageId(i64::MAX), 10);
    lane(owner.sender.id, 10);
    messages_without_sender(10);
    senders();
    sender(owner.sender.id);
    phone_link(owner.sender.id);
    phone_links();
    pace_state(owner.sender.id);
    delivery(owner.delivery.id);
    deliveries_of_message(owner.message.id);
    deliveries_of_messages(&[owner.message.id]);
    deliveries_in_flight(owner.sender.id, 10);
    latest_moment();
    daily_totals(Date::MIN, Date::MAX);
    incoming_message(owner.incoming.id);
    incoming_messages(IncomingMessageId(i64::MAX), 10);
    sender_lease(owner.sender.id);
    delivery_by_carrier_id(owner.sender.id, "carrier-1");
    parked_receipts(owner.sender.id, "carrier-1", a_monday_morning());
    incoming_of_client(owner.salon.client.id, IncomingMessageId(i64::MAX), 10);
    stopped_number(owner.salon.client.phone.as_ref().unwrap());
    stopped_numbers("", 10);
    client_number(owner.salon.client.phone.as_ref().unwrap());
    clients_by_phone(owner.salon.client.phone.as_ref().unwrap(), 10);
    appointments_of_recipient(owner.salon.client.phone.as_ref().unwrap(), a_monday_morning(), 10);
    staff_day(owner.salon.staff.id, owner.staff_day.date);
    journal_links();
    journal_link(owner.journal_link.id);
    external_id(&owner.journal_link.journal(), Thing::Client, "c1");
    external_ids(&owner.journal_link.journal(), Thing::Client);
    effect(EffectKind::JournalWrite, &owner.appointment.id.to_string());
};

fn any_messages() -> WantedMessages {
    let from = a_monday_morning();
    let to = from + 24.hours();
    WantedMessages { from, to, kind: None, client: None, senders: None, digits: None }
}

pub(super) async fn exercise(store: &Store) {
    every_verb_has_a_case();
    every_statement_names_the_organization();
    let owner = set_up(store).await;
    let own = owner.salon.id();
    // One in the same bucket, so that the bucket alone cannot keep them apart.
    let neighbour =
        (own.0 + 1..).map(OrganizationId).find(|other| other.bucket() == own.bucket()).unwrap();
    for look in LOOKS.iter().chain(BATCHED) {
        let verb = look.verb;
        assert!((look.count)(store, own, &owner).await > 0, "{verb} finds its own");
        for stranger in [neighbour, OrganizationId(1), OrganizationId(i64::MAX)] {
            let found = (look.count)(store, stranger, &owner).await;
            assert_eq!(found, 0, "{verb} shows another organization's data");
        }
    }
}

async fn set_up(store: &Store) -> Owner {
    let now = a_monday_morning();
    let mut salon = Salon::new(1, now);
    salon.client.external_id = Some("c1".to_owned());
    let mut appointment = salon.appointment(now + 1.hour());
    appointment.external_id = Some("a1".to_owned());
    appointment.recipient_phone = salon.client.phone.clone();
    let sender = salon.sender();
    let message = salon.message(&appointment, NotificationKind::Created, now + 1.minute());
    let mut owner = Owner {
        session: salon.session(now + 24.hours()),
        api_token: salon.api_token(),
        audit_entry: salon.audit_entry(),
        task: salon.task(&appointment),
        delivery: Delivery {
            carrier_id: Some("carrier-1".to_owned()),
            ..salon.delivery(&message, &sender)
        },
        message,
        incoming: salon.incoming_message(&sender),
        sender,
        staff_day: salon.staff_day(appointment.facts.start_local.date(), 1),
        journal_link: salon.journal_link(),
        appointment,
        salon,
    };
    let mut change_set: ChangeSet = owner.salon.set_up();
    change_set
        .insert(&owner.session)
        .insert(&owner.api_token)
        .insert(&owner.audit_entry)
        .insert(&owner.appointment)
        .insert(&owner.salon.appointment_event(&owner.appointment))
        .insert(&owner.message)
        .insert(&owner.task)
        .insert(&owner.salon.visit_link(&owner.appointment))
        .insert(&owner.staff_day)
        .insert(&owner.journal_link)
        .insert(&owner.salon.external_id(&owner.journal_link, "c1"))
        .insert(&owner.salon.effect(&owner.appointment))
        .insert(&owner.salon.idempotency_key("key", "answer"));
    store.commit(change_set).await.unwrap();
    store.commit(sending(&mut owner)).await.unwrap();
    owner
}

/// Routed messages with and without a sender, and everything about the phone.
fn sending(owner: &mut Owner) -> ChangeSet {
    let due_at = a_monday_morning() + 1.minute();
    let mut routed = |kind| Message {
        state: MessageState::Routed,
        ..owner.salon.message(&owner.appointment, kind, due_at)
    };
    let waiting = routed(NotificationKind::Reminder);
    let mut in_lane = routed(NotificationKind::Changed);
    in_lane.sender_id = Some(owner.sender.id);
    let mut change_set = ChangeSet::new();
    change_set
        .insert(&waiting)
        .insert(&in_lane)
        .insert(&owner.salon.phone_link(&owner.sender))
        .insert(&owner.salon.pace_state(&owner.sender))
        .insert(&owner.salon.link_code(&owner.sender))
        .insert(&owner.incoming)
        .insert(&owner.salon.stopped_number())
        .insert(&owner.salon.client_number(1))
        .insert(&owner.salon.template())
        .insert(&owner.salon.sender_lease(&owner.sender))
        .insert(&owner.salon.parked_receipt(&owner.sender))
        .insert(&owner.salon.daily_total(&owner.sender, 1))
        .insert(&owner.sender)
        .insert(&owner.delivery);
    change_set
}

/// The verbs are read from the store's own source: a new one is noticed without a list to keep.
fn every_verb_has_a_case() {
    let (mut verbs, mut batched) = (BTreeSet::new(), BTreeSet::new());
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/src");
    let mut folders = vec![source];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = std::fs::read_to_string(path).unwrap();
                verbs.extend(scoped_verbs(&source));
                batched.extend(verbs_of_a_batch(&source));
            }
        }
    }
    let cases = |looks: &[Look]| looks.iter().map(|look| look.verb.to_owned()).collect();
    assert_eq!(verbs, cases(LOOKS), "left: verbs of the store; right: cases of this suite");
    assert_eq!(batched, cases(BATCHED), "left: verbs of a batch; right: cases of this suite");
}

/// The names of the public asynchronous functions with an organization among their parameters.
fn scoped_verbs(source: &str) -> Vec<String> {
    with_organization(source, "pub async fn ", "")
}

/// The same of those that add a read to a batch.
fn verbs_of_a_batch(source: &str) -> Vec<String> {
    with_organization(source, "pub fn ", " Asked<")
}

fn with_organization(source: &str, begins: &str, returns: &str) -> Vec<String> {
    source
        .split(begins)
        .skip(1)
        .filter_map(|rest| {
            let (name, rest) = rest.split_once('(')?;
            let (parameters, rest) = rest.split_once("->")?;
            let is_one = parameters.contains("OrganizationId") && rest.starts_with(returns);
            is_one.then(|| name.to_owned())
        })
        .collect()
}

fn every_statement_names_the_organization() {
    let unscoped: BTreeSet<&str> = statements()
        .iter()
        .filter(|statement| !statement.sql.contains("organization_id = $"))
        .map(|statement| statement.name)
        .collect();
    let listed: BTreeSet<&str> = GLOBAL.iter().copied().collect();
    assert_eq!(
        unscoped, listed,
        "left: statements without an organization; right: the listed ones"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_are_found_in_source() {
        let source = "impl Store {\n pub async fn commit(&self, change_set: ChangeSet) -> R {}\n\
            pub async fn one(\n&self,\n organization: OrganizationId,\n) -> Read<()> {}\n\
            async fn private(&self, organization: OrganizationId) -> Read<()> {}\n\
            pub fn two(&mut self, organization: OrganizationId) -> Asked<()> {}\n\
            pub fn three(organization: OrganizationId) -> bool {} }";
        assert_eq!(scoped_verbs(source), ["one"]);
        assert_eq!(verbs_of_a_batch(source), ["two"]);
    }
}
