//! The values of the variables for one message. Times are the wall times of the appointments'
//! branches, whatever the zone of whoever asks.

use super::{ComposeError, ComposeInput, dates, visits};
use crate::appointment::{Appointment, Facts, Status};
use crate::branch::Branch;
use crate::kind::NotificationKind;
use crate::money::Kopecks;
use crate::planning::Known;
use std::collections::BTreeMap;
use vestnik_template::Language;

/// An appointment with the facts that the message tells of it.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub appointment: &'a Appointment,
    pub facts: &'a Facts,
    pub branch: &'a Branch,
}

/// What the message speaks of, each list by start.
pub(super) struct Spoken<'a> {
    /// Its date, time and branch stand for the message.
    pub first: Told<'a>,
    pub stands: Vec<Told<'a>>,
    /// Appointments of a changed visit that are cancelled by now.
    pub gone: Vec<Told<'a>>,
}

impl<'a> Spoken<'a> {
    /// «Cancelled» speaks of what the client was told (N6), «changed» also of what is gone, all
    /// else of what stands.
    pub(super) fn of(input: &ComposeInput<'a>) -> Result<Spoken<'a>, ComposeError> {
        let (mut stands, mut gone) = (Vec::new(), Vec::new());
        for &appointment in input.appointments {
            let is_cancelled = appointment.status == Status::Cancelled;
            let known = || appointment.notification.facts_known(&appointment.facts);
            match (input.kind, is_cancelled) {
                (NotificationKind::Cancelled, _) => {
                    stands.push(told(input, appointment, known())?);
                }
                (_, false) => stands.push(told(input, appointment, &appointment.facts)?),
                (NotificationKind::Changed, true) => {
                    gone.push(told(input, appointment, known())?);
                }
                (_, true) => {}
            }
        }
        if stands.is_empty() {
            std::mem::swap(&mut stands, &mut gone);
        }
        for list in [&mut stands, &mut gone] {
            list.sort_by_key(|one: &Told<'_>| (one.facts.starts_at, one.appointment.id));
        }
        let first = *stands.first().ok_or(ComposeError::NothingToTell)?;
        Ok(Spoken { first, stands, gone })
    }

    pub(super) fn is_several(&self) -> bool {
        self.stands.len() + self.gone.len() > 1
    }
}

fn told<'a>(
    input: &ComposeInput<'a>,
    appointment: &'a Appointment,
    facts: &'a Facts,
) -> Result<Told<'a>, ComposeError> {
    let branch = input
        .branches
        .iter()
        .find(|branch| branch.id == facts.branch_id)
        .ok_or(ComposeError::BranchUnknown(facts.branch_id))?;
    Ok(Told { appointment, facts, branch })
}

/// The values by the variables' names; what is not known is not there.
pub(super) fn values(
    input: &ComposeInput<'_>,
    spoken: &Spoken<'_>,
) -> BTreeMap<&'static str, String> {
    let first = &spoken.first;
    let start = first.facts.start_local;
    let language = input.language;
    let stands = &spoken.stands;
    let services = distinct(stands.iter().flat_map(|one| service_titles(input, one.facts)));
    let staff = distinct(stands.iter().filter_map(|one| staff_name(input, one.facts)));
    let branches = distinct(stands.iter().map(|one| branch_title(input, one.branch)));
    let mut values = BTreeMap::from([
        ("date", dates::short(start.date(), language)),
        ("time", dates::hours_and_minutes(start)),
        ("weekday", dates::weekday(start.date(), language).to_owned()),
        ("date_long", dates::day_and_month(start.date(), language)),
        ("branch", branches.join(", ")),
        ("services", services.join(", ")),
        ("staff", staff.join(", ")),
        ("client_name", input.client.name.clone()),
        ("visits", visits::list(input, spoken)),
    ]);
    // Several addresses stand in the list of visits, each with its own.
    if !visits::are_in_several_places(spoken) {
        values.insert("address", first.branch.address.clone());
    }
    if let Some(link) = input.link {
        values.insert("link", link.to_owned());
    }
    if let Some(price) = price(input, spoken) {
        values.insert("price", price);
    }
    if let Some(old) = told_before(input, first) {
        values.insert("old_date", dates::short(old.start_local.date(), language));
        values.insert("old_time", dates::hours_and_minutes(old.start_local));
    }
    values
}

/// `[Салон]`: the branch's commercial name, else the organization's name (T2).
pub(super) fn branch_title<'a>(input: &ComposeInput<'a>, branch: &'a Branch) -> &'a str {
    let commercial = branch.commercial_name.as_deref().map(str::trim);
    commercial.filter(|name| !name.is_empty()).unwrap_or(&input.organization.name)
}

pub(super) fn service_titles<'a>(input: &ComposeInput<'a>, facts: &Facts) -> Vec<&'a str> {
    let found = facts
        .service_ids
        .iter()
        .filter_map(|id| input.services.iter().find(|service| service.id == *id));
    found.map(|service| service.title.trim()).filter(|title| !title.is_empty()).collect()
}

pub(super) fn staff_name<'a>(input: &ComposeInput<'a>, facts: &Facts) -> Option<&'a str> {
    let id = facts.staff_id?;
    let found = input.staff.iter().find(|member| member.id == id)?;
    let name = found.name.trim();
    (!name.is_empty()).then_some(name)
}

/// What the client knew before a change.
fn told_before<'a>(input: &ComposeInput<'_>, first: &Told<'a>) -> Option<&'a Facts> {
    if input.kind != NotificationKind::Changed {
        return None;
    }
    match first.appointment.notification.known(&first.appointment.facts) {
        Known::Facts(known) => Some(known),
        Known::Nothing | Known::Gone => None,
    }
}

/// All services together, as far as they have a price; without a currency, which the text names.
fn price(input: &ComposeInput<'_>, spoken: &Spoken<'_>) -> Option<String> {
    let ids = spoken.stands.iter().flat_map(|one| &one.facts.service_ids);
    let found = ids.filter_map(|id| input.services.iter().find(|service| service.id == *id));
    let Kopecks(sum) =
        found.fold(Kopecks(0), |sum, service| Kopecks(sum.0.saturating_add(service.price.0)));
    let point = match input.language {
        Language::Russian => ',',
        Language::English => '.',
    };
    match (sum / 100, sum % 100) {
        _ if sum <= 0 => None,
        (whole, 0) => Some(whole.to_string()),
        (whole, rest) => Some(format!("{whole}{point}{rest:02}")),
    }
}

/// Each value once, in the order of their first places.
fn distinct<'a>(values: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut once = Vec::new();
    for value in values {
        if !once.contains(&value) {
            once.push(value);
        }
    }
    once
}
