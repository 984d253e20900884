//! What stands in the journal of a chunk's lines, read before any of them is decided.

use super::appointments::{MOVED_MOST, own_id};
use super::clients;
use super::desk::Desk;
use super::names::one_line;
use super::uncommitted::Sameness;
use crate::error::AppError;
use crate::import::{AppointmentRow, ClientRow};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap, HashSet};
use vestnik_domain::appointment::{Appointment, Facts};
use vestnik_domain::ids::ClientId;

/// The wall of no zone is further away from that of another one.
const ZONES_APART_MOST: SignedDuration = SignedDuration::from_hours(48);

#[derive(Debug, Default)]
pub(super) struct Standing {
    by_external_id: HashMap<String, Facts>,
    /// Of the clients of lines without ids.
    of_clients: HashMap<ClientId, Vec<Appointment>>,
    /// Ids under which a card is out of use.
    archived: HashSet<String>,
}

impl Standing {
    pub(super) async fn of_visits(
        desk: &Desk<'_>,
        rows: &[(u32, AppointmentRow)],
    ) -> Result<Standing, AppError> {
        let organization = desk.caller.organization_id;
        let mut ids = BTreeSet::new();
        let mut clients = BTreeSet::new();
        let mut from = Timestamp::MAX;
        for (_, row) in rows {
            if let Some(id) = own_id(row) {
                ids.insert(id);
            } else if let Some(client) = desk.known_client(row, &one_line(&row.client_name)) {
                clients.insert(client.id);
                let start = TimeZone::UTC.to_timestamp(row.start).unwrap_or(Timestamp::MIN);
                from = from.min(start);
            }
        }
        let back = MOVED_MOST + ZONES_APART_MOST;
        let from = from.checked_sub(back).unwrap_or(Timestamp::MIN);
        let mut batch = desk.app.store.batch();
        let under_ids = batch.appointments_by_external_ids(organization, &Vec::from_iter(ids));
        let of_clients =
            batch.appointments_of_clients(organization, &Vec::from_iter(clients), from);
        let mut answers = batch.read().await?;
        let mut standing = Standing::default();
        for found in answers.take(under_ids)? {
            if let Some(id) = found.external_id {
                standing.by_external_id.insert(id, found.facts);
            }
        }
        for (client, found) in answers.take(of_clients)? {
            standing.of_clients.insert(client, found?);
        }
        Ok(standing)
    }

    pub(super) async fn of_cards(
        desk: &Desk<'_>,
        rows: &[(u32, ClientRow)],
    ) -> Result<Standing, AppError> {
        let ids: BTreeSet<String> = rows
            .iter()
            .filter_map(|(_, row)| clients::own_id(row))
            .filter(|id| desk.cards.with_external_id(id).is_none())
            .collect();
        let mut batch = desk.app.store.batch();
        let asked =
            batch.clients_by_external_ids(desk.caller.organization_id, &Vec::from_iter(ids));
        let found = batch.read().await?.take(asked)?;
        let archived = found.into_iter().filter(|card| card.archived_at.is_some());
        let archived = archived.filter_map(|card| card.external_id).collect();
        Ok(Standing { archived, ..Standing::default() })
    }

    pub(super) fn under_id(&self, external_id: &str) -> Option<&Facts> {
        self.by_external_id.get(external_id)
    }

    /// How many appointments of a client were booked like that.
    pub(super) fn count(&self, client: ClientId, facts: &Facts, sameness: &Sameness) -> usize {
        let from = facts.starts_at.checked_sub(MOVED_MOST).unwrap_or(facts.starts_at);
        let of_client = self.of_clients.get(&client).into_iter().flatten();
        of_client
            .filter(|one| one.facts.starts_at >= from)
            .filter(|one| Sameness::of(client, one.notification.as_booked(&one.facts)) == *sameness)
            .count()
    }

    pub(super) fn is_archived(&self, external_id: &str) -> bool {
        self.archived.contains(external_id)
    }
}
