//! How many tries of a day came to what.

use crate::engine::ReadError;
use crate::record::{Record, RowReader};
use crate::table::Table;
use crate::value::Value;
use vestnik_domain::daily_total::{CountedBy, DailyTotal};
use vestnik_domain::delivery::DeliveryState;
use vestnik_domain::ids::{BranchId, OrganizationId, SenderId};
use vestnik_domain::kind::NotificationKind;

/// A key has no empty places: of no branch.
const NO_BRANCH: i64 = 0;

crate::table! {
    /// Counters, only ever added to: whoever writes an outcome adds it in the same commit.
    DAILY_TOTALS = "daily_totals" key(
        bucket, organization_id, day, branch_id, kind, sender_id, state
    ) {
        bucket: Integer, organization_id: Integer, day: Text, branch_id: Integer, kind: Text,
        sender_id: Integer, state: Text, count: Integer,
    }
}

/// The key of a total in [`DAILY_TOTALS`].
pub fn key(organization: OrganizationId, of: &CountedBy) -> Vec<Value> {
    vec![
        organization.bucket().into(),
        organization.into(),
        of.day.to_string().into(),
        of.branch_id.map_or(NO_BRANCH, |branch| branch.0).into(),
        of.kind.name().into(),
        of.sender_id.into(),
        of.state.name().into(),
    ]
}

impl Record for DailyTotal {
    fn table() -> &'static Table {
        &DAILY_TOTALS
    }

    fn to_row(&self) -> Vec<Value> {
        let mut row = key(self.organization_id, &self.of);
        row.push(self.count.into());
        row
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<DailyTotal, ReadError> {
        row.skip();
        Ok(DailyTotal {
            organization_id: OrganizationId(row.integer()?),
            of: CountedBy {
                day: row.word(|text| text.parse().ok())?,
                branch_id: Some(row.integer()?).filter(|id| *id != NO_BRANCH).map(BranchId),
                kind: row.word(NotificationKind::parse)?,
                sender_id: SenderId(row.integer()?),
                state: row.word(DeliveryState::parse)?,
            },
            count: row.integer()?,
        })
    }
}
