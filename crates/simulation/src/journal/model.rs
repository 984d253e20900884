//! The journal itself: records of several places, their versions, and the webhooks that wait.

use super::behaviour::JournalBehaviour;
use super::wire;
use crate::chance::Chance;
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use vestnik_app::journals::connector::{Page, RecordWrite, WriteRefusal};
use vestnik_domain::journal::{
    JournalClient, JournalRecord, JournalService, JournalStaff, RecordState, RecordVersion,
};

/// What staff enter.
#[derive(Debug, Clone)]
pub struct NewRecord {
    pub client: Option<JournalClient>,
    pub staff: Option<JournalStaff>,
    pub services: Vec<JournalService>,
    pub start_local: DateTime,
    pub duration_min: i64,
    pub visit_id: Option<String>,
    /// The client booked it on the journal's own page.
    pub online: bool,
}

/// What staff change in a record; fields left out stay.
#[derive(Debug, Clone, Default)]
pub struct StaffEdit {
    pub client: Option<Option<JournalClient>>,
    pub staff: Option<JournalStaff>,
    pub services: Option<Vec<JournalService>>,
    pub start_local: Option<DateTime>,
    pub state: Option<RecordState>,
    pub note: Option<String>,
    /// Paid and closed: nobody but staff may change it.
    pub locked: Option<bool>,
}

#[derive(Debug, Clone)]
struct Stored {
    record: NewRecord,
    state: RecordState,
    note: String,
    locked: bool,
    created_at: Timestamp,
    /// To the second, as journals date changes.
    changed_s: i64,
    writes: u32,
    /// Writes of ours that said what stood there already.
    idle_writes: u32,
    /// Nobody has changed it since our last write.
    is_as_we_wrote: bool,
}

#[derive(Debug, Clone, Default)]
struct Place {
    title: String,
    zone: String,
    records: BTreeMap<u64, Stored>,
    staff: BTreeMap<String, JournalStaff>,
    services: BTreeMap<String, JournalService>,
    /// Cards that changed by themselves, and in which second.
    cards: BTreeMap<Option<String>, (i64, JournalClient)>,
}

#[derive(Debug, Clone)]
struct Waiting {
    due_at: Timestamp,
    place: String,
    body: Vec<u8>,
}

/// A journal with its places.
#[derive(Debug, Clone)]
pub struct JournalModel {
    places: BTreeMap<String, Place>,
    waiting: Vec<Waiting>,
    behaviour: JournalBehaviour,
    chance: Chance,
    last_record: u64,
}

impl JournalModel {
    pub fn new(seed: u64, behaviour: JournalBehaviour) -> JournalModel {
        JournalModel {
            places: BTreeMap::new(),
            waiting: Vec::new(),
            behaviour,
            chance: Chance::new(seed),
            last_record: 0,
        }
    }

    /// Opens a place; `zone` is an IANA name.
    pub fn open(&mut self, place: &str, title: &str, zone: &str) {
        let opened = Place { title: title.to_owned(), zone: zone.to_owned(), ..Place::default() };
        self.places.insert(place.to_owned(), opened);
    }

    /// Title and zone of a place.
    pub fn place(&self, place: &str) -> Option<(&str, &str)> {
        self.places.get(place).map(|place| (place.title.as_str(), place.zone.as_str()))
    }

    /// Staff (or the client, `online`) enter a record; its id. `None` if there is no such place.
    pub fn book(&mut self, place: &str, record: NewRecord, now: Timestamp) -> Option<String> {
        self.last_record += 1;
        let id = self.last_record;
        let found = self.places.get_mut(place)?;
        if let Some(member) = &record.staff {
            found.staff.insert(member.id.clone(), member.clone());
        }
        for service in &record.services {
            found.services.insert(service.id.clone(), service.clone());
        }
        let stored = Stored {
            record,
            state: RecordState::Waiting,
            note: String::new(),
            locked: false,
            created_at: whole_seconds(now),
            changed_s: now.as_second(),
            writes: 0,
            idle_writes: 0,
            is_as_we_wrote: false,
        };
        found.records.insert(id, stored);
        self.announce(place, id, "create", now);
        Some(id.to_string())
    }

    /// Staff work in a record.
    pub fn edit(&mut self, place: &str, id: &str, edit: StaffEdit, now: Timestamp) {
        let Some(stored) = self.stored_mut(place, id) else { return };
        if let Some(client) = edit.client {
            stored.record.client = client;
        }
        if let Some(staff) = edit.staff {
            stored.record.staff = Some(staff);
        }
        if let Some(services) = edit.services {
            stored.record.services = services;
        }
        stored.record.start_local = edit.start_local.unwrap_or(stored.record.start_local);
        stored.state = edit.state.unwrap_or(stored.state);
        stored.note = edit.note.unwrap_or_else(|| stored.note.clone());
        stored.locked = edit.locked.unwrap_or(stored.locked);
        stored.is_as_we_wrote = false;
        self.changed(place, id, now);
    }

