//! Makes the salon. Its clients and visits come as files, as from a salon that moves here from another
//! journal: nothing is «created» for them, their reminders are asked for. Every step looks at what
//! stands first, so a start that was broken off is gone on with.

use super::calendar::{as_file, first_visits};
use super::offer::{BRANCHES, MASTERS, SERVICES, hours};
use super::people;
use super::salon::{DemoError, DemoSalon, EMAIL, PASSWORD};
use crate::chance::Chance;
use jiff::civil::DateTime;
use std::collections::BTreeMap;
use vestnik_app::access::api_tokens::{create_api_token, list_api_tokens, revoke_api_token};
use vestnik_app::access::sign_up::{SignUp, sign_up};
use vestnik_app::catalogue::Shelf;
use vestnik_app::catalogue::branches::{NewBranch, create_branch, list_branches};
use vestnik_app::catalogue::services::{NewService, create_service, list_services};
use vestnik_app::catalogue::staff::{NewStaffMember, create_staff_member, list_staff};
use vestnik_app::import::RowKind;
use vestnik_app::import_run::{ImportOptions, home_region, import, read_file};
use vestnik_app::organizations::get_organization;
use vestnik_app::senders::create::{CreateSender, create_sender};
use vestnik_app::senders::edit::relink_phone;
use vestnik_app::settings::{SettingsEdit, edit_settings, get_settings};
use vestnik_app::{App, AppError};
use vestnik_domain::Language;
use vestnik_domain::access::Role;
use vestnik_domain::branch::Branch;
use vestnik_domain::ids::ServiceId;
use vestnik_domain::local_time::local;
use vestnik_domain::schedule::WeekHours;
use vestnik_domain::sender::{Channel, SenderSettings};
use vestnik_domain::settings::Lead;

/// The token that each start makes anew, since its secret is kept nowhere.
const TOKEN_NAME: &str = "Демо";

/// What a start found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seeding {
    /// No salon, or half of one: it was made.
    Made,
    /// The salon of an earlier start, which goes on.
    Found,
}

/// Opens the demo's salon, made from `seed` if there is none, and links its phone anew; answers with
/// the token that the phone is to be linked by.
///
/// # Errors
/// Those of the use cases, and [`DemoError::HalfMade`].
pub async fn open(app: &App, seed: u64) -> Result<(DemoSalon, String, Seeding), DemoError> {
    if let Some(salon) = DemoSalon::find(&app.store).await?
        && let Some(phone) = salon.phone(&app.store).await?
    {
        let link_token = relink_phone(app, &salon.caller, phone).await?;
        return Ok((salon, link_token, Seeding::Found));
    }
    let salon = organization(app).await?;
    branches(app, &salon).await?;
    services(app, &salon).await?;
    masters(app, &salon).await?;
    notifications_on(app, &salon).await?;
    visits(app, &salon, seed).await?;
    let link_token = phone(app, &salon).await?;
    Ok((salon, link_token, Seeding::Made))
}

/// A fresh API token for whoever tries the demo out; those of earlier starts end.
///
/// # Errors
/// Those of the use cases.
pub async fn start_token(app: &App, salon: &DemoSalon) -> Result<String, DemoError> {
    let earlier = list_api_tokens(app, &salon.caller).await?;
    for token in earlier.iter().filter(|token| token.name == TOKEN_NAME) {
        revoke_api_token(app, &salon.caller, token.id).await?;
    }
    Ok(create_api_token(app, &salon.caller, TOKEN_NAME, Role::Owner).await?.1)
}

async fn organization(app: &App) -> Result<DemoSalon, DemoError> {
    if DemoSalon::find(&app.store).await?.is_none() {
        let command = SignUp {
            organization_name: "ООО «Стиль де Виль»".to_owned(),
            name: "Анна Владимировна".to_owned(),
            email: EMAIL.to_owned(),
            password: PASSWORD.to_owned(),
            language: Language::Russian,
            country: "RU".to_owned(),
            user_agent: "vestnik demo".to_owned(),
        };
        sign_up(app, command).await?;
    }
    let salon = DemoSalon::find(&app.store).await?;
    salon.ok_or_else(|| AppError::NotFound("organization").into())
}

