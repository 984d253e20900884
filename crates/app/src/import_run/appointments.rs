//! A line about a visit: an appointment for a client, or one that stands already.

use super::chunk::{Chunk, Desk, Outcome};
use super::clients::new_card;
use super::names::{self, one_line, plain_lines};
use super::problems::Objection;
use super::uncommitted::Sameness;
use crate::appointments::book::EXTERNAL_ID_LETTERS_MOST;
use crate::appointments::guard::{self, TimeAsked};
use crate::clients::NAME_LETTERS_MOST;
use crate::error::AppError;
use crate::import::{AppointmentRow, Column};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use vestnik_domain::appointment::{Appointment, CancelledBy, Facts, Source, Status};
use vestnik_domain::branch::Branch;
use vestnik_domain::client::Client;
use vestnik_domain::ids::{AppointmentId, ServiceId, StaffId, VisitId};
use vestnik_domain::local_time::LocalStart;
use vestnik_domain::planning::{
    Booking, Cancel, Moment, NotificationState, Notify, Side, tells_same,
};

mod missing;

const NOTE_LETTERS_MOST: usize = 2_000;
const DAY_MIN: i64 = 24 * 60;
/// Where the file and the salon say nothing; also of a service that is yet to be made.
pub(super) const USUAL_DURATION_MIN: i64 = 60;
/// How far a visit may have been moved to be known again without an id.
const MOVED_MOST: SignedDuration = SignedDuration::from_hours(24 * 31);

/// A staff member or service of a line.
enum Named<I> {
    Known(I),
    /// To be made under this name.
    Missing(String),
}

/// A line that has nothing against it.
struct Checked {
    branch: Branch,
    staff: Option<Named<StaffId>>,
    services: Vec<Named<ServiceId>>,
    start: LocalStart,
    duration_min: i64,
    client_name: String,
    note: String,
    external_id: Option<String>,
}

pub(super) async fn land(
    desk: &mut Desk<'_>,
    chunk: &mut Chunk,
    line: u32,
    row: &AppointmentRow,
) -> Result<(), AppError> {
    let Some(checked) = check(desk, chunk, line, row) else { return Ok(()) };
    let known = known_client(desk, row, &checked);
    let is_new_client = known.is_none();
    let client =
        known.unwrap_or_else(|| new_card(desk, checked.client_name.clone(), row.phone.clone()));
    let (facts, made) = missing::facts(desk, &checked);
    let stands = match &checked.external_id {
        Some(id) => stands_under_id(desk, chunk, line, id, &facts),
        None => stands_unnamed(desk, chunk, &client, is_new_client, &facts).await?,
    };
    if stands {
        chunk.note(Outcome::Unchanged);
        return Ok(());
    }
    if is_new_client {
        desk.add_card(chunk, client.clone());
    }
    missing::keep(desk, chunk, made);
    let appointment = appointment(desk, row, checked, &client, facts, chunk.now);
    desk.uncommitted.add(&appointment);
    let master = row.staff.clone().unwrap_or_default();
    chunk.taking.push(Taking { line, master, appointment: appointment.clone() });
    chunk.book(&client, is_new_client, appointment);
    chunk.note(Outcome::Landed);
    Ok(())
}

/// What stands under the ids that the rows name.
pub(super) async fn standing(
    desk: &Desk<'_>,
    rows: &[(u32, AppointmentRow)],
) -> Result<HashMap<String, Facts>, AppError> {
    let ids = rows.iter().filter_map(|(_, row)| own_id(row));
    let mut batch = desk.app.store.batch();
    let mut asked = Vec::new();
    for id in ids {
        asked.push(batch.appointment_by_external_id(desk.caller.organization_id, &id));
    }
    let mut answers = batch.read().await?;
    let mut standing = HashMap::new();
    for asked in asked {
        let Some(found) = answers.take(asked)? else { continue };
        if let Some(id) = found.external_id {
            standing.insert(id, found.facts);
        }
    }
    Ok(standing)
}

fn own_id(row: &AppointmentRow) -> Option<String> {
    row.external_id.as_deref().map(one_line).filter(|id| !id.is_empty())
}

