//! A place where clients are received.

use crate::ids::{BranchId, OrganizationId, SenderId};
use crate::local_time::Zone;
use crate::schedule::WeekHours;
use jiff::Timestamp;

/// A salon of the organization.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    pub organization_id: OrganizationId,
    pub id: BranchId,
    pub version: i64,
    /// What staff call it.
    pub name: String,
    /// What clients read as `[Салон]`; `None` means the organization's name (T2).
    pub commercial_name: Option<String>,
    pub address: String,
    pub zone: Zone,
    pub working_hours: WeekHours,
    /// The phone this branch sends from; `None` means any phone of the organization.
    pub sender_id: Option<SenderId>,
    pub created_at: Timestamp,
    pub archived_at: Option<Timestamp>,
}