async fn branches(app: &App, salon: &DemoSalon) -> Result<(), DemoError> {
    let standing = list_branches(app, &salon.caller, Shelf::InUse).await?;
    for offer in BRANCHES.iter().skip(standing.len()) {
        let new = NewBranch {
            name: offer.name.to_owned(),
            commercial_name: Some(offer.commercial_name.to_owned()),
            address: offer.address.to_owned(),
            zone: offer.zone.to_owned(),
            working_hours: Some(WeekHours::every_day(hours(offer.open))),
        };
        create_branch(app, &salon.caller, new).await?;
    }
    Ok(())
}

async fn services(app: &App, salon: &DemoSalon) -> Result<(), DemoError> {
    let standing = list_services(app, &salon.caller, Shelf::InUse).await?;
    for offer in SERVICES.iter().skip(standing.len()) {
        let new = NewService {
            title: offer.title.to_owned(),
            duration_min: offer.duration_min,
            buffer_min: offer.buffer_min,
            price_kopecks: offer.price_rub * 100,
        };
        create_service(app, &salon.caller, new).await?;
    }
    Ok(())
}

async fn masters(app: &App, salon: &DemoSalon) -> Result<(), DemoError> {
    let branches = list_branches(app, &salon.caller, Shelf::InUse).await?;
    let services = list_services(app, &salon.caller, Shelf::InUse).await?;
    let standing = list_staff(app, &salon.caller, None, Shelf::InUse).await?;
    for offer in MASTERS.iter().skip(standing.len()) {
        let branch = branches.get(offer.branch).ok_or(AppError::NotFound("branch"))?;
        let service_ids: Vec<ServiceId> = offer
            .services()
            .into_iter()
            .filter_map(|place| services.get(place))
            .map(|service| service.id)
            .collect();
        let new = NewStaffMember {
            branch_id: branch.id,
            name: offer.name.to_owned(),
            position: offer.position.to_owned(),
            schedule: Some(offer.schedule()),
            service_ids,
        };
        create_staff_member(app, &salon.caller, new).await?;
    }
    Ok(())
}

/// Before the visits come in, since older ones would not be notified of (N1).
async fn notifications_on(app: &App, salon: &DemoSalon) -> Result<(), DemoError> {
    let settings = get_settings(app, &salon.caller).await?;
    if settings.settings.on_since.is_none() {
        let edit = SettingsEdit {
            generation: settings.generation,
            on: Some(true),
            reminder_leads: Some(vec![Lead::Days(1), Lead::Minutes(120)]),
            ..SettingsEdit::default()
        };
        edit_settings(app, &salon.caller, edit).await?;
    }
    Ok(())
}

async fn visits(app: &App, salon: &DemoSalon, seed: u64) -> Result<(), DemoError> {
    let branches = list_branches(app, &salon.caller, Shelf::InUse).await?;
    let organization = get_organization(app, &salon.caller).await?;
    // The salon's first moment, not this one: what was broken off yesterday goes on as it was meant.
    let wall_time = |branch: &Branch| local(organization.created_at, &branch.zone);
    let now: Vec<DateTime> = branches.iter().map(wall_time).collect();
    let mut chance = Chance::new(seed);
    let clients = people::clients(&mut chance.branch());
    let visits = first_visits(&mut chance.branch(), &clients, &now);
    let names: Vec<&str> = branches.iter().map(|branch| branch.name.as_str()).collect();
    land(app, salon, RowKind::Clients, &people::as_file(&clients)).await?;
    land(app, salon, RowKind::Appointments, &as_file(&visits, &clients, &names)).await
}

async fn land(app: &App, salon: &DemoSalon, kind: RowKind, file: &str) -> Result<(), DemoError> {
    let region = home_region(app, &salon.caller).await?;
    let rows = read_file(kind, file.as_bytes(), Some("demo.csv"), &BTreeMap::new(), region)?;
    let options = ImportOptions { reminders: true, ..ImportOptions::default() };
    let report = import(app, &salon.caller, rows, options).await?;
    match (report.problem_count, report.stopped_before_line) {
        (0, None) => Ok(()),
        (problems, None) => Err(DemoError::HalfMade { problems }),
        (_, Some(line)) => {
            Err(AppError::Internal(format!("the demo's visits stopped at line {line}")).into())
        }
    }
}

async fn phone(app: &App, salon: &DemoSalon) -> Result<String, DemoError> {
    let command = CreateSender {
        name: "Телефон администратора".to_owned(),
        channel: Channel::AndroidPhone,
        number: None,
        zone: None,
        settings: SenderSettings::default(),
    };
    let created = create_sender(app, &salon.caller, command).await?;
    let no_token = || AppError::Internal("a phone without a link token".to_owned()).into();
    created.link_token.ok_or_else(no_token)
}
