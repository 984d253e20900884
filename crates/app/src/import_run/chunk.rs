//! One chunk of rows: decided against the journal, planned, committed; after a conflict decided anew.

use super::appointments::Taking;
use super::cards::Cards;
use super::problems::{ImportProblem, Objection};
use super::uncommitted::{Sameness, Uncommitted};
use super::{ColumnNames, ImportOptions, Rows, appointments, clients};
use crate::appointments::change::Offer;
use crate::appointments::guard;
use crate::clients::number_guard;
use crate::context::{App, Caller};
use crate::error::AppError;
use crate::import::Column;
use crate::messages::replan::LookAsked;
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use vestnik_domain::appointment::{Appointment, Facts};
use vestnik_domain::branch::Branch;
use vestnik_domain::client::Client;
use vestnik_domain::ids::{BranchId, ClientId};
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_store::tables::appointments::StaffDay;
use vestnik_store::{ChangeSet, CommitError, Urgency};

/// The front desk changes something else now and then; a chunk that loses this often meets a storm.
const TRIES_MOST: u32 = 20;

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

/// The open chunk.
pub(super) struct Chunk {
    pub(super) change_set: ChangeSet,
    pub(super) landed: Landed,
    /// Visits without an id that were read in it.
    pub(super) seen: Vec<Sameness>,
    pub(super) guards: Vec<StaffDay>,
    /// Lines whose visits take somebody's time.
    pub(super) taking: Vec<Taking>,
    /// What stands in the journal under the ids of its lines.
    pub(super) standing: HashMap<String, Facts>,
    /// Numbers that new cards take, with the card that had each one before.
    pub(super) numbers: BTreeMap<PhoneNumber, Option<ClientId>>,
    /// One moment for booking and planning, so that nothing falls due in between.
    pub(super) now: Timestamp,
    booked: Vec<Booked>,
}

/// The chunk's appointments of one client, planned together.
struct Booked {
    client: Client,
    is_new: bool,
    appointments: Vec<Appointment>,
}

impl Chunk {
    fn new(now: Timestamp) -> Chunk {
        Chunk {
            change_set: ChangeSet::with_urgency(Urgency::Bulk),
            landed: Landed::default(),
            seen: Vec::new(),
            guards: Vec::new(),
            taking: Vec::new(),
            standing: HashMap::new(),
            numbers: BTreeMap::new(),
            now,
            booked: Vec::new(),
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
        match self.booked.iter_mut().find(|booked| booked.client.id == client.id) {
            Some(booked) => booked.appointments.push(appointment),
            None => self.booked.push(Booked {
                client: client.clone(),
                is_new,
                appointments: vec![appointment],
            }),
        }
    }
}

/// What rows are decided against.
pub(super) struct Desk<'a> {
    pub(super) app: &'a App,
    pub(super) caller: &'a Caller,
    pub(super) options: ImportOptions,
    pub(super) offer: Offer,
    pub(super) cards: Cards,
    pub(super) uncommitted: Uncommitted,
    /// How often the file has named each visit without an id so far.
    pub(super) seen: HashMap<Sameness, usize>,
    columns: &'a ColumnNames,
}

