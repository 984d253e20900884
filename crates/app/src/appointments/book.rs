//! A new appointment.

use super::change::{self, Offer, WantedFacts};
use super::guard::{self, TimeAsked};
use super::idempotency::Idempotency;
use crate::clients::find_or_create::{WantedClient, existing, find_or_create};
use crate::context::{App, Caller};
use crate::counters;
use crate::error::{AppError, Fields};
use crate::messages::replan::LookAsked;
use vestnik_domain::appointment::{Appointment, Facts, Source, Status};
use vestnik_domain::client::Client;
use vestnik_domain::ids::{AppointmentId, VisitId};
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_domain::planning::{Booking, NotificationState, Notify};
use vestnik_store::{Batch, ChangeSet};

/// The longest id of a journal or a file.
pub(crate) const EXTERNAL_ID_LETTERS_MOST: usize = 200;

/// What is to be booked.
#[derive(Debug, Clone)]
pub struct BookAppointment {
    pub client: WantedClient,
    /// The number in the record; `None` means the card's.
    pub recipient_phone: Option<String>,
    /// Joins another appointment of the same client as one visit.
    pub visit_id: Option<VisitId>,
    pub facts: WantedFacts,
    pub source: Source,
    pub note: String,
    pub external_id: Option<String>,
    /// Books over another appointment of the staff member.
    pub force: bool,
    pub notify: Notify,
}

/// Books.
///
/// # Errors
/// Names every field that is wrong; `time_taken` if the staff member is busy and `force` is not set;
/// `external_id_taken` if the journal's id stands already.
pub async fn book_appointment(
    app: &App,
    caller: &Caller,
    command: BookAppointment,
    idempotency: Option<Idempotency>,
) -> Result<Appointment, AppError> {
    let decided =
        change::decide_and_commit(app, || decide(app, caller, &command, idempotency.as_ref()))
            .await;
    let booked = match decided {
        Err(refusal) => return booked_meanwhile(app, caller, idempotency.as_ref(), refusal).await,
        Ok(booked) => booked,
    };
    counters::count(counters::BOOKED);
    Ok(booked)
}

/// What stands in the way may be this very booking, sent twice at once under one key: it landed
/// between the look for the key and the look at the journal.
async fn booked_meanwhile(
    app: &App,
    caller: &Caller,
    idempotency: Option<&Idempotency>,
    refusal: AppError,
) -> Result<Appointment, AppError> {
    let (AppError::Conflict { .. }, Some(idempotency)) = (&refusal, idempotency) else {
        return Err(refusal);
    };
    match idempotency.earlier(app, caller).await? {
        Some(id) => change::current(app, caller, id.parse()?, None).await,
        None => Err(refusal),
    }
}

