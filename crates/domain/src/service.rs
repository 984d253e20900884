//! What clients come for.

use crate::ids::{OrganizationId, ServiceId};
use crate::money::Kopecks;
use jiff::Timestamp;
use std::ops::RangeInclusive;

/// How many minutes a service, and a visit, may take.
pub const DURATION_MIN: RangeInclusive<i64> = 5..=1440;

/// A service of the organization.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    pub organization_id: OrganizationId,
    pub id: ServiceId,
    pub version: i64,
    pub title: String,
    pub duration_min: i64,
    /// Time after the visit in which the staff member takes nobody (cleaning, airing).
    pub buffer_min: i64,
    pub price: Kopecks,
    pub created_at: Timestamp,
    pub archived_at: Option<Timestamp>,
}