impl<'a> Desk<'a> {
    pub(super) async fn open(
        app: &'a App,
        caller: &'a Caller,
        options: ImportOptions,
        columns: &'a ColumnNames,
    ) -> Result<Desk<'a>, AppError> {
        let offer = Offer::read(app, caller).await?;
        if let Some(id) = options.branch_id
            && offer.branch(id).is_none_or(|branch| branch.archived_at.is_some())
        {
            return Err(AppError::field(
                "branch_id",
                "branch_unknown",
                "Такого филиала нет",
                "there is no such branch",
            ));
        }
        Ok(Desk {
            app,
            caller,
            options,
            offer,
            cards: Cards::read(app, caller).await?,
            uncommitted: Uncommitted::default(),
            seen: HashMap::new(),
            columns,
        })
    }

    /// The branch of lines that name none.
    pub(super) fn usual_branch(&self) -> Option<BranchId> {
        self.options.branch_id.or_else(|| {
            let in_use = |branch: &&Branch| branch.archived_at.is_none();
            let mut branches = self.offer.branches.iter().filter(in_use);
            let only = branches.next()?;
            branches.next().is_none().then_some(only.id)
        })
    }

    pub(super) fn object(
        &self,
        line: u32,
        column: Option<Column>,
        value: &str,
        objection: Objection,
    ) -> ImportProblem {
        objection.at(line, column.and_then(|column| self.columns.name(column)), value)
    }

    /// Decides and commits the rows of `range`.
    pub(super) async fn land(
        &mut self,
        rows: &Rows,
        range: Range<usize>,
    ) -> Result<Landed, AppError> {
        let mut tries = 0;
        loop {
            let mut chunk = Chunk::new(self.app.now());
            self.decide(rows, range.clone(), &mut chunk).await?;
            if self.options.dry_run {
                return Ok(chunk.landed);
            }
            self.plan(&mut chunk).await?;
            let outcome = if self.guard_numbers(&mut chunk).await? {
                self.app.store.commit(chunk.change_set).await
            } else {
                Err(CommitError::Conflict { table: "client_numbers", operation: 0 })
            };
            match outcome {
                Ok(()) => {
                    self.uncommitted = Uncommitted::default();
                    return Ok(chunk.landed);
                }
                Err(CommitError::Conflict { .. }) if tries < TRIES_MOST => {
                    tries += 1;
                    self.look_again(&chunk.seen).await?;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn decide(
        &mut self,
        rows: &Rows,
        range: Range<usize>,
        chunk: &mut Chunk,
    ) -> Result<(), AppError> {
        match rows {
            Rows::Clients(rows) => {
                for (line, row) in rows.get(range).unwrap_or_default() {
                    clients::land(self, chunk, *line, row).await?;
                }
            }
            Rows::Appointments(rows) => {
                let rows = rows.get(range).unwrap_or_default();
                chunk.standing = appointments::standing(self, rows).await?;
                for (line, row) in rows {
                    appointments::land(self, chunk, *line, row).await?;
                }
                appointments::take_times(self, chunk).await?;
            }
        }
        Ok(())
    }

    /// Adds the guards of the numbers that new cards take; false if somebody else has made a card for
    /// one of them since the cards were read.
    async fn guard_numbers(&self, chunk: &mut Chunk) -> Result<bool, AppError> {
        let organization = self.caller.organization_id;
        let mut batch = self.app.store.batch();
        let mut asked = Vec::new();
        for (phone, known) in std::mem::take(&mut chunk.numbers) {
            // The guard before the card, as everybody who makes one does.
            let guard = batch.client_number(organization, &phone);
            asked.push((guard, batch.client_by_phone(organization, &phone), known));
        }
        let mut answers = batch.read().await?;
        for (guard, card, known) in asked {
            if answers.take(card)?.map(|card| card.id) != known {
                return Ok(false);
            }
            number_guard::raise(&mut chunk.change_set, &answers.take(guard)?);
        }
        Ok(true)
    }

    /// Makes a new card in the chunk.
    pub(super) fn add_card(&mut self, chunk: &mut Chunk, client: Client) {
        if let Some(phone) = &client.phone {
            let known = self.cards.with_phone(phone).map(|card| card.id);
            chunk.numbers.entry(phone.clone()).or_insert(known);
        }
        chunk.change_set.insert(&client);
        chunk.landed.new_clients += 1;
        self.cards.put(client);
    }

    /// Adds the messages and the guards of the days to the chunk.
    async fn plan(&self, chunk: &mut Chunk) -> Result<(), AppError> {
        let now = chunk.now;
        let organization = self.caller.organization_id;
        let mut batch = self.app.store.batch();
        let stamp = batch.offer_stamp(organization);
        let mut asked = Vec::new();
        for booked in std::mem::take(&mut chunk.booked) {
            // Past visits have nothing to tell.
            if booked.appointments.iter().all(|one| one.facts.starts_at <= now) {
                continue;
            }
            let look = if booked.is_new {
                LookAsked::ask_of_new(&mut batch, &booked.client, now)
            } else {
                chunk.change_set.expect(&booked.client, booked.client.version);
                LookAsked::ask(&mut batch, organization, booked.client.id, None, now)
            };
            asked.push((booked, look));
        }
        let mut answers = batch.read().await?;
        // The settings in force: the file may have been read long ago.
        let offer = self.offer.as_of(self.app, self.caller, answers.take(stamp)?).await?;
        for (booked, look) in asked {
            let look = look.take(&mut answers, booked.client, &offer, now)?;
            look.add(self.app, &booked.appointments, &mut chunk.change_set);
        }
        guard::raise(&mut chunk.change_set, std::mem::take(&mut chunk.guards));
        Ok(())
    }

    /// Somebody changed what this chunk looked at: everything is read anew.
    async fn look_again(&mut self, seen: &[Sameness]) -> Result<(), AppError> {
        self.offer = Offer::read(self.app, self.caller).await?;
        self.cards = Cards::read(self.app, self.caller).await?;
        self.uncommitted = Uncommitted::default();
        for sameness in seen {
            if let Some(count) = self.seen.get_mut(sameness) {
                *count = count.saturating_sub(1);
            }
        }
        Ok(())
    }
}
