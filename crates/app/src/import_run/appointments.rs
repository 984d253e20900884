//! A line about a visit: an appointment for a client, or one that stands already.

use super::chunk::{Chunk, Outcome};
use super::clients::new_card;
use super::desk::Desk;
use super::names::{one_line, plain_lines};
use super::problems::Objection;
use super::staff_time::Taking;
use super::uncommitted::Sameness;
use crate::appointments::book::EXTERNAL_ID_LETTERS_MOST;
use crate::clients::NAME_LETTERS_MOST;
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
pub(super) const MOVED_MOST: SignedDuration = SignedDuration::from_hours(24 * 31);

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

pub(super) fn land(desk: &mut Desk<'_>, chunk: &mut Chunk, line: u32, row: &AppointmentRow) {
    let Some(checked) = check(desk, chunk, line, row) else { return };
    let known = desk.known_client(row, &checked.client_name).cloned();
    let is_new_client = known.is_none();
    let client =
        known.unwrap_or_else(|| new_card(desk, checked.client_name.clone(), row.phone.clone()));
    let (facts, made) = missing::facts(desk, &checked);
    let stands = match &checked.external_id {
        Some(id) => stands_under_id(desk, chunk, line, id, &facts),
        None => stands_unnamed(desk, chunk, &client, &facts),
    };
    if stands {
        chunk.note(Outcome::Unchanged);
        return;
    }
    if is_new_client {
        desk.add_card(chunk, client.clone());
    }
    missing::keep(desk, chunk, made);
    let appointment = appointment(desk, row, checked, &client, facts, chunk.now);
    desk.uncommitted.add(&appointment);
    if appointment.holds_time() && appointment.facts.staff_id.is_some() {
        let master = row.staff.as_ref();
        chunk.taking.push(Taking::new(line, master, &appointment, &desk.offer, chunk.now));
    }
    chunk.book(&client, is_new_client, appointment);
    chunk.note(Outcome::Landed);
}

pub(super) fn own_id(row: &AppointmentRow) -> Option<String> {
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
        .filter_map(|title| match desk.names.service(title) {
            Some(service) => Some(Named::Known(service)),
            None => missing::may_make(desk, title, &mut object, Column::Services, || {
                Objection::ServiceUnknown { title: title.clone() }
            })
            .map(Named::Missing),
        })
        .collect();
    let branch = match &row.branch {
        Some(name) => {
            let found = desk.names.branch(name).and_then(|id| desk.offer.branch(id));
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
        (Some(name), Some(branch)) => match desk.names.staff(branch.id, name) {
            [id] => Some(Named::Known(*id)),
            [] => missing::may_make(desk, name, &mut object, Column::Staff, || {
                Objection::StaffUnknown
            })
            .map(Named::Missing),
            _ => {
                object(Some(Column::Staff), name, Objection::StaffAmbiguous);
                None
            }
        },
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

/// Does an appointment stand under the line's own id? One that says otherwise is left as it is:
/// staff may have moved it since the file was written.
fn stands_under_id(desk: &Desk<'_>, chunk: &mut Chunk, line: u32, id: &str, facts: &Facts) -> bool {
    let of_file = desk.uncommitted.with_external_id(id);
    let Some(standing) = of_file.or_else(|| chunk.standing.under_id(id)) else { return false };
    if !tells_same(standing, facts) {
        let problem = desk.object(line, Some(Column::ExternalId), id, Objection::Differs);
        chunk.landed.problems.push(problem);
    }
    true
}

/// Without an id a visit is known by client, time, branch, master and services as they were booked.
/// A file that names it twice means two.
fn stands_unnamed(desk: &mut Desk<'_>, chunk: &mut Chunk, client: &Client, facts: &Facts) -> bool {
    let sameness = Sameness::of(client.id, facts);
    let seen = desk.seen.entry(sameness.clone()).or_default();
    *seen += 1;
    let wanted = *seen;
    let standing =
        desk.uncommitted.count(&sameness) + chunk.standing.count(client.id, facts, &sameness);
    chunk.seen.push(sameness);
    standing >= wanted
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
