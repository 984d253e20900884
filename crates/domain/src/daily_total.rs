//! How many tries of a day came to what: counted with every outcome, so that charts and sums of any
//! period read a few rows a day and no messages.

use crate::delivery::{Delivery, DeliveryState};
use crate::ids::{BranchId, OrganizationId, SenderId};
use crate::kind::NotificationKind;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// So many tries of a day are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyTotal {
    pub organization_id: OrganizationId,
    pub of: CountedBy,
    pub count: i64,
}

/// What tries have in common that are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CountedBy {
    /// Those of [`Delivery::counts_for`].
    pub day: Date,
    pub branch_id: Option<BranchId>,
    pub kind: NotificationKind,
    pub sender_id: SenderId,
    /// Never [`DeliveryState::Processing`]: a try counts once somebody has said anything of it.
    pub state: DeliveryState,
}

impl CountedBy {
    /// Where a try counts as it stands; `None` while nobody has said anything of it, and of one that is in
    /// no total.
    pub fn of(delivery: &Delivery) -> Option<CountedBy> {
        let counts_for = delivery.counts_for?;
        (delivery.state != DeliveryState::Processing).then_some(CountedBy {
            day: counts_for.day,
            branch_id: counts_for.branch_id,
            kind: counts_for.kind,
            sender_id: delivery.sender_id,
            state: delivery.state,
        })
    }
}

/// By how much the totals of one organization change when tries go on from `before` to `after`; in one
/// order always, so that writers who meet wait for each other and never in a circle.
pub fn changes<'a>(
    steps: impl IntoIterator<Item = (&'a Delivery, &'a Delivery)>,
) -> BTreeMap<CountedBy, i64> {
    let mut changes = BTreeMap::new();
    for (before, after) in steps {
        let places = [(CountedBy::of(before), -1), (CountedBy::of(after), 1)];
        for (place, by) in places {
            if let Some(place) = place {
                *changes.entry(place).or_insert(0) += by;
            }
        }
    }
    changes.retain(|_, by| *by != 0);
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::testing::delivery;

    fn in_state(state: DeliveryState) -> Delivery {
        Delivery { state, ..delivery() }
    }

    /// What the way through these states leaves behind.
    fn counted(way: &[DeliveryState]) -> Vec<(DeliveryState, i64)> {
        let rows: Vec<Delivery> = way.iter().copied().map(in_state).collect();
        let mut totals = BTreeMap::new();
        for pair in rows.windows(2) {
            for (place, by) in changes([(&pair[0], &pair[1])]) {
                *totals.entry(place.state).or_insert(0) += by;
            }
        }
        totals.retain(|_, count| *count != 0);
        totals.into_iter().collect()
    }

    #[test]
    fn a_try_counts_once_under_what_it_came_to() {
        use DeliveryState::{Delivered, Processing, Read, Submitted, Undelivered, Unknown};
        assert_eq!(counted(&[Processing]), []);
        assert_eq!(counted(&[Processing, Submitted]), [(Submitted, 1)]);
        assert_eq!(counted(&[Processing, Submitted, Delivered]), [(Delivered, 1)]);
        assert_eq!(counted(&[Processing, Unknown, Undelivered, Delivered, Read]), [(Read, 1)]);
        assert_eq!(counted(&[Processing, Delivered, Delivered]), [(Delivered, 1)]);
    }

    #[test]
    fn tries_that_are_alike_are_one_change() {
        let (before, after) = (in_state(DeliveryState::Processing), in_state(DeliveryState::Read));
        let other = Delivery { sender_id: SenderId(90), ..after.clone() };
        let changes = changes([(&before, &after), (&before, &other), (&before, &after)]);
        let counts: Vec<(SenderId, i64)> =
            changes.iter().map(|(place, by)| (place.sender_id, *by)).collect();
        assert_eq!(counts, [(after.sender_id, 2), (SenderId(90), 1)]);
    }

    #[test]
    fn what_only_changes_otherwise_is_no_change() {
        let before = in_state(DeliveryState::Submitted);
        let after = Delivery { version: 2, carrier_id: Some("7".into()), ..before.clone() };
        assert!(changes([(&before, &after)]).is_empty());
    }
}
