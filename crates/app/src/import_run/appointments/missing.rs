//! Staff members and services that a file names and the salon does not have.

use super::super::chunk::Chunk;
use super::super::desk::Desk;
use super::super::names::{OfferNames, folded, one_line};
use super::super::problems::Objection;
use super::{Checked, Named, USUAL_DURATION_MIN};
use crate::audit;
use crate::import::Column;
use serde_json::json;
use std::sync::Arc;
use vestnik_domain::appointment::Facts;
use vestnik_domain::branch::Branch;
use vestnik_domain::ids::{ServiceId, StaffId};
use vestnik_domain::money::Kopecks;
use vestnik_domain::schedule::Schedule;
use vestnik_domain::service::{DURATION_MIN, Service};
use vestnik_domain::staff::StaffMember;

const STAFF_NAME_LETTERS_MOST: usize = 100;
const TITLE_LETTERS_MOST: usize = 200;

/// What a line needs that was not there; kept only if the line lands.
#[derive(Default)]
pub(super) struct Made {
    staff: Option<StaffMember>,
    services: Vec<Service>,
}

/// The name under which something may be made; else the objection is raised.
pub(super) fn may_make(
    desk: &Desk<'_>,
    name: &str,
    object: &mut impl FnMut(Option<Column>, &str, Objection),
    column: Column,
    unknown: impl FnOnce() -> Objection,
) -> Option<String> {
    let clean = one_line(name);
    let most = if column == Column::Staff { STAFF_NAME_LETTERS_MOST } else { TITLE_LETTERS_MOST };
    if clean.is_empty() || !desk.options.create_missing {
        object(Some(column), name, unknown());
        return None;
    }
    if clean.chars().count() > most {
        object(Some(column), name, Objection::TooLong { most });
        return None;
    }
    Some(clean)
}

/// The facts of a line, with ids for what is yet to be made.
pub(super) fn facts(desk: &Desk<'_>, checked: &Checked) -> (Facts, Made) {
    let mut made = Made::default();
    let mut service_ids = Vec::with_capacity(checked.services.len());
    for named in &checked.services {
        let id = match named {
            Named::Known(id) => *id,
            Named::Missing(title) => service_id(desk, checked, title, &mut made),
        };
        service_ids.push(id);
    }
    let staff_id = checked.staff.as_ref().map(|named| match named {
        Named::Known(id) => *id,
        Named::Missing(name) => {
            let member = staff_member(desk, &checked.branch, name);
            let id = member.id;
            made.staff = Some(member);
            id
        }
    });
    let facts = Facts {
        branch_id: checked.branch.id,
        staff_id,
        service_ids,
        start_local: checked.start.local,
        starts_at: checked.start.instant,
        duration_min: checked.duration_min,
    };
    (facts, made)
}

/// Adds to the salon what the line made.
pub(super) fn keep(desk: &mut Desk<'_>, chunk: &mut Chunk, made: Made) {
    if made.staff.is_none() && made.services.is_empty() {
        return;
    }
    let (app, caller) = (desk.app, desk.caller);
    for service in made.services {
        chunk.change_set.insert(&service);
        let words = json!({
            "title": { "from": null, "to": service.title },
            "duration_min": { "from": null, "to": service.duration_min },
        });
        audit::note(app, caller, &mut chunk.change_set, "service.created", service.id, words);
        chunk.landed.new_services += 1;
        Arc::make_mut(&mut desk.offer.services).push(service);
    }
    if let Some(member) = made.staff {
        chunk.change_set.insert(&member);
        let words = json!({
            "name": { "from": null, "to": member.name },
            "branch_id": { "from": null, "to": member.branch_id },
        });
        audit::note(app, caller, &mut chunk.change_set, "staff.created", member.id, words);
        chunk.landed.new_staff += 1;
        Arc::make_mut(&mut desk.offer.staff).push(member);
    }
    desk.names = OfferNames::of(&desk.offer);
}

/// The service made for this title, once per line.
fn service_id(desk: &Desk<'_>, checked: &Checked, title: &str, made: &mut Made) -> ServiceId {
    let same = |service: &&Service| folded(&service.title) == folded(title);
    if let Some(service) = made.services.iter().find(same) {
        return service.id;
    }
    let alone = checked.services.len() == 1;
    let duration_min = if alone { checked.duration_min } else { USUAL_DURATION_MIN };
    let service = Service {
        organization_id: desk.caller.organization_id,
        id: ServiceId(desk.app.new_id()),
        version: 1,
        title: title.to_owned(),
        duration_min: duration_min.max(*DURATION_MIN.start()),
        buffer_min: 0,
        price: Kopecks(0),
        created_at: desk.app.now(),
        archived_at: None,
    };
    let id = service.id;
    made.services.push(service);
    id
}

/// Works the hours of the branch and performs everything, until somebody says otherwise.
fn staff_member(desk: &Desk<'_>, branch: &Branch, name: &str) -> StaffMember {
    StaffMember {
        organization_id: desk.caller.organization_id,
        id: StaffId(desk.app.new_id()),
        version: 1,
        branch_id: branch.id,
        name: name.to_owned(),
        position: String::new(),
        schedule: Schedule { shifts: branch.working_hours.clone(), ..Schedule::default() },
        service_ids: Vec::new(),
        created_at: desk.app.now(),
        archived_at: None,
    }
}
