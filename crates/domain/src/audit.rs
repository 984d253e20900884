//! The audit of settings: who changed what, when, from what to what.

use crate::access::Actor;
use crate::ids::{AuditId, OrganizationId};
use jiff::Timestamp;

/// One change of anything that is set up rather than booked.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    pub organization_id: OrganizationId,
    pub id: AuditId,
    pub at: Timestamp,
    pub actor: Actor,
    /// The word for what was done: `branch.updated`, `api_token.revoked`.
    pub action: String,
    /// The id of what it was done to, as it stands in the API.
    pub subject: String,
    /// The fields that changed, without secrets: JSON `{"field": {"from": …, "to": …}}`.
    pub changes: serde_json::Value,
}
