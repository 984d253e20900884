//! Reading the journal.

use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use vestnik_domain::Language;
use vestnik_domain::appointment::{Appointment, AppointmentEvent};
use vestnik_domain::ids::{AppointmentId, BranchId, ClientId};
use vestnik_domain::local_time::{LocalStart, Zone, day_bounds};

/// The longest stretch that one list covers.
const STRETCH_MOST: SignedDuration = SignedDuration::from_hours(24 * 62);
/// The most appointments in one list.
const APPOINTMENTS_MOST: i64 = 5_000;
/// `2026-12-25`: shorter and longer spellings of dates are not for the API.
const DATE_BYTES: usize = 10;

/// The appointments of a branch that start in `from..to`, in order of time. Each end is a date of the
/// branch (its midnight), a local time of the branch, or RFC 3339 with an offset.
///
/// # Errors
/// Field errors for ends that cannot be read, and for a stretch that is empty or longer than 62 days.
pub async fn list_appointments(
    app: &App,
    caller: &Caller,
    branch: BranchId,
    from: &str,
    to: &str,
) -> Result<Vec<Appointment>, AppError> {
    let branch = app
        .store
        .branch(caller.organization_id, branch)
        .await?
        .ok_or(AppError::NotFound("branch"))?;
    let mut fields = Fields::new();
    let ends = (
        read_end(&mut fields, "from", from, &branch.zone),
        read_end(&mut fields, "to", to, &branch.zone),
    );
    fields.finish()?;
    let (Some(from), Some(to)) = ends else {
        return Err(AppError::Internal("checked fields are missing".to_owned()));
    };
    let stretch = to.duration_since(from);
    if stretch <= SignedDuration::ZERO || stretch > STRETCH_MOST {
        return Err(AppError::field(
            "to",
            "stretch_out_of_range",
            "Конец периода должен быть позже начала, но не больше чем на 62 дня",
            "`to` must be after `from`, by at most 62 days",
        ));
    }
    let appointments = app
        .store
        .appointments_between(caller.organization_id, branch.id, from, to, APPOINTMENTS_MOST)
        .await?;
    Ok(appointments)
}

fn read_end(fields: &mut Fields, field: &str, text: &str, zone: &Zone) -> Option<Timestamp> {
    if let Ok(date) = text.parse::<Date>()
        && text.len() == DATE_BYTES
    {
        return Some(day_bounds(date, zone).0);
    }
    LocalStart::parse(text, zone)
        .map(|start| start.instant)
        .map_err(|error| {
            let russian = error.message(Language::Russian);
            fields.add(field, error.code(), russian, error.message(Language::English));
        })
        .ok()
}

/// All appointments of a client, oldest first.
pub async fn list_of_client(
    app: &App,
    caller: &Caller,
    client: ClientId,
) -> Result<Vec<Appointment>, AppError> {
    let client = crate::clients::get(app, caller, client).await?;
    Ok(app
        .store
        .appointments_of_client(caller.organization_id, client.id, Timestamp::UNIX_EPOCH)
        .await?)
}

/// One appointment with its history.
pub async fn get_appointment(
    app: &App,
    caller: &Caller,
    id: AppointmentId,
) -> Result<(Appointment, Vec<AppointmentEvent>), AppError> {
    let appointment = super::change::current(app, caller, id, None).await?;
    let events = app.store.appointment_events(caller.organization_id, id).await?;
    Ok((appointment, events))
}
