//! Reads asked for together answer as the verbs of their names do, each in its place, and find nothing
//! of another organization (I9). The stamp of an offer moves with every save of any of it.

use crate::{Salon, a_monday_morning};
use jiff::ToSpan;
use jiff::civil::date;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::branch::Branch;
use vestnik_domain::client::Client;
use vestnik_domain::ids::{ClientId, OrganizationId, StaffId};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_domain::service::Service;
use vestnik_domain::settings::SettingsVersion;
use vestnik_domain::staff::StaffMember;
use vestnik_domain::stopped_number::StoppedNumber;
use vestnik_domain::task::VisitLink;
use vestnik_store::{ChangeSet, OfferStamp, Store};

pub(super) async fn exercise(store: &Store) {
    let mut salon = Salon::new(1, a_monday_morning());
    store.commit(salon.set_up()).await.unwrap();
    answers_stand_in_their_places(store, &mut salon).await;
    many_answer_as_one_by_one(store, &mut salon).await;
    strangers_find_nothing(store, &salon).await;
    the_stamp_moves_with_every_save(store, &mut salon).await;
}

async fn answers_stand_in_their_places(store: &Store, salon: &mut Salon) {
    let now = a_monday_morning();
    let organization = salon.id();
    let client = salon.client.id;
    let own = salon.appointment(now + 1.hour());
    let elsewhere = {
        let other_master = StaffId(salon.next_id());
        let mut appointment = salon.appointment(now + 2.hours());
        appointment.facts.staff_id = Some(other_master);
        appointment.recipient_phone = Some(number("+79995550001"));
        appointment
    };
    let message = salon.message(&own, NotificationKind::Created, now + 1.minute());
    let day = salon.staff_day(date(2026, 3, 2), 1);
    let mut change_set = ChangeSet::new();
    change_set.insert(&own).insert(&elsewhere).insert(&message).insert(&day);
    for (phone, stopped) in
        [("+79995550001", true), ("+79995550002", false), ("+79995550003", true)]
    {
        let row = StoppedNumber { phone: number(phone), stopped, ..salon.stopped_number() };
        change_set.insert(&row);
    }
    store.commit(change_set).await.unwrap();

    let mut batch = store.batch();
    let appointment = batch.appointment(organization, own.id);
    let staff_day = batch.staff_day(organization, salon.staff.id, day.date);
    let no_day = batch.staff_day(organization, salon.staff.id, date(2026, 3, 3));
    let (branch, staff) = (salon.branch.id, salon.staff.id);
    let of_staff = batch.appointments_of_staff(organization, branch, staff, now, now + 3.hours());
    let of_client = batch.appointments_of_client(organization, client, now);
    let messages = batch.messages_of_client(organization, client, now);
    let card = batch.client(organization, client);
    let no_card = batch.client(organization, ClientId(1));
    let stopped = batch.stopped_of_client(organization, client, now, None);
    let new_number = number("+79995550003");
    let with_new = batch.stopped_of_client(organization, client, now, Some(&new_number));
    let of_phone = batch.client_by_phone(organization, salon.client.phone.as_ref().unwrap());
    let guard = batch.client_number(organization, &new_number);
    let key = batch.idempotency_key(organization, "key");
    let by_external_id = batch.appointment_by_external_id(organization, "a1");
    let mut answers = batch.read().await.unwrap();
    assert_eq!(answers.take(appointment).unwrap(), Some(own.clone()));
    assert_eq!(answers.take(staff_day).unwrap(), day);
    assert_eq!(answers.take(no_day).unwrap().version, 0);
    assert_eq!(answers.take(of_staff).unwrap(), std::slice::from_ref(&own), "of this master alone");
    assert_eq!(answers.take(of_client).unwrap(), [own, elsewhere]);
    assert_eq!(answers.take(messages).unwrap(), [message]);
    assert_eq!(answers.take(card).unwrap(), Some(salon.client.clone()));
    assert_eq!(answers.take(no_card).unwrap(), None);
    assert_eq!(answers.take(stopped).unwrap(), [number("+79995550001")]);
    let mut with_new = answers.take(with_new).unwrap();
    with_new.sort();
    assert_eq!(with_new, [number("+79995550001"), new_number]);
    assert_eq!(answers.take(of_phone).unwrap(), Some(salon.client.clone()));
    assert_eq!(answers.take(guard).unwrap().version, 0);
    assert!(answers.take(key).unwrap().is_none());
    assert!(answers.take(by_external_id).unwrap().is_none());
    assert!(store.batch().read().await.is_ok(), "nothing asked, nothing answered");
}