    /// Staff work in a card alone; records that name it bring it along only when they change.
    pub fn edit_card(&mut self, place: &str, card: JournalClient, now: Timestamp) {
        if let Some(place) = self.places.get_mut(place) {
            place.cards.insert(card.id.clone(), (now.as_second(), card));
        }
    }

    /// One record as it stands, deleted ones too.
    pub fn record(&self, place: &str, id: &str) -> Option<JournalRecord> {
        let number = id.parse().ok()?;
        self.places.get(place)?.records.get(&number).map(|stored| wire_record(number, stored))
    }

    fn stored(&self, place: &str, id: &str) -> Option<&Stored> {
        let number: u64 = id.parse().ok()?;
        self.places.get(place)?.records.get(&number)
    }

    /// How many writes of ours landed in the record.
    pub fn writes(&self, place: &str, id: &str) -> u32 {
        self.stored(place, id).map_or(0, |stored| stored.writes)
    }

    /// How many of them said what stood there already: each was one too many.
    pub fn idle_writes(&self, place: &str, id: &str) -> u32 {
        self.stored(place, id).map_or(0, |stored| stored.idle_writes)
    }

    /// Is it as our last write left it? Whoever asks for changes then hears an echo.
    pub fn is_as_we_wrote(&self, place: &str, id: &str) -> bool {
        self.stored(place, id).is_some_and(|stored| stored.is_as_we_wrote)
    }

    /// When the next webhook arrives.
    pub fn next_webhook_at(&self) -> Option<Timestamp> {
        self.waiting.iter().map(|one| one.due_at).min()
    }

    /// The records that changed at or after the cursor's second, oldest first.
    pub fn changes(&self, place: &str, cursor: Option<&str>, now: Timestamp) -> Option<Page> {
        let place = self.places.get(place)?;
        let cursor = cursor.and_then(Cursor::read).unwrap_or(Cursor::from(i64::MIN));
        let begun_s = cursor.begun_s.unwrap_or(now.as_second());
        let mut changed: Vec<(i64, u64)> = place
            .records
            .iter()
            .map(|(id, stored)| (stored.changed_s, *id))
            .filter(|one| *one >= (cursor.second, cursor.id))
            .collect();
        changed.sort_unstable();
        let more = changed.len() > self.behaviour.page_size;
        changed.truncate(self.behaviour.page_size);
        let next = match changed.last() {
            Some((second, id)) if more => {
                Cursor { second: *second, id: id + 1, begun_s: Some(begun_s) }
            }
            // What changes while pages are turned is found when asked from their beginning on.
            _ => Cursor::from(begun_s),
        };
        let records = changed
            .iter()
            .filter_map(|(_, id)| Some(wire_record(*id, place.records.get(id)?)))
            .collect();
        let cards = place.cards.values().filter(|(second, _)| !more && *second >= cursor.second);
        let clients = cards.map(|(_, card)| card.clone()).collect();
        Some(Page { records, clients, next_cursor: next.write(), more, ..Page::default() })
    }

    /// A write of ours: the new version, or why not. `None` stands for a record of another version.
    pub fn write(
        &mut self,
        place: &str,
        write: &RecordWrite,
        now: Timestamp,
    ) -> Result<Option<RecordVersion>, WriteRefusal> {
        let id = &write.record_id;
        let standing = self.record(place, id).ok_or(WriteRefusal::NotThere)?;
        if write.expected.as_ref() != Some(&standing.version) {
            return Ok(None);
        }
        self.allow(place, write, &standing)?;
        let (staff, services) = self.named(place, write)?;
        let Some(stored) = self.stored_mut(place, id) else {
            return Err(WriteRefusal::NotThere);
        };
        stored.state = write.state.unwrap_or(stored.state);
        if let Some(start) = write.start {
            stored.record.start_local = start.local;
        }
        stored.record.duration_min = write.duration_min.unwrap_or(stored.record.duration_min);
        if let Some(staff) = staff {
            stored.record.staff = Some(staff);
        }
        if let Some(services) = services {
            stored.record.services = services;
        }
        if let Some(note) = &write.note {
            stored.note.clone_from(note);
        }
        stored.writes += 1;
        stored.is_as_we_wrote = true;
        self.changed(place, id, now);
        let version = self.record(place, id).map(|record| record.version);
        let is_idle = version.as_ref().is_some_and(|after| after.mark == standing.version.mark);
        if is_idle && let Some(stored) = self.stored_mut(place, id) {
            stored.idle_writes += 1;
        }
        Ok(version)
    }

    /// The webhooks that arrive by `now`, in their order of arrival: place and body.
    pub fn arriving(&mut self, now: Timestamp) -> Vec<(String, Vec<u8>)> {
        self.waiting.sort_by_key(|one| one.due_at);
        let due = self.waiting.partition_point(|one| one.due_at <= now);
        self.waiting.drain(..due).map(|one| (one.place, one.body)).collect()
    }

