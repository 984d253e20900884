//! Reads of links to external journals, of ids there, and of effects outwards.

use super::{Read, Store, tenant, within};
use crate::statement as sql;
use jiff::Timestamp;
use vestnik_domain::effect::{Effect, EffectKind};
use vestnik_domain::ids::{JournalLinkId, OrganizationId};
use vestnik_domain::journal::{ExternalId, JournalLink, Thing};

impl Store {
    /// Also those that were unlinked.
    pub async fn journal_links(&self, organization: OrganizationId) -> Read<Vec<JournalLink>> {
        self.all(&sql::JOURNAL_LINKS, tenant(organization)).await
    }

    pub async fn journal_link(
        &self,
        organization: OrganizationId,
        id: JournalLinkId,
    ) -> Read<Option<JournalLink>> {
        self.one(&sql::JOURNAL_LINK, within(organization, [id.into()])).await
    }

    /// Links of all organizations in `buckets` whose journal is to be asked by `now`, at most
    /// `limit`. For the polling loop alone (I9, listed).
    pub async fn journal_links_to_poll(
        &self,
        buckets: &[i64],
        now: Timestamp,
        limit: i64,
    ) -> Read<Vec<JournalLink>> {
        let parameters = vec![buckets.to_vec().into(), now.into(), limit.into()];
        self.all(&sql::JOURNAL_LINKS_TO_POLL, parameters).await
    }

    /// What stands under an id of `journal`.
    pub async fn external_id(
        &self,
        organization: OrganizationId,
        journal: &str,
        thing: Thing,
        external_id: &str,
    ) -> Read<Option<ExternalId>> {
        let rest = [journal.into(), thing.name().into(), external_id.into()];
        self.one(&sql::EXTERNAL_ID, within(organization, rest)).await
    }

    /// Everything of one sort that `journal` has ids for; meant for masters and services, of which
    /// there are few.
    pub async fn external_ids(
        &self,
        organization: OrganizationId,
        journal: &str,
        thing: Thing,
    ) -> Read<Vec<ExternalId>> {
        let rest = [journal.into(), thing.name().into()];
        self.all(&sql::EXTERNAL_IDS, within(organization, rest)).await
    }

    pub async fn effect(
        &self,
        organization: OrganizationId,
        kind: EffectKind,
        subject: &str,
    ) -> Read<Option<Effect>> {
        let rest = [kind.name().into(), subject.into()];
        self.one(&sql::EFFECT, within(organization, rest)).await
    }

    /// Effects of all organizations in `buckets` that somebody has to see to by `now`, at most
    /// `limit`. For the loop of effects alone (I9, listed).
    pub async fn due_effects(
        &self,
        buckets: &[i64],
        now: Timestamp,
        limit: i64,
    ) -> Read<Vec<Effect>> {
        self.all(&sql::DUE_EFFECTS, vec![buckets.to_vec().into(), now.into(), limit.into()]).await
    }
}