/// What is asked for by a list is what single reads find, whatever letters the list holds.
async fn many_answer_as_one_by_one(store: &Store, salon: &mut Salon) {
    let now = a_monday_morning();
    let organization = salon.id();
    let other = Client {
        external_id: Some("c \"2\" \\, ё".to_owned()),
        archived_at: Some(now),
        ..salon.another_client("Вера")
    };
    let first = Appointment {
        external_id: Some("v'1\"".to_owned()),
        ..salon.appointment(now + 30.hours())
    };
    let second = Appointment {
        client_id: other.id,
        external_id: Some("v\\2, ё".to_owned()),
        ..salon.appointment(now + 29.hours())
    };
    let message = salon.message(&second, NotificationKind::Reminder, now + 5.hours());
    let link = VisitLink {
        token: "many".to_owned(),
        organization_id: organization,
        client_id: other.id,
        visit_id: second.visit_id,
        created_at: now,
    };
    let days = [salon.staff_day(date(2026, 3, 4), 3), salon.staff_day(date(2026, 3, 6), 4)];
    let mut change_set = ChangeSet::new();
    change_set.insert(&other).insert(&first).insert(&second).insert(&message);
    change_set.insert(&days[0]).insert(&days[1]).insert(&link);
    store.commit(change_set).await.unwrap();

    let clients = [salon.client.id, other.id, ClientId(1)];
    let phones = [salon.client.phone.clone().unwrap(), other.phone.clone().unwrap()];
    let ids = [&first, &second].map(|one| one.external_id.clone().unwrap());
    let nobody = ["nobody".to_owned()];
    let (branch, staff) = (salon.branch.id, [salon.staff.id, StaffId(1)]);
    let dates = [date(2026, 3, 4), date(2026, 3, 5), date(2026, 3, 6)];
    let mut batch = store.batch();
    let by_ids = batch.appointments_by_external_ids(organization, &[&ids[..], &nobody].concat());
    let of_clients = batch.appointments_of_clients(organization, &clients, now + 29.hours());
    let of_staff = batch.appointments_of_staff_members(
        organization,
        branch,
        &staff,
        now + 29.hours(),
        now + 30.hours(),
    );
    let cards = batch.clients_by_external_ids(organization, &[other.external_id.clone().unwrap()]);
    let of_phones = batch.clients_by_phones(organization, &phones);
    let guards = batch.staff_days(organization, &staff, &dates);
    let numbers = batch.client_numbers(organization, &phones);
    let messages = batch.messages_of_clients(organization, &[other.id], now);
    let by_id = batch.clients_by_id(organization, &clients);
    let visits = [first.visit_id, second.visit_id];
    let links = batch.links_of_visits(organization, &visits);
    let stopped = batch.stopped_of_clients(
        organization,
        &clients,
        now,
        &[number("+79995550002"), number("+79995550003")],
    );
    let nothing = batch.appointments_by_external_ids(organization, &[]);
    let mut answers = batch.read().await.unwrap();
    assert_eq!(answers.take(by_ids).unwrap(), [first.clone(), second.clone()]);
    let of_clients = answers.take(of_clients).unwrap();
    assert_eq!(of_clients[&salon.client.id], Ok(vec![first]));
    assert_eq!(of_clients[&other.id], Ok(vec![second.clone()]));
    assert_eq!(of_clients.len(), 2, "of whom nothing stands is absent");
    let by_id = answers.take(by_id).unwrap();
    assert_eq!(by_id[&salon.client.id], Ok(vec![salon.client.clone()]));
    assert_eq!((&by_id[&other.id], by_id.len()), (&Ok(vec![other.clone()]), 2));
    assert_eq!(answers.take(links).unwrap(), [(second.visit_id, Ok(vec![link]))].into());
    assert_eq!(answers.take(of_staff).unwrap(), [second], "before the end");
    assert_eq!(answers.take(cards).unwrap(), std::slice::from_ref(&other), "archived too");
    assert_eq!(
        answers.take(of_phones).unwrap(),
        std::slice::from_ref(&salon.client),
        "in use only"
    );
    assert_eq!(answers.take(guards).unwrap(), days);
    assert_eq!(answers.take(numbers).unwrap(), []);
    assert_eq!(answers.take(messages).unwrap(), [(other.id, Ok(vec![message]))].into());
    let mut stopped = answers.take(stopped).unwrap();
    stopped.sort();
    assert_eq!(stopped, [number("+79995550001"), number("+79995550003")]);
    assert_eq!(answers.take(nothing).unwrap(), []);
}

