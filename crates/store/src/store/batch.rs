//! The reads that can be asked for together: what a change of an appointment and what a batch of
//! messages on their way is decided from. Each answers as the verb of the same name does.

use super::journal::APPOINTMENTS_OF_CLIENT_MOST;
use super::{Store, tenant, within};
use crate::batch::{Asked, Batch};
use crate::record::RowReader;
use crate::statement as sql;
use crate::tables::appointments::StaffDay;
use crate::tables::idempotency::IdempotencyKey;
use crate::tables::numbers::ClientNumber;
use jiff::Timestamp;
use jiff::civil::Date;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::branch::Branch;
use vestnik_domain::client::Client;
use vestnik_domain::delivery::Delivery;
use vestnik_domain::ids::{AppointmentId, BranchId, ClientId, MessageId, OrganizationId, StaffId};
use vestnik_domain::message::Message;
use vestnik_domain::organization::Organization;
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_domain::service::Service;
use vestnik_domain::settings::SettingsVersion;
use vestnik_domain::staff::StaffMember;
use vestnik_domain::template_choice::StoredTemplate;

/// Grows with every save of a branch, a staff member, a service or settings: two equal stamps of an
/// organization mean that it offers the same; that of one which never saved anything is the default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OfferStamp([i64; 4]);

impl Store {
    /// An empty batch of reads.
    pub fn batch(&self) -> Batch<'_> {
        Batch::new(self.engine())
    }
}