    fn allow(
        &self,
        place: &str,
        write: &RecordWrite,
        standing: &JournalRecord,
    ) -> Result<(), WriteRefusal> {
        let place = self.places.get(place).ok_or(WriteRefusal::NotThere)?;
        if standing.state == RecordState::Deleted {
            return Err(WriteRefusal::RecordGone);
        }
        let number: u64 = write.record_id.parse().map_err(|_| WriteRefusal::NotThere)?;
        if place.records.get(&number).is_some_and(|stored| stored.locked) {
            return Err(WriteRefusal::RecordLocked);
        }
        let Some(start) = write.start else { return Ok(()) };
        let staff_id = write
            .staff_id
            .clone()
            .or_else(|| standing.staff.as_ref().map(|member| member.id.clone()));
        let ends = |from: DateTime, minutes: i64| {
            from.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(from)
        };
        let end = ends(start.local, write.duration_min.unwrap_or(standing.duration_min));
        let taken = place.records.iter().any(|(id, other)| {
            *id != number
                && other.state != RecordState::Deleted
                && other.record.staff.as_ref().map(|member| &member.id) == staff_id.as_ref()
                && start.local < ends(other.record.start_local, other.record.duration_min)
                && other.record.start_local < end
        });
        if taken { Err(WriteRefusal::TimeTaken) } else { Ok(()) }
    }

    fn named(
        &self,
        place: &str,
        write: &RecordWrite,
    ) -> Result<(Option<JournalStaff>, Option<Vec<JournalService>>), WriteRefusal> {
        let place = self.places.get(place).ok_or(WriteRefusal::NotThere)?;
        let staff = write
            .staff_id
            .as_ref()
            .map(|id| place.staff.get(id).cloned().ok_or(WriteRefusal::NotThere))
            .transpose()?;
        let services = write
            .service_ids
            .as_ref()
            .map(|ids| {
                ids.iter()
                    .map(|id| place.services.get(id).cloned().ok_or(WriteRefusal::NotThere))
                    .collect()
            })
            .transpose()?;
        Ok((staff, services))
    }

    fn stored_mut(&mut self, place: &str, id: &str) -> Option<&mut Stored> {
        let number: u64 = id.parse().ok()?;
        self.places.get_mut(place)?.records.get_mut(&number)
    }

    fn changed(&mut self, place: &str, id: &str, now: Timestamp) {
        let Ok(number) = id.parse() else { return };
        let Some(stored) = self.stored_mut(place, id) else { return };
        stored.changed_s = now.as_second();
        let status = if stored.state == RecordState::Deleted { "delete" } else { "update" };
        self.announce(place, number, status, now);
    }

    /// Queues the webhook, or loses it, or queues it twice.
    fn announce(&mut self, place: &str, id: u64, status: &str, now: Timestamp) {
        if self.chance.percent(self.behaviour.webhook_lost_percent) {
            return;
        }
        let times = if self.chance.percent(self.behaviour.webhook_doubled_percent) { 2 } else { 1 };
        for _ in 0..times {
            let delay_s = self.chance.between(&self.behaviour.webhook_delay_s);
            let delay = SignedDuration::from_secs(i64::try_from(delay_s).unwrap_or(0));
            self.waiting.push(Waiting {
                due_at: now.checked_add(delay).unwrap_or(now),
                place: place.to_owned(),
                body: wire::webhook(place, id, status),
            });
        }
    }
}

/// From which change on: and, in the midst of its pages, when the first of them was asked for.
#[derive(Debug, Clone, Copy)]
struct Cursor {
    second: i64,
    id: u64,
    begun_s: Option<i64>,
}

impl Cursor {
    fn from(second: i64) -> Cursor {
        Cursor { second, id: 0, begun_s: None }
    }

    fn write(self) -> String {
        match self.begun_s {
            None => self.second.to_string(),
            Some(begun_s) => format!("{}:{}:{begun_s}", self.second, self.id),
        }
    }

    fn read(text: &str) -> Option<Cursor> {
        let mut parts = text.split(':');
        let second = parts.next()?.parse().ok()?;
        let Some(id) = parts.next() else { return Some(Cursor::from(second)) };
        let (id, begun_s) = (id.parse().ok()?, parts.next()?.parse().ok()?);
        Some(Cursor { second, id, begun_s: Some(begun_s) })
    }
}

fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

fn wire_record(id: u64, stored: &Stored) -> JournalRecord {
    let record = &stored.record;
    let content = format!("{record:?} {:?} {} {}", stored.state, stored.note, stored.locked);
    JournalRecord {
        id: id.to_string(),
        version: RecordVersion {
            order: stored.changed_s,
            mark: hex::encode(&Sha256::digest(content.as_bytes())[..8]),
        },
        visit_id: record.visit_id.clone(),
        client: record.client.clone(),
        staff: record.staff.clone(),
        services: record.services.clone(),
        start_local: record.start_local,
        offset_s: None,
        duration_min: record.duration_min,
        state: stored.state,
        note: stored.note.clone(),
        created_at: stored.created_at,
        booked_by_client: record.online,
    }
}
