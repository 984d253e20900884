//! Reads of many things at once, for whoever decides about many: one statement however many are asked for.
//! Where nothing is asked for, the database is not asked.

use super::within;
use crate::batch::{Asked, Batch, Grouped};
use crate::record::RowReader;
use crate::statement as sql;
use crate::tables::appointments::StaffDay;
use crate::tables::numbers::ClientNumber;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::HashMap;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::client::Client;
use vestnik_domain::ids::{BranchId, ClientId, OrganizationId, StaffId, VisitId};
use vestnik_domain::message::Message;
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_domain::task::VisitLink;

impl Batch<'_> {
    /// Those that stand under these ids.
    pub fn appointments_by_external_ids(
        &mut self,
        organization: OrganizationId,
        external_ids: &[String],
    ) -> Asked<Vec<Appointment>> {
        if external_ids.is_empty() {
            return Asked::known(Vec::new());
        }
        let rest = [external_ids.to_vec().into()];
        self.all(&sql::APPOINTMENTS_BY_EXTERNAL_IDS, within(organization, rest))
    }

    /// Those of each client that start at or after `from`, in order of time.
    pub fn appointments_of_clients(
        &mut self,
        organization: OrganizationId,
        clients: &[ClientId],
        from: Timestamp,
    ) -> Asked<Grouped<ClientId, Appointment>> {
        if clients.is_empty() {
            return Asked::known(HashMap::new());
        }
        let rest = [numbers(clients.iter().map(|id| id.0)), from.into()];
        let parameters = within(organization, rest);
        self.grouped(&sql::APPOINTMENTS_OF_CLIENTS, parameters, "client_id", ClientId)
    }

    /// Those of these staff members at a branch that start in `from..to`, in order of time.
    pub fn appointments_of_staff_members(
        &mut self,
        organization: OrganizationId,
        branch: BranchId,
        staff: &[StaffId],
        from: Timestamp,
        to: Timestamp,
    ) -> Asked<Vec<Appointment>> {
        if staff.is_empty() {
            return Asked::known(Vec::new());
        }
        let staff = numbers(staff.iter().map(|id| id.0));
        let rest = [branch.into(), from.into(), to.into(), staff];
        self.all(&sql::APPOINTMENTS_OF_STAFF_MEMBERS, within(organization, rest))
    }

    /// Also archived ones.
    pub fn clients_by_external_ids(
        &mut self,
        organization: OrganizationId,
        external_ids: &[String],
    ) -> Asked<Vec<Client>> {
        if external_ids.is_empty() {
            return Asked::known(Vec::new());
        }
        let rest = [external_ids.to_vec().into()];
        self.all(&sql::CLIENTS_BY_EXTERNAL_IDS, within(organization, rest))
    }

    /// Cards in use with these numbers, the oldest first.
    pub fn clients_by_phones(
        &mut self,
        organization: OrganizationId,
        phones: &[PhoneNumber],
    ) -> Asked<Vec<Client>> {
        if phones.is_empty() {
            return Asked::known(Vec::new());
        }
        self.all(&sql::CLIENTS_BY_PHONES, within(organization, [texts(phones)]))
    }

    /// The guards that exist of these numbers.
    pub fn client_numbers(
        &mut self,
        organization: OrganizationId,
        phones: &[PhoneNumber],
    ) -> Asked<Vec<ClientNumber>> {
        if phones.is_empty() {
            return Asked::known(Vec::new());
        }
        self.all(&sql::CLIENT_NUMBERS, within(organization, [texts(phones)]))
    }

    /// The guards that exist of any of these staff members on any of these dates.
    pub fn staff_days(
        &mut self,
        organization: OrganizationId,
        staff: &[StaffId],
        dates: &[Date],
    ) -> Asked<Vec<StaffDay>> {
        if staff.is_empty() || dates.is_empty() {
            return Asked::known(Vec::new());
        }
        let dates: Vec<String> = dates.iter().map(ToString::to_string).collect();
        let rest = [numbers(staff.iter().map(|id| id.0)), dates.into()];
        self.all(&sql::STAFF_DAYS, within(organization, rest))
    }

    /// As of one client: live ones, and those that are due at or after `from`.
    pub fn messages_of_clients(
        &mut self,
        organization: OrganizationId,
        clients: &[ClientId],
        from: Timestamp,
    ) -> Asked<Grouped<ClientId, Message>> {
        if clients.is_empty() {
            return Asked::known(HashMap::new());
        }
        let rest = [numbers(clients.iter().map(|id| id.0)), from.into()];
        let parameters = within(organization, rest);
        self.grouped(&sql::MESSAGES_OF_CLIENTS, parameters, "client_id", ClientId)
    }

    /// Cards by their ids, one under each.
    pub fn clients_by_id(
        &mut self,
        organization: OrganizationId,
        clients: &[ClientId],
    ) -> Asked<Grouped<ClientId, Client>> {
        if clients.is_empty() {
            return Asked::known(HashMap::new());
        }
        let rest = [numbers(clients.iter().map(|id| id.0))];
        self.grouped(&sql::CLIENTS_BY_ID, within(organization, rest), "id", ClientId)
    }

    /// The link of each visit's page, where there is one.
    pub fn links_of_visits(
        &mut self,
        organization: OrganizationId,
        visits: &[VisitId],
    ) -> Asked<Grouped<VisitId, VisitLink>> {
        if visits.is_empty() {
            return Asked::known(HashMap::new());
        }
        let parameters = vec![organization.into(), numbers(visits.iter().map(|id| id.0))];
        self.grouped(&sql::LINKS_OF_VISITS, parameters, "visit_id", VisitId)
    }

    /// The stopped ones of the numbers that these clients are written to: `phones`, where a card is not stored
    /// as it will be, those of their cards, and those of their appointments that start at or after `from`.
    pub fn stopped_of_clients(
        &mut self,
        organization: OrganizationId,
        clients: &[ClientId],
        from: Timestamp,
        phones: &[PhoneNumber],
    ) -> Asked<Vec<PhoneNumber>> {
        if clients.is_empty() && phones.is_empty() {
            return Asked::known(Vec::new());
        }
        let rest = [numbers(clients.iter().map(|id| id.0)), from.into(), texts(phones)];
        self.ask(&sql::STOPPED_OF_CLIENTS, within(organization, rest), |rows| {
            let phones = rows.into_iter().map(|row| {
                let mut row = RowReader::new(sql::STOPPED_OF_CLIENTS.name, row);
                row.word(|text| PhoneNumber::from_e164(text).ok())
            });
            // It was found by a card or appointment with the same number: that cannot be read either, so
            // nothing goes there, and the others need not wait for it.
            let readable = phones.filter_map(|phone| {
                phone.inspect_err(|error| tracing::error!(%error, "a stopped number")).ok()
            });
            Ok(readable.collect())
        })
    }
}

fn numbers(ids: impl Iterator<Item = i64>) -> crate::Value {
    ids.collect::<Vec<i64>>().into()
}

fn texts(phones: &[PhoneNumber]) -> crate::Value {
    phones.iter().map(|phone| phone.as_str().to_owned()).collect::<Vec<String>>().into()
}
