//! Reads of the installation, its nodes, and what they lease.

use super::{Read, Store, within};
use crate::statement as sql;
use crate::tables::nodes::THE_INSTANCE;
use jiff::Timestamp;
use vestnik_domain::delivery::Delivery;
use vestnik_domain::ids::{NodeId, OrganizationId, SenderId};
use vestnik_domain::node::{Instance, Node, SenderLease};
use vestnik_domain::receipt::ParkedReceipt;

impl Store {
    /// Global: the mark of the installation; `None` while nobody has served the database.
    pub async fn instance(&self) -> Read<Option<Instance>> {
        self.one(&sql::INSTANCE, vec![THE_INSTANCE.into()]).await
    }

    /// Global.
    pub async fn node(&self, id: NodeId) -> Read<Option<Node>> {
        self.one(&sql::NODE, vec![id.into()]).await
    }

    /// Global: the nodes whose heartbeat is not over at `now`, by the clock of liveness.
    pub async fn nodes_alive(&self, now: Timestamp) -> Read<Vec<Node>> {
        self.all(&sql::NODES_ALIVE, vec![now.into()]).await
    }

    pub async fn sender_lease(
        &self,
        organization: OrganizationId,
        sender: SenderId,
    ) -> Read<Option<SenderLease>> {
        self.one(&sql::SENDER_LEASE, within(organization, [sender.into()])).await
    }

    /// Senders of all organizations in `buckets` that we call, with something in their lanes or in
    /// flight. For the loop that drives them alone (I9, listed).
    pub async fn pushed_senders_with_work(
        &self,
        buckets: &[i64],
    ) -> Read<Vec<(OrganizationId, SenderId)>> {
        self.pairs(&sql::PUSHED_SENDERS_WITH_WORK, buckets).await
    }

    /// The try that a carrier knows by `carrier_id`.
    pub async fn delivery_by_carrier_id(
        &self,
        organization: OrganizationId,
        sender: SenderId,
        carrier_id: &str,
    ) -> Read<Option<Delivery>> {
        let rest = [sender.into(), carrier_id.into()];
        self.one(&sql::DELIVERY_BY_CARRIER_ID, within(organization, rest)).await
    }

    /// Receipts for `carrier_id` that came since `since`, before anybody knew that id; oldest first.
    pub async fn parked_receipts(
        &self,
        organization: OrganizationId,
        sender: SenderId,
        carrier_id: &str,
        since: Timestamp,
    ) -> Read<Vec<ParkedReceipt>> {
        let rest = [sender.into(), carrier_id.into(), since.into()];
        self.all(&sql::PARKED_RECEIPTS, within(organization, rest)).await
    }
}