async fn strangers_find_nothing(store: &Store, salon: &Salon) {
    let now = a_monday_morning();
    let own = salon.id();
    let neighbour =
        (own.0 + 1..).map(OrganizationId).find(|other| other.bucket() == own.bucket()).unwrap();
    let client = salon.client.id;
    let mut batch = store.batch();
    let stamp = batch.offer_stamp(neighbour);
    let (branch, staff) = (salon.branch.id, salon.staff.id);
    let of_staff = batch.appointments_of_staff(neighbour, branch, staff, now, now + 3.hours());
    let stopped = batch.stopped_of_client(neighbour, client, now, Some(&number("+79995550003")));
    let day = batch.staff_day(neighbour, staff, date(2026, 3, 2));
    let card = batch.client(neighbour, client);
    let mut answers = batch.read().await.unwrap();
    assert_eq!(answers.take(stamp).unwrap(), stamp_of(store, OrganizationId(1)).await);
    assert!(answers.take(of_staff).unwrap().is_empty());
    assert!(answers.take(stopped).unwrap().is_empty());
    assert_eq!(answers.take(day).unwrap().version, 0);
    assert!(answers.take(card).unwrap().is_none());
}

async fn the_stamp_moves_with_every_save(store: &Store, salon: &mut Salon) {
    let mut seen = vec![stamp_of(store, salon.id()).await];
    let branch = Branch { version: 2, name: "У реки".to_owned(), ..salon.branch.clone() };
    let staff =
        StaffMember { version: 2, name: "Мария П.".to_owned(), ..salon.staff.clone() };
    let another = StaffMember { id: StaffId(salon.next_id()), ..salon.staff.clone() };
    let service = Service { version: 2, buffer_min: 15, ..salon.service.clone() };
    let settings = SettingsVersion { generation: 2, ..salon.settings.clone() };
    let mut saves = std::array::from_fn::<_, 5, _>(|_| ChangeSet::new());
    saves[0].update(&branch, 1);
    saves[1].update(&staff, 1);
    saves[2].insert(&another);
    saves[3].update(&service, 1);
    saves[4].insert(&settings);
    for change_set in saves {
        store.commit(change_set).await.unwrap();
        let stamp = stamp_of(store, salon.id()).await;
        assert!(!seen.contains(&stamp), "{stamp:?} stood for something else");
        seen.push(stamp);
    }
    let client = salon.another_client("Вера");
    let mut change_set = ChangeSet::new();
    change_set.insert(&client);
    store.commit(change_set).await.unwrap();
    assert_eq!(seen.last(), Some(&stamp_of(store, salon.id()).await), "a client is no offer");
}

async fn stamp_of(store: &Store, organization: OrganizationId) -> OfferStamp {
    let mut batch = store.batch();
    let stamp = batch.offer_stamp(organization);
    batch.read().await.unwrap().take(stamp).unwrap()
}

fn number(text: &str) -> PhoneNumber {
    PhoneNumber::from_e164(text).unwrap()
}