impl Batch<'_> {
    /// What stands for the whole offer of an organization.
    pub fn offer_stamp(&mut self, organization: OrganizationId) -> Asked<OfferStamp> {
        self.ask(&sql::OFFER_STAMP, tenant(organization), |rows| {
            let mut sums = [0; 4];
            for row in rows {
                let mut row = RowReader::new(sql::OFFER_STAMP.name, row);
                let place = usize::try_from(row.integer()?).unwrap_or(usize::MAX);
                let sum = row.integer()?;
                *sums.get_mut(place).ok_or_else(|| row.corrupt("one of four sums"))? = sum;
            }
            Ok(OfferStamp(sums))
        })
    }

    pub fn organization(&mut self, id: OrganizationId) -> Asked<Option<Organization>> {
        self.one(&sql::ORGANIZATION, tenant(id))
    }

    pub fn templates(&mut self, organization: OrganizationId) -> Asked<Vec<StoredTemplate>> {
        self.all(&sql::TEMPLATES_IN_FORCE, tenant(organization))
    }

    pub fn branches(&mut self, organization: OrganizationId) -> Asked<Vec<Branch>> {
        self.all(&sql::BRANCHES, tenant(organization))
    }

    pub fn staff(&mut self, organization: OrganizationId) -> Asked<Vec<StaffMember>> {
        self.all(&sql::STAFF, tenant(organization))
    }

    pub fn services(&mut self, organization: OrganizationId) -> Asked<Vec<Service>> {
        self.all(&sql::SERVICES, tenant(organization))
    }

    pub fn settings(&mut self, organization: OrganizationId) -> Asked<Option<SettingsVersion>> {
        self.one(&sql::SETTINGS_IN_FORCE, tenant(organization))
    }

    pub fn client(&mut self, organization: OrganizationId, id: ClientId) -> Asked<Option<Client>> {
        self.one(&sql::CLIENT, within(organization, [id.into()]))
    }

    pub fn client_by_phone(
        &mut self,
        organization: OrganizationId,
        phone: &PhoneNumber,
    ) -> Asked<Option<Client>> {
        self.one(&sql::CLIENT_BY_PHONE, within(organization, [phone.as_str().into()]))
    }

    pub fn client_number(
        &mut self,
        organization_id: OrganizationId,
        phone: &PhoneNumber,
    ) -> Asked<ClientNumber> {
        let parameters = within(organization_id, [phone.as_str().into()]);
        let phone = phone.clone();
        self.ask(&sql::CLIENT_NUMBER, parameters, move |rows| {
            let found = rows.into_iter().next().map(crate::Record::read).transpose()?;
            Ok(found.unwrap_or(ClientNumber { organization_id, phone, version: 0 }))
        })
    }

    pub fn appointment(
        &mut self,
        organization: OrganizationId,
        id: AppointmentId,
    ) -> Asked<Option<Appointment>> {
        self.one(&sql::APPOINTMENT, within(organization, [id.into()]))
    }

    pub fn appointments_by_id(
        &mut self,
        organization: OrganizationId,
        ids: &[AppointmentId],
    ) -> Asked<Vec<Appointment>> {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        self.all(&sql::APPOINTMENTS_BY_ID, within(organization, [ids.into()]))
    }

    pub fn appointment_by_external_id(
        &mut self,
        organization: OrganizationId,
        external_id: &str,
    ) -> Asked<Option<Appointment>> {
        self.one(&sql::APPOINTMENT_BY_EXTERNAL_ID, within(organization, [external_id.into()]))
    }

    pub fn appointments_of_client(
        &mut self,
        organization: OrganizationId,
        client: ClientId,
        from: Timestamp,
    ) -> Asked<Vec<Appointment>> {
        let rest = [client.into(), from.into(), i64::from(APPOINTMENTS_OF_CLIENT_MOST).into()];
        self.all(&sql::APPOINTMENTS_OF_CLIENT, within(organization, rest))
    }

    pub fn messages_of_client(
        &mut self,
        organization: OrganizationId,
        client: ClientId,
        from: Timestamp,
    ) -> Asked<Vec<Message>> {
        self.all(&sql::MESSAGES_OF_CLIENT, within(organization, [client.into(), from.into()]))
    }

    /// The stopped ones of the numbers that a client is written to: `phone`, where the card has another
    /// than is stored, that of the card, and those of its appointments that start at or after `from`.
    pub fn stopped_of_client(
        &mut self,
        organization: OrganizationId,
        client: ClientId,
        from: Timestamp,
        phone: Option<&PhoneNumber>,
    ) -> Asked<Vec<PhoneNumber>> {
        let phone = phone.map(PhoneNumber::as_str).unwrap_or_default();
        let rest = [client.into(), from.into(), phone.into()];
        self.ask(&sql::STOPPED_OF_CLIENT, within(organization, rest), |rows| {
            let phones = rows.into_iter().map(|row| {
                let mut row = RowReader::new(sql::STOPPED_OF_CLIENT.name, row);
                row.word(|text| PhoneNumber::from_e164(text).ok())
            });
            phones.collect()
        })
    }

    /// Every try of several messages, oldest first.
    pub fn deliveries_of_messages(
        &mut self,
        organization: OrganizationId,
        messages: &[MessageId],
    ) -> Asked<Vec<Delivery>> {
        let ids: Vec<i64> = messages.iter().map(|id| id.0).collect();
        self.all(&sql::DELIVERIES_OF_MESSAGES, within(organization, [ids.into()]))
    }

    pub fn idempotency_key(
        &mut self,
        organization: OrganizationId,
        key: &str,
    ) -> Asked<Option<IdempotencyKey>> {
        self.one(&sql::IDEMPOTENCY, within(organization, [key.into()]))
    }

    pub fn staff_day(
        &mut self,
        organization_id: OrganizationId,
        staff_id: StaffId,
        date: Date,
    ) -> Asked<StaffDay> {
        let rest = [staff_id.into(), date.to_string().into()];
        self.ask(&sql::STAFF_DAY, within(organization_id, rest), move |rows| {
            let found = rows.into_iter().next().map(crate::Record::read).transpose()?;
            Ok(found.unwrap_or(StaffDay { organization_id, staff_id, date, version: 0 }))
        })
    }

    /// Appointments of a staff member at a branch that start in `from..to`, in order of time.
    pub fn appointments_of_staff(
        &mut self,
        organization: OrganizationId,
        branch: BranchId,
        staff: StaffId,
        from: Timestamp,
        to: Timestamp,
    ) -> Asked<Vec<Appointment>> {
        let rest = [branch.into(), from.into(), to.into(), staff.into()];
        self.all(&sql::APPOINTMENTS_OF_STAFF, within(organization, rest))
    }
}
