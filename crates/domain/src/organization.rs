//! The tenant.

use crate::ids::OrganizationId;
use jiff::Timestamp;
use vestnik_template::Language;

/// A business with one or more branches; all its data is fenced off from every other organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    pub id: OrganizationId,
    pub version: i64,
    /// The legal name; stands in for a branch's commercial name where that is empty (T2).
    pub name: String,
    /// The language in which clients are written to, unless the client has another.
    pub language: Language,
    /// ISO 3166-1 code of the country whose phone numbers are written without a prefix.
    pub country: String,
    /// Raised by every change of settings; messages planned under an older one are planned anew before
    /// they may go. A text decides neither whether nor when, so saving one raises only `version`.
    pub plan_generation: i64,
    /// Up to which generation every client was planned anew; the sweep raises it.
    pub swept_generation: i64,
    pub created_at: Timestamp,
}
