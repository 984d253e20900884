//! A chunk of rows is decided against the journal, planned, committed; after a conflict decided anew.
//! However many its lines are, it asks the same few questions: what stands of them, then, all at once,
//! what their plans, guards and new cards are decided from.

use super::cards::Cards;
use super::chunk::{Booked, Chunk, Landed};
use super::names::OfferNames;
use super::problems::{ImportProblem, Objection};
use super::staff_time::{Day, StaffTime};
use super::standing::Standing;
use super::uncommitted::{Sameness, Uncommitted};
use super::{ColumnNames, ImportOptions, Rows, appointments, clients};
use crate::appointments::change::Offer;
use crate::clients::number_guard;
use crate::context::{App, Caller};
use crate::error::AppError;
use crate::import::{AppointmentRow, Column};
use crate::messages::looks::CardLooksAsked;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use vestnik_domain::branch::Branch;
use vestnik_domain::client::Client;
use vestnik_domain::ids::{BranchId, ClientId, OrganizationId};
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_store::tables::numbers::ClientNumber;
use vestnik_store::{Answers, Asked, Batch, ChangeSet, CommitError, OfferStamp};

/// The front desk changes something else now and then; a chunk that loses this often meets a storm.
const TRIES_MOST: u32 = 20;

/// What rows are decided against.
pub(super) struct Desk<'a> {
    pub(super) app: &'a App,
    pub(super) caller: &'a Caller,
    pub(super) options: ImportOptions,
    pub(super) offer: Offer,
    pub(super) names: OfferNames,
    pub(super) cards: Cards,
    pub(super) uncommitted: Uncommitted,
    /// How often the file has named each visit without an id so far.
    pub(super) seen: HashMap<Sameness, usize>,
    staff_time: StaffTime,
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
            names: OfferNames::of(&offer),
            offer,
            cards: Cards::read(app, caller).await?,
            uncommitted: Uncommitted::default(),
            seen: HashMap::new(),
            staff_time: StaffTime::default(),
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

    /// Whom a line about a visit speaks of, if there is a card.
    pub(super) fn known_client(&self, row: &AppointmentRow, name: &str) -> Option<&Client> {
        match &row.phone {
            Some(phone) => self.cards.with_phone(phone),
            None => self.cards.with_name_alone(name),
        }
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

    /// Makes a new card in the chunk.
    pub(super) fn add_card(&mut self, chunk: &mut Chunk, client: Client) {
        if let Some(phone) = &client.phone {
            self.take_number(chunk, phone);
        }
        chunk.change_set.insert(&client);
        chunk.landed.new_clients += 1;
        self.cards.put(client);
    }

    /// Notes whose the number is before a card of the chunk takes it; of several the first one's word
    /// counts, since later ones see what is not stored yet.
    pub(super) fn take_number(&self, chunk: &mut Chunk, phone: &PhoneNumber) {
        let known = self.cards.with_phone(phone).map(|card| card.id);
        chunk.numbers.entry(phone.clone()).or_insert(known);
    }

    /// Decides and commits the rows of `range`.
    pub(super) async fn land(
        &mut self,
        rows: &Rows,
        range: Range<usize>,
    ) -> Result<Landed, AppError> {
        let mut tries = 0;
        loop {
            let mut chunk = self.decide(rows, range.clone()).await?;
            let outcome = self.finish(&mut chunk).await?;
            if self.options.dry_run {
                return Ok(chunk.landed);
            }
            let outcome = match outcome {
                Ok(days) => {
                    let committed = self.app.store.commit(chunk.change_set).await;
                    committed.map(|()| self.staff_time.raised(&days))
                }
                Err(lost) => Err(lost),
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

    /// What each line comes to.
    async fn decide(&mut self, rows: &Rows, range: Range<usize>) -> Result<Chunk, AppError> {
        let mut chunk = Chunk::new(self.app.now());
        match rows {
            Rows::Clients(rows) => {
                let rows = rows.get(range).unwrap_or_default();
                chunk.standing = Standing::of_cards(self, rows).await?;
                for (line, row) in rows {
                    clients::land(self, &mut chunk, *line, row);
                }
            }
            Rows::Appointments(rows) => {
                let rows = rows.get(range).unwrap_or_default();
                chunk.standing = Standing::of_visits(self, rows).await?;
                for (line, row) in rows {
                    appointments::land(self, &mut chunk, *line, row);
                }
            }
        }
        Ok(chunk)
    }

    /// Warns where lines land over other appointments, and adds what lands with them: guards and messages.
    /// The days whose guards are raised; or what was lost already, before the commit.
    async fn finish(
        &mut self,
        chunk: &mut Chunk,
    ) -> Result<Result<BTreeSet<Day>, CommitError>, AppError> {
        let organization = self.caller.organization_id;
        let mut batch = self.app.store.batch();
        let days = self.staff_time.ask(&mut batch, organization, &self.offer, &chunk.taking);
        let landing = (!self.options.dry_run).then(|| self.ask_landing(&mut batch, chunk));
        let mut answers = batch.read().await?;
        self.staff_time.keep(days, &mut answers, organization, &self.offer.services)?;
        let days = self.take_times(chunk);
        let Some(landing) = landing else { return Ok(Ok(days)) };
        if !landing.numbers.raise(&mut answers, &mut chunk.change_set)? {
            return Ok(Err(CommitError::Conflict { table: "client_numbers", operation: 0 }));
        }
        // The settings in force: the file may have been read long ago.
        let stamp = answers.take(landing.stamp)?;
        let offer = self.offer.as_of(self.app, self.caller, stamp).await?;
        let mut looks = landing.looks.take(&mut answers)?;
        let mut planned = ChangeSet::new();
        for booked in landing.booked {
            let look = looks.take(booked.client, &offer)?;
            look.add(self.app, &booked.appointments, &mut planned);
        }
        planned.group_updates_first();
        chunk.change_set.extend(planned);
        self.staff_time.raise(&days, &mut chunk.change_set);
        Ok(Ok(days))
    }

    /// Asks for what plans and new cards are decided from.
    fn ask_landing(&self, batch: &mut Batch<'_>, chunk: &mut Chunk) -> Landing {
        let organization = self.caller.organization_id;
        let numbers = NumbersAsked::ask(self, batch, std::mem::take(&mut chunk.numbers));
        let stamp = batch.offer_stamp(organization);
        let mut booked = std::mem::take(&mut chunk.booked);
        // Past visits have nothing to tell.
        booked.retain(|one| one.appointments.iter().any(|one| one.facts.starts_at > chunk.now));
        let mut standing = Vec::new();
        for one in booked.iter().filter(|one| !one.is_new) {
            chunk.change_set.expect(&one.client, one.client.version);
            standing.push(one.client.id);
        }
        let phones: BTreeSet<&PhoneNumber> =
            booked.iter().filter_map(|one| one.client.phone.as_ref()).collect();
        let phones: Vec<PhoneNumber> = phones.into_iter().cloned().collect();
        let looks = CardLooksAsked::ask(batch, organization, &standing, &phones, chunk.now);
        Landing { numbers, stamp, booked, looks }
    }

    /// Takes the time of every line, in their order, and warns where one lands over another appointment:
    /// one that stands, or one of an earlier line.
    fn take_times(&mut self, chunk: &mut Chunk) -> BTreeSet<Day> {
        let mut days = BTreeSet::new();
        for taking in std::mem::take(&mut chunk.taking) {
            let services = &self.offer.services;
            let is_asked = !taking.days.is_empty();
            let other = self.staff_time.in_the_way(&taking.facts, services);
            self.staff_time.put(taking.id, &taking.facts, services);
            if let Some(start) = other.filter(|_| is_asked) {
                let other_start = start.strftime("%d.%m.%Y %H:%M").to_string();
                let objection = Objection::Overlaps { other_start };
                let column = Some(Column::Staff);
                let problem = self.object(taking.line, column, &taking.master, objection);
                chunk.landed.problems.push(problem);
            }
            days.extend(taking.days);
        }
        days
    }

    /// Somebody changed what this chunk looked at: everything is read anew.
    async fn look_again(&mut self, seen: &[Sameness]) -> Result<(), AppError> {
        self.offer = Offer::read(self.app, self.caller).await?;
        self.names = OfferNames::of(&self.offer);
        self.cards = Cards::read(self.app, self.caller).await?;
        self.uncommitted = Uncommitted::default();
        self.staff_time = StaffTime::default();
        for sameness in seen {
            if let Some(count) = self.seen.get_mut(sameness) {
                *count = count.saturating_sub(1);
            }
        }
        Ok(())
    }
}

/// What a chunk that is to land asks for.
struct Landing {
    numbers: NumbersAsked,
    stamp: Asked<OfferStamp>,
    booked: Vec<Booked>,
    looks: CardLooksAsked,
}

/// The guards of the numbers that new cards take, and whose the numbers are by now.
struct NumbersAsked {
    organization: OrganizationId,
    wanted: BTreeMap<PhoneNumber, Option<ClientId>>,
    guards: Asked<Vec<ClientNumber>>,
    cards: Asked<Vec<Client>>,
}

impl NumbersAsked {
    fn ask(
        desk: &Desk<'_>,
        batch: &mut Batch<'_>,
        wanted: BTreeMap<PhoneNumber, Option<ClientId>>,
    ) -> NumbersAsked {
        let organization = desk.caller.organization_id;
        let phones: Vec<PhoneNumber> = wanted.keys().cloned().collect();
        // The guard before the card, as everybody who makes one does.
        let guards = batch.client_numbers(organization, &phones);
        let cards = batch.clients_by_phones(organization, &phones);
        NumbersAsked { organization, wanted, guards, cards }
    }

    /// Adds the raising of the guards; false if somebody else has made a card for one of the numbers since
    /// the cards were read.
    fn raise(self, answers: &mut Answers, change_set: &mut ChangeSet) -> Result<bool, AppError> {
        let mut owners: HashMap<PhoneNumber, ClientId> = HashMap::new();
        for card in answers.take(self.cards)? {
            if let Some(phone) = card.phone {
                // The oldest comes first.
                owners.entry(phone).or_insert(card.id);
            }
        }
        let guards = answers.take(self.guards)?;
        let versions: HashMap<&PhoneNumber, i64> =
            guards.iter().map(|guard| (&guard.phone, guard.version)).collect();
        if self.wanted.iter().any(|(phone, known)| owners.get(phone) != known.as_ref()) {
            return Ok(false);
        }
        for phone in self.wanted.into_keys() {
            let version = versions.get(&phone).copied().unwrap_or_default();
            let organization_id = self.organization;
            number_guard::raise(change_set, &ClientNumber { organization_id, phone, version });
        }
        Ok(true)
    }
}
