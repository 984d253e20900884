//! Who performs services.

use crate::ids::{BranchId, OrganizationId, ServiceId, StaffId};
use crate::schedule::Schedule;
use jiff::Timestamp;

/// A master of a branch.
#[derive(Debug, Clone, PartialEq)]
pub struct StaffMember {
    pub organization_id: OrganizationId,
    pub id: StaffId,
    pub version: i64,
    pub branch_id: BranchId,
    /// As clients read it in `%MASTER_NAME%`.
    pub name: String,
    /// «стилист», «врач»: shown beside the name.
    pub position: String,
    pub schedule: Schedule,
    /// What this person performs; empty means everything the branch offers.
    pub service_ids: Vec<ServiceId>,
    pub created_at: Timestamp,
    pub archived_at: Option<Timestamp>,
}
