//! The open chunk: what its lines came to so far.

use super::problems::ImportProblem;
use super::staff_time::Taking;
use super::standing::Standing;
use super::uncommitted::Sameness;
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};
use vestnik_domain::appointment::Appointment;
use vestnik_domain::client::Client;
use vestnik_domain::ids::ClientId;
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_store::{ChangeSet, Urgency};

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Landed,
    Unchanged,
}

/// What came of the rows so far.
#[derive(Debug, Default)]
pub(super) struct Landed {
    landed: usize,
    unchanged: usize,
    pub(super) new_clients: usize,
    pub(super) new_staff: usize,
    pub(super) new_services: usize,
    pub(super) problems: Vec<ImportProblem>,
}

impl Landed {
    pub(super) fn count(&self, outcome: Outcome) -> usize {
        match outcome {
            Outcome::Landed => self.landed,
            Outcome::Unchanged => self.unchanged,
        }
    }

    pub(super) fn add(&mut self, mut other: Landed) {
        self.landed += other.landed;
        self.unchanged += other.unchanged;
        self.new_clients += other.new_clients;
        self.new_staff += other.new_staff;
        self.new_services += other.new_services;
        self.problems.append(&mut other.problems);
    }
}

pub(super) struct Chunk {
    pub(super) change_set: ChangeSet,
    pub(super) landed: Landed,
    /// Visits without an id that were read in it.
    pub(super) seen: Vec<Sameness>,
    /// Lines whose visits take somebody's time.
    pub(super) taking: Vec<Taking>,
    /// What stands in the journal of its lines.
    pub(super) standing: Standing,
    /// Numbers that cards take, with the card that had each one before.
    pub(super) numbers: BTreeMap<PhoneNumber, Option<ClientId>>,
    /// One moment for booking and planning, so that nothing falls due in between.
    pub(super) now: Timestamp,
    pub(super) booked: Vec<Booked>,
    places: HashMap<ClientId, usize>,
}

/// The chunk's appointments of one client, planned together.
pub(super) struct Booked {
    pub(super) client: Client,
    pub(super) is_new: bool,
    pub(super) appointments: Vec<Appointment>,
}

impl Chunk {
    pub(super) fn new(now: Timestamp) -> Chunk {
        Chunk {
            change_set: ChangeSet::with_urgency(Urgency::Bulk),
            landed: Landed::default(),
            seen: Vec::new(),
            taking: Vec::new(),
            standing: Standing::default(),
            numbers: BTreeMap::new(),
            now,
            booked: Vec::new(),
            places: HashMap::new(),
        }
    }

    pub(super) fn note(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Landed => self.landed.landed += 1,
            Outcome::Unchanged => self.landed.unchanged += 1,
        }
    }

    pub(super) fn book(&mut self, client: &Client, is_new: bool, appointment: Appointment) {
        self.change_set.insert(&appointment);
        let place = *self.places.entry(client.id).or_insert(self.booked.len());
        match self.booked.get_mut(place) {
            Some(booked) => booked.appointments.push(appointment),
            None => self.booked.push(Booked {
                client: client.clone(),
                is_new,
                appointments: vec![appointment],
            }),
        }
    }
}
