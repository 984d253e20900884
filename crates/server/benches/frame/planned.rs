//! As many planned messages as one likes, quickly. One visit of each salon is imported through the use
//! case; every other one has the same rows (card, appointment, message) under ids, a number and a time of
//! its own. Planning looks at each of them anew before it is sent, and would end or move a message that
//! it would not have planned so itself. The guards of numbers and days are left out: nothing that is
//! planned reads them.

use super::measure::{by_callers, thousands};
use super::salons::{BenchSalon, log_sender, only_kind};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;
use vestnik_app::App;
use vestnik_app::import::RowKind;
use vestnik_app::import_run::{ImportOptions, home_region, import, read_file};
use vestnik_domain::appointment::Appointment;
use vestnik_domain::client::Client;
use vestnik_domain::ids::{AppointmentId, ClientId, MessageId, OrganizationId, SenderId, VisitId};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::message::Message;
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_domain::planning::{Subject, Why};
use vestnik_domain::sender::SenderSettings;
use vestnik_domain::settings::Lead;
use vestnik_store::{ChangeSet, Urgency};

/// How long before its visit a message falls due.
const LEAD_MIN: i64 = 120;
/// Visits of one commit.
const CHUNK: usize = 500;
/// Salons that are filled at once.
const AT_ONCE: usize = 4;
/// The visits that are imported lie so far ahead that their own messages never fall due.
const DAYS_AHEAD: i64 = 30;
/// Ids below were used by the salon itself.
const FIRST_ID: i64 = 1_000;
/// Phone numbers of one salon.
const NUMBERS: i64 = 1_000_000;

/// A salon that sends over the channel `log`, and what one of its visits looks like in the database.
pub(crate) struct PlannedSalon {
    pub(crate) organization_id: OrganizationId,
    pub(crate) sender_id: SenderId,
    number: i64,
    client: Client,
    appointment: Appointment,
    message: Message,
}

impl PlannedSalon {
    /// Opens it, with one visit far ahead.
    pub(crate) async fn open(app: &App, number: usize, settings: SenderSettings) -> PlannedSalon {
        let now = app.now();
        let day = (now + SignedDuration::from_hours(24 * DAYS_AHEAD)).to_zoned(TimeZone::UTC);
        let mut bench = BenchSalon::new(number, now);
        only_kind(&mut bench.salon, NotificationKind::Reminder);
        bench.salon.settings.settings.reminder_leads = vec![Lead::Minutes(LEAD_MIN)];
        bench.clients.clear();
        let sender = log_sender(&mut bench.salon, settings);
        let mut change_set = bench.set_up();
        change_set.insert(&sender).insert(&bench.salon.pace_state(&sender));
        app.store.commit(change_set).await.unwrap();

        let caller = bench.owner();
        let organization = bench.salon.id();
        let number = i64::try_from(number).unwrap();
        let phone = phone_of(number, 0);
        let text = format!(
            "Телефон;Имя;Дата;Время;Услуга\n{};Алёна Петрова;{};20:00;{}\n",
            phone.as_str(),
            day.strftime("%d.%m.%Y"),
            bench.salon.service.title
        );
        let region = home_region(app, &caller).await.unwrap();
        let kind = RowKind::Appointments;
        let rows = read_file(kind, text.as_bytes(), None, &BTreeMap::new(), region).unwrap();
        let options = ImportOptions { reminders: true, ..ImportOptions::default() };
        assert_eq!(import(app, &caller, rows, options).await.unwrap().landed, 1);
        let client = app.store.client_by_phone(organization, &phone).await.unwrap().unwrap();
        let id = client.id;
        let mut appointments =
            app.store.appointments_of_client(organization, id, now).await.unwrap();
        let mut messages = app.store.messages_of_client(organization, id, now).await.unwrap();
        let (appointment, message) = (appointments.pop().unwrap(), messages.pop().unwrap());
        assert!(appointments.is_empty() && messages.is_empty(), "a visit has one message");
        assert_eq!(message.kind, NotificationKind::Reminder);
        PlannedSalon {
            organization_id: organization,
            sender_id: sender.id,
            number,
            client,
            appointment,
            message,
        }
    }

    /// The rows of visit `number` (from 1), whose message falls due at `due`.
    fn add(&self, number: i64, due: Timestamp, change_set: &mut ChangeSet) {
        let first_id = self.organization_id.0 + FIRST_ID + number * 4;
        let client = Client {
            id: ClientId(first_id),
            phone: Some(phone_of(self.number, number)),
            ..self.client.clone()
        };
        let mut appointment = Appointment {
            id: AppointmentId(first_id + 1),
            visit_id: VisitId(first_id + 2),
            client_id: client.id,
            ..self.appointment.clone()
        };
        let later = due.duration_since(self.message.due_at);
        let facts = &mut appointment.facts;
        facts.starts_at += later;
        facts.start_local = facts.start_local.checked_add(later).unwrap();
        let lead = Lead::Minutes(LEAD_MIN);
        let message = Message {
            id: MessageId(first_id + 3),
            client_id: client.id,
            subject: Subject::Visit(appointment.visit_id),
            occasion: format!("{}@{}", lead.key(), facts.starts_at),
            recipient: phone_of(self.number, number),
            covers: vec![appointment.id],
            due_at: due,
            send_before: self.message.send_before + later,
            why: vec![Why::BeforeVisit { lead, start: facts.start_local }],
            ..self.message.clone()
        };
        change_set.insert(&client).insert(&appointment).insert(&message);
    }
}

/// A number that no other visit of any salon has.
pub(crate) fn phone_of(salon: i64, visit: i64) -> PhoneNumber {
    PhoneNumber::from_e164(&format!("+79{:09}", salon * NUMBERS + visit)).unwrap()
}

/// Plans a message for each of the times; `dues` are those of each salon.
pub(crate) async fn fill(app: &App, salons: &Arc<Vec<PlannedSalon>>, dues: &[Vec<Timestamp>]) {
    let mut jobs = Vec::new();
    for (salon, dues) in dues.iter().enumerate() {
        let mut number = 1;
        for chunk in dues.chunks(CHUNK) {
            jobs.push((salon, number, chunk.to_vec()));
            number += i64::try_from(chunk.len()).unwrap();
        }
    }
    let (app, salons) = (app.clone(), Arc::clone(salons));
    let (took, planned) =
        by_callers(AT_ONCE, jobs, move |(salon, first, dues): (usize, i64, Vec<Timestamp>)| {
            let (app, salons) = (app.clone(), Arc::clone(&salons));
            async move {
                let mut change_set = ChangeSet::with_urgency(Urgency::Bulk);
                for (number, due) in (first..).zip(&dues) {
                    salons[salon].add(number, *due, &mut change_set);
                }
                app.store.commit(change_set).await.unwrap();
                dues.len()
            }
        })
        .await;
    let planned = f64::from(u32::try_from(planned.iter().sum::<usize>()).unwrap());
    eprintln!("{} planned in {took:.1?}", thousands(planned));
}
