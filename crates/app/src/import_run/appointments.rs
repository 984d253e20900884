//! A line about a visit: an appointment for a client, or one that stands already.

use super::chunk::{Chunk, Desk, Outcome};
use super::clients::new_card;
use super::names::{self, one_line, plain_lines};
use super::problems::Objection;
use super::uncommitted::Sameness;
use crate::appointments::book::EXTERNAL_ID_LETTERS_MOST;
use crate::appointments::guard;
use crate::clients::NAME_LETTERS_MOST;
use crate::error::AppError;
use crate::import::{AppointmentRow, Column};
use jiff::{SignedDuration, Timestamp};
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
/// No appointment is longer: what starts earlier cannot reach into the time looked at.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
const NEIGHBOURS_MOST: i64 = 5_000;

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
        Some(id) => stands_under_id(desk, chunk, line, id, &facts).await?,
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
    take_time(desk, chunk, line, row, &appointment).await?;
    desk.uncommitted.add(&appointment);
    chunk.book(&client, is_new_client, appointment);
    chunk.note(Outcome::Landed);
    Ok(())
}

/// `None` when something is wrong; all of it is noted.
fn check(desk: &Desk<'_>, chunk: &mut Chunk, line: u32, row: &AppointmentRow) -> Option<Checked> {
    let mut problems = Vec::new();
    let mut object = |column, value: &str, objection| {
        problems.push(desk.object(line, column, value, objection));
    };
    let client_name = one_line(&row.client_name);
    let note = plain_lines(&row.comment);
    let external_id = row.external_id.as_deref().map(one_line).filter(|id| !id.is_empty());
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
async fn stands_under_id(
    desk: &Desk<'_>,
    chunk: &mut Chunk,
    line: u32,
    id: &str,
    facts: &Facts,
) -> Result<bool, AppError> {
    let standing = match desk.uncommitted.with_external_id(id) {
        Some(facts) => Some(facts.clone()),
        None => {
            let organization = desk.caller.organization_id;
            let found = desk.app.store.appointment_by_external_id(organization, id).await?;
            found.map(|found| found.facts)
        }
    };
    let Some(standing) = standing else { return Ok(false) };
    if !tells_same(&standing, facts) {
        let problem = desk.object(line, Some(Column::ExternalId), id, Objection::Differs);
        chunk.landed.problems.push(problem);
    }
    Ok(true)
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

/// Raises the guards of its days, and warns where it lands over another appointment.
async fn take_time(
    desk: &Desk<'_>,
    chunk: &mut Chunk,
    line: u32,
    row: &AppointmentRow,
    appointment: &Appointment,
) -> Result<(), AppError> {
    let facts = &appointment.facts;
    let services = &desk.offer.services;
    let (from, to) = guard::taken(facts, services);
    // Nobody books in the past, so nothing there needs a guard.
    if facts.staff_id.is_none() || !appointment.holds_time() || to <= chunk.now {
        return Ok(());
    }
    if !desk.options.dry_run
        && let Some(branch) = desk.offer.branch(facts.branch_id)
    {
        let days = guard::guards(desk.app, desk.caller, facts, branch, services).await?;
        chunk.guards.extend(days);
    }
    let earliest = from.checked_sub(LONGEST).unwrap_or(from);
    let organization = desk.caller.organization_id;
    let neighbours = desk
        .app
        .store
        .appointments_between(organization, facts.branch_id, earliest, to, NEIGHBOURS_MOST)
        .await?;
    let standing = guard::in_the_way(facts, appointment.id, &neighbours, services);
    if let Some(other) = standing.or_else(|| desk.uncommitted.overlap(appointment, services)) {
        let other_start = other.facts.start_local.strftime("%d.%m.%Y %H:%M").to_string();
        let value = row.staff.as_deref().unwrap_or_default();
        let objection = Objection::Overlaps { other_start };
        let problem = desk.object(line, Some(Column::Staff), value, objection);
        chunk.landed.problems.push(problem);
    }
    Ok(())
}
