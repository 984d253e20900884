//! Reads of senders, and of the front desk's tasks and links.

use super::{Read, Store, tenant, within};
use crate::statement as sql;
use crate::tables::appointments::StaffDay;
use crate::tables::senders::LinkCode;
use jiff::civil::Date;
use vestnik_domain::ids::{OrganizationId, SenderId, StaffId, TaskId, VisitId};
use vestnik_domain::pace::PaceState;
use vestnik_domain::sender::{PhoneLink, Sender};
use vestnik_domain::task::{Task, VisitLink};

impl Store {
    /// Also archived ones.
    pub async fn senders(&self, organization: OrganizationId) -> Read<Vec<Sender>> {
        self.all(&sql::SENDERS, tenant(organization)).await
    }

    pub async fn sender(&self, organization: OrganizationId, id: SenderId) -> Read<Option<Sender>> {
        self.one(&sql::SENDER, within(organization, [id.into()])).await
    }

    pub async fn phone_link(
        &self,
        organization: OrganizationId,
        sender: SenderId,
    ) -> Read<Option<PhoneLink>> {
        self.one(&sql::PHONE_LINK, vec![organization.into(), sender.into()]).await
    }

    pub async fn phone_links(&self, organization: OrganizationId) -> Read<Vec<PhoneLink>> {
        self.all(&sql::PHONE_LINKS, vec![organization.into()]).await
    }

    /// Global: a phone that registers by login carries only the id of its slot.
    pub async fn phone_link_by_sender(&self, sender: SenderId) -> Read<Option<PhoneLink>> {
        self.one(&sql::PHONE_LINK_BY_SENDER, vec![sender.into()]).await
    }

    /// Global: a phone that registers carries only its link token.
    pub async fn phone_link_by_link_token(&self, hash: &[u8]) -> Read<Option<PhoneLink>> {
        self.one(&sql::PHONE_LINK_BY_LINK_TOKEN, vec![hash.into()]).await
    }

    /// Global: a registered phone carries only its device token.
    pub async fn phone_link_by_device_token(&self, hash: &[u8]) -> Read<Option<PhoneLink>> {
        self.one(&sql::PHONE_LINK_BY_DEVICE_TOKEN, vec![hash.into()]).await
    }

    /// Global: a phone that registers by code carries only the code.
    pub async fn link_code(&self, hash: &[u8]) -> Read<Option<LinkCode>> {
        self.one(&sql::LINK_CODE, vec![hash.into()]).await
    }

    pub async fn pace_state(
        &self,
        organization: OrganizationId,
        sender: SenderId,
    ) -> Read<Option<PaceState>> {
        self.one(&sql::PACE_STATE, within(organization, [sender.into()])).await
    }

    /// The newest tasks older than `before`, at most `limit`; only open ones unless `all`.
    pub async fn tasks(
        &self,
        organization: OrganizationId,
        before: TaskId,
        limit: i64,
        all: bool,
    ) -> Read<Vec<Task>> {
        let rest = [before.into(), all.into(), limit.into()];
        self.all(&sql::TASKS, within(organization, rest)).await
    }

    pub async fn task(&self, organization: OrganizationId, id: TaskId) -> Read<Option<Task>> {
        self.one(&sql::TASK, within(organization, [id.into()])).await
    }

    /// Global: whoever opens a link knows only its token.
    pub async fn visit_link(&self, token: &str) -> Read<Option<VisitLink>> {
        self.one(&sql::VISIT_LINK, vec![token.into()]).await
    }

    pub async fn link_of_visit(
        &self,
        organization: OrganizationId,
        visit: VisitId,
    ) -> Read<Option<VisitLink>> {
        self.one(&sql::LINK_OF_VISIT, vec![organization.into(), visit.into()]).await
    }

    /// The guard of one day; version 0 where nothing was ever booked.
    pub async fn staff_day(
        &self,
        organization: OrganizationId,
        staff: StaffId,
        date: Date,
    ) -> Read<StaffDay> {
        let rest = [staff.into(), date.to_string().into()];
        let found = self.one(&sql::STAFF_DAY, within(organization, rest)).await?;
        Ok(found.unwrap_or(StaffDay {
            organization_id: organization,
            staff_id: staff,
            date,
            version: 0,
        }))
    }
}
