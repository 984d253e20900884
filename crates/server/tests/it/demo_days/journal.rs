//! The journal as the API shows it at the beginning, and what the script then does with it: all that
//! the oracle is told.

use super::oracle::{Did, Facts, Visit};
use crate::http::Caller;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Beyond the last day, since reminders look ahead.
const DAYS_AHEAD: i64 = 14;

pub(crate) struct Journal {
    pub(crate) visits: Vec<Visit>,
    branches: Vec<Value>,
    staff: Vec<Value>,
    services: Vec<Value>,
}

/// One appointment that the script works on.
#[derive(Clone)]
pub(crate) struct Handle {
    id: String,
    /// Its place in `visits`.
    place: usize,
}

/// What to change; `None` leaves it.
#[derive(Default)]
pub(crate) struct Edit<'a> {
    /// Local time of its branch, `2026-03-05T15:00`.
    pub(crate) start: Option<String>,
    pub(crate) master: Option<&'a str>,
    pub(crate) services: Option<&'a [&'a str]>,
    pub(crate) silent: bool,
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap().to_owned()
}

impl Journal {
    /// Everything that lies ahead of `begin`, as the demo made it.
    pub(crate) fn read(api: &Caller, begin: Timestamp, days: i64) -> Journal {
        let list = |path: &str| api.get(path)["items"].as_array().unwrap().clone();
        let mut journal = Journal {
            visits: Vec::new(),
            branches: list("/api/v1/branches"),
            staff: list("/api/v1/staff"),
            services: list("/api/v1/services"),
        };
        let phones = phones(api);
        let end = begin + SignedDuration::from_hours(24 * (days + DAYS_AHEAD));
        for branch in &journal.branches {
            let path = format!(
                "/api/v1/appointments?branch_id={}&from={begin}&to={end}",
                text(branch, "id")
            );
            for appointment in list(&path) {
                let ahead =
                    ["waiting", "confirmed"].contains(&appointment["status"].as_str().unwrap());
                if !ahead {
                    continue;
                }
                let made: Timestamp = text(&appointment, "created_at").parse().unwrap();
                let facts = journal.facts(&appointment);
                journal.visits.push(Visit {
                    id: text(&appointment, "id"),
                    number: phones[&text(&appointment, "client_id")].clone(),
                    did: vec![(made, Did::Imported(facts))],
                });
            }
        }
        // Ids differ from run to run; what happens may not.
        journal.visits.sort_by_key(|visit| (visit.start(), visit.number.clone()));
        journal
    }

    /// The first untouched visit that begins on a day (`03-05`, by its branch's clock) or later and
    /// suits; its client comes but once on that day.
    pub(crate) fn find(&self, day: &str, suits: impl Fn(&Facts) -> bool) -> Handle {
        let once = |visit: &Visit| {
            let same = |other: &&Visit| {
                other.number == visit.number
                    && other.facts().start[..10] == visit.facts().start[..10]
            };
            self.visits.iter().filter(same).count() == 1
        };
        let found = self.visits.iter().enumerate().find(|(_, visit)| {
            let facts = visit.facts();
            visit.did.len() == 1 && facts.start[5..10] >= *day && suits(facts) && once(visit)
        });
        let (place, visit) = found.unwrap_or_else(|| panic!("nobody comes on {day} for that"));
        Handle { id: visit.id.clone(), place }
    }

    pub(crate) fn facts_of(&self, handle: &Handle) -> &Facts {
        self.visits[handle.place].facts()
    }

    /// A booking for a new client with Ольга's branch and the given master.
    pub(crate) fn book(
        &mut self,
        api: &Caller,
        at: Timestamp,
        source: &str,
        number: &str,
        (master, service, start): (&str, &str, &str),
    ) -> Handle {
        let master = self.staff.iter().find(|one| one["name"] == master).unwrap();
        let booking = json!({
            "client": { "name": "Вера Тестова", "phone": number },
            "branch_id": master["branch_id"], "staff_id": master["id"],
            "service_ids": [self.service_id(service)], "start": start,
            "source": source, "force": true,
        });
        let booked = api.post("/api/v1/appointments", booking);
        let facts = self.facts(&booked);
        let did =
            if source == "client" { Did::BookedByClient(facts) } else { Did::BookedByStaff(facts) };
        let id = text(&booked, "id");
        let did = vec![(at, did)];
        self.visits.push(Visit { id: id.clone(), number: number.to_owned(), did });
        Handle { id, place: self.visits.len() - 1 }
    }

    pub(crate) fn edit(&mut self, api: &Caller, at: Timestamp, handle: &Handle, edit: &Edit<'_>) {
        let path = format!("/api/v1/appointments/{}", handle.id);
        let mut body = json!({ "version": api.get(&path)["version"], "force": true });
        if let Some(start) = &edit.start {
            body["start"] = json!(start);
        }
        if let Some(master) = edit.master {
            let master = self.staff.iter().find(|one| one["name"] == master).unwrap();
            body["staff_id"] = master["id"].clone();
        }
        if let Some(services) = edit.services {
            let ids: Vec<Value> = services.iter().map(|title| self.service_id(title)).collect();
            body["service_ids"] = json!(ids);
        }
        if edit.silent {
            body["notify"] = json!("silent");
        }
        let edited = api.patch(&path, body);
        let facts = self.facts(&edited);
        let did = if edit.silent { Did::EditedSilently(facts) } else { Did::Edited(facts) };
        self.visits[handle.place].did.push((at, did));
    }

    pub(crate) fn cancel(&mut self, api: &Caller, at: Timestamp, handle: &Handle) {
        api.post(&format!("/api/v1/appointments/{}/cancel", handle.id), json!({}));
        self.visits[handle.place].did.push((at, Did::Cancelled));
    }

    pub(crate) fn bring_back(&mut self, api: &Caller, at: Timestamp, handle: &Handle) {
        let body = json!({ "status": "waiting", "force": true });
        api.post(&format!("/api/v1/appointments/{}/status", handle.id), body);
        self.visits[handle.place].did.push((at, Did::BroughtBack));
    }

    fn service_id(&self, title: &str) -> Value {
        self.services.iter().find(|service| service["title"] == title).unwrap()["id"].clone()
    }

    /// The words for what an appointment says by ids.
    fn facts(&self, appointment: &Value) -> Facts {
        let by_id =
            |list: &[Value], id: &Value| list.iter().find(|one| one["id"] == *id).unwrap().clone();
        let branch = by_id(&self.branches, &appointment["branch_id"]);
        let services = appointment["service_ids"].as_array().unwrap();
        Facts {
            salon: text(&branch, "commercial_name"),
            address: text(&branch, "address"),
            zone: text(&branch, "zone"),
            start: text(appointment, "start_local"),
            master: text(&by_id(&self.staff, &appointment["staff_id"]), "name"),
            services: services.iter().map(|id| text(&by_id(&self.services, id), "title")).collect(),
        }
    }
}

/// Every client's number by id.
fn phones(api: &Caller) -> BTreeMap<String, String> {
    let mut phones = BTreeMap::new();
    let mut path = "/api/v1/clients?limit=200".to_owned();
    loop {
        let page = api.get(&path);
        for client in page["items"].as_array().unwrap() {
            phones.insert(text(client, "id"), text(client, "phone"));
        }
        match page["next"].as_str() {
            Some(next) => path = format!("/api/v1/clients?limit=200&before={next}"),
            None => return phones,
        }
    }
}