/// `None` when something is wrong; all of it is noted.
fn check(desk: &Desk<'_>, chunk: &mut Chunk, line: u32, row: &AppointmentRow) -> Option<Checked> {
    let mut problems = Vec::new();
    let mut object = |column, value: &str, objection| {
        problems.push(desk.object(line, column, value, objection));
    };
    let client_name = one_line(&row.client_name);
    let note = plain_lines(&row.comment);
    let external_id = own_id(row);
    let id_text = external_id.as_deref().unwrap_or_default();
    for (column, text, most) in [
        (Column::Name, client_name.as_str(), NAME_LETTERS_MOST),
        (Column::Note, note.as_str(), NOTE_LETTERS_MOST),
        (Column::ExternalId, id_text, EXTERNAL_ID_LETTERS_MOST),
    ] {
        if text.chars().count() > most {
            object(Some(column), text, Objection::TooLong { most });
        }
    }

    let services: Vec<Named<ServiceId>> = row
        .services
        .iter()
        .filter_map(|title| match names::service(&desk.offer.services, title) {
            Some(service) => Some(Named::Known(service.id)),
            None => missing::may_make(desk, title, &mut object, Column::Services, || {
                Objection::ServiceUnknown { title: title.clone() }
            })
            .map(Named::Missing),
        })
        .collect();
    let branch = match &row.branch {
        Some(name) => {
            let found = names::branch(&desk.offer.branches, name);
            if found.is_none() {
                object(Some(Column::Branch), name, Objection::BranchUnknown);
            }
            found
        }
        None => {
            let usual = desk.usual_branch().and_then(|id| desk.offer.branch(id));
            if usual.is_none() {
                object(None, "", Objection::BranchMissing);
            }
            usual
        }
    };
    let staff = match (&row.staff, branch) {
        (Some(name), Some(branch)) => {
            match names::staff(&desk.offer.staff, branch.id, name).as_slice() {
                [id] => Some(Named::Known(*id)),
                [] => missing::may_make(desk, name, &mut object, Column::Staff, || {
                    Objection::StaffUnknown
                })
                .map(Named::Missing),
                _ => {
                    object(Some(Column::Staff), name, Objection::StaffAmbiguous);
                    None
                }
            }
        }
        _ => None,
    };
    let start = branch.and_then(|branch| {
        LocalStart::resolve(row.start, None, &branch.zone)
            .map_err(|error| {
                object(
                    None,
                    &row.start.strftime("%d.%m.%Y %H:%M").to_string(),
                    Objection::Start(error),
                );
            })
            .ok()
    });
    let duration_min = match (branch, start) {
        (Some(branch), Some(start)) => duration_min(desk, row, branch, start, &services),
        _ => USUAL_DURATION_MIN,
    };
    if duration_min > DAY_MIN {
        object(Some(Column::End), "", Objection::LongerThanADay);
    }
    if !problems.is_empty() {
        chunk.landed.problems.append(&mut problems);
        return None;
    }
    let (branch, start) = (branch?.clone(), start?);
    Some(Checked { branch, staff, services, start, duration_min, client_name, note, external_id })
}

/// By the end, else by its own column, else by the services.
fn duration_min(
    desk: &Desk<'_>,
    row: &AppointmentRow,
    branch: &Branch,
    start: LocalStart,
    services: &[Named<ServiceId>],
) -> i64 {
    if let Some(end) = row.end {
        // An end that the clock skips is taken by the wall.
        let elapsed = match LocalStart::resolve(end, None, &branch.zone) {
            Ok(end) => end.instant.duration_since(start.instant),
            Err(_) => end.duration_since(row.start),
        };
        return elapsed.as_mins().max(1);
    }
    if let Some(minutes) = row.duration_min {
        return i64::from(minutes);
    }
    let minutes = |named: &Named<ServiceId>| match named {
        Named::Known(id) => {
            let known = desk.offer.services.iter().find(|service| service.id == *id);
            known.map_or(0, |service| service.duration_min)
        }
        Named::Missing(_) => USUAL_DURATION_MIN,
    };
    let together: i64 = services.iter().map(minutes).sum();
    if together == 0 { USUAL_DURATION_MIN } else { together.min(DAY_MIN) }
}

fn known_client(desk: &Desk<'_>, row: &AppointmentRow, checked: &Checked) -> Option<Client> {
    let found = match &row.phone {
        Some(phone) => desk.cards.with_phone(phone),
        None => desk.cards.with_name_alone(&checked.client_name),
    };
    found.cloned()
}

/// Does an appointment stand under the line's own id? One that says otherwise is left as it is:
/// staff may have moved it since the file was written.
fn stands_under_id(desk: &Desk<'_>, chunk: &mut Chunk, line: u32, id: &str, facts: &Facts) -> bool {
    let standing = match desk.uncommitted.with_external_id(id) {
        Some(facts) => Some(facts.clone()),
        None => chunk.standing.get(id).cloned(),
    };
    let Some(standing) = standing else { return false };
    if !tells_same(&standing, facts) {
        let problem = desk.object(line, Some(Column::ExternalId), id, Objection::Differs);
        chunk.landed.problems.push(problem);
    }
    true
}

