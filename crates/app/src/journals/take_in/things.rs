//! Masters and services of a record: known by the journal's id, else by their name, else new.

use crate::audit;
use crate::error::AppError;
use crate::import_run::names::{self, one_line};
use crate::journals::apply::Bench;
use crate::journals::journal_caller;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use vestnik_domain::ids::{ServiceId, StaffId};
use vestnik_domain::journal::{ExternalId, JournalLink, JournalService, JournalStaff, Seen, Thing};
use vestnik_domain::money::Kopecks;
use vestnik_domain::schedule::Schedule;
use vestnik_domain::service::{DURATION_MIN, Service};
use vestnik_domain::staff::StaffMember;

const STAFF_NAME_LETTERS_MOST: usize = 100;
const TITLE_LETTERS_MOST: usize = 200;
const USUAL_DURATION_MIN: i64 = 60;

/// The master; one who is renamed there is renamed here.
pub(super) async fn staff(
    bench: &mut Bench<'_>,
    link: &JournalLink,
    said: &JournalStaff,
) -> Result<StaffId, AppError> {
    let name = short(&said.name, STAFF_NAME_LETTERS_MOST);
    let known = known(bench, link, Thing::Staff, &said.id).await?;
    let caller = journal_caller(link.organization_id);
    if let Some(known) = known {
        let id = StaffId(known.internal_id);
        if known.seen.name != name && !name.is_empty() {
            let place = bench.offer.staff.iter().position(|member| member.id == id);
            if let Some(member) =
                place.and_then(|place| Arc::make_mut(&mut bench.offer.staff).get_mut(place))
            {
                let before = member.clone();
                member.name.clone_from(&name);
                member.version += 1;
                bench.change_set.update(member, before.version);
                let words = json!({ "name": { "from": before.name, "to": name } });
                audit::note(bench.app, &caller, &mut bench.change_set, "staff.updated", id, words);
            }
            see(bench, known, name);
        }
        return Ok(id);
    }
    let taken = taken(bench, link, Thing::Staff).await?;
    let by_name = names::staff(&bench.offer.staff, link.branch_id, &name);
    let free: Vec<StaffId> = by_name.into_iter().filter(|id| !taken.contains(&id.0)).collect();
    let id = match free.as_slice() {
        [id] => *id,
        _ => {
            let member = new_member(bench, link, said, name.clone());
            bench.change_set.insert(&member);
            let words = json!({
                "name": { "from": null, "to": member.name },
                "branch_id": { "from": null, "to": member.branch_id },
            });
            let (app, change_set) = (bench.app, &mut bench.change_set);
            audit::note(app, &caller, change_set, "staff.created", member.id, words);
            let id = member.id;
            Arc::make_mut(&mut bench.offer.staff).push(member);
            id
        }
    };
    keep(bench, link, Thing::Staff, &said.id, id.0, name);
    Ok(id)
}

/// The services in their order; one that is renamed there is renamed here.
pub(super) async fn services(
    bench: &mut Bench<'_>,
    link: &JournalLink,
    said: &[JournalService],
) -> Result<Vec<ServiceId>, AppError> {
    // A record may name one service twice.
    let mut found: BTreeMap<&str, ServiceId> = BTreeMap::new();
    let mut ids = Vec::with_capacity(said.len());
    for one in said {
        let id = match found.get(one.id.as_str()) {
            Some(id) => *id,
            None => service(bench, link, one).await?,
        };
        found.insert(&one.id, id);
        ids.push(id);
    }
    Ok(ids)
}

