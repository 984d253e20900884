//! Reads of what a salon offers, its clients and its appointments.

use super::{Read, Store, tenant, within};
use crate::statement as sql;
use crate::tables::clients::fold_name;
use jiff::Timestamp;
use vestnik_domain::appointment::{Appointment, AppointmentEvent};
use vestnik_domain::branch::Branch;
use vestnik_domain::client::Client;
use vestnik_domain::ids::{
    AppointmentId, BranchId, ClientId, OrganizationId, ServiceId, StaffId, VisitId,
};
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_domain::service::Service;
use vestnik_domain::staff::StaffMember;

/// The most appointments that one client's plan looks at; nobody books more ahead.
pub const APPOINTMENTS_OF_CLIENT_MOST: u16 = 500;

impl Store {
    /// Also archived ones: old appointments name them.
    pub async fn branches(&self, organization: OrganizationId) -> Read<Vec<Branch>> {
        self.all(&sql::BRANCHES, tenant(organization)).await
    }

    pub async fn branch(&self, organization: OrganizationId, id: BranchId) -> Read<Option<Branch>> {
        self.one(&sql::BRANCH, within(organization, [id.into()])).await
    }

    /// Also archived ones.
    pub async fn staff(&self, organization: OrganizationId) -> Read<Vec<StaffMember>> {
        self.all(&sql::STAFF, tenant(organization)).await
    }

    pub async fn staff_member(
        &self,
        organization: OrganizationId,
        id: StaffId,
    ) -> Read<Option<StaffMember>> {
        self.one(&sql::STAFF_MEMBER, within(organization, [id.into()])).await
    }

    /// Also archived ones.
    pub async fn services(&self, organization: OrganizationId) -> Read<Vec<Service>> {
        self.all(&sql::SERVICES, tenant(organization)).await
    }

    pub async fn service(
        &self,
        organization: OrganizationId,
        id: ServiceId,
    ) -> Read<Option<Service>> {
        self.one(&sql::SERVICE, within(organization, [id.into()])).await
    }

    pub async fn client(&self, organization: OrganizationId, id: ClientId) -> Read<Option<Client>> {
        self.one(&sql::CLIENT, within(organization, [id.into()])).await
    }

    /// The newest clients older than `before`, at most `limit`, without archived ones.
    pub async fn clients(
        &self,
        organization: OrganizationId,
        before: ClientId,
        limit: i64,
    ) -> Read<Vec<Client>> {
        self.all(&sql::CLIENTS_PAGE, within(organization, [before.into(), limit.into()])).await
    }

    /// Clients whose number contains `digits` (only digits may be given).
    pub async fn clients_by_digits(
        &self,
        organization: OrganizationId,
        digits: &str,
        before: ClientId,
        limit: i64,
    ) -> Read<Vec<Client>> {
        let parameters = within(organization, [before.into(), digits.into(), limit.into()]);
        self.all(&sql::CLIENTS_BY_DIGITS, parameters).await
    }

    /// Clients whose name contains `part`, letter case and `ё` aside.
    pub async fn clients_by_name(
        &self,
        organization: OrganizationId,
        part: &str,
        before: ClientId,
        limit: i64,
    ) -> Read<Vec<Client>> {
        let literal = fold_name(part).replace('~', "~~").replace('%', "~%").replace('_', "~_");
        let parameters = within(organization, [before.into(), literal.into(), limit.into()]);
        self.all(&sql::CLIENTS_BY_NAME, parameters).await
    }

    /// The oldest card with this number.
    pub async fn client_by_phone(
        &self,
        organization: OrganizationId,
        phone: &PhoneNumber,
    ) -> Read<Option<Client>> {
        self.one(&sql::CLIENT_BY_PHONE, within(organization, [phone.as_str().into()])).await
    }

    pub async fn client_by_external_id(
        &self,
        organization: OrganizationId,
        external_id: &str,
    ) -> Read<Option<Client>> {
        self.one(&sql::CLIENT_BY_EXTERNAL_ID, within(organization, [external_id.into()])).await
    }

    pub async fn appointment(
        &self,
        organization: OrganizationId,
        id: AppointmentId,
    ) -> Read<Option<Appointment>> {
        self.one(&sql::APPOINTMENT, within(organization, [id.into()])).await
    }

    pub async fn appointment_by_external_id(
        &self,
        organization: OrganizationId,
        external_id: &str,
    ) -> Read<Option<Appointment>> {
        self.one(&sql::APPOINTMENT_BY_EXTERNAL_ID, within(organization, [external_id.into()])).await
    }

    /// Those of these appointments that exist.
    pub async fn appointments_by_id(
        &self,
        organization: OrganizationId,
        ids: &[AppointmentId],
    ) -> Read<Vec<Appointment>> {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        self.all(&sql::APPOINTMENTS_BY_ID, within(organization, [ids.into()])).await
    }

    /// Appointments of a branch that start in `from..to`, in order of time, at most `limit`.
    pub async fn appointments_between(
        &self,
        organization: OrganizationId,
        branch: BranchId,
        from: Timestamp,
        to: Timestamp,
        limit: i64,
    ) -> Read<Vec<Appointment>> {
        let rest = [branch.into(), from.into(), to.into(), limit.into()];
        self.all(&sql::APPOINTMENTS_BETWEEN, within(organization, rest)).await
    }

    /// Appointments of a client that start at or after `from`, over all branches.
    pub async fn appointments_of_client(
        &self,
        organization: OrganizationId,
        client: ClientId,
        from: Timestamp,
    ) -> Read<Vec<Appointment>> {
        let rest = [client.into(), from.into(), i64::from(APPOINTMENTS_OF_CLIENT_MOST).into()];
        self.all(&sql::APPOINTMENTS_OF_CLIENT, within(organization, rest)).await
    }

    pub async fn appointments_of_visit(
        &self,
        organization: OrganizationId,
        client: ClientId,
        visit: VisitId,
    ) -> Read<Vec<Appointment>> {
        self.all(&sql::APPOINTMENTS_OF_VISIT, within(organization, [client.into(), visit.into()]))
            .await
    }

    /// Every change of an appointment, oldest first; the creation stands in the appointment.
    pub async fn appointment_events(
        &self,
        organization: OrganizationId,
        id: AppointmentId,
    ) -> Read<Vec<AppointmentEvent>> {
        self.all(&sql::APPOINTMENT_EVENTS, within(organization, [id.into()])).await
    }
}
