//! Reads about phone numbers: who stopped, whose cards and visits a number is.

use super::{Read, Store, within};
use crate::statement as sql;
use crate::tables::numbers::ClientNumber;
use jiff::Timestamp;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::client::Client;
use vestnik_domain::ids::OrganizationId;
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_domain::stopped_number::StoppedNumber;

impl Store {
    /// What the number last said: STOP, or START after it.
    pub async fn stopped_number(
        &self,
        organization: OrganizationId,
        phone: &PhoneNumber,
    ) -> Read<Option<StoppedNumber>> {
        self.one(&sql::STOPPED_NUMBER, within(organization, [phone.as_str().into()])).await
    }

    /// Numbers that are stopped, in their order, after `after` (a number, or empty), at most `limit`.
    pub async fn stopped_numbers(
        &self,
        organization: OrganizationId,
        after: &str,
        limit: i64,
    ) -> Read<Vec<StoppedNumber>> {
        let rest = [after.into(), limit.into()];
        self.all(&sql::STOPPED_NUMBERS, within(organization, rest)).await
    }

    /// The guard of a number; of version 0 while no card has taken it.
    pub async fn client_number(
        &self,
        organization: OrganizationId,
        phone: &PhoneNumber,
    ) -> Read<ClientNumber> {
        let parameters = within(organization, [phone.as_str().into()]);
        let found = self.one(&sql::CLIENT_NUMBER, parameters).await?;
        Ok(found.unwrap_or_else(|| ClientNumber {
            organization_id: organization,
            phone: phone.clone(),
            version: 0,
        }))
    }

    /// Every card with this number, archived ones too, oldest first, at most `limit`.
    pub async fn clients_by_phone(
        &self,
        organization: OrganizationId,
        phone: &PhoneNumber,
        limit: i64,
    ) -> Read<Vec<Client>> {
        let rest = [phone.as_str().into(), limit.into()];
        self.all(&sql::CLIENTS_BY_PHONE, within(organization, rest)).await
    }

    /// Appointments that speak to this number instead of the card's, from `from` on, at most `limit`.
    pub async fn appointments_of_recipient(
        &self,
        organization: OrganizationId,
        phone: &PhoneNumber,
        from: Timestamp,
        limit: i64,
    ) -> Read<Vec<Appointment>> {
        let rest = [phone.as_str().into(), from.into(), limit.into()];
        self.all(&sql::APPOINTMENTS_OF_RECIPIENT, within(organization, rest)).await
    }
}