async fn service(
    bench: &mut Bench<'_>,
    link: &JournalLink,
    said: &JournalService,
) -> Result<ServiceId, AppError> {
    let title = short(&said.title, TITLE_LETTERS_MOST);
    let known = known(bench, link, Thing::Service, &said.id).await?;
    let caller = journal_caller(link.organization_id);
    if let Some(known) = known {
        let id = ServiceId(known.internal_id);
        if known.seen.name != title && !title.is_empty() {
            let place = bench.offer.services.iter().position(|service| service.id == id);
            if let Some(service) =
                place.and_then(|place| Arc::make_mut(&mut bench.offer.services).get_mut(place))
            {
                let before = service.clone();
                service.title.clone_from(&title);
                service.version += 1;
                bench.change_set.update(service, before.version);
                let words = json!({ "title": { "from": before.title, "to": title } });
                let (app, change_set) = (bench.app, &mut bench.change_set);
                audit::note(app, &caller, change_set, "service.updated", id, words);
            }
            see(bench, known, title);
        }
        return Ok(id);
    }
    let taken = taken(bench, link, Thing::Service).await?;
    let by_title = names::service(&bench.offer.services, &title).map(|service| service.id);
    let id = match by_title.filter(|id| !taken.contains(&id.0)) {
        Some(id) => id,
        None => {
            let service = new_service(bench, link, said, title.clone());
            bench.change_set.insert(&service);
            let words = json!({
                "title": { "from": null, "to": service.title },
                "duration_min": { "from": null, "to": service.duration_min },
            });
            let (app, change_set) = (bench.app, &mut bench.change_set);
            audit::note(app, &caller, change_set, "service.created", service.id, words);
            let id = service.id;
            Arc::make_mut(&mut bench.offer.services).push(service);
            id
        }
    };
    keep(bench, link, Thing::Service, &said.id, id.0, title);
    Ok(id)
}

fn short(text: &str, most: usize) -> String {
    one_line(text).chars().take(most).collect()
}

async fn known(
    bench: &Bench<'_>,
    link: &JournalLink,
    thing: Thing,
    id: &str,
) -> Result<Option<ExternalId>, AppError> {
    let store = &bench.app.store;
    Ok(store.external_id(link.organization_id, &link.journal(), thing, id).await?)
}

/// What another id of this journal names already: two masters of one name are two people.
async fn taken(bench: &Bench<'_>, link: &JournalLink, thing: Thing) -> Result<Vec<i64>, AppError> {
    let store = &bench.app.store;
    let all = store.external_ids(link.organization_id, &link.journal(), thing).await?;
    Ok(all.into_iter().map(|one| one.internal_id).collect())
}

fn keep(
    bench: &mut Bench<'_>,
    link: &JournalLink,
    thing: Thing,
    external_id: &str,
    internal_id: i64,
    name: String,
) {
    bench.change_set.insert(&ExternalId {
        organization_id: link.organization_id,
        journal: link.journal(),
        thing,
        external_id: external_id.to_owned(),
        version: 1,
        internal_id,
        seen: Seen { name, phone: None },
    });
}

fn see(bench: &mut Bench<'_>, known: ExternalId, name: String) {
    let seen = Seen { name, phone: None };
    let after = ExternalId { version: known.version + 1, seen, ..known.clone() };
    bench.change_set.update(&after, known.version);
}

/// Works the hours of the branch and performs everything, until somebody says otherwise.
fn new_member(
    bench: &Bench<'_>,
    link: &JournalLink,
    said: &JournalStaff,
    name: String,
) -> StaffMember {
    let hours = bench.offer.branch(link.branch_id).map(|branch| branch.working_hours.clone());
    StaffMember {
        organization_id: link.organization_id,
        id: StaffId(bench.app.new_id()),
        version: 1,
        branch_id: link.branch_id,
        name,
        position: short(&said.position, STAFF_NAME_LETTERS_MOST),
        schedule: hours
            .map_or_else(Schedule::default, |shifts| Schedule { shifts, ..Schedule::default() }),
        service_ids: Vec::new(),
        created_at: bench.now,
        archived_at: None,
    }
}

fn new_service(
    bench: &Bench<'_>,
    link: &JournalLink,
    said: &JournalService,
    title: String,
) -> Service {
    let duration_min = said.duration_min.unwrap_or(USUAL_DURATION_MIN);
    Service {
        organization_id: link.organization_id,
        id: ServiceId(bench.app.new_id()),
        version: 1,
        title,
        duration_min: duration_min.clamp(*DURATION_MIN.start(), *DURATION_MIN.end()),
        buffer_min: 0,
        price: Kopecks(said.price_kopecks.unwrap_or(0).max(0)),
        created_at: bench.now,
        archived_at: None,
    }
}