async fn decide(
    app: &App,
    caller: &Caller,
    command: &BookAppointment,
    idempotency: Option<&Idempotency>,
) -> Result<(ChangeSet, Appointment), AppError> {
    let organization = caller.organization_id;
    let mut batch = app.store.batch();
    let stamp = batch.offer_stamp(organization);
    let earlier = idempotency.map(|idempotency| (idempotency, idempotency.ask(&mut batch, caller)));
    let card = match &command.client {
        WantedClient::Existing(id) => Some(batch.client(organization, *id)),
        WantedClient::Described { .. } => None,
    };
    let mut answers = batch.read().await?;
    if let Some((idempotency, earlier)) = earlier
        && let Some(id) = idempotency.same(answers.take(earlier)?)?
    {
        let earlier = change::current(app, caller, id.parse()?, None).await?;
        return Ok((ChangeSet::new(), earlier));
    }
    let offer = Offer::by_stamp(app, caller, answers.take(stamp)?).await?;
    let mut change_set = ChangeSet::new();
    let mut fields = Fields::new();
    let client = match card {
        Some(card) => existing(&mut fields, &mut change_set, answers.take(card)?),
        None => find_or_create(app, caller, &mut fields, &mut change_set, &command.client).await?,
    };
    let facts = change::facts(&mut fields, &command.facts, &offer, None);
    let note = fields.optional_text("note", &command.note, 2_000);
    let external_id = command
        .external_id
        .as_ref()
        .map(|external_id| fields.text("external_id", external_id, EXTERNAL_ID_LETTERS_MOST));
    let recipient_phone = recipient_phone(app, caller, &mut fields, command).await?;
    if let (Some(facts), Source::Client) = (&facts, command.source)
        && facts.starts_at <= app.now()
    {
        fields.add(
            "start",
            "start_in_the_past",
            "Это время уже прошло: выберите другое",
            "a client cannot book a time in the past",
        );
    }
    let visit_id = visit(app, caller, &mut fields, command, client.as_ref()).await?;
    fields.finish()?;
    let (Some(client), Some(facts)) = (client, facts) else {
        return Err(AppError::Internal("checked fields are missing".to_owned()));
    };
    let appointment = appointment(
        app,
        caller,
        command,
        &client,
        facts,
        visit_id,
        note,
        external_id,
        recipient_phone,
    );
    let booked_at = appointment.created_at;
    let mut batch = app.store.batch();
    let same_id = appointment.external_id.as_deref();
    let same_id = same_id.map(|id| batch.appointment_by_external_id(organization, id));
    let time = take_time(&mut batch, caller, command, &appointment, &offer);
    let phone = client.phone.as_ref();
    let look = LookAsked::ask(&mut batch, organization, client.id, phone, booked_at);
    let mut answers = batch.read().await?;
    if let Some(same_id) = same_id
        && answers.take(same_id)?.is_some()
    {
        return Err(AppError::conflict(
            "external_id_taken",
            "Запись с таким внешним номером уже есть",
            "an appointment with this external_id exists",
        ));
    }
    let guards = time.take(&mut answers, &appointment.facts, appointment.id, &offer.services)?;
    guard::raise(&mut change_set, guards);
    if let Some(branch) = offer.branch(appointment.facts.branch_id) {
        // Its zone must not change between the reading of the wall time and the commit.
        change_set.expect(branch, branch.version);
    }
    change_set.insert(&appointment);
    let look = look.take(&mut answers, client, &offer, booked_at)?;
    let look = look.with_recipient(app, appointment.recipient_phone.as_ref()).await?;
    look.add(app, std::slice::from_ref(&appointment), &mut change_set);
    if let Some(idempotency) = idempotency {
        idempotency.keep(app, caller, &mut change_set, appointment.id.to_string());
    }
    Ok((change_set, appointment))
}

async fn recipient_phone(
    app: &App,
    caller: &Caller,
    fields: &mut Fields,
    command: &BookAppointment,
) -> Result<Option<PhoneNumber>, AppError> {
    match &command.recipient_phone {
        None => Ok(None),
        Some(text) => {
            crate::clients::phone::read(app, caller, fields, "recipient_phone", text).await
        }
    }
}

/// The visit to join, or a new one.
async fn visit(
    app: &App,
    caller: &Caller,
    fields: &mut Fields,
    command: &BookAppointment,
    client: Option<&Client>,
) -> Result<VisitId, AppError> {
    let (Some(visit_id), Some(client)) = (command.visit_id, client) else {
        return Ok(VisitId(app.new_id()));
    };
    let of_visit =
        app.store.appointments_of_visit(caller.organization_id, client.id, visit_id).await?;
    if of_visit.is_empty() {
        fields.add(
            "visit_id",
            "visit_unknown",
            "У этого клиента нет такого визита",
            "this client has no such visit",
        );
    }
    Ok(visit_id)
}

#[expect(clippy::too_many_arguments, reason = "one place that puts the checked parts together")]
fn appointment(
    app: &App,
    caller: &Caller,
    command: &BookAppointment,
    client: &Client,
    facts: Facts,
    visit_id: VisitId,
    note: String,
    external_id: Option<String>,
    recipient_phone: Option<PhoneNumber>,
) -> Appointment {
    let now = app.now();
    let booking =
        Booking { source: command.source, notify: command.notify, import_with_reminders: false };
    Appointment {
        organization_id: caller.organization_id,
        id: AppointmentId(app.new_id()),
        version: 1,
        edit_version: 1,
        visit_id,
        client_id: client.id,
        recipient_phone,
        facts,
        status: Status::Waiting,
        cancelled_by: None,
        source: command.source,
        note,
        external_id,
        external_version: None,
        created_at: now,
        created_by: caller.actor,
        journal_created_at: now,
        notification: NotificationState::booked(booking, now),
    }
}

fn take_time(
    batch: &mut Batch<'_>,
    caller: &Caller,
    command: &BookAppointment,
    appointment: &Appointment,
    offer: &Offer,
) -> TimeAsked {
    let mut time = TimeAsked::default();
    let facts = &appointment.facts;
    let Some(branch) = offer.branch(facts.branch_id) else { return time };
    time.touch(batch, caller, facts, branch, &offer.services);
    if !command.force {
        time.want(batch, caller, facts, &offer.services);
    }
    time
}