/// Without an id a visit is known by client, time, branch, master and services as they were booked.
/// A file that names it twice means two.
async fn stands_unnamed(
    desk: &mut Desk<'_>,
    chunk: &mut Chunk,
    client: &Client,
    is_new_client: bool,
    facts: &Facts,
) -> Result<bool, AppError> {
    let sameness = Sameness::of(client.id, facts);
    let seen = desk.seen.entry(sameness.clone()).or_default();
    *seen += 1;
    let wanted = *seen;
    let mut standing = desk.uncommitted.count(&sameness);
    if !is_new_client {
        let from = facts.starts_at.checked_sub(MOVED_MOST).unwrap_or(facts.starts_at);
        let organization = desk.caller.organization_id;
        let of_client =
            desk.app.store.appointments_of_client(organization, client.id, from).await?;
        standing += of_client
            .iter()
            .filter(|one| {
                Sameness::of(client.id, one.notification.as_booked(&one.facts)) == sameness
            })
            .count();
    }
    chunk.seen.push(sameness);
    Ok(standing >= wanted)
}

fn appointment(
    desk: &Desk<'_>,
    row: &AppointmentRow,
    checked: Checked,
    client: &Client,
    facts: Facts,
    now: Timestamp,
) -> Appointment {
    let booking = Booking {
        source: Source::Import,
        notify: Notify::ByRule,
        import_with_reminders: desk.options.reminders,
    };
    let mut notification = NotificationState::booked(booking, now);
    let status = row.status.unwrap_or(Status::Waiting);
    if status == Status::Cancelled {
        let cancel = Cancel { facts: &facts, by: Side::Staff, notify: Notify::Silent };
        notification = notification.cancelled(cancel, Moment { now, notice_waits: false });
    }
    // A confirmation of before is nothing to give notice of now, so `confirmed_at` stays empty.
    Appointment {
        organization_id: desk.caller.organization_id,
        id: AppointmentId(desk.app.new_id()),
        version: 1,
        edit_version: 1,
        visit_id: VisitId(desk.app.new_id()),
        client_id: client.id,
        recipient_phone: None,
        facts,
        status,
        cancelled_by: (status == Status::Cancelled).then_some(CancelledBy::Staff),
        source: Source::Import,
        note: checked.note,
        external_id: checked.external_id,
        external_version: None,
        created_at: now,
        created_by: desk.caller.actor,
        journal_created_at: now,
        notification,
    }
}

/// A line whose visit takes somebody's time.
pub(super) struct Taking {
    line: u32,
    /// As the file names them.
    master: String,
    appointment: Appointment,
}

/// Asks for the guards of the days of every line, and warns where one lands over another appointment:
/// one that stands, or one of an earlier line.
pub(super) async fn take_times(desk: &mut Desk<'_>, chunk: &mut Chunk) -> Result<(), AppError> {
    let services = &desk.offer.services;
    let mut batch = desk.app.store.batch();
    let mut asked = Vec::new();
    for taking in std::mem::take(&mut chunk.taking) {
        let facts = &taking.appointment.facts;
        let mut time = TimeAsked::default();
        // Nobody books in the past, so nothing there needs a guard.
        let is_over = guard::taken(facts, services).1 <= chunk.now;
        if taking.appointment.holds_time() && !is_over {
            if !desk.options.dry_run
                && let Some(branch) = desk.offer.branch(facts.branch_id)
            {
                time.touch(&mut batch, desk.caller, facts, branch, services);
            }
            time.want(&mut batch, desk.caller, facts, services);
        }
        asked.push((taking, time));
    }
    let mut answers = batch.read().await?;
    for (taking, time) in asked {
        let Taking { line, master, appointment } = taking;
        let is_asked = time.is_asked();
        let (guards, standing) =
            time.look(&mut answers, &appointment.facts, appointment.id, services)?;
        chunk.guards.extend(guards);
        let over = standing.or_else(|| {
            let of_file = desk.uncommitted.overlap(&appointment, services);
            of_file.filter(|_| is_asked).cloned()
        });
        if let Some(other) = over {
            let other_start = other.facts.start_local.strftime("%d.%m.%Y %H:%M").to_string();
            let objection = Objection::Overlaps { other_start };
            let problem = desk.object(line, Some(Column::Staff), &master, objection);
            chunk.landed.problems.push(problem);
        }
        desk.uncommitted.take_time(&appointment);
    }
    Ok(())
}
