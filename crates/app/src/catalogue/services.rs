//! Services: what clients come for, how long it takes, what it costs.

use super::{Archiving, Shelf};
use crate::audit;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use std::ops::RangeInclusive;
use vestnik_domain::ids::ServiceId;
use vestnik_domain::money::Kopecks;
use vestnik_domain::service::{DURATION_MIN, Service};
use vestnik_store::ChangeSet;

const BUFFER_MIN: RangeInclusive<i64> = 0..=240;
const PRICE_KOPECKS: RangeInclusive<i64> = 0..=Kopecks::HIGHEST.0;
const TITLE_LETTERS_MOST: usize = 200;

/// A new service.
#[derive(Debug, Clone)]
pub struct NewService {
    pub title: String,
    pub duration_min: i64,
    /// Time after the visit in which the staff member takes nobody.
    pub buffer_min: i64,
    pub price_kopecks: i64,
}

/// What to change; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct ServiceEdit {
    /// The version that the caller saw.
    pub version: i64,
    pub title: Option<String>,
    /// Visits that are booked keep their length.
    pub duration_min: Option<i64>,
    pub buffer_min: Option<i64>,
    pub price_kopecks: Option<i64>,
}

/// What the audit keeps of a service.
#[derive(serde::Serialize)]
struct Audited<'a> {
    title: &'a str,
    duration_min: i64,
    buffer_min: i64,
    price_kopecks: i64,
}

impl<'a> Audited<'a> {
    fn of(service: &'a Service) -> Audited<'a> {
        Audited {
            title: &service.title,
            duration_min: service.duration_min,
            buffer_min: service.buffer_min,
            price_kopecks: service.price.0,
        }
    }
}

/// Adds a service.
///
/// # Errors
/// Names every field that is wrong.
pub async fn create_service(
    app: &App,
    caller: &Caller,
    new: NewService,
) -> Result<Service, AppError> {
    caller.need_owner()?;
    let mut fields = Fields::new();
    let service = Service {
        organization_id: caller.organization_id,
        id: ServiceId(app.new_id()),
        version: 1,
        title: fields.text("title", &new.title, TITLE_LETTERS_MOST),
        duration_min: fields.number("duration_min", new.duration_min, DURATION_MIN),
        buffer_min: fields.number("buffer_min", new.buffer_min, BUFFER_MIN),
        price: Kopecks(fields.number("price_kopecks", new.price_kopecks, PRICE_KOPECKS)),
        created_at: app.now(),
        archived_at: None,
    };
    fields.finish()?;
    let mut change_set = ChangeSet::new();
    change_set.insert(&service);
    let made = super::first_state(&Audited::of(&service));
    audit::note(app, caller, &mut change_set, "service.created", service.id, made);
    app.store.commit(change_set).await?;
    Ok(service)
}

/// The services of the organization, oldest first.
pub async fn list_services(
    app: &App,
    caller: &Caller,
    shelf: Shelf,
) -> Result<Vec<Service>, AppError> {
    let mut services = app.store.services(caller.organization_id).await?;
    services.retain(|service| shelf.holds(service.archived_at));
    Ok(services)
}

/// One service, archived or not.
pub async fn get_service(app: &App, caller: &Caller, id: ServiceId) -> Result<Service, AppError> {
    app.store.service(caller.organization_id, id).await?.ok_or(AppError::NotFound("service"))
}

/// Changes a service.
///
/// # Errors
/// Names every field that is wrong; `version_conflict` if somebody changed it meanwhile.
pub async fn edit_service(
    app: &App,
    caller: &Caller,
    id: ServiceId,
    edit: ServiceEdit,
) -> Result<Service, AppError> {
    caller.need_owner()?;
    let before = get_service(app, caller, id).await?;
    if before.version != edit.version {
        return Err(AppError::version_conflict(before.version));
    }
    let mut after = before.clone();
    let mut fields = Fields::new();
    if let Some(title) = &edit.title {
        after.title = fields.text("title", title, TITLE_LETTERS_MOST);
    }
    if let Some(minutes) = edit.duration_min {
        after.duration_min = fields.number("duration_min", minutes, DURATION_MIN);
    }
    if let Some(minutes) = edit.buffer_min {
        after.buffer_min = fields.number("buffer_min", minutes, BUFFER_MIN);
    }
    if let Some(kopecks) = edit.price_kopecks {
        after.price = Kopecks(fields.number("price_kopecks", kopecks, PRICE_KOPECKS));
    }
    fields.finish()?;
    save(app, caller, &before, after, "service.updated").await
}

/// Takes a service out of use, or back; visits that are booked stay. Done twice it is as once.
pub async fn archive_service(
    app: &App,
    caller: &Caller,
    id: ServiceId,
    archiving: Archiving,
) -> Result<Service, AppError> {
    caller.need_owner()?;
    let before = get_service(app, caller, id).await?;
    let Some(archived_at) = archiving.of(before.archived_at, app.now()) else {
        return Ok(before);
    };
    let after = Service { archived_at, ..before.clone() };
    save(app, caller, &before, after, &format!("service.{}", archiving.word())).await
}

async fn save(
    app: &App,
    caller: &Caller,
    before: &Service,
    mut after: Service,
    action: &str,
) -> Result<Service, AppError> {
    if after == *before {
        return Ok(after);
    }
    after.version += 1;
    let mut change_set = ChangeSet::new();
    change_set.update(&after, before.version);
    let changes = audit::difference(&Audited::of(before), &Audited::of(&after));
    audit::note(app, caller, &mut change_set, action, after.id, changes);
    app.store.commit(change_set).await?;
    Ok(after)
}
